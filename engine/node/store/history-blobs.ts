// A history as a header (small, JSON) and blobs (large), and back. Event properties are decoded on first use: a replay
// touches few of them, and their texts are what takes time to open.

import { PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../../columns/index.ts';
import { type HistoryColumns, LazyProperties } from '../../events/index.ts';
import {
  type Numbers,
  type Sliced,
  SpilledTexts,
  type StoredColumns,
  type StoredValues,
  spanOf,
} from '../stored/index.ts';
import type { BlobReader, BlobWriter } from './blobs.ts';
import type { TraceHeader } from './trace-blobs.ts';

export interface Header {
  readonly nPersons: number;
  readonly nEvents: number;
  readonly idBytes: number;
  readonly names: readonly string[];
  readonly nameBytes: 1 | 2 | 4;
  readonly timeBase: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly value: ValueHeader;
  readonly valueName: string | null;
  readonly properties: readonly PropertyHeader[];
  readonly nChanges: number;
  readonly changeNames: readonly string[];
  readonly changeValues: DictionaryHeader;
  readonly hasAddressIds: boolean;
  readonly emailEvents: readonly string[];
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly observedUntilGiven: boolean;
  readonly fingerprint: string;
  /** Absent where the dataset was not imported, or before imports left a trace. */
  readonly trace?: TraceHeader;
}

export type ValueHeader =
  | { readonly kind: 'none' | 'dense' }
  | { readonly kind: 'sparse'; readonly count: number }
  | { readonly kind: 'scaled'; readonly scale: number; readonly exceptions: number };

export interface DictionaryHeader {
  readonly count: number;
  readonly bytes: number;
  /** Whether any value is no text. */
  readonly typed: boolean;
}

interface PropertyHeader {
  readonly name: string;
  readonly count: number;
  readonly sparse: boolean;
  readonly dictionary: DictionaryHeader;
}

const TEXT = 0;
const NUMBER = 1;
const BOOLEAN = 2;

/** Pauses behind each part that is written. */
export function* writeHistory(columns: StoredColumns, blobs: BlobWriter): Generator<void, Header> {
  const { personIds, times, nameCodes, changes, addressIdSince } = columns;
  yield* blobs.put('person.bytes', personIds.bytes.subarray(0, personIds.offsets[personIds.length]));
  yield* blobs.put('person.offsets', personIds.offsets);
  yield* blobs.put('person.start', columns.personStart);
  yield* blobs.put('name', nameCodes as Sliced<Numbers>);
  yield* blobs.put('time.high', times.high);
  yield* blobs.put('time.low', times.low);
  yield* blobs.put('change.start', changes.personStart);
  yield* blobs.put('change.time', changes.times);
  yield* blobs.put('change.property', changes.properties);
  yield* blobs.put('change.value', changes.valueCodes);
  if (addressIdSince !== null) yield* blobs.put('address', addressIdSince);
  const properties: PropertyHeader[] = [];
  for (const [i, [name, { rows, codes, dictionary }]] of [...columns.properties].entries()) {
    if (rows !== null) yield* blobs.put(`property${i}.rows`, rows);
    yield* blobs.put(`property${i}.codes`, codes);
    const texts = yield* writeDictionary(dictionary, blobs, `property${i}.values`);
    properties.push({ name, count: codes.length, sparse: rows !== null, dictionary: texts });
  }
  const span = spanOf(times);
  return {
    nPersons: personIds.length,
    nEvents: nameCodes.length,
    idBytes: personIds.offsets[personIds.length] as number,
    names: columns.names,
    nameBytes: nameCodes.BYTES_PER_ELEMENT as 1 | 2 | 4,
    timeBase: times.base,
    from: span?.from ?? null,
    to: span?.to ?? null,
    value: yield* writeValues(columns.values, blobs),
    valueName: columns.valueName,
    properties,
    nChanges: changes.times.length,
    changeNames: changes.propertyNames,
    changeValues: yield* writeDictionary(changes.values, blobs, 'change.values'),
    hasAddressIds: addressIdSince !== null,
    emailEvents: [...columns.emailEvents],
    observedFrom: columns.observedFrom,
    observedUntil: columns.observedUntil,
    observedUntilGiven: columns.observedUntilGiven,
    fingerprint: columns.fingerprint,
  };
}

/** @param withBlobs gives a reader for as long as the call lasts */
export function readHistory(header: Header, withBlobs: <T>(read: (blobs: BlobReader) => T) => T): HistoryColumns {
  const { nEvents } = header;
  const nameType = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[header.nameBytes];
  return withBlobs((blobs) => ({
    ...readRest(header, blobs),
    nameCodes: blobs.get<Uint8Array | Uint16Array | Uint32Array>('name', nameType, nEvents),
    times: new TimeColumn(
      header.timeBase,
      blobs.get('time.high', Uint16Array, nEvents),
      blobs.get('time.low', Uint32Array, nEvents),
    ),
    values: readValues(header.value, nEvents, blobs),
    properties: lazyProperties(header.properties, withBlobs),
  }));
}

/** What does not grow with the events. */
export function readRest(
  header: Header,
  blobs: BlobReader,
): Omit<HistoryColumns, 'nameCodes' | 'times' | 'values' | 'properties'> {
  const { nPersons, nChanges } = header;
  return {
    personIds: new StringTable(
      blobs.get('person.bytes', Uint8Array, header.idBytes),
      blobs.get('person.offsets', Uint32Array, nPersons + 1),
    ),
    personStart: blobs.get('person.start', Uint32Array, nPersons + 1),
    names: header.names,
    valueName: header.valueName,
    changes: {
      personStart: blobs.get('change.start', Uint32Array, nPersons + 1),
      times: blobs.get('change.time', Float64Array, nChanges),
      properties: blobs.get('change.property', Uint16Array, nChanges),
      propertyNames: header.changeNames,
      valueCodes: blobs.get('change.value', Uint32Array, nChanges),
      values: readDictionary(header.changeValues, blobs, 'change.values'),
    },
    addressIdSince: header.hasAddressIds ? blobs.get('address', Float64Array, nPersons) : null,
    emailEvents: new Set(header.emailEvents),
    observedFrom: header.observedFrom,
    observedUntil: header.observedUntil,
    observedUntilGiven: header.observedUntilGiven,
    fingerprint: header.fingerprint,
  };
}

function lazyProperties(
  headers: readonly PropertyHeader[],
  withBlobs: <T>(read: (blobs: BlobReader) => T) => T,
): LazyProperties {
  const byName = new Map(headers.map((header, index) => [header.name, { header, index }]));
  return new LazyProperties(byName.keys(), (name) => {
    const { header, index } = byName.get(name) as { header: PropertyHeader; index: number };
    return withBlobs((again) => readProperty(header, index, again));
  });
}

function readProperty({ count, sparse, dictionary }: PropertyHeader, i: number, blobs: BlobReader): PropertyColumn {
  return new PropertyColumn(
    sparse ? blobs.get(`property${i}.rows`, Uint32Array, count) : null,
    blobs.get(`property${i}.codes`, Uint32Array, count),
    readDictionary(dictionary, blobs, `property${i}.values`),
  );
}

function* writeValues({ encoding: e }: StoredValues, blobs: BlobWriter): Generator<void, ValueHeader> {
  switch (e.kind) {
    case 'none':
      return { kind: 'none' };
    case 'dense':
      yield* blobs.put('value.values', e.values);
      return { kind: 'dense' };
    case 'sparse':
      yield* blobs.put('value.rows', e.rows);
      yield* blobs.put('value.values', e.values);
      return { kind: 'sparse', count: e.rows.length };
    case 'scaled':
      yield* blobs.put('value.scaled', e.scaled);
      yield* blobs.put('value.rows', e.exceptionRows);
      yield* blobs.put('value.values', e.exceptionValues);
      return { kind: 'scaled', scale: e.scale, exceptions: e.exceptionRows.length };
  }
}

function readValues(header: ValueHeader, nEvents: number, blobs: BlobReader): ValueColumn {
  switch (header.kind) {
    case 'none':
      return ValueColumn.none(nEvents);
    case 'dense':
      return new ValueColumn(nEvents, { kind: 'dense', values: blobs.get('value.values', Float64Array, nEvents) });
    case 'sparse':
      return new ValueColumn(nEvents, {
        kind: 'sparse',
        rows: blobs.get('value.rows', Uint32Array, header.count),
        values: blobs.get('value.values', Float64Array, header.count),
      });
    case 'scaled':
      return new ValueColumn(nEvents, {
        kind: 'scaled',
        scale: header.scale,
        scaled: blobs.get('value.scaled', Int32Array, nEvents),
        exceptionRows: blobs.get('value.rows', Uint32Array, header.exceptions),
        exceptionValues: blobs.get('value.values', Float64Array, header.exceptions),
      });
  }
}

export function* writeDictionary(
  values: readonly Scalar[] | SpilledTexts,
  blobs: BlobWriter,
  name: string,
): Generator<void, DictionaryHeader> {
  if (values instanceof SpilledTexts) {
    yield* blobs.put(`${name}.bytes`, values.bytes);
    yield* blobs.put(`${name}.offsets`, values.offsets);
    return { count: values.length, bytes: values.bytes.length, typed: false };
  }
  const table = StringTable.from(values.map(String));
  const typed = values.some((value) => typeof value !== 'string');
  yield* blobs.put(`${name}.bytes`, table.bytes);
  yield* blobs.put(`${name}.offsets`, table.offsets);
  if (typed) yield* blobs.put(`${name}.types`, Uint8Array.from(values, typeOf));
  return { count: values.length, bytes: table.bytes.length, typed };
}

export function readDictionary(header: DictionaryHeader, blobs: BlobReader, name: string): Scalar[] {
  const { count } = header;
  const table = new StringTable(
    blobs.get(`${name}.bytes`, Uint8Array, header.bytes),
    blobs.get(`${name}.offsets`, Uint32Array, count + 1),
  );
  const types = header.typed ? blobs.get(`${name}.types`, Uint8Array, count) : null;
  return Array.from({ length: count }, (_, i) => {
    const text = table.at(i);
    if (types === null || types[i] === TEXT) return text;
    return types[i] === NUMBER ? Number(text) : text === 'true';
  });
}

function typeOf(value: Scalar): number {
  return typeof value === 'number' ? NUMBER : typeof value === 'boolean' ? BOOLEAN : TEXT;
}
