// When the triggers of a workflow fire, for many people at once, whatever their kind: the common ones by loops over the
// stream, those about no event foreseen, the others by their own state machine over the rows they name. What fires
// depends on the history alone, never on who is enrolled, so it can be known before anything is decided.

import { lowerBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { AbsenceTrigger, SingleTrigger } from '../workflow/index.ts';
import { Scene } from './compiled-scene.ts';
import { activeDays } from './conditions.ts';
import {
  type AnchoredTrigger,
  add,
  addForeseen,
  Firings,
  fire,
  type IsCounted,
  type IsEnough,
  mostFirings,
  NO_ANCHOR,
} from './firings.ts';
import { type Foresee, foreseeing, isUnanchored } from './foreseen.ts';
import { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { triggerRoles } from './relevant.ts';
import { ANCHOR, type Stream, streamOf } from './stream.ts';
import { applyRows, fireDue, initialTriggerState, isActivity, nextDeadline, pendingTimers } from './triggers.ts';

export interface FiringSource {
  /** How many firings there can be over all people, roughly; 0 where that is not known. */
  readonly most: number;
  /** Whether people fire about as seldom as they have rows; a trigger that runs often may fire far more often. */
  readonly isBounded: boolean;
  /** Puts the firings of the people [from, to) in place of what `firings` holds. */
  fire(from: number, to: number, isCounted: IsCounted, firings: Firings): void;
}

/** @param stream of the workflow, in whose places the firings are given */
export function firingSource(history: History, plan: Plan, stream: Stream): FiringSource {
  const [only] = plan.triggers;
  if (only !== undefined && plan.triggers.length === 1 && !plan.joinsFirings) {
    return sourceOf(history, plan, only, stream);
  }
  return new JoinedSource(history, plan, stream);
}

function sourceOf(history: History, plan: Plan, trigger: SingleTrigger, stream: Stream): FiringSource {
  if (isUnanchored(trigger)) {
    return new ForeseenSource(history, foreseeing(history, trigger, plan.zone), stream);
  }
  const isCommon =
    trigger.type === 'behavior'
      ? trigger.count === 1 && trigger.calendar === null
      : trigger.type === 'absence' || trigger.key === null;
  return isCommon ? new CommonSource(history, plan, trigger, stream) : new StateSource(history, plan, trigger, stream);
}

/** Loops over the stream. */
class CommonSource implements FiringSource {
  readonly isBounded = true;
  readonly most: number;
  readonly #trigger: AnchoredTrigger;
  readonly #stream: Stream;
  readonly #until: number;
  readonly #isEnough: IsEnough;

  constructor(history: History, plan: Plan, trigger: AnchoredTrigger, stream: Stream) {
    this.most = mostFirings(trigger, stream);
    this.#trigger = trigger;
    this.#stream = stream;
    this.#until = history.observedUntil;
    this.#isEnough = trigger.type === 'absence' ? isEnoughFor(history, plan, trigger, stream) : null;
  }

  fire(from: number, to: number, isCounted: IsCounted, firings: Firings): void {
    const { starts } = this.#stream;
    firings.reserve((starts[to] as number) - (starts[from] as number));
    fire(this.#trigger, this.#stream, from, to, isCounted, this.#until, this.#isEnough, firings);
  }
}

/** What is about no event, foreseen person by person. */
class ForeseenSource implements FiringSource {
  readonly isBounded = false;
  readonly most = 0;
  readonly #view: HistoryView;
  readonly #foresee: Foresee;
  readonly #stream: Stream;

  constructor(history: History, foresee: Foresee, stream: Stream) {
    this.#view = new HistoryView(history);
    this.#foresee = foresee;
    this.#stream = stream;
  }

  fire(from: number, to: number, isCounted: IsCounted, firings: Firings): void {
    const times: number[] = [];
    firings.n = 0;
    firings.nPending = 0;
    for (let person = from; person < to; person++) {
      if (isCounted !== null && !isCounted(person)) continue;
      times.length = 0;
      this.#view.select(person);
      this.#foresee(this.#view, times);
      if (times.length > 0) addForeseen(this.#stream, person, times, firings);
    }
  }
}

/** The trigger's own state, shown the rows of the stream: for keys and counts. */
class StateSource implements FiringSource {
  readonly isBounded = true;
  readonly most = 0;
  readonly #history: History;
  readonly #plan: Plan;
  readonly #trigger: AnchoredTrigger;
  readonly #stream: Stream;
  readonly #view: HistoryView;

  constructor(history: History, plan: Plan, trigger: AnchoredTrigger, stream: Stream) {
    this.#history = history;
    this.#plan = plan;
    this.#trigger = trigger;
    this.#stream = stream;
    this.#view = new HistoryView(history);
  }

  fire(from: number, to: number, isCounted: IsCounted, firings: Firings): void {
    const { starts } = this.#stream;
    firings.n = 0;
    firings.nPending = 0;
    firings.reserve((starts[to] as number) - (starts[from] as number));
    for (let person = from; person < to; person++) {
      if (starts[person] === starts[person + 1] || (isCounted !== null && !isCounted(person))) continue;
      this.#firePerson(person, firings);
    }
  }

  #firePerson(person: number, firings: Firings): void {
    const trigger = this.#trigger;
    const view = this.#view;
    const { zone } = this.#plan;
    const { starts, times, rows } = this.#stream;
    const { observedUntil: until } = this.#history;
    const first = starts[person] as number;
    const end = starts[person + 1] as number;
    const state = initialTriggerState(trigger, false);
    view.select(person);
    for (let next = first; ; ) {
      const due = nextDeadline(trigger, state);
      const time = next < end ? Math.min(times[next] as number, due) : due;
      if (time > until || time === Number.POSITIVE_INFINITY) break;
      const from = next;
      while (next < end && times[next] === time) next++;
      const firstRow = next > from ? (rows[from] as number) : 0;
      const endRow = next > from ? (rows[next - 1] as number) + 1 : 0;
      view.endRow = next > first ? (rows[next - 1] as number) + 1 : view.firstRow;
      const fired = applyRows(trigger, state, view, zone, firstRow, endRow, time);
      for (const { anchorRow } of fired.concat(fireDue(trigger, state, view, zone, time))) {
        add(firings, person, time, placeOf(rows, anchorRow as number, first, end), next);
      }
    }
    for (let n = pendingTimers(trigger, state, view, zone); n > 0; n--) firings.pending[firings.nPending++] = person;
  }
}

/** Several triggers, of whose firings at one instant one counts, as `firingsAt` chooses it. */
class JoinedSource implements FiringSource {
  readonly isBounded: boolean;
  readonly most = 0;
  readonly #stream: Stream;
  readonly #parts: readonly Part[];

  constructor(history: History, plan: Plan, stream: Stream) {
    this.#stream = stream;
    this.#parts = plan.triggers.map((trigger) => {
      const own = streamOf(history, triggerRoles(trigger));
      const by = trigger.type === 'behavior' ? 'event' : trigger.type === 'property' ? 'change' : 'timer';
      return { source: sourceOf(history, plan, trigger, own), stream: own, by, firings: new Firings(0), at: 0 };
    });
    this.isBounded = this.#parts.every(({ source }) => source.isBounded);
  }

  fire(from: number, to: number, isCounted: IsCounted, firings: Firings): void {
    firings.n = 0;
    firings.nPending = 0;
    let most = 0;
    for (const part of this.#parts) {
      part.at = 0;
      part.source.fire(from, to, isCounted, part.firings);
      const { n, nPending, pending } = part.firings;
      most += n;
      firings.reserve(Math.max(most, firings.nPending + nPending));
      firings.pending.set(pending.subarray(0, nPending), firings.nPending);
      firings.nPending += nPending;
    }
    for (;;) {
      const person = this.#nextPerson();
      if (person === NOBODY) return;
      this.#joinPerson(person, firings);
    }
  }

  #nextPerson(): number {
    let person = NOBODY;
    for (const { at, firings } of this.#parts) {
      if (at < firings.n) person = Math.min(person, firings.persons[at] as number);
    }
    return person;
  }

  #joinPerson(person: number, into: Firings): void {
    const { starts, rows, times } = this.#stream;
    const first = starts[person] as number;
    const end = starts[person + 1] as number;
    let seen = first;
    for (;;) {
      let time = Number.POSITIVE_INFINITY;
      for (const part of this.#parts) if (firesNext(part, person)) time = Math.min(time, timeOf(part));
      if (time === Number.POSITIVE_INFINITY) return;
      const row = this.#takeInstant(person, time);
      while (seen < end && (times[seen] as number) <= time) seen++;
      add(into, person, time, row === NO_ANCHOR ? NO_ANCHOR : placeOf(rows, row, first, end), seen);
    }
  }

  /** Passes all firings of an instant. @returns the row the one that counts is about, or NO_ANCHOR */
  #takeInstant(person: number, time: number): number {
    let byEvent = NO_ANCHOR;
    let byTimer: number | null = null;
    for (const part of this.#parts) {
      const { firings, stream, by } = part;
      for (; firesNext(part, person) && timeOf(part) === time; part.at++) {
        const anchor = firings.anchors[part.at] as number;
        const row = anchor === NO_ANCHOR ? NO_ANCHOR : (stream.rows[anchor] as number);
        if (by === 'event') byEvent = Math.min(byEvent, row);
        else if (by === 'timer') byTimer ??= row;
      }
    }
    return byEvent !== NO_ANCHOR ? byEvent : (byTimer ?? NO_ANCHOR);
  }
}

interface Part {
  readonly source: FiringSource;
  readonly stream: Stream;
  readonly by: 'event' | 'timer' | 'change';
  readonly firings: Firings;
  /** The next firing. */
  at: number;
}

const NOBODY = Number.POSITIVE_INFINITY;

function firesNext({ at, firings }: Part, person: number): boolean {
  return at < firings.n && firings.persons[at] === person;
}

function timeOf({ at, firings }: Part): number {
  return firings.times[at] as number;
}

/** The place of a row in a stream, among those of its person. */
function placeOf(rows: Uint32Array, row: number, first: number, end: number): number {
  return lowerBound((i) => rows[i] as number, row, first, end);
}

function isEnoughFor(history: History, plan: Plan, trigger: AbsenceTrigger, stream: Stream): IsEnough {
  const wanted = trigger.afterActive;
  if (wanted === null) return null;
  const { starts, times, roles } = stream;
  if (wanted.kind === 'elapsed') {
    return (person, anchor) => {
      let first = starts[person] as number;
      while (((roles[first] as number) & ANCHOR) === 0) first++;
      return (times[anchor] as number) - (times[first] as number) >= wanted.ms;
    };
  }
  const scene = new Scene(history, plan.zone, new Float64Array(0));
  return (person, anchor) => {
    const lastTime = times[anchor] as number;
    scene.person = person;
    const check = scene.lookAt(lastTime);
    const counts = (row: number) => isActivity(trigger, check.view, row);
    return activeDays(check, check.view.endRow, lastTime, wanted.inLastMs, counts) >= wanted.days;
  };
}
