// The beta distribution: what is believed of a rate after x of n. Values come from @stdlib; its quantile stops at about
// 7e-9, so Newton steps on its cdf (good to 1e-13 up to a million observations) finish the work.

import stdlibCdf from '@stdlib/stats-base-dists-beta-cdf';
import stdlibQuantile from '@stdlib/stats-base-dists-beta-quantile';
import { assert } from '../base/index.ts';
import { logBeta } from './gamma.ts';

/** P(X ≤ x) of Beta(a, b). @param x any number; below 0 gives 0, above 1 gives 1 @param a > 0 @param b > 0 */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return stdlibCdf(x, a, b);
}

/** ln of the density of Beta(a, b). @param x strictly between 0 and 1 */
function betaLogPdf(x: number, a: number, b: number): number {
  return (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) - logBeta(a, b);
}

/** The x with P(X ≤ x) = p, to about 1e-13. @param p 0 … 1 @param a > 0 @param b > 0 @returns 0 … 1 */
export function betaQuantile(p: number, a: number, b: number): number {
  assert(p >= 0 && p <= 1, `betaQuantile needs 0 ≤ p ≤ 1, got ${p}`);
  assert(a > 0 && b > 0, `Beta needs positive parameters, got ${a} and ${b}`);
  if (p === 0 || p === 1) return p;
  let x = stdlibQuantile(p, a, b);
  for (let i = 0; i < 8 && x > 0 && x < 1; i++) {
    const step = (betaCdf(x, a, b) - p) / Math.exp(betaLogPdf(x, a, b));
    const next = x - step;
    if (!(next > 0 && next < 1)) break;
    x = next;
    if (Math.abs(step) <= 1e-15 * x) break;
  }
  return x;
}
