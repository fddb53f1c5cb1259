// Waiting times people would choose: the rungs a recommended window is rounded to, and the horizons a short history
// still allows. Rounding is to the nearest rung on the log scale, ties upward.

import { DAY_MS, MINUTE_MS } from '../base/index.ts';

const MINUTES = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1080, 1440, 2160];
const DAYS = [2, 3, 4, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90];

/** In ms, increasing. */
export const RUNGS_MS: readonly number[] = [...MINUTES.map((m) => m * MINUTE_MS), ...DAYS.map((d) => d * DAY_MS)];

/** The place of the nearest rung in RUNGS_MS. @param ms > 0; beyond the last rung the last is taken */
function rungIndex(ms: number): number {
  let i = 0;
  // Rungs a < b meet at √(ab); there the upper one is taken.
  while (i + 1 < RUNGS_MS.length && ms * ms >= (RUNGS_MS[i] as number) * (RUNGS_MS[i + 1] as number)) i++;
  return i;
}

export function rungOf(ms: number): number {
  return RUNGS_MS[rungIndex(ms)] as number;
}

/** How many ladder steps a set of waiting times spans, after rounding each. 0 for one value. */
export function rungSpan(values: readonly number[]): number {
  const places = values.map(rungIndex);
  return Math.max(...places) - Math.min(...places);
}
