// The rows of a history that a workflow takes notice of, with what it takes them for: person by person, in order. Made
// in one pass over the event names and kept with the history, since turning a window or a delay changes none of it.

import type { History } from '../events/index.ts';
import type { EventMatch } from '../workflow/index.ts';
import { holds, propertyAt } from './filters.ts';
import { HistoryView } from './person-view.ts';

/** Bits of `Stream.roles`. AGGREGATE << k is the k-th event that conditions add up. */
export const ANCHOR = 1;
export const ANSWER = 2;
export const GOAL = 4;
export const EXIT = 8;
export const UNSUBSCRIBED = 16;
export const AGGREGATE = 32;
export const MOST_AGGREGATES = 3;

export interface StreamRole {
  readonly bit: number;
  /** What has the role; null stands for any activity. */
  readonly match: EventMatch | null;
  /** Leaves out the product's own emails. */
  readonly activityOnly: boolean;
}

export interface Stream {
  /** Length nPersons + 1: rows of person p lie in [starts[p], starts[p + 1]). */
  readonly starts: Uint32Array;
  /** Rows of the history; none later than observedUntil. */
  readonly rows: Uint32Array;
  /** One entry more than `rows`, Infinity, for `next` to point to. */
  readonly times: Float64Array;
  /** Bits; never 0, but for one entry more than `rows`, which is. */
  readonly roles: Uint8Array;
  /** Per row, the first one behind it, of the same person, that is a goal or an exit; rows.length if none is. */
  readonly next: Uint32Array;
}

/** Streams kept per history, enough for a programme; the least lately used goes first. */
const KEPT = 16;
const kept = new WeakMap<History, Map<string, Stream>>();

export function streamOf(history: History, roles: readonly StreamRole[]): Stream {
  let streams = kept.get(history);
  if (streams === undefined) kept.set(history, (streams = new Map()));
  const key = JSON.stringify(roles);
  const stream = streams.get(key) ?? buildStream(history, roles);
  streams.delete(key);
  streams.set(key, stream);
  if (streams.size > KEPT) streams.delete(streams.keys().next().value as string);
  return stream;
}

function buildStream(history: History, roles: readonly StreamRole[]): Stream {
  const { nameCodes, observedUntil } = history;
  // By name, the bits it may have, and those among them that also depend on filters.
  const bitsOf = new Uint8Array(history.names.length);
  const filtered = new Uint8Array(history.names.length);
  history.names.forEach((name, code) => {
    for (const { bit, match, activityOnly } of roles) {
      if (match !== null && match.event !== name) continue;
      if (activityOnly && history.emailEvents.has(name)) continue;
      bitsOf[code] = (bitsOf[code] as number) | bit;
      if (match !== null && match.where.length > 0) filtered[code] = (filtered[code] as number) | bit;
    }
  });
  const named = rowsNamed(history, bitsOf);
  const { starts } = named;
  const rows = named.rows.slice(0, named.n);
  const times = new Float64Array(rows.length + 1);
  const bits = new Uint8Array(rows.length + 1);
  const { high, low, base } = history.times;
  let latest = Number.NEGATIVE_INFINITY;
  let mayBeLess = 0;
  // As TimeColumn.at, with its columns at hand.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const code = nameCodes[row] as number;
    const time = base + (high[row] as number) * 4294967296 + (low[row] as number);
    times[i] = time;
    bits[i] = bitsOf[code] as number;
    mayBeLess |= filtered[code] as number;
    if (time > latest) latest = time;
  }
  let n = rows.length;
  if (latest > observedUntil || mayBeLess !== 0) n = sift(history, roles, filtered, { starts, rows, times, bits });
  times[n] = Number.POSITIVE_INFINITY;
  bits[n] = 0;
  return {
    starts,
    rows: rows.subarray(0, n),
    times: times.subarray(0, n + 1),
    roles: bits.subarray(0, n + 1),
    next: nextOutcomes(starts, bits, n),
  };
}

/** Keeps what is not later than observedUntil and passes the filters, in place. @returns how many rows are left */
function sift(
  history: History,
  roles: readonly StreamRole[],
  filtered: Uint8Array,
  { starts, rows, times, bits }: { starts: Uint32Array; rows: Uint32Array; times: Float64Array; bits: Uint8Array },
): number {
  const { nPersons, nameCodes, observedUntil } = history;
  const view = new HistoryView(history);
  let n = 0;
  let i = 0;
  for (let person = 0; person < nPersons; person++) {
    const end = starts[person + 1] as number;
    let isSelected = false;
    for (; i < end; i++) {
      const row = rows[i] as number;
      const time = times[i] as number;
      if (time > observedUntil) break;
      let bit = bits[i] as number;
      if (filtered[nameCodes[row] as number] !== 0) {
        if (!isSelected) view.select(person);
        isSelected = true;
        bit = heldBits(roles, view, row, bit, time);
        if (bit === 0) continue;
      }
      rows[n] = row;
      times[n] = time;
      bits[n++] = bit;
    }
    i = end;
    starts[person + 1] = n;
  }
  return n;
}

/** The rows whose name has a bit, person by person: every row is written, and kept where the place moves on. */
function rowsNamed({ nPersons, nEvents, nameCodes, personStart }: History, bitsOf: Uint8Array) {
  const isNamed = bitsOf.map((bits) => Math.min(bits, 1));
  const starts = new Uint32Array(nPersons + 1);
  let rows = new Uint32Array(nEvents >> 3);
  let n = 0;
  for (let person = 0; person < nPersons; person++) {
    let row = personStart[person] as number;
    const end = personStart[person + 1] as number;
    if (n + end - row > rows.length) {
      const longer = new Uint32Array(Math.max(2 * rows.length, n + end - row));
      longer.set(rows);
      rows = longer;
    }
    for (; row < end; row++) {
      rows[n] = row;
      n += isNamed[nameCodes[row] as number] as number;
    }
    starts[person + 1] = n;
  }
  return { rows, starts, n };
}

function nextOutcomes(starts: Uint32Array, roles: Uint8Array, n: number): Uint32Array {
  const outcomes = new Uint32Array(n);
  for (let person = starts.length - 2; person >= 0; person--) {
    let next = n;
    const start = starts[person] as number;
    for (let i = (starts[person + 1] as number) - 1; i >= start; i--) {
      outcomes[i] = next;
      if (((roles[i] as number) & (GOAL | EXIT)) !== 0) next = i;
    }
  }
  return outcomes;
}

/** Of the bits a row's name may have, those it has: a bit stays if any of its matchers with this name holds. */
function heldBits(roles: readonly StreamRole[], view: HistoryView, row: number, may: number, time: number): number {
  const name = view.name(row);
  let held = 0;
  for (const { bit, match, activityOnly } of roles) {
    if ((may & bit) === 0 || (held & bit) !== 0 || (match !== null && match.event !== name)) continue;
    if (activityOnly && view.isOwnEmail(row)) continue;
    if (match === null || match.where.every((filter) => holds(filter, propertyAt(view, row, filter.property, time)))) {
      held |= bit;
    }
  }
  return held;
}

/** The place of a person's first row that is a goal or an exit; that of no row where none is. */
export function firstOutcome({ starts, roles, next, rows }: Stream, person: number): number {
  const first = starts[person] as number;
  if (first === starts[person + 1]) return rows.length;
  return ((roles[first] as number) & (GOAL | EXIT)) === 0 ? (next[first] as number) : first;
}
