// The standard normal distribution, the ruler of almost every interval here. The values come from @stdlib; its quantile
// is formed as erfinv(2p − 1), which loses the digits of a small p (and gives −∞ below 1e-17), so the lower half is
// polished by Newton steps on ln Φ and the upper half follows by symmetry.

import stdlibCdf from '@stdlib/stats-base-dists-normal-cdf';
import stdlibQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { assert } from '../base/index.ts';

const LN_SQRT_2PI = 0.9189385332046728;

/** Density φ(x). @returns per unit of x, 0 … 0.3989 */
export function normalPdf(x: number): number {
  return Math.exp(-0.5 * x * x - LN_SQRT_2PI);
}

/** Φ(x) = P(Z ≤ x), full relative precision in the lower tail. @returns 0 … 1 */
export function normalCdf(x: number): number {
  return stdlibCdf(x, 0, 1);
}

/**
 * The x with Φ(x) = p, to about 1e-15 relative.
 * @param p strictly between 0 and 1; anything else is a bug of the caller
 */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, `normalQuantile needs 0 < p < 1, got ${p}`);
  if (p === 0.5) return 0;
  return p < 0.5 ? lowerQuantile(p) : -lowerQuantile(1 - p);
}

/** z_{1−α/2}, the half-width of a two-sided interval in standard errors. @param alpha strictly between 0 and 1 */
export function twoSidedZ(alpha: number): number {
  assert(alpha > 0 && alpha < 1, `alpha must lie strictly between 0 and 1, got ${alpha}`);
  return -normalQuantile(alpha / 2);
}

/** P(|Z| ≥ |z|), without the cancellation of 2·(1 − Φ). @returns 0 … 1 */
export function twoSidedP(z: number): number {
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

function lowerQuantile(p: number): number {
  const logP = Math.log(p);
  let x = p > 1e-12 ? stdlibQuantile(p, 0, 1) : -Math.sqrt(-2 * logP);
  for (let i = 0; i < 20; i++) {
    const below = normalCdf(x);
    // Φ underflows below −38.4; a p that small is met from above only.
    if (below === 0) {
      x *= 0.99;
      continue;
    }
    const step = ((Math.log(below) - logP) * below) / normalPdf(x);
    x -= step;
    if (Math.abs(step) <= 1e-15 * Math.abs(x)) break;
  }
  return x;
}
