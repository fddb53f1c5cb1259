// What two rates are believed to be after the data: independent Beta priors, Beta posteriors, and the probability that
// treatment is better. Miller 2014 ("Formulas for Bayesian A/B testing") in log space where a parameter is a whole
// number of moderate size; else the trapezoid rule in logit space, where Beta densities are smooth and die off
// exponentially, so that it converges faster than any power of the step. Not 1 − p and no licence to peek.

import { assert } from '../base/index.ts';
import { betaCdf } from './beta.ts';
import { logBeta } from './gamma.ts';
import type { Interval } from './interval.ts';
import type { Count } from './proportions.ts';
import { findRoot } from './root.ts';

/** Parameters of a Beta distribution, both > 0. */
export interface Beta {
  readonly a: number;
  readonly b: number;
}

/** Longest sum of Miller's formula; beyond it the quadrature is quicker and no less exact. */
const LONGEST_SUM = 20_000;

/** Beta(prior.a + x, prior.b + n − x). @param prior flat by default */
export function posterior({ n, x }: Count, prior: Beta = { a: 1, b: 1 }): Beta {
  return { a: prior.a + x, b: prior.b + n - x };
}

/** P(rate of t > rate of c) under independent posteriors. @returns 0 … 1, absolute error about 1e-12 */
export function probabilityGreater(t: Beta, c: Beta): number {
  // Each identity turns another of the four parameters into the length of the sum.
  const sums: { length: number; value: () => number }[] = [
    { length: t.a, value: () => millerSum(t, c) },
    { length: c.a, value: () => 1 - millerSum(c, t) },
    { length: c.b, value: () => millerSum(flip(c), flip(t)) },
    { length: t.b, value: () => 1 - millerSum(flip(t), flip(c)) },
  ];
  const short = sums.filter(({ length }) => Number.isInteger(length) && length <= LONGEST_SUM);
  short.sort((one, other) => one.length - other.length);
  const first = short[0];
  return clip(first === undefined ? 1 - differenceCdf(0, t, c) : first.value());
}

/** E[(c − t)₊]: conversions per person given away on average by choosing t. @returns 0 … 1 */
export function expectedLoss(t: Beta, c: Beta): number {
  // The expectation, over the narrower rate, of the other's partial expectation.
  const mean = ({ a, b }: Beta) => a / (a + b);
  const loss =
    logitVariance(c) <= logitVariance(t)
      ? integrate(c, { ...t, shift: 0 }, 0, 1, (x) => x * betaCdf(x, t.a, t.b) - mean(t) * betaCdf(x, t.a + 1, t.b))
      : integrate(
          t,
          { ...c, shift: 0 },
          0,
          1,
          (x, rest) => mean(c) * betaCdf(rest, c.b, c.a + 1) - x * betaCdf(rest, c.b, c.a),
        );
  return Math.max(0, loss);
}

export function posteriorMeanDifference(t: Beta, c: Beta): number {
  return t.a / (t.a + t.b) - c.a / (c.a + c.b);
}

export function posteriorSdDifference(t: Beta, c: Beta): number {
  return Math.hypot(sdOf(t), sdOf(c));
}

/** Equal-tailed credible interval of the rate of t minus the rate of c. @param alpha strictly between 0 and 1 */
export function posteriorDifferenceInterval(t: Beta, c: Beta, alpha: number): Interval {
  assert(alpha > 0 && alpha < 1, `alpha must lie strictly between 0 and 1, got ${alpha}`);
  const at = (p: number) => findRoot((d) => differenceCdf(d, t, c) - p, -1, 1, 1e-12);
  return [at(alpha / 2), at(1 - alpha / 2)];
}

/** P(rate of t − rate of c ≤ d). @param d −1 … 1 */
export function differenceCdf(d: number, t: Beta, c: Beta): number {
  if (d <= -1) return 0;
  if (d >= 1) return 1;
  // Over the narrower of the two; where the other is certainly below or above, the rest is a tail in closed form.
  if (logitVariance(t) < logitVariance(c)) return 1 - differenceCdf(-d, c, t);
  const low = Math.max(0, -d);
  const high = Math.min(1, 1 - d);
  const certain = d > 0 ? betaCdf(d, c.b, c.a) : 0;
  return clip(certain + integrate(c, { ...t, shift: d }, low, high, (x) => betaCdf(x + d, t.a, t.b)));
}

/** Σ_{i<a_t} B(a_c + i, b_c + b_t) / [(b_t + i)·B(1 + i, b_t)·B(a_c, b_c)] = P(t > c), for whole a_t. */
function millerSum(t: Beta, c: Beta): number {
  let log = logBeta(c.a, c.b + t.b) - logBeta(c.a, c.b);
  let sum = 0;
  for (let i = 0; i < t.a; i++) {
    sum += Math.exp(log);
    log += Math.log((((c.a + i) / (c.a + c.b + t.b + i)) * (t.b + i)) / (i + 1));
  }
  return sum;
}

/**
 * ∫ f(x)·density(x) dx over (low, high). With x = low + (high − low)·expit(y) both ends are at infinity, where the
 * integrand dies off exponentially even if the density has a pole there.
 * @param other whose distribution function at x + shift makes up f; it decides how fine the steps must be
 * @param f given x and 1 − x, bounded
 */
function integrate(
  { a, b }: Beta,
  other: Beta & { readonly shift: number },
  low: number,
  high: number,
  f: (x: number, rest: number) => number,
): number {
  const width = high - low;
  const norm = logBeta(a, b);
  const term = (y: number) => {
    const up = 1 / (1 + Math.exp(-y));
    const down = 1 / (1 + Math.exp(y));
    const x = low + width * up;
    const rest = 1 - high + width * down;
    if (x <= 0 || rest <= 0) return 0;
    const log = (a - 1) * Math.log(x) + (b - 1) * Math.log(rest) - norm;
    return Math.exp(log) * width * up * down * f(x, rest);
  };
  const placeOf = (x: number) => Math.min(1 - 1e-12, Math.max(1e-12, (x - low) / width));
  const spreadAt = (place: number, sd: number) => sd / (width * place * (1 - place));
  const place = placeOf(a / (a + b));
  const spread = spreadAt(place, sdOf({ a, b }));
  const otherSpread = spreadAt(placeOf(other.a / (other.a + other.b) - other.shift), sdOf(other));
  const step = Math.min(low > 0 || high < 1 ? 0.06 : 0.3, spread / 3, otherSpread / 3);
  const centre = Math.log(place / (1 - place));
  const bulk = Math.min(8 * spread, 30);
  let sum = term(centre);
  for (const direction of [-1, 1]) {
    let negligible = 0;
    for (let i = 1; negligible < 40 && i * step < 800; i++) {
      const value = term(centre + direction * i * step);
      sum += value;
      negligible = Math.abs(value) <= 1e-19 * Math.abs(sum) && i * step > bulk ? negligible + 1 : 0;
    }
  }
  return sum * step;
}

function flip({ a, b }: Beta): Beta {
  return { a: b, b: a };
}

function sdOf({ a, b }: Beta): number {
  const s = a + b;
  return Math.sqrt(((a / s) * (b / s)) / (s + 1));
}

/** Roughly the variance of ln(x/(1 − x)), in whose terms the narrower of two rates is told. */
function logitVariance({ a, b }: Beta): number {
  return 1 / a + 1 / b;
}

function clip(p: number): number {
  return Math.min(1, Math.max(0, p));
}
