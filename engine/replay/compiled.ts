// The fast path of a batch replay of one workflow: the firings of one trigger of a common kind, each settled at once by
// looking forward in the stream of relevant rows. It gives the same result as `transition` and is held equal to it by
// property tests; nothing here defines anything.

import type { History } from '../events/index.ts';
import { Lane } from './compiled-lane.ts';
import { ALREADY_ENROLLED, SKIPPED_IF, SUPPRESSED } from './counters.ts';
import { NO_ANCHOR } from './firings.ts';
import { isUnanchored } from './foreseen.ts';
import type { Plan } from './plan.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** People taken at once where a trigger may fire far more often than there are rows. */
const PIECE = 256;

/** Whether a workflow has the shape this path handles. */
export function isCompilable(plan: Plan): boolean {
  const [trigger] = plan.triggers;
  const { gates, globalHoldout } = plan.workflow;
  if (globalHoldout !== null || plan.branches.length > 0) return false;
  if (gates !== null && (gates.unsubscribed !== null || gates.cap.length > 0)) return false;
  if (gates !== null && (gates.quiet !== null || gates.sendTime !== null)) return false;
  if (plan.triggers.length !== 1 || trigger === undefined || plan.joinsFirings) return false;
  if (isUnanchored(trigger)) return true;
  if (trigger.type === 'behavior') return trigger.count === 1 && trigger.calendar === null;
  return trigger.type === 'absence' || trigger.key === null;
}

/** The fast path over one history; `run` may be called for any people in order, then the results read. */
export class CompiledReplay {
  readonly #lane: Lane;
  /** Of this workflow, and of all: the same. */
  readonly #lastSends = new Float64Array(2);

  /** @param withEnrollments without them only totals are kept */
  constructor(history: History, plan: Plan, withEnrollments: boolean) {
    this.#lane = new Lane(history, plan, [plan.workflow.id], this.#lastSends, withEnrollments);
  }

  /** Replays the people [from, to) of the buckets that count. @param counted by bucket, 0 or 1 */
  run(from: number, to: number, counted: Uint8Array): void {
    const lane = this.#lane;
    const isCounted = counted.includes(0) ? (person: number) => counted[lane.buckets.of(person)] === 1 : null;
    const piece = lane.source.isBounded ? to - from : PIECE;
    for (let at = from; at < to; at += piece) {
      lane.fire(at, Math.min(at + piece, to), isCounted);
      this.#settle();
      lane.count();
    }
  }

  results(): { buckets: Tally[]; enrollments: EnrollmentColumns } {
    return this.#lane.results();
  }

  /** Everything from candidate to exit, for firings in order of person and time. */
  #settle(): void {
    const lane = this.#lane;
    const { rows } = lane.stream;
    const lastSends = this.#lastSends;
    const { holdout } = lane.plan.workflow;
    const { scene, suppressors, cooldownMs, asksMore, asksScene } = lane;
    const { offsets } = lane.terms;
    const nSteps = offsets.length;
    const { fraction } = holdout;
    const fractions = lane.armFractions;
    const stepConditions = lane.plan.steps.some((step) => step.if !== null);
    const shapes = lane.counters.shape(0, 0, 0);
    const since = lane.reachableSince;
    const nSuppressors = suppressors.length;
    const recentMs = Float64Array.from(suppressors, ({ recency }) => recency?.withinMs ?? 0);
    const held = suppressors.map(({ verdicts }) => verdicts?.held() ?? null);
    const { n, persons, anchors, times } = lane.firings;
    const { codes, repeats, ends, facts, handled } = lane.settled;
    let person = -1;
    let arm = -1;
    let openUntil = Number.NEGATIVE_INFINITY;
    let lastTrigger = Number.NEGATIVE_INFINITY;
    let lastSend = Number.NEGATIVE_INFINITY;
    candidates: for (let f = 0; f < n; f++) {
      if (persons[f] !== person) {
        person = persons[f] as number;
        arm = -1;
        openUntil = Number.NEGATIVE_INFINITY;
        lastTrigger = Number.NEGATIVE_INFINITY;
        lastSend = Number.NEGATIVE_INFINITY;
      }
      const time = times[f] as number;
      if (time < openUntil) {
        codes[f] = ALREADY_ENROLLED;
        continue;
      }
      if (time - lastTrigger < cooldownMs) {
        codes[f] = SUPPRESSED;
        continue;
      }
      if (since !== null && (since[person] as number) > time) {
        codes[f] = SUPPRESSED + 1;
        continue;
      }
      // Doubles handed to a function that is not inlined are boxed: only where a rule asks.
      if (asksScene) {
        const anchor = anchors[f] as number;
        scene.put(f, person, time, anchor === NO_ANCHOR ? null : (rows[anchor] as number));
        lastSends[0] = lastSend;
        lastSends[1] = lastSend;
      }
      if (asksMore) {
        const reason = lane.unreachableOrOutside(time);
        if (reason >= 0) {
          codes[f] = SUPPRESSED + reason;
          continue;
        }
      }
      for (let s = 0; s < nSuppressors; s++) {
        const recent = recentMs[s] as number;
        const verdicts = held[s] as Uint8Array | null;
        if (
          recent > 0
            ? lastSend > time - recent
            : verdicts !== null
              ? verdicts[f] === 1
              : suppressors[s]?.rule(scene) === true
        ) {
          codes[f] = SUPPRESSED + 3 + s;
          continue candidates;
        }
      }
      if (arm < 0) arm = fractions.arm(person, fraction);
      openUntil = ends[f] as number;
      repeats[f] = lastTrigger === Number.NEGATIVE_INFINITY ? 0 : 1;
      lastTrigger = time;
      const steps = handled[f] as number;
      if (stepConditions) lastSend = this.#askSteps(lane.buckets.of(person), arm, time, steps, lastSend);
      else if (steps > 0) lastSend = time + (offsets[steps - 1] as number);
      codes[f] = shapes + (2 * (facts[f] as number) + arm) * (nSteps + 1) + steps;
    }
  }

  /** Counts the steps whose `if` is false. @returns the last send after those that are sent */
  #askSteps(bucket: number, arm: number, triggerTime: number, handled: number, lastSend: number): number {
    const { order, terms, counters } = this.#lane;
    const { offsets } = terms;
    for (let k = 0; k < handled; k++) {
      const index = order[k] as number;
      const due = triggerTime + (offsets[k] as number);
      if (this.#lane.isWanted(index, due, triggerTime)) lastSend = due;
      else counters.addSkipped(bucket, index, arm, SKIPPED_IF);
    }
    return lastSend;
  }
}
