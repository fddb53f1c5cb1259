// What became of firings, as columns beside theirs: the fast paths work out for many people what an enrollment would come
// to, decide who enrolls, count, then write the enrollments, each in a loop of its own over neighbouring numbers.

import { EXIT_CODES } from './enrollments.ts';
import type { Firings } from './firings.ts';
import { firstOutcome, GOAL, type Stream } from './stream.ts';

/** In `goals`: no goal event inside the goal window. */
export const NO_GOAL = -1;

export class Settled {
  /** Where `Counters` counts each: already enrolled, suppressed, or the shape of its enrollment. */
  readonly codes: Uint32Array;
  /** 1 where the person had been enrolled before; of enrollments only. */
  readonly repeats: Uint8Array;
  // What an enrollment would come to, had each firing led to one: it does not depend on other firings, nor on emails.
  /** The place in the stream of the first goal event inside the goal window, or NO_GOAL. */
  readonly goals: Int32Array;
  /** When it ends, ms; Infinity where it is open at the end of the history. */
  readonly ends: Float64Array;
  /** 2 × exit code, + 1 where the goal window is over. */
  readonly facts: Uint8Array;
  /** How many steps it comes to, in order of their delay. */
  readonly handled: Uint16Array;

  constructor(length: number) {
    this.codes = new Uint32Array(length);
    this.repeats = new Uint8Array(length);
    this.goals = new Int32Array(length);
    this.ends = new Float64Array(length);
    this.facts = new Uint8Array(length);
    this.handled = new Uint16Array(length);
  }
}

/** What a workflow fixes of each of its enrollments. */
export interface Terms {
  /** Of the history's end. */
  readonly until: number;
  readonly goalMs: number;
  /** From the trigger to the expiry of an enrollment that nothing ends before. */
  readonly lifeMs: number;
  /** Of the steps, from the trigger, ascending. */
  readonly offsets: Float64Array;
}

/** Fills in what an enrollment would come to at each firing in hand. */
export function foretell(
  { until, goalMs, lifeMs, offsets }: Terms,
  stream: Stream,
  firings: Firings,
  settled: Settled,
): void {
  const { starts, times, roles, next } = stream;
  const { n, persons, times: firedAt, seen: seenAt } = firings;
  const { goals, ends, facts, handled } = settled;
  const nSteps = offsets.length;
  for (let f = 0; f < n; f++) {
    const time = firedAt[f] as number;
    const goalEnd = time + goalMs;
    const expiry = time + lifeMs;
    const seen = seenAt[f] as number;
    // About no event, a firing may come before all rows of the person.
    const person = persons[f] as number;
    let outcome = seen === starts[person] ? firstOutcome(stream, person) : (next[seen - 1] as number);
    let at = times[outcome] as number;
    // The first goal or exit inside the enrollment ends it; the first goal may lie behind it.
    let endEvent = Number.POSITIVE_INFINITY;
    let exit: number = expiry <= until ? EXIT_CODES.expired : EXIT_CODES.open;
    if (at <= expiry) {
      endEvent = at;
      exit = ((roles[outcome] as number) & GOAL) !== 0 ? EXIT_CODES.goal : EXIT_CODES.event;
    }
    while (at <= goalEnd && ((roles[outcome] as number) & GOAL) === 0) {
      outcome = next[outcome] as number;
      at = times[outcome] as number;
    }
    goals[f] = at <= goalEnd ? outcome : NO_GOAL;
    ends[f] = exit === EXIT_CODES.open ? Number.POSITIVE_INFINITY : Math.min(endEvent, expiry);
    facts[f] = 2 * exit + (goalEnd <= until ? 1 : 0);
    // A step is handled up to and at the expiry, but not at or after the event that ends the enrollment.
    const life = Math.min(expiry, until, endEvent - 1) - time;
    let k = 0;
    while (k < nSteps && (offsets[k] as number) <= life) k++;
    handled[f] = k;
  }
}
