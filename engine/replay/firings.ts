// The fast path's first half: when a trigger of a common kind fires, for many people at once, as columns. Loops over the
// stream only; each is the plain form of a state machine in `triggers.ts`.

import type { AbsenceTrigger, InactionTrigger } from '../workflow/index.ts';
import { ANCHOR, ANSWER, type Stream } from './stream.ts';
import type { ReplayableTrigger } from './triggers.ts';

/** Firings in order of person and time; the first `n` of each column count. */
export class Firings {
  n = 0;
  readonly persons: Uint32Array;
  readonly times: Float64Array;
  /** Places in the stream. */
  readonly anchors: Uint32Array;
  /** Places in the stream behind the last row at or before the firing. */
  readonly seen: Uint32Array;
  /** Timers left whose deadline is not known to have come. */
  readonly pending: Uint32Array;
  nPending = 0;

  /** @param most firings and pending timers together; there is at most one for each anchor */
  constructor(most: number) {
    this.persons = new Uint32Array(most);
    this.times = new Float64Array(most);
    this.anchors = new Uint32Array(most);
    this.seen = new Uint32Array(most);
    this.pending = new Uint32Array(most);
  }
}

/** Whether absence counts as such, given the first activity and the last; for what only other columns can tell. */
export type ActiveEnough = (person: number, firstTime: number, anchor: number) => boolean;

/** Fires for the people [from, to). @param isCounted null: all of them */
export function fire(
  trigger: ReplayableTrigger,
  stream: Stream,
  from: number,
  to: number,
  isCounted: ((person: number) => boolean) | null,
  until: number,
  wasActiveEnough: ActiveEnough | null,
  firings: Firings,
): void {
  firings.n = 0;
  firings.nPending = 0;
  const { starts } = stream;
  for (let person = from; person < to; person++) {
    const first = starts[person] as number;
    const end = starts[person + 1] as number;
    if (first === end || (isCounted !== null && !isCounted(person))) continue;
    if (trigger.type === 'inaction') fireInaction(trigger, stream, person, first, end, until, firings);
    else if (trigger.type === 'behavior') fireBehavior(stream, person, first, end, firings);
    else fireAbsence(trigger, stream, person, first, end, until, wasActiveEnough, firings);
  }
}

function fireInaction(
  { withinMs, rearm }: InactionTrigger,
  { times, roles }: Stream,
  person: number,
  first: number,
  end: number,
  until: number,
  firings: Firings,
): void {
  const resets = rearm === 'reset';
  let anchor = -1;
  let deadline = Number.POSITIVE_INFINITY;
  let answered = Number.NEGATIVE_INFINITY;
  for (let i = first; i < end; i++) {
    const role = roles[i] as number;
    if ((role & (ANCHOR | ANSWER)) === 0) continue;
    const time = times[i] as number;
    if (deadline < time) {
      add(firings, person, deadline, anchor, seenAt(times, deadline, i, anchor));
      deadline = Number.POSITIVE_INFINITY;
    }
    if ((role & ANSWER) !== 0) {
      deadline = Number.POSITIVE_INFINITY;
      answered = time;
    } else if (time !== answered && (resets || deadline === Number.POSITIVE_INFINITY)) {
      // An answer of the same instant counts as after the anchor, whichever row comes first.
      anchor = i;
      deadline = time + withinMs;
    }
  }
  addLast(firings, times, person, deadline, anchor, end, until);
}

function fireBehavior({ times, roles }: Stream, person: number, first: number, end: number, firings: Firings): void {
  for (let i = first; i < end; i++) {
    if (((roles[i] as number) & ANCHOR) === 0) continue;
    const time = times[i] as number;
    let seen = i + 1;
    while (seen < end && times[seen] === time) seen++;
    add(firings, person, time, i, seen);
  }
}

function fireAbsence(
  { forMs, afterActive }: AbsenceTrigger,
  { times, roles }: Stream,
  person: number,
  first: number,
  end: number,
  until: number,
  wasActiveEnough: ActiveEnough | null,
  firings: Firings,
): void {
  let anchor = -1;
  let firstTime = Number.NaN;
  let deadline = Number.POSITIVE_INFINITY;
  const isEnough = () => afterActive === null || wasActiveEnough === null || wasActiveEnough(person, firstTime, anchor);
  for (let i = first; i < end; i++) {
    if (((roles[i] as number) & ANCHOR) === 0) continue;
    const time = times[i] as number;
    if (deadline < time && isEnough()) {
      add(firings, person, deadline, anchor, seenAt(times, deadline, i, anchor));
    }
    if (anchor < 0) firstTime = time;
    anchor = i;
    deadline = time + forMs;
  }
  if (anchor >= 0 && isEnough()) addLast(firings, times, person, deadline, anchor, end, until);
}

/** The place behind the last row at or before `time`, searched back from `from`. */
function seenAt(times: Float64Array, time: number, from: number, anchor: number): number {
  let seen = from;
  while (seen - 1 > anchor && (times[seen - 1] as number) > time) seen--;
  return seen;
}

/** The timer left when the rows are at an end. */
function addLast(
  firings: Firings,
  times: Float64Array,
  person: number,
  deadline: number,
  anchor: number,
  end: number,
  until: number,
): void {
  if (deadline <= until) add(firings, person, deadline, anchor, seenAt(times, deadline, end, anchor));
  else if (deadline < Number.POSITIVE_INFINITY) firings.pending[firings.nPending++] = person;
}

function add(firings: Firings, person: number, time: number, anchor: number, seen: number): void {
  const i = firings.n++;
  firings.persons[i] = person;
  firings.times[i] = time;
  firings.anchors[i] = anchor;
  firings.seen[i] = seen;
}
