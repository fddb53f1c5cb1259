// Cells of events' properties that have no column of their own: dealt out to the ranges of people that rows were dealt out
// to, and written behind each other once the rows of some ranges are in order.

import type { StoredProperty } from '../stored/index.ts';
import { piecesOf, type Spill, type SpilledColumn } from '../stored/index.ts';
import type { RowRange } from './deal-rows.ts';
import type { NumericVector } from './duck.ts';
import type { SparseValues } from './sparse-values.ts';

type Codes = SpilledColumn<Uint32Array>;

interface CellRange {
  readonly rn: Codes;
  readonly keys: Codes;
  readonly codes: Codes;
}

/** Elements of a buffer; there is one for each column of each range, and of each property. */
const BUFFER = 1 << 10;

export class SparseCells {
  readonly #spill: Spill;
  readonly #ranges: readonly CellRange[];
  readonly #usersEach: number;
  readonly #properties: readonly { readonly rows: Codes; readonly codes: Codes }[];

  /** @param ranges of as many people each, but the last @param nNames properties */
  constructor(spill: Spill, ranges: readonly RowRange[], nNames: number) {
    const column = () => spill.column(Uint32Array, BUFFER);
    this.#spill = spill;
    this.#ranges = ranges.map(() => ({ rn: column(), keys: column(), codes: column() }));
    this.#usersEach = ranges[1]?.firstUser ?? Number.POSITIVE_INFINITY;
    this.#properties = Array.from({ length: nNames }, () => ({ rows: column(), codes: column() }));
  }

  /** Columns of equal length, the first n of each. */
  deal(users: NumericVector, rn: NumericVector, keys: NumericVector, codes: NumericVector, n: number): void {
    for (let i = 0; i < n; i++) {
      const range = this.#ranges[Math.floor((users[i] as number) / this.#usersEach)] as CellRange;
      push(range.rn, rn[i] as number);
      push(range.keys, keys[i] as number);
      push(range.codes, codes[i] as number);
    }
  }

  /**
   * Writes the cells of some ranges, which are emptied.
   * @param first place of their first event @param rn of their events, in their order
   */
  write(from: number, to: number, first: number, rn: Uint32Array): void {
    const some = this.#ranges.slice(from, to);
    const n = some.reduce((sum, range) => sum + range.rn.length, 0);
    if (n === 0) return;
    const rows = gathered(some, n, ({ rn: of }) => of);
    const keys = gathered(some, n, ({ keys: of }) => of);
    const codes = gathered(some, n, ({ codes: of }) => of);
    const placeOf = placesOf(rn);
    // By property: how many each has, then each at its own.
    const next = new Uint32Array(this.#properties.length + 1);
    for (const key of keys) next[key + 1] = (next[key + 1] as number) + 1;
    for (let key = 0; key < this.#properties.length; key++) {
      next[key + 1] = (next[key + 1] as number) + (next[key] as number);
    }
    const starts = next.slice();
    const [places, values] = [new Uint32Array(n), new Uint32Array(n)];
    for (let i = 0; i < n; i++) {
      const key = keys[i] as number;
      const at = next[key] as number;
      places[at] = placeOf(rows[i] as number);
      values[at] = codes[i] as number;
      next[key] = at + 1;
    }
    for (const [key, property] of this.#properties.entries()) {
      const [start, end] = [starts[key] as number, starts[key + 1] as number];
      writeByPlace(property, first, places.subarray(start, end), values.subarray(start, end));
    }
  }

  /** Of one property; null where no event has it. @param nEvents all of them */
  property(key: number, nEvents: number, values: SparseValues): StoredProperty | null {
    const { rows, codes } = this.#properties[key] as { rows: Codes; codes: Codes };
    if (codes.length === 0) return null;
    const used = values.inUse(piecesOf(codes));
    const own = this.#spill.column(Uint32Array);
    for (const piece of codes.pieces()) {
      for (let i = 0; i < piece.length; i++) piece[i] = used.codeOf(piece[i] as number);
      own.append(piece as Uint32Array<ArrayBuffer>);
    }
    codes.clear();
    return { rows: rows.length === nEvents ? null : rows, codes: own, dictionary: used.dictionary };
  }
}

function push(column: Codes, number: number): void {
  if (column.used === column.buffer.length) column.makeRoom();
  column.buffer[column.used++] = number;
}

/** Places below it fit beside a code into a number. */
const MOST_KEYED = 1 << 21;

function writeByPlace(
  to: { readonly rows: Codes; readonly codes: Codes },
  first: number,
  places: Uint32Array,
  codes: Uint32Array,
) {
  const write = (place: number, code: number) => {
    push(to.rows, first + place);
    push(to.codes, code);
  };
  if (places.every((place) => place < MOST_KEYED)) {
    // Place and code as one number sort many times faster than by a comparison of ours.
    const cells = Float64Array.from(places, (place, i) => place * 4294967296 + (codes[i] as number)).sort();
    for (const cell of cells) write(Math.floor(cell / 4294967296), cell % 4294967296);
    return;
  }
  const order = Uint32Array.from(places, (_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
  for (const i of order) write(places[i] as number, codes[i] as number);
}

function gathered(ranges: readonly CellRange[], n: number, of: (range: CellRange) => Codes): Uint32Array {
  const all = new Uint32Array(n);
  let at = 0;
  for (const range of ranges) {
    const column = of(range);
    column.copyTo(all, at);
    at += column.length;
    column.clear();
  }
  return all;
}

/** @param rn distinct numbers @returns the place of each among them */
function placesOf(rn: Uint32Array): (number: number) => number {
  const order = Uint32Array.from(rn, (_, i) => i);
  const sorted = rn.slice().sort();
  // Found by the number: its place in order, then the place it had.
  const find = (number: number) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((sorted[mid] as number) < number) low = mid + 1;
      else high = mid;
    }
    return low;
  };
  for (let i = 0; i < rn.length; i++) order[find(rn[i] as number)] = i;
  return (number) => order[find(number)] as number;
}
