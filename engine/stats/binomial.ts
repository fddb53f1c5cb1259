// The binomial distribution, for how often a method's interval should cover in a given number of runs.

import { assert } from '../base/index.ts';
import { betaCdf } from './beta.ts';

/** P(X ≤ k) of Binomial(n, p), by the beta distribution. @param n whole, ≥ 0 @param p 0 … 1 */
export function binomialCdf(k: number, n: number, p: number): number {
  assert(Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1, `no binomial with n = ${n} and p = ${p}`);
  const whole = Math.floor(k);
  if (whole < 0) return 0;
  if (whole >= n) return 1;
  return betaCdf(1 - p, n - whole, whole + 1);
}

/** P(low ≤ X ≤ high), both ends included. */
export function binomialBetween(low: number, high: number, n: number, p: number): number {
  return Math.max(0, binomialCdf(high, n, p) - binomialCdf(low - 1, n, p));
}
