// Chi-square with a whole number of degrees of freedom: tail probabilities of counts against a plan, exact limits of a
// Poisson rate. The upper tail is summed rather than taken as 1 − cdf, so that 1e-30 is not shown as 0.

import stdlibQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import { assert } from '../base/index.ts';
import { logGamma } from './gamma.ts';
import { normalCdf } from './normal.ts';

/**
 * P(X > x). Sums Q(a + 1, y) = Q(a, y) + y^a·e^−y/Γ(a + 1) with y = x/2, upward from Q(½, y) = erfc(√y) or
 * Q(1, y) = e^−y; every term is positive, so no digits cancel. Time grows with df.
 * @param x ≥ 0
 * @param df whole, ≥ 1
 * @returns 0 … 1
 */
export function chiSquareUpperTail(x: number, df: number): number {
  assert(Number.isInteger(df) && df >= 1, `degrees of freedom must be a whole number ≥ 1, got ${df}`);
  assert(x >= 0, `chi-square is never negative, got ${x}`);
  if (x === 0) return 1;
  const y = x / 2;
  let a = df % 2 === 1 ? 0.5 : 1;
  let tail = a === 0.5 ? 2 * normalCdf(-Math.sqrt(x)) : Math.exp(-y);
  for (; a < df / 2; a++) tail += Math.exp(a * Math.log(y) - y - logGamma(a + 1));
  return Math.min(1, tail);
}

/** The x with P(X ≤ x) = p. @param p strictly between 0 and 1 @param df > 0 */
export function chiSquareQuantile(p: number, df: number): number {
  assert(p > 0 && p < 1, `chiSquareQuantile needs 0 < p < 1, got ${p}`);
  assert(df > 0, `degrees of freedom must be positive, got ${df}`);
  return stdlibQuantile(p, df);
}
