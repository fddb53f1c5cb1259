// Warnings that a few large customers decide a mean, so that a t interval covers less than it says (log-normal baskets
// with σ = 1.5 and 8 % buyers: 89.5 % instead of 95 % with 500 people held out), and the cap shown beside the figure.

import type { Moments } from './moments.ts';

/** People per unit of squared skewness below which a t interval is not trusted (Kohavi et al. 2014, rule 7). */
const PEOPLE_PER_SQUARED_SKEWNESS = 355;
/** Share of an arm's sum in the hands of its top 1 % above which single customers decide. */
export const HEAVY_SHARE = 0.3;
/** The pre-declared cap: this quantile of both arms' amounts pooled. */
const CAP_QUANTILE = 0.999;

export interface TailCheck {
  /** 355·skewness², people this arm would need; 0 where there is no skewness. */
  readonly peopleNeeded: number;
  readonly tooFewPeople: boolean;
  /** Sum of the top 1 % (at least one person) over the arm's sum, 0 … 1; null where the sum is not positive. */
  readonly topShare: number | null;
  readonly topHeavy: boolean;
}

/** @param moments of the same values @param values amounts of one arm, zeros included, any order, not changed */
export function checkTail(values: ArrayLike<number>, moments: Moments): TailCheck {
  const peopleNeeded = Math.ceil(PEOPLE_PER_SQUARED_SKEWNESS * (moments.skewness ?? 0) ** 2);
  const sorted = Float64Array.from(values).sort();
  const top = sorted.subarray(sorted.length - Math.ceil(sorted.length / 100));
  const topSum = top.reduce((sum, value) => sum + value, 0);
  const topShare = moments.sum > 0 ? Math.min(1, topSum / moments.sum) : null;
  return {
    peopleNeeded,
    tooFewPeople: moments.n < peopleNeeded,
    topShare,
    topHeavy: topShare !== null && topShare > HEAVY_SHARE,
  };
}

/** The 99.9 % quantile (inverse of the empirical distribution) of all arms' amounts together. */
export function pooledCap(...arms: readonly ArrayLike<number>[]): number {
  const all = Float64Array.from(arms.flatMap((values) => Array.from(values))).sort();
  return all[Math.max(0, Math.ceil(all.length * CAP_QUANTILE) - 1)] as number;
}

/** Each amount, but no more than `cap`. */
export function capped(values: ArrayLike<number>, cap: number): Float64Array {
  return Float64Array.from(values, (value) => Math.min(value, cap));
}
