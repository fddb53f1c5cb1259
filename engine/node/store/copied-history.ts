// A history out of a workspace into a spill, its columns one after the other, so that little of it is held at a time: what
// a later import is joined to.

import { ValueColumn } from '../../columns/index.ts';
import {
  type Numbers,
  type NumbersType,
  PIECE,
  piecesOf,
  type Spill,
  type SpilledColumn,
  SpilledTexts,
  type StoredColumns,
  type StoredProperty,
  type StoredTrace,
  type StoredValues,
} from '../stored/index.ts';
import type { ArrayType, BlobReader } from './blobs.ts';
import { type DictionaryHeader, type Header, readDictionary, readRest, type ValueHeader } from './history-blobs.ts';
import { readTraceOf } from './trace-blobs.ts';

export interface CopiedHistory {
  readonly columns: StoredColumns;
  /** Null where the history was saved without. */
  readonly trace: StoredTrace | null;
}

/**
 * Pauses between pieces.
 * @throws UserError `DAMAGED` where what is there is not what was written
 */
export function* copyHistory(header: Header, blobs: BlobReader, spill: Spill): Generator<void, CopiedHistory> {
  const { nEvents, nPersons, trace } = header;
  function* copy<T extends Numbers>(name: string, type: ArrayType<T>, length: number) {
    const column = spill.column(type as unknown as NumbersType<T>, PIECE);
    yield* blobs.copy(name, type, length, column);
    return column;
  }
  const nameType = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[header.nameBytes];
  const properties = new Map<string, StoredProperty>();
  for (const [i, { name, count, sparse, dictionary }] of header.properties.entries()) {
    const rows = sparse ? yield* copy(`property${i}.rows`, Uint32Array, count) : null;
    const codes = yield* copy(`property${i}.codes`, Uint32Array, count);
    properties.set(name, {
      rows,
      codes,
      dictionary: yield* copyDictionary(dictionary, `property${i}.values`, blobs, spill),
    });
  }
  const nameCodes = yield* copy<Uint8Array | Uint16Array | Uint32Array>('name', nameType, nEvents);
  const columns: StoredColumns = {
    ...readRest(header, blobs),
    nameCodes: nameCodes as StoredColumns['nameCodes'],
    times: {
      base: header.timeBase,
      high: yield* copy('time.high', Uint16Array, nEvents),
      low: yield* copy('time.low', Uint32Array, nEvents),
    },
    values: yield* copyValues(header.value, nEvents, copy, spill),
    properties,
  };
  if (trace === undefined) return { columns, trace: null };
  const ids = trace.hasIds ? yield* copy('trace.ids', Uint32Array, 2 * nEvents) : null;
  const rests = trace.hasRests ? yield* copy('trace.rests', Uint32Array, 2 * nEvents) : null;
  return { columns, trace: { ...readTraceOf(trace, nPersons, blobs), ids, rests } };
}

type Copy = <T extends Numbers>(name: string, type: ArrayType<T>, length: number) => Generator<void, SpilledColumn<T>>;

function* copyDictionary(header: DictionaryHeader, name: string, blobs: BlobReader, spill: Spill) {
  if (header.typed) return readDictionary(header, blobs, name);
  const texts = new SpilledTexts(spill);
  yield* blobs.copy(`${name}.bytes`, Uint8Array, header.bytes, texts.bytes);
  // The first, which is 0, is there already.
  texts.offsets.clear();
  yield* blobs.copy(`${name}.offsets`, Uint32Array, header.count + 1, texts.offsets);
  return texts;
}

function* copyValues(header: ValueHeader, n: number, copy: Copy, spill: Spill): Generator<void, StoredValues> {
  switch (header.kind) {
    case 'none':
      return ValueColumn.none(n);
    case 'dense': {
      const values = yield* copy('value.values', Float64Array, n);
      return { length: n, encoding: { kind: 'dense', values }, plain: values };
    }
    case 'sparse': {
      const rows = yield* copy('value.rows', Uint32Array, header.count);
      const values = yield* copy('value.values', Float64Array, header.count);
      const plain = yield* plainOf(n, null, { rows, values }, spill);
      return { length: n, encoding: { kind: 'sparse', rows, values }, plain };
    }
    case 'scaled': {
      const { scale } = header;
      const scaled = yield* copy('value.scaled', Int32Array, n);
      const exceptionRows = yield* copy('value.rows', Uint32Array, header.exceptions);
      const exceptionValues = yield* copy('value.values', Float64Array, header.exceptions);
      const kept = { rows: exceptionRows, values: exceptionValues };
      const plain = yield* plainOf(n, { scale, scaled }, kept, spill);
      return { length: n, encoding: { kind: 'scaled', scale, scaled, exceptionRows, exceptionValues }, plain };
    }
  }
}

/** NaN where an event has none. */
function* plainOf(
  n: number,
  at: { readonly scale: number; readonly scaled: SpilledColumn<Int32Array> } | null,
  kept: { readonly rows: SpilledColumn<Uint32Array>; readonly values: SpilledColumn<Float64Array> },
  spill: Spill,
): Generator<void, SpilledColumn<Float64Array>> {
  const plain = spill.column(Float64Array, PIECE);
  const keptRows = numbersOf(kept.rows);
  const keptValues = numbersOf(kept.values);
  let row = keptRows.next();
  const pieces = at === null ? null : piecesOf(at.scaled);
  for (let from = 0; from < n; from += PIECE) {
    const length = Math.min(PIECE, n - from);
    const none = ValueColumn.none(0);
    const scaled = pieces === null ? null : (pieces.next().value as Int32Array);
    const exceptionRows = new Uint32Array(0);
    const exceptionValues = new Float64Array(0);
    const decoded =
      at === null || scaled === null
        ? none
        : new ValueColumn(length, { kind: 'scaled', scale: at.scale, scaled, exceptionRows, exceptionValues });
    const some = Float64Array.from({ length }, (_, i) => decoded.at(i));
    for (; row.done !== true && row.value < from + length; row = keptRows.next()) {
      some[row.value - from] = keptValues.next().value as number;
    }
    plain.append(some);
    yield;
  }
  return plain;
}

function* numbersOf(column: SpilledColumn<Uint32Array> | SpilledColumn<Float64Array>): Generator<number, undefined> {
  for (const piece of column.pieces()) yield* piece;
}
