// Fisher's exact test of a two-by-two table, for the small counts at which the normal approximation is a guess.

import { assert } from '../base/index.ts';
import { logGamma } from './gamma.ts';
import type { Count } from './proportions.ts';

/** Tables within this factor of the observed one's probability count as equally likely, as in R's fisher.test. */
const TIE = 1e-7;

/**
 * Two-sided p: the probability, with all margins fixed, of tables no more likely than the observed one. The
 * distribution has one peak, so only its two ends are summed, each outward from the first table that counts.
 * @returns 0 … 1
 */
export function fisherExactP(treated: Count, control: Count): number {
  assert(treated.x <= treated.n && control.x <= control.n, 'more conversions than people');
  const n = treated.n + control.n;
  const x = treated.x + control.x;
  const least = Math.max(0, x - control.n);
  const most = Math.min(x, treated.n);
  const constant = logChoose(n, x);
  const logP = (k: number) => logChoose(treated.n, k) + logChoose(control.n, x - k) - constant;
  const limit = logP(treated.x) + TIE;
  const mode = Math.min(most, Math.max(least, Math.floor(((treated.n + 1) * (x + 1)) / (n + 2))));
  if (logP(mode) <= limit) return 1;

  const lastBelow = lastWhere(least - 1, mode, (k) => logP(k) <= limit);
  const firstAbove = most + 1 - lastWhere(0, most + 1 - mode, (steps) => logP(most + 1 - steps) <= limit);
  let p = 0;
  for (let k = lastBelow, term = k >= least ? Math.exp(logP(k)) : 0; k >= least && term > p * 1e-18; k--) {
    p += term;
    term *= (k * (control.n - x + k)) / ((treated.n - k + 1) * (x - k + 1));
  }
  for (let k = firstAbove, term = k <= most ? Math.exp(logP(k)) : 0; k <= most && term > p * 1e-18; k++) {
    p += term;
    term *= ((treated.n - k) * (x - k)) / ((k + 1) * (control.n - x + k + 1));
  }
  return Math.min(1, p);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** The last k in (from, to) for which `holds`, true up to there and false after; `from` where none does. */
function lastWhere(from: number, to: number, holds: (k: number) => boolean): number {
  let yes = from;
  let no = to;
  while (no - yes > 1) {
    const middle = Math.floor((yes + no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}
