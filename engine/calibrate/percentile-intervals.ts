// How sure the percentiles among converters are: people are drawn anew and the curve is made again with their weights,
// since people with several episodes, and slow ones not yet seen to the end, make ranks alone too sure.

import type { Random } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { arrangeSpells, type Interval, kaplanMeier, type Spells } from '../stats/index.ts';
import type { ConverterPercentiles } from './calibration.ts';
import { percentileAmongConverters } from './converters.ts';
import { drawUnits, percentileInterval, unitsOf } from './resample.ts';

const SHARES = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95 } as const;
const MOST_REPLICATES = 400;
/** Fewer draws than this say nothing of a 95 % interval. */
const FEWEST_REPLICATES = 40;
/** At most so many spells in all draws. */
const MOST_WORK = 2e7;

export type PercentileIntervals = NonNullable<ConverterPercentiles['intervals']>;

/**
 * @param persons per spell
 * @returns 95 % intervals, null each where too few draws give the percentile; null for a history too large to draw again,
 * whose percentiles are sure
 */
export function percentileIntervals(
  history: History,
  spells: Spells,
  persons: ArrayLike<number>,
  horizonMs: number,
  options: { readonly replicates: number; readonly random: Random; readonly look: () => void },
): PercentileIntervals | null {
  const n = spells.times.length;
  const replicates = Math.min(options.replicates, MOST_REPLICATES, Math.floor(MOST_WORK / Math.max(1, n)));
  if (replicates < FEWEST_REPLICATES) return null;
  const arranged = arrangeSpells(spells);
  const units = unitsOf(history, persons);
  const drawn = new Uint32Array(units.n);
  const weights = new Float64Array(n);
  const keys = Object.keys(SHARES) as (keyof typeof SHARES)[];
  const draws: Record<keyof typeof SHARES, number[]> = { p50: [], p75: [], p90: [], p95: [] };
  for (let r = 0; r < replicates; r++) {
    options.look();
    drawUnits(options.random, drawn);
    for (let i = 0; i < n; i++) weights[i] = drawn[units.of[i] as number] as number;
    const curve = kaplanMeier(arranged, weights);
    for (const key of keys) {
      const at = percentileAmongConverters(curve, horizonMs, SHARES[key]);
      if (at !== null) draws[key].push(at);
    }
  }
  const of = (key: keyof typeof SHARES): Interval | null =>
    draws[key].length < 0.9 * replicates ? null : percentileInterval(draws[key]);
  return { p50: of('p50'), p75: of('p75'), p90: of('p90'), p95: of('p95') };
}
