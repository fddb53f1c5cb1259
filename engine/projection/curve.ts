// How the effect depends on the wait from anchor to first email: a log odds ratio, signed and free, given at a few waits
// and linear in ln(wait) between them. The default says what is known of cart emails: no sign inside an hour, nothing
// known to a day, the level's size with the sign of one field study from then on.

import { HOUR_MS, MINUTE_MS, type Random } from '../base/index.ts';
import { expit, logit, type Normal } from './odds.ts';

export interface ResponseCurve {
  /** In ms, increasing, > 0. */
  readonly waitsMs: readonly number[];
  /** Of the level, at each wait. */
  readonly share: readonly number[];
  /** SD of the curve's own deviation at each wait. */
  readonly sd: readonly number[];
  /** Of neighbouring deviations; it falls geometrically with distance. */
  readonly correlation: number;
}

const WAITS_MS = [15 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS];

export const CART_CURVE: ResponseCurve = {
  waitsMs: WAITS_MS,
  share: [0, 0, 0.5, 1, 1],
  sd: [0.25, 0.2, 0.25, 0.15, 0.15],
  correlation: 0.7,
};

/** For workflows on whose timing there is no evidence: the level at every wait, with the same spread around it. */
export const FLAT_CURVE: ResponseCurve = { ...CART_CURVE, share: [1, 1, 1, 1, 1] };

export type NamedCurve = 'no_decay' | 'fast_decay' | 'early_harms';

/** Shapes that are always run beside the assumed one: if they disagree on the window, the data alone cannot choose. */
export const NAMED_CURVES: Readonly<Record<NamedCurve, readonly number[]>> = {
  no_decay: [1, 1, 1, 1, 1],
  fast_decay: [1, 0.85, 0.5, 0, 0],
  early_harms: [-0.5, -0.5, 0, 1, 1],
};
export const NAMED_WAITS_MS: readonly number[] = WAITS_MS;

/** Shares of each knot at a wait: linear in ln(wait), constant outside. They add up to 1. */
export function knotWeights(waitsMs: readonly number[], waitMs: number): number[] {
  const weights = waitsMs.map(() => 0);
  const last = waitsMs.length - 1;
  let i = 0;
  while (i <= last && (waitsMs[i] as number) <= waitMs) i++;
  if (i === 0) weights[0] = 1;
  else if (i > last) weights[last] = 1;
  else {
    const low = Math.log(waitsMs[i - 1] as number);
    const part = (Math.log(waitMs) - low) / (Math.log(waitsMs[i] as number) - low);
    weights[i - 1] = 1 - part;
    weights[i] = part;
  }
  return weights;
}

export function valueAt(waitsMs: readonly number[], values: readonly number[], waitMs: number): number {
  return knotWeights(waitsMs, waitMs).reduce((sum, w, i) => sum + w * (values[i] as number), 0);
}

/** Mean and SD of the log odds ratio at a wait. */
export function curveMoments(curve: ResponseCurve, level: Normal, waitMs: number): Normal {
  const weights = knotWeights(curve.waitsMs, waitMs);
  let share = 0;
  let own = 0;
  weights.forEach((w, i) => {
    share += w * (curve.share[i] as number);
    weights.forEach((v, j) => {
      own += w * v * (curve.sd[i] as number) * (curve.sd[j] as number) * curve.correlation ** Math.abs(i - j);
    });
  });
  return { mean: share * level.mean, sd: Math.sqrt(share ** 2 * level.sd ** 2 + own) };
}

/** One draw of level and curve: the log odds ratio at every knot. */
export function drawCurve(curve: ResponseCurve, level: Normal, random: Random): number[] {
  const l = level.mean + level.sd * random.normal();
  return shapeCurve(curve, l, drawDeviations(curve, random));
}

export function shapeCurve(curve: ResponseCurve, level: number, deviations: readonly number[]): number[] {
  return curve.share.map((c, i) => c * level + (deviations[i] as number));
}

/** Deviations with correlation r^|i − j|: a first-order chain of normals. */
export function drawDeviations(curve: ResponseCurve, random: Random): number[] {
  let z = 0;
  return curve.sd.map((sd, i) => {
    const fresh = random.normal();
    z = i === 0 ? fresh : curve.correlation * z + Math.sqrt(1 - curve.correlation ** 2) * fresh;
    return sd * z;
  });
}

/** An effect seen at one wait. */
export interface ObservedEffect {
  readonly waitMs: number;
  readonly logOddsRatio: number;
  readonly se: number;
}

/**
 * A joint normal update of level and curve by an effect measured at one wait.
 * @returns level and knots after it: mean of the log odds ratio at each knot and its covariance (row by row)
 */
export function updateCurve(
  curve: ResponseCurve,
  level: Normal,
  observed: ObservedEffect,
): { readonly mean: readonly number[]; readonly covariance: readonly (readonly number[])[] } {
  const { prior, cross, gain, expected } = gainOf(curve, level, observed);
  return {
    mean: curve.share.map((c, i) => c * level.mean + (gain[i] as number) * (observed.logOddsRatio - expected)),
    covariance: prior.map((row, i) => row.map((value, j) => value - (gain[i] as number) * (cross[j] as number))),
  };
}

/**
 * Turns draws of the assumed knots into draws of the updated ones: each knot moves by its gain times what the observation
 * says beyond the draw (Matheron's rule), so that both rest on the same random numbers.
 * @returns knots after the observation. @param noise standard normal, one per draw
 */
export function conditionCurve(
  curve: ResponseCurve,
  level: Normal,
  observed: ObservedEffect,
): (knots: readonly number[], noise: number) => number[] {
  const { weights, gain } = gainOf(curve, level, observed);
  return (knots, noise) => {
    const there = knots.reduce((sum, value, i) => sum + value * (weights[i] as number), 0);
    const surprise = observed.logOddsRatio - there - observed.se * noise;
    return knots.map((value, i) => value + (gain[i] as number) * surprise);
  };
}

function gainOf(curve: ResponseCurve, level: Normal, { waitMs, se }: ObservedEffect) {
  const size = curve.share.length;
  const prior = Array.from({ length: size }, (_, i) =>
    Array.from(
      { length: size },
      (_, j) =>
        (curve.share[i] as number) * (curve.share[j] as number) * level.sd ** 2 +
        (curve.sd[i] as number) * (curve.sd[j] as number) * curve.correlation ** Math.abs(i - j),
    ),
  );
  const weights = knotWeights(curve.waitsMs, waitMs);
  const cross = prior.map((row) => row.reduce((sum, value, j) => sum + value * (weights[j] as number), 0));
  const variance = cross.reduce((sum, value, i) => sum + value * (weights[i] as number), 0) + se ** 2;
  const expected = curve.share.reduce((sum, c, i) => sum + c * level.mean * (weights[i] as number), 0);
  return { prior, weights, cross, expected, gain: cross.map((value) => (variance === 0 ? 0 : value / variance)) };
}

export interface Response {
  /** Share of never-converters won, 0 … 1. */
  readonly won: number;
  /** Share of later organic conversions prevented, 0 … 1. */
  readonly prevented: number;
}

/**
 * What a log odds ratio means at the fixed reference rate, the same for all windows: taken at each window's own rate,
 * long windows would die only because slow organic conversions run out.
 * @param reference strictly between 0 and 1
 */
export function responseOf(logOddsRatio: number, reference: number): Response {
  const s = expit(logit(reference) + logOddsRatio);
  return logOddsRatio >= 0
    ? { won: (s - reference) / (1 - reference), prevented: 0 }
    : { won: 0, prevented: (reference - s) / reference };
}
