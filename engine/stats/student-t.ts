// Student's t with a real number of degrees of freedom, as Welch's approximation needs. Values come from @stdlib.

import stdlibCdf from '@stdlib/stats-base-dists-t-cdf';
import stdlibQuantile from '@stdlib/stats-base-dists-t-quantile';
import { assert } from '../base/index.ts';

/** P(T ≤ t). @param df > 0, need not be whole. @returns 0 … 1, full relative precision in the lower tail */
export function tCdf(t: number, df: number): number {
  assert(df > 0, `degrees of freedom must be positive, got ${df}`);
  return stdlibCdf(t, df);
}

/** The t with P(T ≤ t) = p. @param p strictly between 0 and 1 @param df > 0, need not be whole */
export function tQuantile(p: number, df: number): number {
  assert(p > 0 && p < 1, `tQuantile needs 0 < p < 1, got ${p}`);
  assert(df > 0, `degrees of freedom must be positive, got ${df}`);
  return p <= 0.5 ? stdlibQuantile(p, df) : -stdlibQuantile(1 - p, df);
}

/** P(|T| ≥ |t|), two-sided. @returns 0 … 1 */
export function tTwoSidedP(t: number, df: number): number {
  return Math.min(1, 2 * tCdf(-Math.abs(t), df));
}
