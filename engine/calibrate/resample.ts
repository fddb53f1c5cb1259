// Intervals by drawing people again, with replacement. The unit is the person; where there are very many, the 128
// buckets of people stand for them, and long columns are cut to a few thousand steps, so that cost does not grow with
// the history.

import { lowerBound, type Random } from '../base/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';

export interface Units {
  readonly n: number;
  /** Per row, its unit. */
  readonly of: Uint32Array;
  readonly kind: 'person' | 'bucket';
}

/** More people than this are resampled by bucket. */
const MOST_PERSONS = 20_000;
/** Steps kept of a longer column of times. */
const STEPS = 2_000;

/** @param persons per row, the person it belongs to, in any order */
export function unitsOf(history: Pick<History, 'buckets'>, persons: ArrayLike<number>): Units {
  const of = new Uint32Array(persons.length);
  const slots = new Map<number, number>();
  for (let i = 0; i < of.length && slots.size <= MOST_PERSONS; i++) {
    const person = persons[i] as number;
    let slot = slots.get(person);
    if (slot === undefined) slots.set(person, (slot = slots.size));
    of[i] = slot;
  }
  if (slots.size <= MOST_PERSONS) return { n: slots.size, of, kind: 'person' };
  const { buckets } = history;
  for (let i = 0; i < of.length; i++) of[i] = buckets[persons[i] as number] as number;
  return { n: N_BUCKETS, of, kind: 'bucket' };
}

/** How often each unit is drawn when as many are drawn as there are. @param out length n, overwritten */
export function drawUnits(random: Random, out: Uint32Array): void {
  out.fill(0);
  for (let i = 0; i < out.length; i++) {
    const k = random.below(out.length);
    out[k] = (out[k] as number) + 1;
  }
}

/** A quantile's percentile interval. @returns null for no replicates with any weight */
export function percentileInterval(draws: readonly number[], level = 0.95): readonly [number, number] | null {
  if (draws.length === 0) return null;
  const sorted = Float64Array.from(draws).sort();
  // One of the draws itself, for rungs and times; by the place (n + 1)·q, so that few draws claim no more than they hold.
  const at = (q: number) =>
    sorted[Math.min(sorted.length, Math.max(1, Math.round(q * (sorted.length + 1)))) - 1] as number;
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/**
 * Type-1 quantiles of a column of times under each replicate's weights.
 * @param sorted increasing @param units per row of it
 * @param look called before each replicate; may throw, which ends it
 * @returns one per replicate that drew any row
 */
export function bootstrapQuantile(
  sorted: Float64Array,
  units: Units,
  p: number,
  replicates: number,
  random: Random,
  look: () => void = () => {},
): number[] {
  const quantile = units.kind === 'bucket' ? quantileOfBuckets(sorted, units, p) : quantileOfRows(sorted, units, p);
  const weights = new Uint32Array(units.n);
  const draws: number[] = [];
  for (let r = 0; r < replicates; r++) {
    look();
    drawUnits(random, weights);
    const value = quantile(weights);
    if (value !== null) draws.push(value);
  }
  return draws;
}

type WeightedQuantile = (weights: Uint32Array) => number | null;

function quantileOfRows(sorted: Float64Array, units: Units, p: number): WeightedQuantile {
  const { of } = units;
  return (weights) => {
    let total = 0;
    for (let i = 0; i < sorted.length; i++) total += weights[of[i] as number] as number;
    if (total === 0) return null;
    const need = Math.ceil(p * total - 1e-9);
    let seen = 0;
    let i = 0;
    for (; i < sorted.length; i++) {
      seen += weights[of[i] as number] as number;
      if (seen >= need) break;
    }
    return sorted[i] as number;
  };
}

/** Rows joined to steps, counted up per bucket: a quantile is then a binary search. A step's value is its largest. */
function quantileOfBuckets(sorted: Float64Array, units: Units, p: number): WeightedQuantile {
  const { n, of } = units;
  const size = Math.max(1, Math.ceil(sorted.length / STEPS));
  const steps = Math.ceil(sorted.length / size);
  const upTo = new Float64Array((steps + 1) * n);
  for (let step = 0; step < steps; step++) {
    upTo.copyWithin((step + 1) * n, step * n, (step + 1) * n);
    for (let i = step * size; i < Math.min(sorted.length, (step + 1) * size); i++) {
      const at = (step + 1) * n + (of[i] as number);
      upTo[at] = (upTo[at] as number) + 1;
    }
  }
  return (weights) => {
    const countUpTo = (step: number) => {
      let sum = 0;
      for (let u = 0; u < n; u++) sum += (weights[u] as number) * (upTo[step * n + u] as number);
      return sum;
    };
    const total = countUpTo(steps);
    if (total === 0) return null;
    const step = lowerBound(countUpTo, Math.ceil(p * total - 1e-9), 0, steps);
    return sorted[Math.min(sorted.length, step * size) - 1] as number;
  };
}
