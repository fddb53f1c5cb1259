// Tallies as flat counts per bucket, for loops that count millions of times; turned into tallies at the end. An
// enrollment is counted once, by its shape: exit, arm, whether its goal window is over, and how many steps it came to.

import { N_BUCKETS } from '../events/index.ts';
import { EXIT_CODES } from './enrollments.ts';
import { ExactSums } from './exact-sums.ts';
import type { Firings } from './firings.ts';
import type { Buckets } from './person-cache.ts';
import type { Plan } from './plan.ts';
import { NO_GOAL, type Settled } from './settled.ts';
import { emptyTally } from './tally.ts';
import type { Tally } from './types.ts';

export const ALREADY_ENROLLED = 0;
const PENDING = 1;
/** + arm. */
const CONVERTED = 2;
/** + index of the suppression. */
export const SUPPRESSED = 4;

/** Why a step is skipped on the fast paths, and where that is counted. */
export const SKIP_REASONS = ['if', 'unsubscribed', 'cap'] as const;
export const SKIPPED_IF = 0;

/** What an enrollment's code says of it, by code; 0 for all other codes. */
export interface ShapeFacts {
  readonly enrolled: Uint8Array;
  readonly exits: Uint8Array;
  readonly arms: Uint8Array;
  readonly complete: Uint8Array;
}

export class Counters {
  readonly #plan: Plan;
  /** By step, its place among the steps in order of their delay from the trigger. */
  readonly #ranks: readonly number[];
  readonly #skipped: number;
  readonly #shapes: number;
  readonly #width: number;
  /** Bucket b's counts lie in [b × width, (b + 1) × width). */
  readonly #counts: Uint32Array;
  /** Of conversions, by 2 × bucket + arm. */
  readonly #values = new ExactSums(2 * N_BUCKETS);
  readonly facts: ShapeFacts;

  constructor(plan: Plan, ranks: readonly number[]) {
    this.#plan = plan;
    this.#ranks = ranks;
    this.#skipped = SUPPRESSED + plan.suppressionKeys.length;
    this.#shapes = this.#skipped + 2 * SKIP_REASONS.length * ranks.length;
    this.#width = this.#shapes + 16 * (ranks.length + 1);
    this.#counts = new Uint32Array(N_BUCKETS * this.#width);
    this.facts = this.#factsOfCodes();
  }

  /** Where an enrollment is counted. @param facts as in `Settled` @param nSteps how many steps it came to, by delay */
  shape(facts: number, arm: number, nSteps: number): number {
    return this.#shapes + (2 * facts + arm) * (this.#ranks.length + 1) + nSteps;
  }

  #factsOfCodes(): ShapeFacts {
    const [enrolled, exits, arms, complete] = Array.from({ length: 4 }, () => new Uint8Array(this.#width)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (let code = this.#shapes; code < this.#width; code++) {
      const facts = Math.floor((code - this.#shapes) / (this.#ranks.length + 1));
      enrolled[code] = 1;
      exits[code] = facts >> 2;
      complete[code] = (facts >> 1) & 1;
      arms[code] = facts & 1;
    }
    return { enrolled, exits, arms, complete };
  }

  /** A step that an enrollment came to, but that did not go out. @param reason of SKIP_REASONS */
  addSkipped(bucket: number, step: number, arm: number, reason: number): void {
    this.#increment(bucket, this.#skippedAt(step, arm, reason));
  }

  #skippedAt(step: number, arm: number, reason: number): number {
    return this.#skipped + 2 * (reason * this.#ranks.length + step) + arm;
  }

  /** @param goalValues by place in the stream; NaN counts as 0 */
  add(firings: Firings, settled: Settled, buckets: Buckets, goalValues: Float64Array): void {
    const counts = this.#counts;
    const width = this.#width;
    const { complete, arms } = this.facts;
    const { n, persons, pending, nPending } = firings;
    const { codes, goals } = settled;
    for (let f = 0; f < n; f++) {
      const bucket = buckets.of(persons[f] as number);
      const code = codes[f] as number;
      const i = bucket * width + code;
      counts[i] = (counts[i] as number) + 1;
      if (complete[code] === 0 || goals[f] === NO_GOAL) continue;
      const arm = arms[code] as number;
      this.#increment(bucket, CONVERTED + arm);
      const value = goalValues[goals[f] as number] as number;
      if (!Number.isNaN(value)) this.#values.add(2 * bucket + arm, value);
    }
    for (let i = 0; i < nPending; i++) this.#increment(buckets.of(pending[i] as number), PENDING);
  }

  tallies(): Tally[] {
    return Array.from({ length: N_BUCKETS }, (_, bucket) => this.#tally(bucket));
  }

  #tally(bucket: number): Tally {
    const tally = emptyTally(this.#plan);
    const at = (i: number) => this.#counts[bucket * this.#width + i] as number;
    tally.pending = at(PENDING);
    tally.alreadyEnrolled = at(ALREADY_ENROLLED);
    tally.suppressed = tally.suppressed.map((_, i) => at(SUPPRESSED + i));
    for (const arm of [0, 1] as const) {
      tally.goal[arm].converted = at(CONVERTED + arm);
      tally.goal[arm].value = this.#values.sum(2 * bucket + arm);
      for (const [exit, code] of Object.entries(EXIT_CODES) as [keyof Tally['exits'], number][]) {
        for (const complete of [0, 1]) {
          for (let nSteps = 0; nSteps <= this.#ranks.length; nSteps++) {
            const n = at(this.shape(2 * code + complete, arm, nSteps));
            if (n > 0) this.#addShape(tally, exit, arm, complete, nSteps, n);
          }
        }
      }
      tally.steps.forEach((step, i) => {
        SKIP_REASONS.forEach((reason, r) => {
          const skipped = at(this.#skippedAt(i, arm, r));
          if (skipped === 0) return;
          step[arm === 0 ? 'sent' : 'ghost'] -= skipped;
          step.skipped[reason] = (step.skipped[reason] ?? 0) + skipped;
        });
      });
    }
    const [treated, holdout] = tally.enrolled;
    tally.candidates = tally.suppressed.reduce((sum, n) => sum + n, tally.alreadyEnrolled + treated + holdout);
    return tally;
  }

  #increment(bucket: number, code: number): void {
    const i = bucket * this.#width + code;
    this.#counts[i] = (this.#counts[i] as number) + 1;
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
