// Tallies as flat counts per bucket, for loops that count millions of times; turned into tallies at the end. An
// enrollment is counted once, by its shape: exit, arm, whether its goal window is over, and how many steps it came to.

import { ExactSum } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import { EXIT_CODES } from './enrollments.ts';
import type { Plan } from './plan.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './types.ts';

export const CANDIDATES = 0;
export const PENDING = 1;
export const ALREADY_ENROLLED = 2;
/** + arm. */
export const CONVERTED = 3;
/** + index of the suppression. */
export const SUPPRESSED = 5;

export class Counters {
  readonly #plan: Plan;
  /** By step, its place among the steps in order of their delay from the trigger. */
  readonly #ranks: readonly number[];
  readonly #skipped: number;
  readonly #shapes: number;
  readonly width: number;
  /** Bucket b's counts lie in [b × width, (b + 1) × width). */
  readonly counts: Uint32Array;
  readonly #values: readonly ExactSum[];

  constructor(plan: Plan, ranks: readonly number[]) {
    this.#plan = plan;
    this.#ranks = ranks;
    this.#skipped = SUPPRESSED + plan.suppressionKeys.length;
    this.#shapes = this.#skipped + 2 * ranks.length;
    this.width = this.#shapes + 16 * (ranks.length + 1);
    this.counts = new Uint32Array(N_BUCKETS * this.width);
    this.#values = Array.from({ length: N_BUCKETS * 2 }, () => new ExactSum());
  }

  /** Where an enrollment is counted. @param nSteps how many steps it came to, in order of their delay */
  shape(exit: number, arm: number, complete: number, nSteps: number): number {
    return this.#shapes + (exit * 4 + arm * 2 + complete) * (this.#ranks.length + 1) + nSteps;
  }

  /** Where a step that it came to is counted beside, if its `if` was false. */
  skipped(step: number, arm: number): number {
    return this.#skipped + 2 * step + arm;
  }

  addValue(bucket: number, arm: number, value: number): void {
    this.#values[bucket * 2 + arm]?.add(value);
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
    for (const arm of [0, 1] as const) {
      tally.goal[arm].converted = at(CONVERTED + arm);
      tally.goal[arm].value = this.#values[bucket * 2 + arm] as ExactSum;
      for (const [exit, code] of Object.entries(EXIT_CODES) as [keyof Tally['exits'], number][]) {
        for (const complete of [0, 1]) {
          for (let nSteps = 0; nSteps <= this.#ranks.length; nSteps++) {
            const n = at(this.shape(code, arm, complete, nSteps));
            if (n > 0) this.#addShape(tally, exit, arm, complete, nSteps, n);
          }
        }
      }
      tally.steps.forEach((step, i) => {
        const skipped = at(this.skipped(i, arm));
        if (skipped === 0) return;
        step[arm === 0 ? 'sent' : 'ghost'] -= skipped;
        step.skipped['if'] = (step.skipped['if'] ?? 0) + skipped;
      });
    }
    return tally;
  }

  #addShape(tally: Tally, exit: keyof Tally['exits'], arm: 0 | 1, complete: number, nSteps: number, n: number): void {
    tally.enrolled[arm] += n;
    tally.exits[exit] += n;
    tally.goal[arm][complete === 1 ? 'n' : 'incomplete'] += n;
    tally.steps.forEach((step, i) => {
      if ((this.#ranks[i] as number) < nSteps) step[arm === 0 ? 'sent' : 'ghost'] += n;
      else step[exit === 'open' ? 'pending' : 'exitedBefore'] += n;
    });
  }
}
