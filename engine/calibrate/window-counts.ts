// What each window would have done to one mature cohort: fired, would have converted anyway, never. One horizon from the
// anchor for all windows, otherwise long ones get extra time to collect conversions.

import { upperBound } from '../base/index.ts';

export interface WindowCounts {
  readonly windowMs: number;
  /** Duration longer than the window, never-converters included. A goal at exactly the window prevents the fire. */
  readonly fired: number;
  /** Of these, converted by the horizon without an email. */
  readonly organic: number;
  /** Not converted by the horizon; the same for every window. */
  readonly never: number;
  /** organic / fired; null where nothing fired. */
  readonly waste: number | null;
}

/**
 * Cost: a binary search per window.
 * @param sortedMs durations of those of the cohort who converted by the horizon, increasing
 * @param episodes of the whole cohort
 */
export function windowCounts(
  sortedMs: ArrayLike<number>,
  episodes: number,
  windowsMs: readonly number[],
): WindowCounts[] {
  const never = episodes - sortedMs.length;
  return windowsMs.map((windowMs) => {
    const organic = sortedMs.length - upperBound((i) => sortedMs[i] as number, windowMs, 0, sortedMs.length);
    const fired = organic + never;
    return { windowMs, fired, organic, never, waste: fired === 0 ? null : organic / fired };
  });
}
