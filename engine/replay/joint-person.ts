// What workflows that are replayed together share of the person in hand: whose turn is next, what has been sent, what is
// open, and the counts of people. Times are kept in typed arrays, which hold them unboxed.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { PeopleCounts } from './collisions.ts';
import type { Plan } from './plan.ts';
import { GOAL, type Stream, streamOf } from './stream.ts';

// Places among the latest of a person: the last email known to fall due, and the last end of an enrollment.
const DUE = 0;
const END = 1;

/** A workflow, as far as others ask for its emails. */
export interface Sender {
  /** Brings its place in `lastSends` up to now. @param withNow whether it has had its turn now */
  passSends(withNow: boolean): void;
}

export class JointPerson {
  index = 0;
  bucket = 0;
  lanes: readonly Sender[] = [];
  /** Places of the workflows that fire for them, in order; the first `nActive` of it. */
  readonly active: Uint8Array;
  nActive = 0;
  /** The time of the turn, at place 0. */
  readonly now = new Float64Array(1);
  /** See the places below; -Infinity where there is none yet. */
  readonly #latest = new Float64Array(2);
  /** By workflow, when there is something to do next. */
  readonly next: Float64Array;
  /** By workflow, when its last enrollment ends; -Infinity where there is none. */
  readonly openUntil: Float64Array;
  /** By workflow, and of all of them; see CandidateScene. */
  readonly lastSends: Float64Array;
  readonly counts: PeopleCounts | null;
  readonly #isCapped: boolean;
  readonly #history: History;
  /** The goal events of all workflows. */
  readonly #goals: Stream | null;
  /** Times of the emails that are sent, the first `nSent` of it, in any order. */
  #sent = new Float64Array(64);
  #nSent = 0;
  /** All sends and ghost sends in order, kept only where a cap counts them: times and workflows of the first `nSends`. */
  #sendTimes = new Float64Array(64);
  #senders = new Uint8Array(64);
  #nSends = 0;
  readonly #idOf = () => this.#history.personIds.at(this.index);

  constructor(history: History, programme: readonly Plan[], isCapped: boolean, withPeople: boolean) {
    this.#history = history;
    this.#isCapped = isCapped;
    this.active = new Uint8Array(programme.length);
    this.next = new Float64Array(programme.length);
    this.openUntil = new Float64Array(programme.length);
    this.lastSends = new Float64Array(programme.length + 1);
    this.counts = withPeople ? new PeopleCounts() : null;
    const goals = new Map(programme.map(({ workflow: { goal } }) => [JSON.stringify(goal.match), goal.match]));
    const roles = [...goals.values()].map((match) => ({ bit: GOAL, match, activityOnly: false }));
    this.#goals = withPeople ? streamOf(history, roles) : null;
  }

  begin(person: number, bucket: number, nActive: number): void {
    this.index = person;
    this.nActive = nActive;
    this.bucket = bucket;
    const { lastSends, openUntil } = this;
    for (let w = 0; w < openUntil.length; w++) {
      openUntil[w] = Number.NEGATIVE_INFINITY;
      lastSends[w] = Number.NEGATIVE_INFINITY;
    }
    lastSends[openUntil.length] = Number.NEGATIVE_INFINITY;
    this.#nSends = 0;
    this.#nSent = 0;
    this.#latest[DUE] = Number.NEGATIVE_INFINITY;
    this.#latest[END] = Number.NEGATIVE_INFINITY;
    this.counts?.begin(bucket);
  }

  /** An email that goes out now, or would. @param w the workflow's place in the programme @param isSent not to a ghost */
  send(w: number, isSent: boolean): void {
    const time = this.now[0] as number;
    this.lastSends[w] = time;
    if (time > (this.#latest[DUE] as number)) this.#latest[DUE] = time;
    if (isSent) this.#note(time);
    if (!this.#isCapped) return;
    if (this.#nSends === this.#senders.length) {
      this.#sendTimes = longer(this.#sendTimes, 2 * this.#nSends);
      const senders = new Uint8Array(2 * this.#nSends);
      senders.set(this.#senders);
      this.#senders = senders;
    }
    this.#sendTimes[this.#nSends] = time;
    this.#senders[this.#nSends++] = w;
  }

  /** Sends and ghost sends later than `after`. @param w the workflow whose count; -1: all of them */
  sendsSince(after: number, w: number): number {
    let n = 0;
    for (let i = this.#nSends - 1; i >= 0 && (this.#sendTimes[i] as number) > after; i--) {
      if (w < 0 || this.#senders[i] === w) n++;
    }
    return n;
  }

  /** Brings the last send of them all up to date for a candidate of workflow `w`, as `look` does. */
  lookForLast(w: number): void {
    const due = this.#latest[DUE] as number;
    if (due >= (this.now[0] as number)) this.look(w);
    else this.lastSends[this.lanes.length] = due;
  }

  /** Brings `lastSends` up to date for a candidate of workflow `w`, at whose turn later workflows have not sent yet. */
  look(w: number): void {
    const { lanes, active, lastSends } = this;
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.nActive; i++) {
      const other = active[i] as number;
      (lanes[other] as Sender).passSends(other <= w);
      if ((lastSends[other] as number) > last) last = lastSends[other] as number;
    }
    lastSends[lanes.length] = last;
  }

  /** The last email an enrollment that begins now comes to, of those that go out whatever happens. */
  noteLastDue(offset: number): void {
    const due = (this.now[0] as number) + offset;
    if (due > (this.#latest[DUE] as number)) this.#latest[DUE] = due;
  }

  /** Emails that will have been sent to the person: at now + each of the first `n` offsets. */
  noteSent(offsets: Float64Array, n: number): void {
    const time = this.now[0] as number;
    for (let i = 0; i < n; i++) this.#note(time + (offsets[i] as number));
  }

  #note(time: number): void {
    if (this.counts === null) return;
    if (this.#nSent === this.#sent.length) this.#sent = longer(this.#sent, 2 * this.#nSent);
    this.#sent[this.#nSent++] = time;
  }

  /** Counts the emails, once all are known. */
  finish(): void {
    const { counts, index } = this;
    const n = this.#nSent;
    if (counts === null || n === 0) return;
    const sent = this.#sent;
    sortFirst(sent, n);
    const { starts, times } = this.#goals as Stream;
    const first = starts[index] as number;
    const end = starts[index + 1] as number;
    let goal = first;
    for (let i = 0; i < n; i++) {
      const time = sent[i] as number;
      while (goal < end && (times[goal] as number) <= time) goal++;
      counts.send(time, goal > first && (times[goal - 1] as number) > time - DAY_MS, this.#idOf);
    }
  }

  /** An enrollment that begins now. @param end when it ends, Infinity where it is open at the end of the history */
  enroll(w: number, end: number): void {
    const { openUntil, active, counts } = this;
    const time = this.now[0] as number;
    if (counts !== null) {
      const latest = this.#latest[END] as number;
      let isOpen = latest > time;
      // At the instant at which it ends, an enrollment of a later workflow has not ended yet: its turn is still to come.
      for (let i = 0; !isOpen && latest === time && i < this.nActive; i++) {
        const other = active[i] as number;
        isOpen = openUntil[other] === time && other > w;
      }
      counts.enroll(isOpen, this.#idOf);
    }
    openUntil[w] = end;
    if (end > (this.#latest[END] as number)) this.#latest[END] = end;
  }
}

function longer(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(values);
  return grown;
}

/** Sorts the first `n`: a few runs in order, mostly short. */
function sortFirst(values: Float64Array, n: number): void {
  if (n > 64) {
    values.subarray(0, n).sort();
    return;
  }
  for (let i = 1; i < n; i++) {
    const value = values[i] as number;
    let k = i - 1;
    for (; k >= 0 && (values[k] as number) > value; k--) values[k + 1] = values[k] as number;
    values[k + 1] = value;
  }
}
