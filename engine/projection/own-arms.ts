// The effect as an own holdout alone tells it, nothing assumed: each arm's rate is a flat prior updated by its counts,
// and the log odds ratio is drawn from both. Wide where few converted, which is the truth of it.

import { assert, type Random } from '../base/index.ts';
import { type Beta, posterior, probabilityGreater } from '../stats/index.ts';
import { drawBeta } from './draws.ts';
import { type Normal, TRANSPORT_SD } from './odds.ts';
import type { OwnHoldout } from './response.ts';

export interface OwnArms {
  readonly treated: Beta;
  readonly control: Beta;
  /** How far the effect carries over to a changed sequence; 0 for the one that was tested. */
  readonly transportSd: number;
}

export function armsOf({ treated, control, changed }: OwnHoldout): OwnArms {
  return { treated: posterior(treated), control: posterior(control), transportSd: changed ? TRANSPORT_SD : 0 };
}

/** One draw of the log odds ratio of mailed against held out. */
export function drawLogOddsRatio({ treated, control, transportSd }: OwnArms, random: Random): number {
  const logOdds = (beta: Beta) => {
    const p = drawBeta(beta, random);
    return Math.log(p) - Math.log1p(-p);
  };
  const drawn = logOdds(treated) - logOdds(control);
  return transportSd === 0 ? drawn : drawn + transportSd * random.normal();
}

/** Its exact mean and SD: the log odds of a Beta have mean ψ(a) − ψ(b) and variance ψ′(a) + ψ′(b). */
export function logOddsRatioMoments({ treated, control, transportSd }: OwnArms): Normal {
  const mean = (beta: Beta) => digamma(beta.a) - digamma(beta.b);
  const variance = (beta: Beta) => trigamma(beta.a) + trigamma(beta.b);
  return {
    mean: mean(treated) - mean(control),
    sd: Math.sqrt(variance(treated) + variance(control) + transportSd ** 2),
  };
}

/** P(the emails cost conversions in the test itself). */
export function pHarmOf({ treated, control }: OwnArms): number {
  return probabilityGreater(control, treated);
}

/** ψ(x) by recurrence to x ≥ 8 and the asymptotic series; good to 1e-12. @param x > 0 */
export function digamma(x: number): number {
  assert(x > 0, 'digamma is asked of positive numbers only');
  let at = x;
  let shift = 0;
  while (at < 8) shift -= 1 / at++;
  const s = 1 / at ** 2;
  return shift + Math.log(at) - 0.5 / at - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))));
}

/** ψ′(x), likewise. @param x > 0 */
export function trigamma(x: number): number {
  assert(x > 0, 'trigamma is asked of positive numbers only');
  let at = x;
  let shift = 0;
  while (at < 8) shift += 1 / (at++) ** 2;
  const s = 1 / at ** 2;
  return shift + 1 / at + s / 2 + (s / at) * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - (5 * s) / 66))));
}
