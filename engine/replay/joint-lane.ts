// One of the workflows that are replayed together, over the person in hand: its candidates and its emails, each at its
// turn. Emails that go out whatever happens need no turns.

import type { History } from '../events/index.ts';
import type { Lane } from './compiled-lane.ts';
import { ALREADY_ENROLLED, SKIP_REASONS, SUPPRESSED } from './counters.ts';
import { type Firings, NO_ANCHOR } from './firings.ts';
import { recordedSends } from './gates.ts';
import type { JointPerson, Sender } from './joint-person.ts';
import { type ArmFractions, armFractions } from './person-cache.ts';
import type { Settled } from './settled.ts';
import { UNSUBSCRIBED } from './stream.ts';

const NEVER = Number.POSITIVE_INFINITY;
const TREATED = 0;
const [SKIPPED_IF, SKIPPED_UNSUBSCRIBED, SKIPPED_CAP] = SKIP_REASONS.map((_, r) => r) as [number, number, number];

// Of a workflow and the person in hand, places among the times.
const NEXT_DUE = 0;
/** The last that enrolled; -Infinity: none. */
const LAST_TRIGGER = 1;
/** NaN: not looked up yet. */
const UNSUBSCRIBED_AT = 2;
// A double that is handed to a function that is not inlined is boxed, so the time of a turn is put where all can see it.
const NOW = 0;

export class JointLane implements Sender {
  readonly lane: Lane;
  readonly #w: number;
  readonly #person: JointPerson;
  readonly #shapes: number;
  readonly #heldOutOfAll: ArmFractions | null;
  /** Whether emails go out whatever happens, so that they need no turns of their own. */
  readonly #isStatic: boolean;
  /** Whose sends the rules ask about. */
  readonly #asksSends: 'none' | 'own' | 'last' | 'all';
  // What is asked at every turn, so that no turn goes looking for it.
  readonly #offsets: Float64Array;
  readonly #cooldownMs: number;
  readonly #arms: ArmFractions;
  readonly #fraction: number;
  readonly #suppressors: Lane['suppressors'];
  /** Whether any step has an `if`. */
  readonly #asksSteps: boolean;
  #firings: Firings;
  #settled: Settled;
  /** The next firing. */
  #f = 0;
  #arm = -1;
  #isHeldOut = false;
  /** The next step, in order of delay, of those the last enrollment comes to. */
  #k = 0;
  #handled = 0;
  /** Times, in an array because it holds them unboxed: see the places below. */
  readonly #times = new Float64Array(3);

  constructor(history: History, lane: Lane, w: number, person: JointPerson, isCapped: boolean) {
    const { globalHoldout, suppress, id } = lane.plan.workflow;
    this.lane = lane;
    this.#asksSteps = lane.plan.steps.some((step) => step.if !== null);
    this.#w = w;
    this.#person = person;
    this.#shapes = lane.counters.shape(0, 0, 0);
    this.#isStatic = !isCapped && lane.plan.workflow.gates === null && !this.#asksSteps;
    const asked = suppress.flatMap(({ sent }) => (sent === null ? [] : [sent.workflow]));
    this.#asksSends =
      asked.length === 0
        ? 'none'
        : asked.every((workflow) => workflow === id)
          ? 'own'
          : asked.every((workflow) => workflow === '*')
            ? 'last'
            : 'all';
    this.#heldOutOfAll = globalHoldout === null ? null : armFractions(history, globalHoldout.salt);
    this.#offsets = lane.terms.offsets;
    this.#cooldownMs = lane.cooldownMs;
    this.#arms = lane.armFractions;
    this.#fraction = lane.plan.workflow.holdout.fraction;
    this.#suppressors = lane.suppressors;
    this.#firings = lane.firings;
    this.#settled = lane.settled;
  }

  /**
   * New firings are in hand.
   * @param firing by person from `from` on, the bits of the workflows that fire for them: this one's are added
   */
  rewind(from: number, firing: Uint32Array): void {
    this.#f = 0;
    this.#firings = this.lane.firings;
    this.#settled = this.lane.settled;
    const { n, persons } = this.#firings;
    const bit = 1 << this.#w;
    for (let f = 0; f < n; f++) {
      const i = (persons[f] as number) - from;
      firing[i] = (firing[i] as number) | bit;
    }
  }

  begin(person: number): void {
    const { plan } = this.lane;
    const times = this.#times;
    times[NEXT_DUE] = NEVER;
    times[LAST_TRIGGER] = Number.NEGATIVE_INFINITY;
    times[UNSUBSCRIBED_AT] = Number.NaN;
    this.#arm = -1;
    this.#k = 0;
    this.#handled = 0;
    this.#isHeldOut = this.#heldOutOfAll?.arm(person, plan.workflow.globalHoldout?.fraction ?? 0) === 1;
    this.#person.next[this.#w] = this.#firings.times[this.#f] as number;
  }

  /** Does what is to be done at `next`: an email that is due, else a candidate. */
  proceed(): void {
    const { next, now } = this.#person;
    now[NOW] = next[this.#w] as number;
    if (this.#times[NEXT_DUE] === now[NOW]) this.#handleStep();
    else this.#consider();
    this.#findNext();
  }

  /** Finds the next turn: an email that falls due, or a candidate; those of an open enrollment need no turn. */
  #findNext(): void {
    const { index, openUntil, next } = this.#person;
    const { n, persons, times } = this.#firings;
    const { codes } = this.#settled;
    const due = this.#times[NEXT_DUE] as number;
    const end = this.#isHeldOut ? Number.NEGATIVE_INFINITY : (openUntil[this.#w] as number);
    let f = this.#f;
    while (f < n && persons[f] === index && (times[f] as number) < end) codes[f++] = ALREADY_ENROLLED;
    this.#f = f;
    const fires = f < n && persons[f] === index ? (times[f] as number) : NEVER;
    next[this.#w] = fires < due ? fires : due;
  }

  // ------------------------------------------------------------- emails

  passSends(withNow: boolean): void {
    if (!this.#isStatic || this.#k === this.#handled) return;
    const offsets = this.#offsets;
    const { lastSends, now } = this.#person;
    const time = now[NOW] as number;
    const trigger = this.#times[LAST_TRIGGER] as number;
    while (this.#k < this.#handled) {
      const due = trigger + (offsets[this.#k] as number);
      if (due > time || (due === time && !withNow)) return;
      lastSends[this.#w] = due;
      this.#k++;
    }
  }

  #handleStep(): void {
    const { lane } = this;
    const times = this.#times;
    const index = lane.order[this.#k] as number;
    const reason = this.#skippedFor(index);
    if (reason >= 0) lane.counters.addSkipped(this.#person.bucket, index, this.#arm, reason);
    else this.#person.send(this.#w, this.#arm === TREATED);
    const trigger = times[LAST_TRIGGER] as number;
    const k = ++this.#k;
    times[NEXT_DUE] = k < this.#handled ? trigger + (lane.terms.offsets[k] as number) : NEVER;
  }

  /** The place of the reason among SKIP_REASONS, or -1 where the email goes out. */
  #skippedFor(index: number): number {
    const { lane } = this;
    const time = this.#person.now[NOW] as number;
    const { gates, id } = lane.plan.workflow;
    lane.scene.person = this.#person.index;
    if (this.#asksSteps && !lane.isWanted(index, time, this.#times[LAST_TRIGGER] as number)) return SKIPPED_IF;
    if (gates === null) return -1;
    if (gates.unsubscribed !== null && this.#hasUnsubscribed()) return SKIPPED_UNSUBSCRIBED;
    for (const cap of gates.cap) {
      const after = time - cap.withinMs;
      let n = this.#person.sendsSince(after, cap.scope === 'programme' ? -1 : this.#w);
      if (cap.history && n < cap.n) n += recordedSends(cap, id, lane.scene.lookAt(time).view, after);
      if (n >= cap.n) return SKIPPED_CAP;
    }
    return -1;
  }

  #hasUnsubscribed(): boolean {
    const known = this.#times;
    if (Number.isNaN(known[UNSUBSCRIBED_AT])) {
      const { starts, times, roles } = this.lane.stream;
      const end = starts[this.#person.index + 1] as number;
      let i = starts[this.#person.index] as number;
      while (i < end && ((roles[i] as number) & UNSUBSCRIBED) === 0) i++;
      known[UNSUBSCRIBED_AT] = i < end ? (times[i] as number) : NEVER;
    }
    return (known[UNSUBSCRIBED_AT] as number) <= (this.#person.now[NOW] as number);
  }

  // ------------------------------------------------------------- candidates

  #consider(): void {
    const f = this.#f++;
    const code = this.#refusalOf(f);
    if (code >= 0) this.#settled.codes[f] = code;
    else this.#enroll(f);
  }

  /** Where a candidate that does not enroll is counted, or -1. */
  #refusalOf(f: number): number {
    const { lane } = this;
    const time = this.#person.now[NOW] as number;
    const { scene, reachableSince: since } = lane;
    const suppressors = this.#suppressors;
    if (this.#isHeldOut) return SUPPRESSED + 3 + suppressors.length;
    if (time - (this.#times[LAST_TRIGGER] as number) < this.#cooldownMs) return SUPPRESSED;
    const person = this.#person.index;
    if (since !== null && (since[person] as number) > time) return SUPPRESSED + 1;
    if (lane.asksScene) {
      const anchor = this.#firings.anchors[f] as number;
      scene.put(f, person, time, anchor === NO_ANCHOR ? null : (lane.stream.rows[anchor] as number));
    }
    if (lane.asksMore) {
      const reason = lane.unreachableOrOutside(time);
      if (reason >= 0) return SUPPRESSED + reason;
    }
    if (this.#asksSends === 'own') this.passSends(true);
    else if (this.#asksSends === 'last') this.#person.lookForLast(this.#w);
    else if (this.#asksSends === 'all') this.#person.look(this.#w);
    for (let s = 0; s < suppressors.length; s++) {
      const { recency, verdicts, rule } = suppressors[s] as Lane['suppressors'][number];
      const holds =
        recency !== null
          ? (this.#person.lastSends[recency.sender] as number) > time - recency.withinMs
          : verdicts !== null
            ? verdicts.held()[f] === 1
            : rule(scene);
      if (holds) return SUPPRESSED + 3 + s;
    }
    return -1;
  }

  #enroll(f: number): void {
    const time = this.#person.now[NOW] as number;
    const settled = this.#settled;
    const offsets = this.#offsets;
    if (this.#arm < 0) this.#arm = this.#arms.arm(this.#person.index, this.#fraction);
    settled.repeats[f] = this.#times[LAST_TRIGGER] === Number.NEGATIVE_INFINITY ? 0 : 1;
    this.passSends(true);
    this.#person.enroll(this.#w, settled.ends[f] as number);
    this.#times[LAST_TRIGGER] = time;
    const handled = settled.handled[f] as number;
    this.#k = 0;
    this.#handled = handled;
    if (!this.#isStatic) this.#times[NEXT_DUE] = handled > 0 ? time + (offsets[0] as number) : NEVER;
    else if (handled > 0) {
      this.#person.noteLastDue(offsets[handled - 1] as number);
      if (this.#arm === TREATED) this.#person.noteSent(offsets, handled);
    }
    settled.codes[f] = this.#shapes + (2 * (settled.facts[f] as number) + this.#arm) * (offsets.length + 1) + handled;
  }
}
