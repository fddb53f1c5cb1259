// A history whose large columns may be met in pieces: what an import makes, what a workspace is written from, and what a
// fingerprint is taken of. A history in memory is one as it is.

import { PropertyColumn, type Scalar, TimeColumn, ValueColumn, type ValueEncoding } from '../../columns/index.ts';
import type { HistoryColumns } from '../../events/index.ts';
import type { ImportTrace } from '../import/index.ts';
import { type Numbers, piecesOf, type Sliced } from './spill.ts';
import { SpilledTexts } from './spilled-texts.ts';

export interface StoredColumns extends Omit<HistoryColumns, 'nameCodes' | 'times' | 'values' | 'properties'> {
  readonly nameCodes: Sliced<Uint8Array> | Sliced<Uint16Array> | Sliced<Uint32Array>;
  readonly times: StoredTimes;
  readonly values: StoredValues;
  readonly properties: ReadonlyMap<string, StoredProperty>;
}

/** As in a TimeColumn. */
export interface StoredTimes {
  readonly base: number;
  readonly high: Sliced<Uint16Array>;
  readonly low: Sliced<Uint32Array>;
}

export type StoredValues =
  | ValueColumn
  | { readonly length: number; readonly encoding: StoredEncoding; readonly plain: Sliced<Float64Array> };

/** As a ValueEncoding. */
export type StoredEncoding =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'scaled';
      readonly scale: number;
      readonly scaled: Sliced<Int32Array>;
      readonly exceptionRows: Sliced<Uint32Array>;
      readonly exceptionValues: Sliced<Float64Array>;
    }
  | { readonly kind: 'sparse'; readonly rows: Sliced<Uint32Array>; readonly values: Sliced<Float64Array> }
  | { readonly kind: 'dense'; readonly values: Sliced<Float64Array> };

/** As a PropertyColumn. */
export interface StoredProperty {
  readonly rows: Sliced<Uint32Array> | null;
  readonly codes: Sliced<Uint32Array>;
  readonly dictionary: readonly Scalar[] | SpilledTexts;
}

export interface StoredTrace extends Omit<ImportTrace, 'ids' | 'rests'> {
  readonly ids: Sliced<Uint32Array> | null;
  readonly rests: Sliced<Uint32Array> | null;
}

/** First and last instant; null where there is none. */
export function spanOf({ base, high, low }: StoredTimes): { readonly from: number; readonly to: number } | null {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  const highs = piecesOf(high);
  for (const lows of piecesOf(low)) {
    const above = highs.next().value as Uint16Array;
    for (let i = 0; i < lows.length; i++) {
      const offset = (above[i] as number) * 4294967296 + (lows[i] as number);
      if (offset < from) from = offset;
      if (offset > to) to = offset;
    }
  }
  return low.length === 0 ? null : { from: base + from, to: base + to };
}

/** The same history with all of it in memory. */
export function inMemory(stored: StoredColumns): HistoryColumns {
  if (stored.times instanceof TimeColumn) return stored as HistoryColumns;
  const { times, values, properties } = stored;
  return {
    ...stored,
    nameCodes: whole(stored.nameCodes as Sliced<Uint8Array>),
    times: new TimeColumn(times.base, whole(times.high), whole(times.low)),
    values: values instanceof ValueColumn ? values : new ValueColumn(values.length, wholeEncoding(values.encoding)),
    properties: new Map(
      [...properties].map(([name, { rows, codes, dictionary }]) => [
        name,
        new PropertyColumn(rows === null ? null : whole(rows), whole(codes), wholeTexts(dictionary)),
      ]),
    ),
  };
}

export function traceInMemory(stored: StoredTrace): ImportTrace {
  const { ids, rests } = stored;
  return { ...stored, ids: ids === null ? null : whole(ids), rests: rests === null ? null : whole(rests) };
}

function wholeEncoding(encoding: StoredEncoding): ValueEncoding {
  switch (encoding.kind) {
    case 'none':
      return encoding;
    case 'dense':
      return { kind: 'dense', values: whole(encoding.values) };
    case 'sparse':
      return { kind: 'sparse', rows: whole(encoding.rows), values: whole(encoding.values) };
    case 'scaled':
      return {
        kind: 'scaled',
        scale: encoding.scale,
        scaled: whole(encoding.scaled),
        exceptionRows: whole(encoding.exceptionRows),
        exceptionValues: whole(encoding.exceptionValues),
      };
  }
}

function wholeTexts(dictionary: readonly Scalar[] | SpilledTexts): readonly Scalar[] {
  return dictionary instanceof SpilledTexts ? [...dictionary.blocks()].flat() : dictionary;
}

function whole<T extends Numbers>(numbers: Sliced<T>): T {
  return ArrayBuffer.isView(numbers) ? numbers : numbers.all();
}
