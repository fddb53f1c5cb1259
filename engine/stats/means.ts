// Two means of independent people: Welch 1947 for their difference, the log-ratio delta method and Fieller 1954 for
// their ratio, CUPED (Deng, Xu, Kohavi & Walker 2013) for a difference sharpened by what was known before. Amounts are
// per assigned person, zeros included; leaving zeros out compares different people.

import { assert, exactSum } from '../base/index.ts';
import type { Interval } from './interval.ts';
import { type Moments, momentsOf } from './moments.ts';
import { twoSidedZ } from './normal.ts';
import { tQuantile, tTwoSidedP } from './student-t.ts';

export interface WelchTest {
  /** Treated − control, in the amounts' unit. */
  readonly difference: number;
  readonly se: number;
  readonly t: number;
  /** Welch–Satterthwaite, > 0, rarely whole. */
  readonly df: number;
  /** Two-sided, 0 … 1. */
  readonly p: number;
  readonly interval: Interval;
}

/** @returns null where an arm has fewer than two people or nobody's amount differs from the others' in either arm */
export function welchTest(treated: Moments, control: Moments, alpha: number): WelchTest | null {
  if (treated.variance === null || control.variance === null) return null;
  const vT = treated.variance / treated.n;
  const vC = control.variance / control.n;
  const se2 = vT + vC;
  if (!(se2 > 0)) return null;
  const se = Math.sqrt(se2);
  // As shares of the whole, so that tiny and huge amounts neither underflow nor overflow when squared.
  const df = 1 / ((vT / se2) ** 2 / (treated.n - 1) + (vC / se2) ** 2 / (control.n - 1));
  const difference = treated.mean - control.mean;
  const half = tQuantile(1 - alpha / 2, df) * se;
  const t = difference / se;
  return { difference, se, t, df, p: tTwoSidedP(t, df), interval: [difference - half, difference + half] };
}

export interface RatioOfMeans {
  /** Treated / control. */
  readonly ratio: number;
  /** Standard error of ln(ratio). */
  readonly logSe: number;
  readonly interval: Interval;
}

/** The ratio with its delta-method interval on the log scale. @returns null unless both means are positive and vary */
export function ratioOfMeans(treated: Moments, control: Moments, alpha: number): RatioOfMeans | null {
  if (!(treated.mean > 0 && control.mean > 0) || treated.variance === null || control.variance === null) return null;
  const logSe = Math.hypot(
    Math.sqrt(treated.variance / treated.n) / treated.mean,
    Math.sqrt(control.variance / control.n) / control.mean,
  );
  if (!(logSe > 0)) return null;
  const ratio = treated.mean / control.mean;
  const half = twoSidedZ(alpha) * logSe;
  return { ratio, logSe, interval: [ratio * Math.exp(-half), ratio * Math.exp(half)] };
}

/**
 * Fieller's interval of the ratio of means, with normal quantiles: the roots ρ of
 * (m_t − ρ·m_c)² = z²·(v_t + ρ²·v_c).
 * @returns null where the control mean is not told apart from 0: the set of ratios is then unbounded, "not estimable"
 */
export function fiellerInterval(treated: Moments, control: Moments, alpha: number): Interval | null {
  if (treated.variance === null || control.variance === null || control.mean === 0) return null;
  const zz = twoSidedZ(alpha) ** 2;
  const vT = treated.variance / treated.n;
  const vC = control.variance / control.n;
  const a = control.mean ** 2 - zz * vC;
  if (!(a > 0)) return null;
  const cross = treated.mean * control.mean;
  // The discriminant b² − ac, written without the difference of two nearly equal squares.
  const root = Math.sqrt(zz * (vC * treated.mean ** 2 + vT * a));
  return [(cross - root) / a, (cross + root) / a];
}

export interface RatioMetric {
  /** Σy/Σx over people, for instance revenue per order. */
  readonly ratio: number;
  readonly se: number;
  readonly interval: Interval;
}

/**
 * A ratio of two sums whose unit is the person (average order value = revenue / orders), by linearisation:
 * se² = n/(n − 1)·Σ(y − R·x)²/(Σx)².
 * @param y numerators, @param x denominators, one of each per person, same length
 * @returns null where Σx is 0 or there are fewer than two people
 */
export function ratioMetric(y: ArrayLike<number>, x: ArrayLike<number>, alpha: number): RatioMetric | null {
  assert(y.length === x.length, 'one numerator and one denominator per person');
  const n = x.length;
  const sumX = exactSum(Array.from(x));
  if (sumX === 0 || n < 2) return null;
  const ratio = exactSum(Array.from(y)) / sumX;
  const residuals = exactSum(Array.from(y, (value, i) => (value - ratio * (x[i] as number)) ** 2));
  const se = Math.sqrt(((n / (n - 1)) * residuals) / sumX ** 2);
  const half = twoSidedZ(alpha) * se;
  return { ratio, se, interval: [ratio - half, ratio + half] };
}

/** Amounts of one arm, with what each person's amount was before anybody could be treated. */
export interface AmountsWithPast {
  readonly after: ArrayLike<number>;
  /** Same length; strictly before eligibility, 0 for people without a past. */
  readonly before: ArrayLike<number>;
}

export interface CupedTest extends WelchTest {
  /** cov(after, before)/var(before), pooled over both arms. */
  readonly theta: number;
  /** Squared correlation of after and before over all people, 0 … 1: the share of variance taken out. */
  readonly explained: number;
}

/** Welch's test of after − θ·(before − mean before). @returns null where the past does not vary or Welch has no answer */
export function cupedTest(treated: AmountsWithPast, control: AmountsWithPast, alpha: number): CupedTest | null {
  const after = [...Array.from(treated.after), ...Array.from(control.after)];
  const before = [...Array.from(treated.before), ...Array.from(control.before)];
  assert(
    after.length === before.length && treated.after.length === treated.before.length,
    'one past amount per person',
  );
  const n = after.length;
  if (n < 4) return null;
  const meanAfter = exactSum(after) / n;
  const meanBefore = exactSum(before) / n;
  const spread = exactSum(before.map((x) => (x - meanBefore) ** 2));
  if (!(spread > 0)) return null;
  const common = exactSum(after.map((y, i) => (y - meanAfter) * ((before[i] as number) - meanBefore)));
  const theta = common / spread;
  const variation = exactSum(after.map((y) => (y - meanAfter) ** 2));
  const adjusted = after.map((y, i) => y - theta * ((before[i] as number) - meanBefore));
  const split = treated.after.length;
  if (split === 0 || split === n) return null;
  const test = welchTest(momentsOf(adjusted.slice(0, split)), momentsOf(adjusted.slice(split)), alpha);
  if (test === null) return null;
  return { ...test, theta, explained: variation > 0 ? (common * common) / (spread * variation) : 0 };
}
