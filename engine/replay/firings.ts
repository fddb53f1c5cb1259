// The fast path's first half: when a trigger of a common kind fires, for many people at once, as columns. Loops over the
// stream only; each gives the firings of a state machine in `triggers.ts`.

import { lowerBound } from '../base/index.ts';
import type { AbsenceTrigger, BehaviorTrigger, InactionTrigger } from '../workflow/index.ts';
import { silencesOf } from './silences.ts';
import { ANCHOR, ANSWER, type Stream } from './stream.ts';

export type AnchoredTrigger = BehaviorTrigger | InactionTrigger | AbsenceTrigger;

/** In `anchors`: the firing is about no event. */
export const NO_ANCHOR = 4294967295;

/** Firings in order of person and time; the first `n` of each column count. */
export class Firings {
  n = 0;
  persons: Uint32Array<ArrayBuffer>;
  times: Float64Array<ArrayBuffer>;
  /** Places in the stream, or NO_ANCHOR. */
  anchors: Uint32Array<ArrayBuffer>;
  /** Places in the stream behind the last row at or before the firing. */
  seen: Uint32Array<ArrayBuffer>;
  /** People with a timer left whose deadline is not known to have come, once for each. */
  pending: Uint32Array<ArrayBuffer>;
  nPending = 0;

  /** @param most of either, until it is asked to grow */
  constructor(most: number) {
    this.persons = new Uint32Array(most);
    this.times = new Float64Array(most);
    this.anchors = new Uint32Array(most);
    this.seen = new Uint32Array(most);
    this.pending = new Uint32Array(most);
  }

  get length(): number {
    return this.persons.length;
  }

  /** Makes room for `most` of either. */
  reserve(most: number): void {
    if (most <= this.persons.length) return;
    const length = Math.max(most, 2 * this.persons.length);
    const times = new Float64Array(length);
    times.set(this.times);
    this.times = times;
    this.persons = longer(this.persons, length);
    this.anchors = longer(this.anchors, length);
    this.seen = longer(this.seen, length);
    this.pending = longer(this.pending, length);
  }
}

function longer(column: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(length);
  grown.set(column);
  return grown;
}

/** At least as many firings as there can be, over all people. */
export function mostFirings(trigger: AnchoredTrigger, stream: Stream): number {
  if (trigger.type === 'behavior') return stream.rows.length;
  if (trigger.type === 'inaction' && trigger.rearm === 'first') return stream.rows.length;
  const windowMs = trigger.type === 'absence' ? trigger.forMs : trigger.withinMs;
  const { n, gaps } = silencesOf(stream);
  let most = 0;
  for (let k = 0; k < n; k++) most += Number((gaps[k] as number) > windowMs);
  return most;
}

/** Which people are counted; null: all of them. */
export type IsCounted = ((person: number) => boolean) | null;
/** Whether the activity up to an anchor is enough for absence to count; null: always. */
export type IsEnough = ((person: number, anchor: number) => boolean) | null;

/** Fires for the people [from, to). */
export function fire(
  trigger: AnchoredTrigger,
  stream: Stream,
  from: number,
  to: number,
  isCounted: IsCounted,
  until: number,
  isEnough: IsEnough,
  firings: Firings,
): void {
  firings.n = 0;
  firings.nPending = 0;
  if (trigger.type === 'behavior') fireBehavior(stream, from, to, isCounted, firings);
  else if (trigger.type === 'absence') {
    fireAfterSilence(trigger.forMs, stream, from, to, isCounted, until, isEnough, firings);
  } else if (trigger.rearm === 'reset') {
    fireAfterSilence(trigger.withinMs, stream, from, to, isCounted, until, null, firings);
  } else fireAfterFirst(trigger, stream, from, to, isCounted, until, firings);
}

function fireBehavior(
  { starts, times, roles }: Stream,
  from: number,
  to: number,
  isCounted: IsCounted,
  firings: Firings,
): void {
  for (let person = from; person < to; person++) {
    if (isCounted !== null && !isCounted(person)) continue;
    const end = starts[person + 1] as number;
    for (let i = starts[person] as number; i < end; i++) {
      if (((roles[i] as number) & ANCHOR) === 0) continue;
      const time = times[i] as number;
      add(firings, person, time, i, seenAt(times, time, i, end));
    }
  }
}

/** Absence, and inaction that a further anchor resets: wherever the silence after an anchor is longer than the window. */
function fireAfterSilence(
  windowMs: number,
  stream: Stream,
  from: number,
  to: number,
  isCounted: IsCounted,
  until: number,
  isEnough: IsEnough,
  firings: Firings,
): void {
  const { starts, times } = stream;
  const { n, persons, anchors, gaps, isDense } = silencesOf(stream);
  const { persons: firedBy, times: firedAt, anchors: firedFrom, seen } = firings;
  const asksMore = isCounted !== null || isEnough !== null || !isDense;
  let f = 0;
  const first = lowerBound((i) => persons[i] as number, from, 0, n);
  const last = lowerBound((i) => persons[i] as number, to, first, n);
  // Every silence is written, and kept where the place moves on: which of them are long enough cannot be predicted.
  for (let k = first; k < last; k++) {
    const person = persons[k] as number;
    const anchor = anchors[k] as number;
    const deadline = (times[anchor] as number) + windowMs;
    const isLonger = Number((gaps[k] as number) > windowMs);
    firedBy[f] = person;
    firedAt[f] = deadline;
    firedFrom[f] = anchor;
    seen[f] = anchor + 1;
    if (asksMore && isLonger === 1) {
      if (isCounted !== null && !isCounted(person)) continue;
      if (isEnough !== null && !isEnough(person, anchor)) continue;
      seen[f] = seenAt(times, deadline, anchor, starts[person + 1] as number);
    }
    if (deadline <= until) f += isLonger;
    else if (isLonger === 1) firings.pending[firings.nPending++] = person;
  }
  firings.n = f;
}

/** Inaction whose first anchor keeps its deadline: what follows depends on the window, so each person is gone through. */
function fireAfterFirst(
  { withinMs }: InactionTrigger,
  { starts, times, roles }: Stream,
  from: number,
  to: number,
  isCounted: IsCounted,
  until: number,
  firings: Firings,
): void {
  for (let person = from; person < to; person++) {
    if (isCounted !== null && !isCounted(person)) continue;
    const end = starts[person + 1] as number;
    let anchor = -1;
    let deadline = Number.POSITIVE_INFINITY;
    let answered = Number.NEGATIVE_INFINITY;
    for (let i = starts[person] as number; i < end; i++) {
      const role = roles[i] as number;
      if ((role & (ANCHOR | ANSWER)) === 0) continue;
      const time = times[i] as number;
      if (deadline < time) {
        add(firings, person, deadline, anchor, seenAt(times, deadline, anchor, end));
        deadline = Number.POSITIVE_INFINITY;
      }
      if ((role & ANSWER) !== 0) {
        deadline = Number.POSITIVE_INFINITY;
        answered = time;
      } else if (time !== answered && deadline === Number.POSITIVE_INFINITY) {
        // An answer of the same instant counts as after the anchor, whichever row comes first.
        anchor = i;
        deadline = time + withinMs;
      }
    }
    if (deadline <= until) add(firings, person, deadline, anchor, seenAt(times, deadline, anchor, end));
    else if (deadline < Number.POSITIVE_INFINITY) firings.pending[firings.nPending++] = person;
  }
}

/** Firings of one person about no event. @param at their times, in order */
export function addForeseen({ starts, times }: Stream, person: number, at: readonly number[], firings: Firings): void {
  firings.reserve(firings.n + at.length);
  const end = starts[person + 1] as number;
  let seen = starts[person] as number;
  for (const time of at) {
    while (seen < end && (times[seen] as number) <= time) seen++;
    add(firings, person, time, NO_ANCHOR, seen);
  }
}

/** The place behind the last of a person's rows at or before `time`, searched on from one that is. */
function seenAt(times: Float64Array, time: number, from: number, end: number): number {
  let seen = from + 1;
  while (seen < end && (times[seen] as number) <= time) seen++;
  return seen;
}

export function add(firings: Firings, person: number, time: number, anchor: number, seen: number): void {
  const i = firings.n++;
  firings.persons[i] = person;
  firings.times[i] = time;
  firings.anchors[i] = anchor;
  firings.seen[i] = seen;
}
