// Random draws for a projection: probabilities from Betas, counts from binomials.

import type { Random } from '../base/index.ts';
import type { Beta } from '../stats/index.ts';
import type { Probability } from './response.ts';

export function drawProbability(p: Probability, random: Random): number {
  return typeof p === 'number' ? p : drawBeta(p, random);
}

export function drawBeta({ a, b }: Beta, random: Random): number {
  const x = drawGamma(a, random);
  const y = drawGamma(b, random);
  return x + y === 0 ? a / (a + b) : x / (x + y);
}

/** Marsaglia & Tsang 2000, with the boost for shapes below 1. */
function drawGamma(shape: number, random: Random): number {
  if (shape < 1) return drawGamma(shape + 1, random) * random.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = (1 + c * z) ** 3;
    if (v <= 0) continue;
    const u = 1 - random.uniform();
    if (Math.log(u) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Successes among n: by waiting times where few are expected, by the normal curve where many are. */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random);
  if (n * p > 50) {
    const x = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * random.normal());
    return Math.min(n, Math.max(0, x));
  }
  const log = Math.log1p(-p);
  let at = -1;
  for (let count = 0; ; count++) {
    at += 1 + Math.floor(Math.log(1 - random.uniform()) / log);
    if (at >= n) return count;
  }
}
