// Intervals by drawing people again, with replacement. The unit is the person; where there are very many, the 128
// buckets of people stand for them, and long columns are cut to a few thousand steps, so that cost does not grow with
// the history.

import type { Random } from '../base/index.ts';
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
export function unitsOf(history: History, persons: ArrayLike<number>): Units {
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
  const at = (q: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(q * (sorted.length - 1))))] as number;
  return [at((1 - level) / 2), at((1 + level) / 2)];
}

/**
 * Type-1 quantiles of a column of times under each replicate's weights.
 * @param sorted increasing @param units per row of it
 * @returns one per replicate that drew any row
 */
export function bootstrapQuantile(
  sorted: Float64Array,
  units: Units,
  p: number,
  replicates: number,
  random: Random,
): number[] {
  const rows = units.kind === 'bucket' && sorted.length > STEPS ? compress(sorted, units) : null;
  const values = rows?.values ?? sorted;
  const of = rows?.units ?? units.of;
  const counts = rows?.counts ?? null;
  const weights = new Uint32Array(units.n);
  const draws: number[] = [];
  for (let r = 0; r < replicates; r++) {
    drawUnits(random, weights);
    let total = 0;
    for (let i = 0; i < values.length; i++) total += (weights[of[i] as number] as number) * (counts?.[i] ?? 1);
    if (total === 0) continue;
    const need = Math.ceil(p * total - 1e-9);
    let seen = 0;
    let i = 0;
    for (; i < values.length; i++) {
      seen += (weights[of[i] as number] as number) * (counts?.[i] ?? 1);
      if (seen >= need) break;
    }
    draws.push(values[i] as number);
  }
  return draws;
}

/** Rows joined to one per step and unit; a step's value is the largest in it. */
function compress(sorted: Float64Array, units: Units) {
  const size = Math.ceil(sorted.length / STEPS);
  const values: number[] = [];
  const of: number[] = [];
  const counts: number[] = [];
  for (let from = 0; from < sorted.length; from += size) {
    const end = Math.min(sorted.length, from + size);
    const inStep = new Uint32Array(units.n);
    for (let i = from; i < end; i++) {
      const unit = units.of[i] as number;
      inStep[unit] = (inStep[unit] as number) + 1;
    }
    inStep.forEach((count, unit) => {
      if (count === 0) return;
      values.push(sorted[end - 1] as number);
      of.push(unit);
      counts.push(count);
    });
  }
  return { values: Float64Array.from(values), units: Uint32Array.from(of), counts: Uint32Array.from(counts) };
}
