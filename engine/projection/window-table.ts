// Counts of many windows over one cohort, per bucket of people: additive, so that a resample is a weighted sum.

import { upperBound } from '../base/index.ts';
import type { Cohort } from '../calibrate/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import type { NominalStep } from './sequence-times.ts';

export interface WindowTotals {
  readonly fired: number;
  readonly organic: number;
  /** Per step, organic conversions still to come when it is due. */
  readonly waiting: ArrayLike<number>;
  /** Per step, of these those who could still redeem its incentive, the latest one counting. */
  readonly redeeming: ArrayLike<number>;
}

export interface WindowTotalsOfAll {
  readonly never: number;
  readonly windows: readonly WindowTotals[];
}

/** Counts per bucket for every window: additive, so that a resample is a weighted sum. */
export class WindowTable {
  readonly #columns: Float64Array;
  readonly #width: number;
  readonly #steps: number;
  readonly #windows: number;

  constructor(
    history: History,
    cohort: Cohort,
    waits: readonly number[],
    steps: readonly NominalStep[],
    horizon: number,
  ) {
    this.#steps = steps.length;
    this.#windows = waits.length;
    const per = 1 + 2 * steps.length;
    this.#width = 1 + waits.length * per;
    this.#columns = new Float64Array(N_BUCKETS * this.#width);
    const byBucket = splitByBucket(history, cohort);
    for (let b = 0; b < N_BUCKETS; b++) {
      const { sorted, episodes } = byBucket[b] as { sorted: Float64Array; episodes: number };
      const at = (i: number) => sorted[i] as number;
      const beyond = (ms: number) => sorted.length - upperBound(at, ms, 0, sorted.length);
      const base = b * this.#width;
      this.#columns[base] = episodes - sorted.length;
      waits.forEach((wait, w) => {
        const column = base + 1 + w * per;
        this.#columns[column] = beyond(wait);
        steps.forEach((step, k) => {
          const due = wait + step.atMs;
          this.#columns[column + 1 + k] = beyond(due);
          if (step.incentive === null) return;
          const next = steps.find((other, j) => j > k && other.incentive !== null);
          const last = Math.min(
            horizon,
            step.incentive.expiresMs === null ? Number.POSITIVE_INFINITY : due + step.incentive.expiresMs,
            next === undefined ? Number.POSITIVE_INFINITY : wait + next.atMs,
          );
          const until = upperBound(at, last, 0, sorted.length);
          this.#columns[column + 1 + steps.length + k] = Math.max(0, until - upperBound(at, due, 0, sorted.length));
        });
      });
    }
  }

  totals(weights: ArrayLike<number> | null): WindowTotalsOfAll {
    const sums = new Float64Array(this.#width);
    for (let b = 0; b < N_BUCKETS; b++) {
      const weight = weights === null ? 1 : (weights[b] as number);
      if (weight === 0) continue;
      const base = b * this.#width;
      for (let c = 0; c < sums.length; c++)
        sums[c] = (sums[c] as number) + weight * (this.#columns[base + c] as number);
    }
    const never = sums[0] as number;
    const per = 1 + 2 * this.#steps;
    return {
      never,
      windows: Array.from({ length: this.#windows }, (_, w) => {
        const at = 1 + w * per;
        const organic = sums[at] as number;
        return {
          organic,
          fired: organic + never,
          waiting: sums.subarray(at + 1, at + 1 + this.#steps),
          redeeming: sums.subarray(at + 1 + this.#steps, at + 1 + 2 * this.#steps),
        };
      }),
    };
  }
}

function splitByBucket(history: History, cohort: Cohort) {
  const { buckets } = history;
  const counts = new Uint32Array(N_BUCKETS);
  const episodes = new Uint32Array(N_BUCKETS);
  for (const person of cohort.persons)
    counts[buckets[person] as number] = (counts[buckets[person] as number] as number) + 1;
  for (const person of cohort.allPersons) {
    episodes[buckets[person] as number] = (episodes[buckets[person] as number] as number) + 1;
  }
  const split = Array.from(counts, (n, b) => ({ sorted: new Float64Array(n), episodes: episodes[b] as number }));
  const used = new Uint32Array(N_BUCKETS);
  // The cohort's durations are sorted, so each bucket's are.
  for (let i = 0; i < cohort.durations.length; i++) {
    const b = buckets[cohort.persons[i] as number] as number;
    (split[b] as { sorted: Float64Array }).sorted[used[b] as number] = cohort.durations[i] as number;
    used[b] = (used[b] as number) + 1;
  }
  return split;
}
