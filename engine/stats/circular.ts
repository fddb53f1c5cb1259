// Angles on a circle, such as times of day: mean direction, how closely they gather, and the concentration of the von
// Mises distribution that gathers as closely (maximum likelihood). Fisher, Statistical Analysis of Circular Data, 1993.

import { findRoot } from './root.ts';

export interface Circular {
  readonly n: number;
  /** Radians, 0 … 2π; null where the directions cancel out. */
  readonly mean: number | null;
  /** Mean resultant length, 0 (all over) … 1 (all alike). */
  readonly resultant: number;
  /** κ with I₁(κ)/I₀(κ) = resultant; null where all are alike. */
  readonly kappa: number | null;
}

/** Below this the directions cancel out but for rounding. */
const NOTHING = 1e-12;

/** @param angles radians. @param weights of each, > 0; default 1. @returns null without any */
export function circularOf(angles: ArrayLike<number>, weights?: ArrayLike<number>): Circular | null {
  let n = 0;
  let sin = 0;
  let cos = 0;
  for (let i = 0; i < angles.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number);
    n += weight;
    sin += weight * Math.sin(angles[i] as number);
    cos += weight * Math.cos(angles[i] as number);
  }
  if (n === 0) return null;
  const resultant = Math.min(1, Math.hypot(sin, cos) / n);
  const mean = resultant < NOTHING ? null : (Math.atan2(sin, cos) + 2 * Math.PI) % (2 * Math.PI);
  return { n, mean, resultant, kappa: concentrationOf(resultant) };
}

/** @param resultant 0 … 1. @returns null at 1, where there is no finite one */
export function concentrationOf(resultant: number): number | null {
  if (resultant < NOTHING) return 0;
  if (resultant > 1 - NOTHING) return null;
  // Widened until it lies above.
  let high = 2 / (1 - resultant);
  while (besselRatio(high) < resultant) high *= 2;
  return findRoot((kappa) => besselRatio(kappa) - resultant, 0, high, 1e-12);
}

/** I₁(κ)/I₀(κ) by Gauss's continued fraction, from the back; κ ≥ 0. */
export function besselRatio(kappa: number): number {
  if (kappa === 0) return 0;
  const depth = 60 + Math.ceil(kappa);
  let ratio = 0;
  for (let order = depth; order >= 1; order--) ratio = 1 / ((2 * order) / kappa + ratio);
  return ratio;
}
