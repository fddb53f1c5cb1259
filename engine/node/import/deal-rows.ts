// Rows dealt out to ranges of people next to each other, in the order of people's codes. Within a range rows stay in the
// order they come in.

import type { Spill, SpilledColumn } from '../stored/index.ts';
import type { NumericVector } from './duck.ts';

export const NO_CODE = 0xffffffff;

/** Columns of equal length. */
export interface RowRange {
  /** Person codes of the range: from `firstUser` up to the next range's. */
  readonly firstUser: number;
  readonly rn: SpilledColumn<Uint32Array>;
  readonly users: SpilledColumn<Uint32Array>;
  readonly times: SpilledColumn<Float64Array>;
  readonly names: SpilledColumn<Uint32Array>;
  /** NaN where an event has none; null where none can have one. */
  readonly values: SpilledColumn<Float64Array> | null;
  /** Each staged property (NO_CODE where an event lacks it), then what times say beyond their millisecond, then the marks. */
  readonly others: readonly SpilledColumn<Uint32Array>[];
}

export interface UsedCodes {
  readonly used: Uint8Array;
  readonly isLacking: boolean;
}

/** Columns of rows as they come; others as in a range. */
export interface DealtRows {
  readonly rn: NumericVector;
  readonly users: NumericVector;
  readonly times: NumericVector;
  readonly names: NumericVector;
  readonly values: NumericVector | null;
  readonly others: readonly NumericVector[];
}

/** Rows of a range where people are equally busy. */
const RANGE_ROWS = 1 << 16;
const MOST_RANGES = 1024;

export class RowDealer {
  /** In order of people; each in the order its rows came. */
  readonly ranges: readonly RowRange[];
  readonly #usersEach: number;
  readonly #codes: readonly (readonly SpilledColumn<Uint32Array>[])[];
  readonly #times: readonly SpilledColumn<Float64Array>[];
  readonly #values: readonly SpilledColumn<Float64Array>[];
  #to = new Uint32Array(0);

  /** @param n rows, about @param nOthers columns behind those that all rows have */
  constructor(
    spill: Spill,
    n: number,
    nUsers: number,
    rangeRows: number | undefined,
    hasValues: boolean,
    nOthers: number,
  ) {
    const wanted = Math.min(MOST_RANGES, Math.max(1, Math.ceil(n / (rangeRows ?? RANGE_ROWS))));
    this.#usersEach = Math.max(1, Math.ceil(nUsers / wanted));
    const ranges: RowRange[] = [];
    for (let firstUser = 0; firstUser < nUsers; firstUser += this.#usersEach) {
      // Many ranges have small buffers, for all of them are held at once.
      const length = wanted > 128 ? 1024 : 8192;
      const u32 = () => spill.column(Uint32Array, length);
      const f64 = () => spill.column(Float64Array, length);
      const values = hasValues ? f64() : null;
      const others = Array.from({ length: nOthers }, u32);
      ranges.push({ firstUser, rn: u32(), users: u32(), times: f64(), names: u32(), values, others });
    }
    const column = <T>(of: (range: RowRange) => T): T[] => ranges.map(of);
    this.ranges = ranges;
    this.#times = column((range) => range.times);
    this.#values = hasValues ? column((range) => range.values as SpilledColumn<Float64Array>) : [];
    this.#codes = [
      column(({ rn }) => rn),
      column(({ users }) => users),
      column(({ names }) => names),
      ...Array.from({ length: nOthers }, (_, i) => column((range) => range.others[i] as SpilledColumn<Uint32Array>)),
    ];
  }

  /** @param chosen places of the rows that are dealt out, the first n of them */
  deal({ rn, users, times, names, values, others }: DealtRows, chosen: Uint32Array, n: number): void {
    if (this.#to.length < n) this.#to = new Uint32Array(n);
    const to = this.#to;
    const usersEach = this.#usersEach;
    for (let i = 0; i < n; i++) to[i] = Math.floor((users[chosen[i] as number] as number) / usersEach);
    const codes = [rn, users, names, ...others];
    for (let c = 0; c < codes.length; c++) {
      dealCodes(this.#codes[c] as SpilledColumn<Uint32Array>[], codes[c] as NumericVector, chosen, to, n);
    }
    dealNumbers(this.#times, times, chosen, to, n);
    if (values !== null) dealNumbers(this.#values, values, chosen, to, n);
  }
}

// One function for each type of array: a loop over both kinds takes several times as long.
function dealCodes(
  columns: readonly SpilledColumn<Uint32Array>[],
  from: NumericVector,
  chosen: Uint32Array,
  to: Uint32Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const column = columns[to[i] as number] as SpilledColumn<Uint32Array>;
    if (column.used === column.buffer.length) column.makeRoom();
    column.buffer[column.used++] = from[chosen[i] as number] as number;
  }
}

function dealNumbers(
  columns: readonly SpilledColumn<Float64Array>[],
  from: NumericVector,
  chosen: Uint32Array,
  to: Uint32Array,
  n: number,
): void {
  for (let i = 0; i < n; i++) {
    const column = columns[to[i] as number] as SpilledColumn<Float64Array>;
    if (column.used === column.buffer.length) column.makeRoom();
    column.buffer[column.used++] = from[chosen[i] as number] as number;
  }
}

/** Marks the codes of chosen rows. */
export function markUsed(
  property: { used: Uint8Array; isLacking: boolean },
  codes: NumericVector,
  chosen: Uint32Array,
  n: number,
) {
  const { used } = property;
  for (let i = 0; i < n; i++) {
    const code = codes[chosen[i] as number] as number;
    if (code === NO_CODE) property.isLacking = true;
    else used[code] = 1;
  }
}
