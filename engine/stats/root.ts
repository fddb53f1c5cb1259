// Where a continuous function crosses zero, for quantiles and sizes that have no closed form.

import { assert } from '../base/index.ts';

/**
 * Chandrupatla's method (1997): bisection that turns to inverse quadratic interpolation where that is safe.
 * @param low with f(low) and f(high) of opposite sign, or one of them 0
 * @param tolerance width of the final bracket, in units of x
 * @returns x with f(x) ≈ 0
 */
export function findRoot(f: (x: number) => number, low: number, high: number, tolerance: number): number {
  let a = high;
  let b = low;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  assert(fa * fb < 0, `no sign change between ${low} and ${high}`);
  let t = 0.5;
  for (let i = 0; i < 200; i++) {
    const x = a + t * (b - a);
    const fx = f(x);
    let c: number;
    let fc: number;
    if (Math.sign(fx) === Math.sign(fa)) {
      c = a;
      fc = fa;
    } else {
      c = b;
      fc = fb;
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const width = Math.abs(b - a);
    const least = (tolerance + 2 * Number.EPSILON * Math.abs(best)) / width;
    if (fx === 0 || least > 0.5) return best;
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    const interpolate = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
    t = interpolate
      ? (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb))
      : 0.5;
    t = Math.min(1 - least, Math.max(least, t));
  }
  return b;
}
