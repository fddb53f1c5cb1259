// A history as a header (small, JSON) and blobs (large), and back. Event properties are decoded on first use: a replay
// touches few of them, and their texts are what takes time to open.

import { PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../../columns/index.ts';
import { type HistoryColumns, LazyProperties } from '../../events/index.ts';
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

type ValueHeader =
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

export function writeHistory(columns: HistoryColumns, blobs: BlobWriter): Header {
  const { personIds, times, nameCodes, changes, addressIdSince } = columns;
  blobs.put('person.bytes', personIds.bytes.subarray(0, personIds.offsets[personIds.length]));
  blobs.put('person.offsets', personIds.offsets);
  blobs.put('person.start', columns.personStart);
  blobs.put('name', nameCodes);
  blobs.put('time.high', times.high);
  blobs.put('time.low', times.low);
  blobs.put('change.start', changes.personStart);
  blobs.put('change.time', changes.times);
  blobs.put('change.property', changes.properties);
  blobs.put('change.value', changes.valueCodes);
  if (addressIdSince !== null) blobs.put('address', addressIdSince);
  const properties = [...columns.properties].map(([name, column], i): PropertyHeader => {
    if (column.rows !== null) blobs.put(`property${i}.rows`, column.rows);
    blobs.put(`property${i}.codes`, column.codes);
    const dictionary = writeDictionary(column.dictionary, blobs, `property${i}.values`);
    return { name, count: column.count, sparse: column.rows !== null, dictionary };
  });
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < times.length; row++) {
    const time = times.at(row);
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return {
    nPersons: personIds.length,
    nEvents: nameCodes.length,
    idBytes: personIds.offsets[personIds.length] as number,
    names: columns.names,
    nameBytes: nameCodes.BYTES_PER_ELEMENT as 1 | 2 | 4,
    timeBase: times.base,
    from: times.length > 0 ? from : null,
    to: times.length > 0 ? to : null,
    value: writeValues(columns.values, blobs),
    valueName: columns.valueName,
    properties,
    nChanges: changes.times.length,
    changeNames: changes.propertyNames,
    changeValues: writeDictionary(changes.values, blobs, 'change.values'),
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
  const { nPersons, nEvents, nChanges } = header;
  const nameType = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[header.nameBytes];
  return withBlobs((blobs) => ({
    personIds: new StringTable(
      blobs.get('person.bytes', Uint8Array, header.idBytes),
      blobs.get('person.offsets', Uint32Array, nPersons + 1),
    ),
    personStart: blobs.get('person.start', Uint32Array, nPersons + 1),
    names: header.names,
    nameCodes: blobs.get<Uint8Array | Uint16Array | Uint32Array>('name', nameType, nEvents),
    times: new TimeColumn(
      header.timeBase,
      blobs.get('time.high', Uint16Array, nEvents),
      blobs.get('time.low', Uint32Array, nEvents),
    ),
    values: readValues(header.value, nEvents, blobs),
    valueName: header.valueName,
    properties: lazyProperties(header.properties, withBlobs),
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
  }));
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

function writeValues({ encoding: e }: ValueColumn, blobs: BlobWriter): ValueHeader {
  switch (e.kind) {
    case 'none':
      return { kind: 'none' };
    case 'dense':
      blobs.put('value.values', e.values);
      return { kind: 'dense' };
    case 'sparse':
      blobs.put('value.rows', e.rows);
      blobs.put('value.values', e.values);
      return { kind: 'sparse', count: e.rows.length };
    case 'scaled':
      blobs.put('value.scaled', e.scaled);
      blobs.put('value.rows', e.exceptionRows);
      blobs.put('value.values', e.exceptionValues);
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

export function writeDictionary(values: readonly Scalar[], blobs: BlobWriter, name: string): DictionaryHeader {
  const table = StringTable.from(values.map(String));
  const typed = values.some((value) => typeof value !== 'string');
  blobs.put(`${name}.bytes`, table.bytes);
  blobs.put(`${name}.offsets`, table.offsets);
  if (typed) blobs.put(`${name}.types`, Uint8Array.from(values, typeOf));
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
