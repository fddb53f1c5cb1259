// The events of a few people from two histories laid together: by person and time, those of the first history before those
// of the second at one instant, without those of the second that the first has.

import type { People } from './append-people.ts';
import type { EventsReader, Gathered } from './append-read.ts';
import { type SortedRows, sortSegment } from './sort-rows.ts';

/** People at the places [from, to), and where they are in the order of each reader. */
export interface Group {
  readonly from: number;
  readonly to: number;
  readonly firstFrom: number;
  readonly firstTo: number;
  readonly secondFrom: number;
  readonly secondTo: number;
  /** Events of the first history, and of the second. */
  readonly nFirst: number;
  readonly nSecond: number;
  /** By event, those of the first history first: its person's place, counted from `from`. */
  readonly users: Uint32Array;
}

/** Whole people, as many as have so many events together, but one at least. */
export function* groupsOf(first: EventsReader, second: EventsReader, people: People, most: number): Generator<Group> {
  const sources = [
    { reader: first, placeOf: people.placeOfOld, next: 0 },
    { reader: second, placeOf: people.placeOfAdded, next: 0 },
  ] satisfies Source[] as [Source, Source];
  const nPlaces = people.ids.length;
  for (let from = 0; from < nPlaces; ) {
    const begin = sources.map(({ next }) => next) as [number, number];
    const counts: [number, number] = [0, 0];
    let to = from;
    for (; to < nPlaces; to++) {
      const [inFirst, inSecond] = [upTo(sources[0], to), upTo(sources[1], to)];
      if (to > from && counts[0] + counts[1] + inFirst.n + inSecond.n > most) break;
      counts[0] += inFirst.n;
      counts[1] += inSecond.n;
      sources[0].next = inFirst.end;
      sources[1].next = inSecond.end;
    }
    const [nFirst, nSecond] = counts;
    const users = new Uint32Array(nFirst + nSecond);
    let at = 0;
    for (const [s, { reader, placeOf, next }] of sources.entries()) {
      for (let i = begin[s] as number; i < next; i++) {
        const end = at + reader.count(i);
        users.fill((placeOf[reader.person(i)] as number) - from, at, end);
        at = end;
      }
    }
    const [firstFrom, secondFrom] = begin;
    const [{ next: firstTo }, { next: secondTo }] = sources;
    yield { from, to, firstFrom, firstTo, secondFrom, secondTo, nFirst, nSecond, users };
    from = to;
  }
}

interface Source {
  readonly reader: EventsReader;
  readonly placeOf: Uint32Array;
  /** The next in the reader's order. */
  next: number;
}

/** Behind the people at a place, and how many events these have. */
function upTo({ reader, placeOf, next }: Source, place: number): { readonly end: number; readonly n: number } {
  let [end, n] = [next, 0];
  while (end < placeOf.length && placeOf[reader.person(end)] === place) n += reader.count(end++);
  return { end, n };
}

/** @param row of the second history @param there rows of the first at its person and instant; both as they are gathered */
type Repetition = (row: number, there: readonly number[]) => boolean;

/** @param isThere by row of the second history: whether its id is in the first; null where none is */
export function repetitionIn(
  { rows, names, values, properties, ids, rests }: Gathered,
  isThere: Uint8Array | null,
): Repetition {
  const hasId = (row: number) =>
    ids !== null && ((ids[0][row] as number) !== 0 || ((ids[1][row] as number) & 0x1fffff) !== 0);
  const isEqual = (x: number, y: number) =>
    names[x] === names[y] &&
    (values === null || Object.is(values[x], values[y])) &&
    !(hasId(x) && hasId(y)) &&
    !(rests !== null && differ(rests, x, y)) &&
    properties.every((codes) => codes[x] === codes[y]);
  return (row, there) => isThere?.[rows[row] as number] === 1 || there.some((other) => isEqual(other, row));
}

/** Rests of one kind that are not the same; those of two kinds say nothing about each other, nor do unknown ones. */
function differ([low, high]: readonly [Uint32Array, Uint32Array], x: number, y: number): boolean {
  return kindOf(high[x] as number) === kindOf(high[y] as number) && (low[x] !== low[y] || high[x] !== high[y]);
}

function kindOf(high: number): 'table' | 'record' | 'unknown' {
  if (high === 0) return 'table';
  return (high & 1) === 1 ? 'record' : 'unknown';
}

/**
 * @param perPlace filled with how many events each of the group's people keeps
 * @param isRepeated null where repetitions stay
 */
export function layTogether(
  gathered: Gathered,
  { users, nFirst }: Group,
  perPlace: Uint32Array,
  isRepeated: Repetition | null,
): SortedRows {
  const n = users.length;
  for (let row = 0; row < n; row++) perPlace[users[row] as number] = (perPlace[users[row] as number] as number) + 1;
  const next = new Uint32Array(perPlace.length);
  for (let place = 1; place < next.length; place++) {
    next[place] = (next[place - 1] as number) + (perPlace[place - 1] as number);
  }
  const order = new Uint32Array(n);
  const times = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const at = next[users[row] as number] as number;
    order[at] = row;
    times[at] = gathered.times[row] as number;
    next[users[row] as number] = at + 1;
  }
  let used = 0;
  for (let place = 0, from = 0; place < next.length; place++) {
    const to = next[place] as number;
    sortSegment(order, times, from, to);
    const start = used;
    for (let i = from; i < to; i++) {
      const row = order[i] as number;
      const time = times[i] as number;
      if (row >= nFirst && isRepeated?.(row, sameInstant(order, times, start, used, time, nFirst)) === true) continue;
      order[used] = row;
      times[used++] = time;
    }
    perPlace[place] = used - start;
    from = to;
  }
  const { rows, names, values, properties, ids, rests } = gathered;
  return {
    order: order.subarray(0, used),
    rn: rows,
    sortedTimes: times.subarray(0, used),
    names,
    values,
    others: [...properties, ...(ids ?? []), ...(rests ?? [])],
    repeated: n - used,
  };
}

const NONE: readonly number[] = [];

/** The rows of the first history at an instant among those placed, [start, used) being the person's. */
function sameInstant(
  order: Uint32Array,
  times: Float64Array,
  start: number,
  used: number,
  time: number,
  nFirst: number,
): readonly number[] {
  let found: number[] | null = null;
  for (let j = used - 1; j >= start && times[j] === time; j--) {
    if ((order[j] as number) >= nFirst) continue;
    found ??= [];
    found.push(order[j] as number);
  }
  return found ?? NONE;
}

/** Where events are gathered, group after group. */
export class Desk {
  readonly #shape: DeskShape;
  #gathered: Gathered;

  constructor(shape: DeskShape) {
    this.#shape = shape;
    this.#gathered = roomFor(shape, 0);
  }

  /** Room for n events, which is used again for the next. */
  room(n: number): Gathered {
    const had = this.#gathered;
    if (had.rows.length < n) this.#gathered = roomFor(this.#shape, Math.ceil(1.25 * n));
    const { rows, times, names, values, properties, ids, rests } = this.#gathered;
    const pair = (of: readonly [Uint32Array, Uint32Array] | null) =>
      of === null ? null : ([of[0].subarray(0, n), of[1].subarray(0, n)] as const);
    return {
      rows: rows.subarray(0, n),
      times: times.subarray(0, n),
      names: names.subarray(0, n),
      values: values === null ? null : values.subarray(0, n),
      properties: properties.map((codes) => codes.subarray(0, n)),
      ids: pair(ids),
      rests: pair(rests),
    };
  }
}

export interface DeskShape {
  readonly hasValues: boolean;
  readonly hasIds: boolean;
  readonly hasRests: boolean;
  readonly nProperties: number;
}

function roomFor({ hasValues, hasIds, hasRests, nProperties }: DeskShape, n: number): Gathered {
  const words = () => [new Uint32Array(n), new Uint32Array(n)] as const;
  return {
    rows: new Uint32Array(n),
    times: new Float64Array(n),
    names: new Uint32Array(n),
    values: hasValues ? new Float64Array(n) : null,
    properties: Array.from({ length: nProperties }, () => new Uint32Array(n)),
    ids: hasIds ? words() : null,
    rests: hasRests ? words() : null,
  };
}
