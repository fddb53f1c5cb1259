// Two versions on common random numbers (method D.4): the same draws of the assumptions and of the people, so that what
// they share cancels and only where their rules differ does their difference vary. A version against itself differs by
// exactly 0. Chance among equal people is common to both and no part of a difference.

import { type Random, seededRandom } from '../base/index.ts';
import { drawUnits } from '../calibrate/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import type { DrawnRun, Outcome } from './outcomes.ts';
import type { Estimate } from './projection.ts';

/** Second minus first, with the 95 % interval of the paired draws. `isZero`: exactly 0 in every draw. */
export interface PairedDifference extends Estimate {
  readonly isZero: boolean;
}

/**
 * Of a projected figure.
 * @param first and second drawn with one seed and as many draws
 * @returns a null difference where the draws cannot be paired
 */
export function pairedOutcome(first: DrawnRun, second: DrawnRun, key: keyof Outcome): PairedDifference {
  const differences = pairs(first.resampled, second.resampled, key);
  const expected = pairs(first.expected, second.expected, key);
  if (differences === null || expected === null || expected.length === 0) {
    const reason = 'Some draws of the people hold nobody who enrolls, so the draws cannot be paired.';
    return { expected: null, low: null, high: null, isZero: false, reason };
  }
  const mean = expected.reduce((total, x) => total + x, 0) / expected.length;
  return withInterval(
    mean,
    differences,
    expected.every((x) => x === 0),
  );
}

/**
 * Of a counted figure, by drawing the buckets of people anew, the same for both.
 * @param first per bucket, length 128; second likewise
 */
export function pairedCounts(
  first: readonly number[],
  second: readonly number[],
  seed: number,
  draws: number,
): PairedDifference {
  const perBucket = second.map((count, bucket) => count - (first[bucket] as number));
  const total = perBucket.reduce((sum, x) => sum + x, 0);
  return withInterval(
    total,
    resampledSums(perBucket, seed, draws),
    perBucket.every((x) => x === 0),
  );
}

/** Of one counted figure by itself. */
export function resampledCount(perBucket: readonly number[], seed: number, draws: number): Estimate {
  const total = perBucket.reduce((sum, x) => sum + x, 0);
  const { expected, low, high } = withInterval(total, resampledSums(perBucket, seed, draws), false);
  return { expected, low, high };
}

function resampledSums(perBucket: readonly number[], seed: number, draws: number): number[] {
  const random: Random = seededRandom(seed, 'compare people');
  const weights = new Uint32Array(N_BUCKETS);
  const sums: number[] = [];
  for (let d = 0; d < draws; d++) {
    drawUnits(random, weights);
    let sum = 0;
    for (let b = 0; b < N_BUCKETS; b++) sum += (weights[b] as number) * (perBucket[b] as number);
    sums.push(sum);
  }
  return sums;
}

function pairs(first: readonly Outcome[], second: readonly Outcome[], key: keyof Outcome): number[] | null {
  if (first.length !== second.length) return null;
  return second.map((outcome, d) => outcome[key] - (first[d] as Outcome)[key]);
}

/** Limits of draws at 2.5 % and 97.5 %. */
function withInterval(expected: number, draws: readonly number[], isExpectedZero: boolean): PairedDifference {
  const sorted = Float64Array.from(draws).sort();
  const isZero = isExpectedZero && draws.every((x) => x === 0);
  if (sorted.length === 0) return { expected, low: null, high: null, isZero, reason: 'There are no draws.' };
  return { expected, low: quantileOfDraws(sorted, 0.025), high: quantileOfDraws(sorted, 0.975), isZero };
}
