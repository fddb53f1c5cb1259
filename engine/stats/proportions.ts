// Two independent proportions from their counts: treated people who converted against held-out people who did.
// Differences are treated − control, as fractions (0.04 = 4 percentage points). Methods: Wilson 1927; Newcombe 1998
// (Stat Med 17:873), method 10; the pooled z-test without continuity correction; the log ratio of Katz et al. 1978.

import { assert } from '../base/index.ts';
import type { Interval } from './interval.ts';
import { twoSidedP, twoSidedZ } from './normal.ts';

/** One arm's outcome. */
export interface Count {
  /** People, whole, ≥ 1. */
  readonly n: number;
  /** Those with the outcome, whole, 0 … n. */
  readonly x: number;
}

export interface ZTest {
  readonly z: number;
  /** Two-sided, 0 … 1. */
  readonly p: number;
}

/** The interval of a difference that is shown: its limits depend on neither arm being away from 0 or 1. */
export function newcombeInterval(treated: Count, control: Count, alpha: number): Interval {
  const pT = rateOf(treated);
  const pC = rateOf(control);
  const [lowT, highT] = wilsonInterval(treated, alpha);
  const [lowC, highC] = wilsonInterval(control, alpha);
  const difference = pT - pC;
  return [difference - Math.hypot(pT - lowT, highC - pC), difference + Math.hypot(highT - pT, pC - lowC)];
}

/** Wilson's score interval of one proportion; exactly 0 below where x = 0 and exactly 1 above where x = n. */
export function wilsonInterval({ n, x }: Count, alpha: number): Interval {
  const p = rateOf({ n, x });
  const z = twoSidedZ(alpha);
  const zz = (z * z) / n;
  const half = z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n));
  const low = x === 0 ? 0 : (p + zz / 2 - half) / (1 + zz);
  const high = x === n ? 1 : (p + zz / 2 + half) / (1 + zz);
  return [low, high];
}

/**
 * Δ ± z·√(p_t·q_t/n_t + p_c·q_c/n_c), for comparison only: with a small holdout it covers far less than it says, and
 * with no or only conversions in both arms its width is 0.
 */
export function waldInterval(treated: Count, control: Count, alpha: number): Interval {
  const difference = rateOf(treated) - rateOf(control);
  const half = twoSidedZ(alpha) * Math.sqrt(differenceVariance(treated, control));
  return [difference - half, difference + half];
}

/** Estimated variance of p_t − p_c, unpooled, with division by n. */
export function differenceVariance(treated: Count, control: Count): number {
  const pT = rateOf(treated);
  const pC = rateOf(control);
  return (pT * (1 - pT)) / treated.n + (pC * (1 - pC)) / control.n;
}

/** The pooled z-test of equal rates. @returns null where nobody or everybody converted: then there is no spread to test */
export function pooledZTest(treated: Count, control: Count): ZTest | null {
  const difference = rateOf(treated) - rateOf(control);
  const x = treated.x + control.x;
  const n = treated.n + control.n;
  if (x === 0 || x === n) return null;
  const pooled = x / n;
  const z = difference / Math.sqrt(pooled * (1 - pooled) * (1 / treated.n + 1 / control.n));
  return { z, p: twoSidedP(z) };
}

/**
 * Katz's interval of the ratio p_t/p_c, on the log scale.
 * @returns null where an arm has no conversion (no logarithm), or where everybody in both arms converted (no spread)
 */
export function ratioInterval(treated: Count, control: Count, alpha: number): Interval | null {
  const log = Math.log(rateOf(treated) / rateOf(control));
  const variance = 1 / treated.x - 1 / treated.n + 1 / control.x - 1 / control.n;
  if (!Number.isFinite(log) || !(variance > 0)) return null;
  const half = twoSidedZ(alpha) * Math.sqrt(variance);
  return [Math.exp(log - half), Math.exp(log + half)];
}

/**
 * The same with ½ added to events and to people, which exists for every count (Walter 1975). It is another estimator:
 * label it where it is shown.
 */
export function adjustedRatioInterval(treated: Count, control: Count, alpha: number): Interval {
  const half = ({ n, x }: Count) => ({ n: n + 0.5, x: x + 0.5 });
  const t = half(treated);
  const c = half(control);
  const log = Math.log(t.x / t.n / (c.x / c.n));
  const width = twoSidedZ(alpha) * Math.sqrt(1 / t.x - 1 / t.n + 1 / c.x - 1 / c.n);
  return [Math.exp(log - width), Math.exp(log + width)];
}

function rateOf({ n, x }: Count): number {
  assert(n >= 1 && x >= 0 && x <= n, `a proportion needs 0 ≤ x ≤ n and n ≥ 1, got ${x} of ${n}`);
  return x / n;
}
