// The lower real branch of Lambert's W, which the best tuning of a confidence sequence needs.

import { assert } from '../base/index.ts';

/**
 * W₋₁(x): the w ≤ −1 with w·e^w = x, to about 1e-15. Newton on w + ln(−w) = ln(−x), which stays well scaled where x is
 * tiny; the start is the series of Corless et al. 1996 ("On the Lambert W function", §4) at the branch point, and the
 * asymptote ln(−x) − ln(−ln(−x)) elsewhere.
 * @param x −1/e ≤ x < 0
 */
export function lambertWm1(x: number): number {
  assert(x >= -1 / Math.E && x < 0, `W₋₁ is real only for −1/e ≤ x < 0, got ${x}`);
  const log = Math.log(-x);
  const p = -Math.sqrt(Math.max(0, 2 * (1 + Math.E * x)));
  if (p === 0) return -1;
  let w = p > -0.5 ? -1 + p - (p * p) / 3 + (11 / 72) * p ** 3 : log - Math.log(-log);
  for (let i = 0; i < 50; i++) {
    const step = ((w + Math.log(-w) - log) * w) / (w + 1);
    w = Math.min(w - step, -1);
    if (w === -1 || Math.abs(step) <= 2e-16 * Math.abs(w)) break;
  }
  return w;
}
