// The fast path of workflows that are replayed together, and of one whose emails pass caps: the firings of all of them
// known before, each person is gone through in the order of time, from one firing or due email to the next. People for
// whom nothing fires are passed over. It gives the same result as `transition` and is held equal to it by property tests;
// nothing here defines anything.

import type { History } from '../events/index.ts';
import type { PeopleTally } from './collisions.ts';
import { Lane } from './compiled-lane.ts';
import { JointLane } from './joint-lane.ts';
import { JointPerson } from './joint-person.ts';
import { type Buckets, bucketsIn } from './person-cache.ts';
import type { Plan } from './plan.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** People taken at once: few, because a trigger that runs often fires far more often than there are rows. */
const PIECE = 512;

/** Workflows that can be told apart by the bits of a number. */
export const MOST_TOGETHER = 32;

/** Whether this path handles a workflow: no branches, and nothing that moves an email. */
export function isJointlyCompilable({ branches, workflow: { gates } }: Plan): boolean {
  return branches.length === 0 && (gates === null || (gates.quiet === null && gates.sendTime === null));
}

/** The fast path over one history; `run` may be called for any people in order, then the results read. */
export class JointReplay {
  readonly #lanes: readonly JointLane[];
  readonly #person: JointPerson;
  readonly #buckets: Buckets;
  /** By person in hand, a bit for each workflow that fires for them. */
  readonly #firing = new Uint32Array(PIECE);

  /**
   * @param programme highest priority first
   * @param withEnrollments without them only totals are kept
   * @param withPeople whether people and collisions are counted
   */
  constructor(history: History, programme: readonly Plan[], withEnrollments: boolean, withPeople: boolean) {
    const senders = programme.map((plan) => plan.workflow.id);
    const isCapped = programme.some((plan) => (plan.workflow.gates?.cap.length ?? 0) > 0);
    this.#buckets = bucketsIn(history);
    const person = new JointPerson(history, programme, isCapped, withPeople);
    this.#person = person;
    this.#lanes = programme.map((plan, w) => {
      const lane = new Lane(history, plan, senders, person.lastSends, withEnrollments);
      return new JointLane(history, lane, w, person, isCapped);
    });
    person.lanes = this.#lanes;
  }

  /** Replays the people [from, to) of the buckets that count. @param counted by bucket, 0 or 1 */
  run(from: number, to: number, counted: Uint8Array): void {
    const buckets = this.#buckets;
    const isCounted = counted.includes(0) ? (person: number) => counted[buckets.of(person)] === 1 : null;
    for (let at = from; at < to; at += PIECE) {
      const end = Math.min(at + PIECE, to);
      for (const { lane } of this.#lanes) lane.fire(at, end, isCounted);
      this.#firing.fill(0);
      for (const lane of this.#lanes) lane.rewind(at, this.#firing);
      for (let person = at; person < end; person++) {
        const firing = this.#firing[person - at] as number;
        if (firing !== 0) this.#settle(person, firing);
      }
      for (const { lane } of this.#lanes) lane.count();
    }
  }

  /** A result for each workflow, in their order. */
  results(): { buckets: Tally[]; enrollments: EnrollmentColumns }[] {
    return this.#lanes.map(({ lane }) => lane.results());
  }

  /** Of the people, by bucket; of no meaning where they are not counted. */
  get people(): readonly PeopleTally[] {
    return this.#person.counts?.buckets ?? [];
  }

  /** One person, as far as anything fires for them. */
  #settle(person: number, firing: number): void {
    const lanes = this.#lanes;
    const { active, next } = this.#person;
    let n = 0;
    for (let left = firing; left !== 0; left &= left - 1) active[n++] = 31 - Math.clz32(left & -left);
    this.#person.begin(person, this.#buckets.of(person), n);
    for (let i = 0; i < n; i++) (lanes[active[i] as number] as JointLane).begin(person);
    for (;;) {
      let time = Number.POSITIVE_INFINITY;
      let second = Number.POSITIVE_INFINITY;
      let first = -1;
      // At one instant the workflows take turns in their order.
      for (let i = 0; i < n; i++) {
        const w = active[i] as number;
        const at = next[w] as number;
        if (at < time) {
          second = time;
          time = at;
          first = w;
        } else if (at < second) second = at;
      }
      if (first < 0) break;
      const lane = lanes[first] as JointLane;
      // A turn moves no other workflow's next: all that come before the second's are taken.
      do lane.proceed();
      while ((next[first] as number) < second);
    }
    this.#person.finish();
  }
}
