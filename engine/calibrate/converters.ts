// How long those take who do convert. Percentiles among converters within a horizon come from the survival curve, since
// percentiles of observed converters are too low wherever slow ones are censored. The 90 % rule (twice the time by
// which 90 % of converters have converted) is a starting point, and only where three horizons agree on it.

import { type SurvivalCurve, survivalAt } from '../stats/index.ts';
import { rungOf, rungSpan } from './ladder.ts';

const SLACK = 1e-9;
export const FEWEST_CONVERTERS = 20;

/**
 * inf{t: (1 − S(t))/(1 − S(H)) ≥ p}. Without censoring before H this is the type-1 quantile of observed converters.
 * @returns null where nobody converted within H, or the curve does not reach H
 */
export function percentileAmongConverters(curve: SurvivalCurve, horizonMs: number, p: number): number | null {
  const end = survivalAt(curve, horizonMs);
  if (end === null || end === 1) return null;
  for (let j = 0; j < curve.times.length; j++) {
    if ((1 - (curve.survival[j] as number)) / (1 - end) >= p - SLACK) return curve.times[j] as number;
  }
  return null;
}

/** Type-1 quantile (inverse ECDF). @param sorted increasing @returns null for no values */
export function quantileType1(sorted: ArrayLike<number>, p: number, n = sorted.length): number | null {
  if (n === 0) return null;
  return sorted[Math.max(0, Math.ceil(p * n - SLACK) - 1)] as number;
}

export interface RuleAtHorizon {
  readonly horizonMs: number;
  readonly converters: number;
  /** By when 90 % of those who convert within the horizon have done so; null without converters. */
  readonly p90Ms: number | null;
  /** 2 × p90, rounded to a rung. */
  readonly rungMs: number | null;
}

export interface WindowRule {
  readonly verdict: 'settled' | 'unsettled' | 'too_few';
  /** At the nearest rungs to a quarter and a half of the horizon, and at the horizon. */
  readonly atHorizons: readonly RuleAtHorizon[];
}

/** @param sortedMs durations of the converters of one mature cohort, increasing, all ≤ horizonMs */
export function windowRule(sortedMs: ArrayLike<number>, horizonMs: number): WindowRule {
  const horizons = [rungOf(horizonMs / 4), rungOf(horizonMs / 2), horizonMs];
  const atHorizons = horizons.map((h) => {
    let converters = 0;
    while (converters < sortedMs.length && (sortedMs[converters] as number) <= h) converters++;
    const p90Ms = quantileType1(sortedMs, 0.9, converters);
    return { horizonMs: h, converters, p90Ms, rungMs: p90Ms === null ? null : rungOf(2 * p90Ms) };
  });
  return { verdict: settles(atHorizons, horizonMs), atHorizons };
}

/** Whether three answers of the 90 % rule agree. @param at with increasing horizons */
export function settles(at: readonly RuleAtHorizon[], horizonMs: number): WindowRule['verdict'] {
  if (at.some((a) => a.converters < FEWEST_CONVERTERS || a.rungMs === null)) return 'too_few';
  const rungs = at.map((a) => a.rungMs as number);
  const areEqual = rungs.every((rung) => rung === rungs[0]);
  const areInside = at.every((a) => (a.rungMs as number) <= (areEqual ? horizonMs : Math.min(horizonMs, a.horizonMs)));
  return rungSpan(rungs) <= 1 && areInside ? 'settled' : 'unsettled';
}
