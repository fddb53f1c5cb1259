// The events of a history read by people, from columns that may lie on disk, under the codes they get in another.

import { ValueColumn } from '../../columns/index.ts';
import type { StoredColumns, StoredTrace, StoredValues } from '../stored/index.ts';
import { type Numbers, piecesOf, readFrom, type Sliced } from '../stored/index.ts';
import { NO_CODE } from './deal-rows.ts';

export interface Known {
  readonly columns: StoredColumns;
  readonly trace: StoredTrace;
}

/** Columns of some events, gathered from two histories. */
export interface Gathered {
  /** The event's row in the history it is of. */
  readonly rows: Uint32Array;
  readonly times: Float64Array<ArrayBuffer>;
  readonly names: Uint32Array;
  /** NaN where an event has none; null where none of either history has. */
  readonly values: Float64Array<ArrayBuffer> | null;
  /** NO_CODE where an event lacks it. */
  readonly properties: readonly Uint32Array[];
  /** Low and high words; null where neither history has them. */
  readonly ids: readonly [Uint32Array, Uint32Array] | null;
  readonly rests: readonly [Uint32Array, Uint32Array] | null;
}

/** What codes of a history become. */
export interface Codes {
  readonly names: Uint32Array;
  /** By property of the result; null where the history has none of that name. */
  readonly properties: readonly { readonly name: string; readonly codes: Uint32Array | null }[];
}

export class EventsReader {
  readonly #known: Known;
  readonly #order: Uint32Array | null;
  readonly #codes: Codes;
  readonly #properties: readonly PropertyReader[];

  /** @param order people in the order they are read in; null: as they are */
  constructor(known: Known, order: Uint32Array | null, codes: Codes) {
    this.#known = known;
    this.#order = order;
    this.#codes = codes;
    this.#properties = codes.properties.map(({ name, codes: map }) => {
      const column = known.columns.properties.get(name);
      if (column === undefined || map === null) return { read: () => {} };
      return column.rows === null ? denseReader(column.codes, map) : new SparseReader(column.rows, column.codes, map);
    });
  }

  /** The person at a place in the order. */
  person(i: number): number {
    return this.#order === null ? i : (this.#order[i] as number);
  }

  /** How many events the person at a place in the order has. */
  count(i: number): number {
    const { personStart } = this.#known.columns;
    const person = this.person(i);
    return (personStart[person + 1] as number) - (personStart[person] as number);
  }

  /** Copies the events of the people [from, to) in the order. @param at where they begin @returns where they end */
  read(from: number, to: number, into: Gathered, at: number): number {
    const { personStart } = this.#known.columns;
    let end = at;
    for (let i = from; i < to; ) {
      // People next to each other are read at once.
      const first = this.person(i);
      let last = first + 1;
      for (i++; i < to && this.person(i) === last; i++) last++;
      const [begin, stop] = [personStart[first] as number, personStart[last] as number];
      if (begin < stop) this.#rows(begin, stop, into, end);
      end += stop - begin;
    }
    return end;
  }

  #rows(from: number, to: number, into: Gathered, at: number): void {
    const { nameCodes, times, values } = this.#known.columns;
    const n = to - from;
    for (let i = 0; i < n; i++) into.rows[at + i] = from + i;
    const high = readSome(times.high, from, to);
    const low = readSome(times.low, from, to);
    for (let i = 0; i < n; i++) {
      into.times[at + i] = times.base + (high[i] as number) * 4294967296 + (low[i] as number);
    }
    const names = readSome(nameCodes as Sliced<Numbers>, from, to);
    for (let i = 0; i < n; i++) into.names[at + i] = this.#codes.names[names[i] as number] as number;
    if (into.values !== null) readValues(values, from, to, into.values, at);
    for (const [p, property] of this.#properties.entries()) {
      const column = into.properties[p] as Uint32Array;
      column.fill(NO_CODE, at, at + n);
      property.read(from, to, column, at);
    }
    readMarks(this.#known.trace.ids, from, to, into.ids, at);
    readMarks(this.#known.trace.rests, from, to, into.rests, at);
  }
}

export function hasValues({ values }: StoredColumns): boolean {
  return values.encoding.kind !== 'none';
}

function readSome<T extends Numbers>(numbers: Sliced<T>, from: number, to: number): T {
  if (ArrayBuffer.isView(numbers)) return numbers.subarray(from, to) as T;
  const type = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array }[numbers.BYTES_PER_ELEMENT];
  const some = new (type as unknown as new (length: number) => T)(to - from);
  readFrom(numbers, from, to, some);
  return some;
}

function readValues(values: StoredValues, from: number, to: number, into: Float64Array<ArrayBuffer>, at: number): void {
  if (!(values instanceof ValueColumn)) readFrom(values.plain as Sliced<Float64Array>, from, to, into, at);
  else for (let row = from; row < to; row++) into[at + row - from] = values.at(row);
}

function readMarks(
  marks: Sliced<Uint32Array> | null,
  from: number,
  to: number,
  into: readonly [Uint32Array, Uint32Array] | null,
  at: number,
): void {
  if (into === null) return;
  const [low, high] = into;
  const n = to - from;
  if (marks === null) {
    low.fill(0, at, at + n);
    high.fill(0, at, at + n);
    return;
  }
  const words = readSome(marks, 2 * from, 2 * to);
  for (let i = 0; i < n; i++) {
    low[at + i] = words[2 * i] as number;
    high[at + i] = words[2 * i + 1] as number;
  }
}

interface PropertyReader {
  /** Writes the codes of rows that have it. */
  read(from: number, to: number, into: Uint32Array, at: number): void;
}

function denseReader(codes: Sliced<Uint32Array>, map: Uint32Array): PropertyReader {
  return {
    read(from, to, into, at) {
      const some = readSome(codes, from, to);
      for (let i = 0; i < some.length; i++) into[at + i] = map[some[i] as number] as number;
    },
  };
}

/** Entries that are read at once. */
const CHUNK = 1 << 12;

/** Rows are looked up chunk by chunk, of which only the first rows are held. */
class SparseReader implements PropertyReader {
  readonly #rows: Sliced<Uint32Array>;
  readonly #codes: Sliced<Uint32Array>;
  readonly #map: Uint32Array;
  readonly #firsts: Uint32Array;
  #chunk = -1;
  #chunkRows = new Uint32Array(0);
  #chunkCodes = new Uint32Array(0);

  constructor(rows: Sliced<Uint32Array>, codes: Sliced<Uint32Array>, map: Uint32Array) {
    this.#rows = rows;
    this.#codes = codes;
    this.#map = map;
    this.#firsts = Uint32Array.from(piecesOf(rows, CHUNK), (piece) => piece[0] as number);
  }

  read(from: number, to: number, into: Uint32Array, at: number): void {
    const firsts = this.#firsts;
    for (let chunk = Math.max(0, firstAbove(firsts, from) - 1); chunk < firsts.length; chunk++) {
      if ((firsts[chunk] as number) >= to) return;
      this.#load(chunk);
      const rows = this.#chunkRows;
      for (let i = from === 0 ? 0 : firstAbove(rows, from - 1); i < rows.length; i++) {
        const row = rows[i] as number;
        if (row >= to) return;
        into[at + row - from] = this.#map[this.#chunkCodes[i] as number] as number;
      }
    }
  }

  #load(chunk: number): void {
    if (chunk === this.#chunk) return;
    const from = chunk * CHUNK;
    const to = Math.min(this.#rows.length, from + CHUNK);
    this.#chunkRows = readSome(this.#rows, from, to) as Uint32Array<ArrayBuffer>;
    this.#chunkCodes = readSome(this.#codes, from, to) as Uint32Array<ArrayBuffer>;
    this.#chunk = chunk;
  }
}

/** Where the first number above lies, or behind all. @param sorted increasing */
function firstAbove(sorted: Uint32Array, number: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((sorted[mid] as number) <= number) low = mid + 1;
    else high = mid;
  }
  return low;
}
