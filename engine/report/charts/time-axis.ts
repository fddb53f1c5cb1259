// A logarithmic axis of waiting time with round human ticks. Values are drawn as ln(minutes) on a linear axis, because
// a power-of-ten axis would put its ticks at 100 and 1,000 minutes; labels come from a table of the ticks.

import { DAY_MS, HOUR_MS, humanDuration, MINUTE_MS, SECOND_MS } from '../../base/index.ts';
import type { Json } from './spec.ts';

const ROUND_MS = [
  SECOND_MS,
  2 * SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  4 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  30 * DAY_MS,
  60 * DAY_MS,
  90 * DAY_MS,
  180 * DAY_MS,
  365 * DAY_MS,
];

export interface TimeAxis {
  /** Ticks in ms, ascending; the first and the last are the ends. */
  readonly ticks: readonly number[];
  readonly min: number;
  readonly max: number;
}

/** @param ms > 0 */
export function timeX(ms: number): number {
  return round(Math.log(ms / MINUTE_MS));
}

/**
 * An axis over [firstMs, lastMs], both ends ticks, at most `most` ticks.
 * @param firstMs > 0; moved down to a round time
 * @param lastMs > firstMs; kept as it is
 */
export function timeAxis(firstMs: number, lastMs: number, most = 10): TimeAxis {
  const start = ROUND_MS.filter((ms) => ms <= firstMs && ms < lastMs).at(-1) ?? Math.min(firstMs, lastMs / 2);
  const room = (Math.log(lastMs) - Math.log(start)) / most;
  const ticks = [start];
  for (const ms of ROUND_MS) {
    const previous = ticks.at(-1) ?? start;
    if (ms <= previous || Math.log(ms / previous) < room * 0.8) continue;
    if (ms >= lastMs || Math.log(lastMs / ms) < room * 0.8) break;
    ticks.push(ms);
  }
  ticks.push(lastMs);
  return { ticks, min: timeX(start), max: timeX(lastMs) };
}

/** The axis as an option. Labels are put in by the hook `lookup` with `timeLabels`. */
export function timeAxisOption(axis: TimeAxis, extra: { [key: string]: Json }): { [key: string]: Json } {
  const values = axis.ticks.map(timeX);
  return {
    type: 'value',
    min: axis.min,
    max: axis.max,
    splitLine: { show: false },
    axisTick: { show: true, length: 4, customValues: values },
    ...extra,
  };
}

export function timeLabels(axis: TimeAxis, lines: (ms: number) => readonly string[] = () => []): Json {
  return axis.ticks.map((ms) => [timeX(ms), [humanDuration(ms), ...lines(ms)].join('\n')]);
}

function round(x: number): number {
  return Math.round(x * 1e5) / 1e5;
}
