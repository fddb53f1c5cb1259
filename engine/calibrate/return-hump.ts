// Where people stop coming back within the same visit: the valley between the hump of quick returns and that of later
// ones, on a log scale of time. It says when a visit ends, not when an email works. Gaussian kernel density on a grid of
// 1 % steps in time; three bandwidths must agree before the valley counts as stable.

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../base/index.ts';
import { rungOf, rungSpan } from './ladder.ts';

const HUMP_BANDWIDTHS = [0.25, 0.35, 0.5] as const;
/** The bandwidth whose valley is reported: a factor 1.4 in time. */
const MAIN = 0.35;
const STEP = 0.01;
/** Log of the grid's first point, one second, in minutes. */
const FIRST = Math.log(1 / 60);
const FEWEST = 50;
const DEEPEST_RATIO = 0.8;

export interface Valley {
  readonly bandwidth: number;
  readonly atMs: number;
  /** Density in the valley over that of the lower hump beside it, 0 … 1. */
  readonly depthRatio: number;
}

export interface ReturnHump {
  /** `unstable` also where fewer than 90 % of bootstrap replicates find a valley. */
  readonly verdict: 'stable' | 'unstable' | 'none' | 'too_few';
  /** One per bandwidth; null where there is no valley. */
  readonly valleys: readonly (Valley | null)[];
  /** Of the main bandwidth. */
  readonly antimodeMs: number | null;
  /** Share of converters back before it. */
  readonly shareBackWithin: number | null;
}

/** @param timesMs of converters within the horizon, any order @param weights default 1 each */
export function returnHump(timesMs: ArrayLike<number>, horizonMs: number): ReturnHump {
  const n = timesMs.length;
  if (n < FEWEST) {
    return { verdict: 'too_few', valleys: HUMP_BANDWIDTHS.map(() => null), antimodeMs: null, shareBackWithin: null };
  }
  const valleys = HUMP_BANDWIDTHS.map((bandwidth) => findValley(timesMs, horizonMs, bandwidth));
  const main = valleys[HUMP_BANDWIDTHS.indexOf(MAIN)] ?? null;
  if (main === null) return { verdict: 'none', valleys, antimodeMs: null, shareBackWithin: null };
  let back = 0;
  for (let i = 0; i < n; i++) if ((timesMs[i] as number) <= main.atMs) back++;
  const isStable = valleys.every((v) => v !== null) && rungSpan(valleys.map((v) => rungOf(v?.atMs ?? 1))) <= 1;
  return {
    verdict: isStable ? 'stable' : 'unstable',
    valleys,
    antimodeMs: main.atMs,
    shareBackWithin: back / n,
  };
}

/** The valley at one bandwidth, or null. @param weights frequencies, for a bootstrap */
export function findValley(
  timesMs: ArrayLike<number>,
  horizonMs: number,
  bandwidth: number = MAIN,
  weights?: ArrayLike<number>,
): Valley | null {
  return valleyOn(timeGrid(timesMs, horizonMs), bandwidth, weights);
}

/** Times on the grid: each between two points, which share it, so that the density's mean stays exact. */
export interface TimeGrid {
  readonly horizonMs: number;
  /** Points; below 3 there is no valley. */
  readonly size: number;
  /** Per time, the point at or below it, and the share that the next one gets. */
  readonly points: Int32Array;
  readonly parts: Float64Array;
}

/** Made once where the same times are smoothed under many weights. */
export function timeGrid(timesMs: ArrayLike<number>, horizonMs: number): TimeGrid {
  const size = Math.floor((Math.log(horizonMs / MINUTE_MS) - FIRST) / STEP) + 1;
  const points = new Int32Array(timesMs.length);
  const parts = new Float64Array(timesMs.length);
  for (let i = 0; i < timesMs.length; i++) {
    const y = (Math.log(Math.max(timesMs[i] as number, SECOND_MS) / MINUTE_MS) - FIRST) / STEP;
    const k = Math.min(size - 1, Math.floor(y));
    points[i] = k;
    parts[i] = k === size - 1 ? 0 : y - k;
  }
  return { horizonMs, size, points, parts };
}

/** `findValley` on times that are on their grid already. */
export function valleyOn(grid: TimeGrid, bandwidth: number = MAIN, weights?: ArrayLike<number>): Valley | null {
  const { horizonMs, size, points, parts } = grid;
  if (size < 3) return null;
  const mass = new Float64Array(size);
  let n = 0;
  for (let i = 0; i < points.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number);
    n += weight;
    const k = points[i] as number;
    const part = parts[i] as number;
    mass[k] = (mass[k] as number) + weight * (1 - part);
    if (part > 0) mass[k + 1] = (mass[k + 1] as number) + weight * part;
  }
  if (n < FEWEST) return null;
  const density = smooth(mass, bandwidth);
  const below = new Float64Array(size);
  let sum = 0;
  for (let k = 0; k < size; k++) below[k] = sum += mass[k] as number;
  const leftMax = density.slice();
  const rightMax = density.slice();
  for (let k = 1; k < size; k++) leftMax[k] = Math.max(leftMax[k - 1] as number, density[k] as number);
  for (let k = size - 2; k >= 0; k--) rightMax[k] = Math.max(rightMax[k + 1] as number, density[k] as number);
  const latest = Math.min(horizonMs / 2, 24 * HOUR_MS);
  const fewest = Math.max(20, 0.05 * n);
  let best: Valley | null = null;
  for (let k = 1; k < size - 1; ) {
    // A flat bottom counts once, at its middle.
    let end = k;
    while (end + 1 < size && density[end + 1] === density[k]) end++;
    const isLow =
      (density[k - 1] as number) > (density[k] as number) &&
      end + 1 < size &&
      (density[end + 1] as number) > (density[k] as number);
    const middle = (k + end) >> 1;
    k = end + 1;
    if (!isLow) continue;
    const atMs = Math.exp(FIRST + STEP * middle) * MINUTE_MS;
    if (atMs > latest || (below[middle] as number) < fewest || n - (below[middle] as number) < fewest) continue;
    const depthRatio = (density[middle] as number) / Math.min(leftMax[middle] as number, rightMax[middle] as number);
    if (best === null || depthRatio < best.depthRatio) best = { bandwidth, atMs, depthRatio };
  }
  return best !== null && best.depthRatio <= DEEPEST_RATIO ? best : null;
}

function smooth(mass: Float64Array, bandwidth: number): Float64Array {
  const reach = Math.ceil((9 * bandwidth) / STEP);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * ((i * STEP) / bandwidth) ** 2));
  const density = new Float64Array(mass.length);
  for (let k = 0; k < mass.length; k++) {
    const m = mass[k] as number;
    if (m === 0) continue;
    const to = Math.min(mass.length - 1, k + reach);
    for (let j = Math.max(0, k - reach); j <= to; j++) {
      density[j] = (density[j] as number) + m * (kernel[Math.abs(j - k)] as number);
    }
  }
  return density;
}
