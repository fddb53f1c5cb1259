// Effects as log odds ratios: what the literature's counts say, the default level, and what an own holdout makes of it.

import { assert } from '../base/index.ts';
import { type Count, normalCdf } from '../stats/index.ts';

export interface Normal {
  readonly mean: number;
  readonly sd: number;
}

/** Level of the effect of a whole triggered sequence on its own goal: odds ratio 1.35 (90 % 0.82 to 2.21). Judgement. */
export const DEFAULT_LEVEL: Normal = { mean: 0.3, sd: 0.3 };
/** How far an effect measured on one sequence carries over to a changed one, as an SD of the log odds ratio. */
export const TRANSPORT_SD = 0.15;

export function logit(p: number): number {
  return Math.log(p / (1 - p));
}

export function expit(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export interface OddsRatio {
  readonly logOddsRatio: number;
  readonly se: number;
}

/** @returns null where a cell is 0: the ratio has no finite estimate */
export function oddsRatio(treated: Count, control: Count): OddsRatio | null {
  const cells = [treated.x, treated.n - treated.x, control.x, control.n - control.x];
  if (cells.some((cell) => cell <= 0)) return null;
  const [a, b, c, d] = cells as [number, number, number, number];
  return { logOddsRatio: Math.log((a * d) / (b * c)), se: Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d) };
}

export interface OddsPosterior extends Normal {
  /** Share of the prior in the posterior mean, 0 … 1; null where the likelihood was used itself, cells being small. */
  readonly priorWeight: number | null;
  readonly pHarm: number;
}

/**
 * The level after an own holdout: precision-weighted, or with a cell below 5 by the binomial likelihood on a grid.
 * @param transportSd 0 for the workflow measured, TRANSPORT_SD for a changed sequence
 */
export function posteriorLevel(prior: Normal, treated: Count, control: Count, transportSd: number): OddsPosterior {
  assert(treated.n > 0 && control.n > 0, 'a holdout needs people in both arms');
  const cells = [treated.x, treated.n - treated.x, control.x, control.n - control.x];
  const data = oddsRatio(treated, control);
  if (data === null || cells.some((cell) => cell < 5)) return gridPosterior(prior, treated, control, transportSd);
  const ownPrecision = 1 / (data.se ** 2 + transportSd ** 2);
  const precision = 1 / prior.sd ** 2 + ownPrecision;
  const priorWeight = 1 / prior.sd ** 2 / precision;
  const mean = priorWeight * prior.mean + (1 - priorWeight) * data.logOddsRatio;
  const sd = Math.sqrt(1 / precision);
  return { mean, sd, priorWeight, pHarm: normalCdf(-mean / sd) };
}

/** Control rate uniform, effect normal; the transport spread is added to the effect seen by the data. */
function gridPosterior(prior: Normal, treated: Count, control: Count, transportSd: number): OddsPosterior {
  const half = 200;
  const reach = 6 * Math.hypot(prior.sd, transportSd);
  const effects = Array.from({ length: 2 * half + 1 }, (_, i) => prior.mean + ((i - half) / half) * reach);
  const logLikelihood = effects.map((effect) => {
    let top = Number.NEGATIVE_INFINITY;
    const terms: number[] = [];
    for (let k = 1; k < 800; k++) {
      // Even steps in the logit, weighted back to a uniform rate.
      const base = -14 + (28 * k) / 800;
      const logRate = (x: number) => -Math.log1p(Math.exp(-x));
      const arm = (count: Count, x: number) => count.x * logRate(x) + (count.n - count.x) * logRate(-x);
      const term = arm(control, base) + arm(treated, base + effect) + logRate(base) + logRate(-base);
      terms.push(term);
      top = Math.max(top, term);
    }
    return top + Math.log(terms.reduce((sum, t) => sum + Math.exp(t - top), 0));
  });
  const best = Math.max(...logLikelihood);
  const likelihood = logLikelihood.map((l) => Math.exp(l - best));
  const seen =
    transportSd === 0
      ? likelihood
      : effects.map((effect) => {
          let sum = 0;
          let weight = 0;
          effects.forEach((other, j) => {
            const w = Math.exp(-0.5 * ((other - effect) / transportSd) ** 2);
            sum += w * (likelihood[j] as number);
            weight += w;
          });
          return sum / weight;
        });
  let total = 0;
  let first = 0;
  let harm = 0;
  const weights = effects.map((effect, i) => {
    const w = (seen[i] as number) * Math.exp(-0.5 * ((effect - prior.mean) / prior.sd) ** 2);
    total += w;
    first += w * effect;
    if (effect < 0) harm += w;
    return w;
  });
  const mean = first / total;
  const variance = effects.reduce((sum, effect, i) => sum + (weights[i] as number) * (effect - mean) ** 2, 0) / total;
  return { mean, sd: Math.sqrt(variance), priorWeight: null, pHarm: harm / total };
}

/** What a log odds ratio adds to a rate, in points: expit(logit b + β) − b. */
export function pointsAdded(rate: number, logOddsRatio: number): number {
  return expit(logit(rate) + logOddsRatio) - rate;
}
