// Events in the order of a history written from front to back, column by column, into a spill.

import { isKeptByRow, scaledValues, ValueColumn, ValueTally } from '../../columns/index.ts';
import type { StoredProperty, StoredValues } from '../stored/index.ts';
import { PIECE, type Spill, type SpilledColumn } from '../stored/index.ts';
import { NO_CODE, type UsedCodes } from './deal-rows.ts';
import { codesInOrder, numbersInOrder, type SortedRows } from './sort-rows.ts';

/** As wide as there are names. */
export type NameColumn = SpilledColumn<Uint8Array> | SpilledColumn<Uint16Array> | SpilledColumn<Uint32Array>;

export interface EventsSettings {
  /** No time lies before it. */
  readonly base: number;
  /** Whether a code of `names` occurs. */
  readonly usedNames: Uint8Array;
  readonly hasValues: boolean;
  readonly hasIds: boolean;
  readonly hasRests: boolean;
  /** Of the first of the other columns. */
  readonly properties: readonly UsedCodes[];
  /** The first of the other columns that is of the marks: two for each kind there is. */
  readonly marksAt: number;
}

export function nameColumn(spill: Spill, nNames: number): NameColumn {
  if (nNames <= 256) return spill.column(Uint8Array, PIECE);
  return nNames <= 65_536 ? spill.column(Uint16Array, PIECE) : spill.column(Uint32Array, PIECE);
}

/** For each code in use, its place among those. */
export function places(used: Uint8Array): Uint32Array {
  const map = new Uint32Array(used.length);
  for (let code = 0, place = 0; code < used.length; code++) if (used[code] === 1) map[code] = place++;
  return map;
}

/** Writes the columns of events from front to back. */
export class EventsWriter {
  readonly high: SpilledColumn<Uint16Array>;
  readonly low: SpilledColumn<Uint32Array>;
  readonly names: NameColumn;
  readonly values: SpilledColumn<Float64Array> | null;
  readonly tally = new ValueTally();
  readonly ids: MarksWriter | null;
  readonly rests: MarksWriter | null;
  readonly base: number;
  readonly #nameMap: Uint32Array;
  readonly #properties: readonly PropertyWriter[];
  readonly #marksAt: number;

  constructor(spill: Spill, of: EventsSettings) {
    this.high = spill.column(Uint16Array, PIECE);
    this.low = spill.column(Uint32Array, PIECE);
    this.names = nameColumn(
      spill,
      of.usedNames.reduce((sum, used) => sum + used, 0),
    );
    this.values = of.hasValues ? spill.column(Float64Array, PIECE) : null;
    this.ids = of.hasIds ? new MarksWriter(spill) : null;
    this.rests = of.hasRests ? new MarksWriter(spill) : null;
    this.base = of.base;
    this.#nameMap = places(of.usedNames);
    this.#properties = of.properties.map(({ used, isLacking }) => new PropertyWriter(spill, used, isLacking));
    this.#marksAt = of.marksAt;
  }

  get length(): number {
    return this.low.length;
  }

  add({ order, sortedTimes, names, values, others }: SortedRows): void {
    const n = order.length;
    const first = this.length;
    const [high, low] = [new Uint16Array(n), new Uint32Array(n)];
    for (let i = 0; i < n; i++) {
      const offset = (sortedTimes[i] as number) - this.base;
      high[i] = Math.floor(offset / 4294967296);
      low[i] = offset >>> 0;
    }
    this.high.append(high);
    this.low.append(low);
    const codes = codesInOrder(names, order);
    for (let i = 0; i < n; i++) codes[i] = this.#nameMap[codes[i] as number] as number;
    appendCodes(this.names, codes);
    if (values !== null) {
      const sorted = numbersInOrder(values, order);
      this.tally.add(sorted);
      this.values?.append(sorted);
    }
    for (const [i, property] of this.#properties.entries()) property.add(first, others[i] as Uint32Array, order);
    let at = this.#marksAt;
    for (const marks of [this.ids, this.rests]) {
      if (marks === null) continue;
      marks.add(others[at] as Uint32Array, others[at + 1] as Uint32Array, order);
      at += 2;
    }
  }

  /** Null where no event has it. */
  property(i: number): Pick<StoredProperty, 'rows' | 'codes'> | null {
    const { rows, codes } = this.#properties[i] as PropertyWriter;
    return codes.length === 0 ? null : { rows, codes };
  }
}

export function appendCodes(column: NameColumn, codes: Uint32Array): void {
  if (column.BYTES_PER_ELEMENT === 1) (column as SpilledColumn<Uint8Array>).append(Uint8Array.from(codes));
  else if (column.BYTES_PER_ELEMENT === 2) (column as SpilledColumn<Uint16Array>).append(Uint16Array.from(codes));
  else (column as SpilledColumn<Uint32Array>).append(codes);
}

class PropertyWriter {
  /** Null where every event has it. */
  readonly rows: SpilledColumn<Uint32Array> | null;
  readonly codes: SpilledColumn<Uint32Array>;
  readonly #map: Uint32Array;

  constructor(spill: Spill, used: Uint8Array, isLacking: boolean) {
    this.rows = isLacking ? spill.column(Uint32Array, PIECE) : null;
    this.codes = spill.column(Uint32Array, PIECE);
    this.#map = places(used);
  }

  /** @param first place of the first event */
  add(first: number, column: Uint32Array, order: Uint32Array): void {
    const codes = new Uint32Array(order.length);
    const rows = this.rows === null ? null : new Uint32Array(order.length);
    let n = 0;
    for (let i = 0; i < order.length; i++) {
      const code = column[order[i] as number] as number;
      if (code === NO_CODE) continue;
      if (rows !== null) rows[n] = first + i;
      codes[n++] = this.#map[code] as number;
    }
    this.codes.append(codes.subarray(0, n));
    if (rows !== null) this.rows?.append(rows.subarray(0, n));
  }
}

class MarksWriter {
  readonly #words: SpilledColumn<Uint32Array>;
  #any = 0;

  constructor(spill: Spill) {
    this.#words = spill.column(Uint32Array, PIECE);
  }

  /** Two words an event; null where all are 0. */
  get marks(): SpilledColumn<Uint32Array> | null {
    return this.#any === 0 ? null : this.#words;
  }

  add(low: Uint32Array, high: Uint32Array, order: Uint32Array): void {
    const words = new Uint32Array(2 * order.length);
    for (let i = 0; i < order.length; i++) {
      const row = order[i] as number;
      this.#any |= words[2 * i] = low[row] as number;
      this.#any |= words[2 * i + 1] = high[row] as number;
    }
    this.#words.append(words);
  }
}

/** @param plain NaN where an event has none; null where none can have one */
export async function encoded(
  plain: SpilledColumn<Float64Array> | null,
  tally: ValueTally,
  n: number,
  spill: Spill,
  breathe: () => Promise<void>,
): Promise<StoredValues> {
  const { kind, scale } = tally.choice(n);
  if (plain === null || kind === 'none') return ValueColumn.none(n);
  if (kind === 'dense') return { length: n, encoding: { kind, values: plain }, plain };
  const byRow = kind === 'sparse' ? null : scale;
  const scaled = spill.column(Int32Array, PIECE);
  const rows = spill.column(Uint32Array);
  const values = spill.column(Float64Array);
  let first = 0;
  for (const piece of plain.pieces()) {
    if (byRow !== null) scaled.append(scaledValues(piece, byRow));
    const [some, kept] = [[] as number[], [] as number[]];
    for (let i = 0; i < piece.length; i++) {
      if (!isKeptByRow(piece[i] as number, byRow)) continue;
      some.push(first + i);
      kept.push(piece[i] as number);
    }
    rows.append(Uint32Array.from(some));
    values.append(Float64Array.from(kept));
    first += piece.length;
    await breathe();
  }
  const encoding =
    kind === 'sparse'
      ? ({ kind, rows, values } as const)
      : ({ kind, scale, scaled, exceptionRows: rows, exceptionValues: values } as const);
  return { length: n, encoding, plain };
}
