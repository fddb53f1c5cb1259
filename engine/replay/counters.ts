// Tallies as one flat array of counts per bucket, for loops that count millions of times; turned into tallies at the end.

import { ExactSum } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import type { Plan } from './plan.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './types.ts';

export const CANDIDATES = 0;
export const PENDING = 1;
export const ALREADY_ENROLLED = 2;
/** + arm. */
export const ENROLLED = 3;
/** + exit code. */
export const EXITS = 5;
/** + arm. */
export const COMPLETE = 9;
export const INCOMPLETE = 11;
export const CONVERTED = 13;
/** + index of the suppression; then five for each step. */
export const SUPPRESSED = 15;
/** Offsets inside a step's five. */
export const SENT = 0;
export const GHOST = 1;
export const SKIPPED_BY_IF = 2;
export const EXITED_BEFORE = 3;
export const STEP_PENDING = 4;
export const PER_STEP = 5;

export class Counters {
  readonly #plan: Plan;
  readonly width: number;
  /** Where the steps begin inside a bucket. */
  readonly steps: number;
  /** Bucket b's counts lie in [b × width, (b + 1) × width). */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** By bucket × 2 + arm. */
  readonly values: readonly ExactSum[];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.steps = SUPPRESSED + plan.suppressionKeys.length;
    this.width = this.steps + PER_STEP * plan.steps.length;
    this.counts = new Uint32Array(N_BUCKETS * this.width);
    this.values = Array.from({ length: N_BUCKETS * 2 }, () => new ExactSum());
  }

  step(index: number): number {
    return this.steps + PER_STEP * index;
  }

  addValue(bucket: number, arm: 0 | 1, value: number): void {
    this.values[bucket * 2 + arm]?.add(value);
  }

  tallies(): Tally[] {
    return Array.from({ length: N_BUCKETS }, (_, bucket) => this.#tally(bucket));
  }

  #tally(bucket: number): Tally {
    const tally = emptyTally(this.#plan);
    const at = (i: number) => this.counts[bucket * this.width + i] as number;
    tally.candidates = at(CANDIDATES);
    tally.pending = at(PENDING);
    tally.alreadyEnrolled = at(ALREADY_ENROLLED);
    tally.suppressed = tally.suppressed.map((_, i) => at(SUPPRESSED + i));
    tally.enrolled = [at(ENROLLED), at(ENROLLED + 1)];
    tally.exits = { goal: at(EXITS + 1), event: at(EXITS + 2), expired: at(EXITS + 3), open: at(EXITS) };
    for (const arm of [0, 1] as const) {
      tally.goal[arm] = {
        n: at(COMPLETE + arm),
        incomplete: at(INCOMPLETE + arm),
        converted: at(CONVERTED + arm),
        value: this.values[bucket * 2 + arm] as ExactSum,
      };
    }
    tally.steps.forEach((step, i) => {
      const from = this.step(i);
      step.sent = at(from + SENT);
      step.ghost = at(from + GHOST);
      if (at(from + SKIPPED_BY_IF) > 0) step.skipped['if'] = at(from + SKIPPED_BY_IF);
      step.exitedBefore = at(from + EXITED_BEFORE);
      step.pending = at(from + STEP_PENDING);
    });
    return tally;
  }
}
