// How fast people convert as time goes by, among those who have not yet: a constant rate in each stretch, with exact
// Poisson limits, and what is still to come by itself. The curve of survivors hides this; the rate is what an email has
// to beat at the moment it arrives.

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/index.ts';
import { piecewiseHazard, type Spells, type SurvivalCurve, survivalAt } from '../stats/index.ts';

export interface HazardRow {
  /** (from, to], ms since the opening. */
  readonly from: number;
  readonly to: number;
  readonly converted: number;
  /** Person-time watched and unanswered, ms. */
  readonly exposure: number;
  /** Conversions per person-day and their exact 95 % limits; null without exposure. */
  readonly perDay: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of those unanswered at `from`, the share that still converts by the horizon by itself; null where unwatched. */
  readonly stillConverts: number | null;
  /** Where one of these is null: why. */
  readonly reason?: string;
}

const EDGES_MS = [
  ...[5, 15, 30].map((m) => m * MINUTE_MS),
  ...[1, 2, 4, 8].map((h) => h * HOUR_MS),
  ...[1, 2, 3, 7, 14, 28, 60, 90, 180].map((d) => d * DAY_MS),
];

/** @param spells in ms, none longer than the horizon @param curve of the same spells */
export function hazardTable(spells: Spells, curve: SurvivalCurve, horizonMs: number): HazardRow[] {
  if (spells.times.length === 0) return [];
  const cuts = EDGES_MS.filter((edge) => edge < horizonMs);
  const end = survivalAt(curve, horizonMs) ?? null;
  return piecewiseHazard(spells, cuts, 0.95).map((bin) => {
    const before = survivalAt(curve, bin.from);
    const daily = (rate: number | null) => (rate === null ? null : rate * DAY_MS);
    const stillConverts = before === null || before === 0 || end === null ? null : 1 - end / before;
    const reason =
      bin.rate === null
        ? 'Nobody unanswered was watched in this stretch.'
        : stillConverts === null
          ? 'Nobody unanswered was watched to the horizon.'
          : null;
    return {
      from: bin.from,
      to: bin.to ?? horizonMs,
      converted: bin.events,
      exposure: bin.exposure,
      perDay: daily(bin.rate),
      low: daily(bin.low),
      high: daily(bin.high),
      stillConverts,
      ...(reason === null ? {} : { reason }),
    };
  });
}
