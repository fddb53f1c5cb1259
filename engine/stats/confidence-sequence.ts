// Looking at a running test whenever one likes. The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha,
// Kennedy & Ramdas 2024 (Ann. Stat.), with Robbins' normal mixture: over all looks together it misses the truth with
// probability α at most, where a fixed-n interval looked at ten times misses it with 19 %. Equal to the mixture
// sequential probability ratio test of Johari et al. 2017 with τ² = ρ²NV. Asymptotic: see FIRST_LOOK.

import { assert } from '../base/index.ts';
import type { Interval } from './interval.ts';
import { lambertWm1 } from './lambert.ts';
import { type Count, differenceVariance } from './proportions.ts';

/** Before every arm has this many, the limit theorem has nothing to stand on and nothing is shown. */
export const FIRST_LOOK = { people: 30, conversions: 5 } as const;

export interface SequentialReading {
  readonly interval: Interval;
  /** Always-valid p of "no difference", 0 … 1: min(1, 1/e-value). */
  readonly p: number;
}

/**
 * ρ², the mixture's tuning that makes the sequence narrowest when `plannedTotal` people are in.
 * @param plannedTotal N*, people in both arms, > 0; to be fixed before the first look and never changed after it
 */
export function sequenceTuning(plannedTotal: number, alpha: number): number {
  assert(plannedTotal > 0, `the planned total must be positive, got ${plannedTotal}`);
  assert(alpha > 0 && alpha < 1, `alpha must lie strictly between 0 and 1, got ${alpha}`);
  return (-lambertWm1(-(alpha * alpha) / Math.E) - 1) / plannedTotal;
}

/** Half the width in standard errors of the estimate at N people: the sequential counterpart of z_{1−α/2}. */
export function sequenceZ(n: number, tuning: number, alpha: number): number {
  const x = n * tuning;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / alpha));
}

/** ln of the e-value against "no difference". @param variance of the estimate, > 0 @param n people behind it */
export function sequenceLogE(estimate: number, variance: number, n: number, tuning: number): number {
  const x = n * tuning;
  return (estimate * estimate * x) / (2 * variance * (x + 1)) - 0.5 * Math.log(x + 1);
}

/**
 * The reading at one look of a difference of rates, treated − control.
 * @returns null where both arms' rates are 0 or 1, so that no variance can be estimated
 */
export function sequentialReading(
  treated: Count,
  control: Count,
  plannedTotal: number,
  alpha: number,
): SequentialReading | null {
  const variance = differenceVariance(treated, control);
  if (!(variance > 0)) return null;
  const n = treated.n + control.n;
  const tuning = sequenceTuning(plannedTotal, alpha);
  const difference = treated.x / treated.n - control.x / control.n;
  const half = sequenceZ(n, tuning, alpha) * Math.sqrt(variance);
  return {
    interval: [difference - half, difference + half],
    p: Math.min(1, Math.exp(-sequenceLogE(difference, variance, n, tuning))),
  };
}

/** Whether a look is allowed: every arm has enough people and enough conversions. */
export function mayLook(...arms: readonly Count[]): boolean {
  return arms.every(({ n, x }) => n >= FIRST_LOOK.people && x >= FIRST_LOOK.conversions);
}
