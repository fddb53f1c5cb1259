// A history in shared memory: its columns copied once into shared buffers, which any number of threads read without
// another copy. Columns are never written after that, so nothing has to be locked.

import {
  PropertyColumn,
  type Scalar,
  StringTable,
  TimeColumn,
  ValueColumn,
  type ValueEncoding,
} from '../../columns/index.ts';
import { History, type PropertyChanges } from '../../events/index.ts';

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Plain data over shared buffers; can be sent to a thread. */
export interface SharedHistory {
  readonly personIds: { readonly bytes: Uint8Array; readonly offsets: Uint32Array };
  readonly personStart: Uint32Array;
  readonly names: readonly string[];
  readonly nameCodes: Uint8Array | Uint16Array | Uint32Array;
  readonly times: { readonly base: number; readonly high: Uint16Array; readonly low: Uint32Array };
  readonly values: { readonly length: number; readonly encoding: ValueEncoding };
  readonly valueName: string | null;
  readonly properties: readonly {
    readonly name: string;
    readonly rows: Uint32Array | null;
    readonly codes: Uint32Array;
    readonly dictionary: readonly Scalar[];
  }[];
  readonly changes: PropertyChanges;
  readonly addressIdSince: Float64Array | null;
  readonly emailEvents: readonly string[];
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly observedUntilGiven: boolean;
  readonly fingerprint: string;
}

const kept = new WeakMap<History, SharedHistory>();

/** The same history gives the same shared one, for as long as it is held. */
export function shareHistory(history: History): SharedHistory {
  const known = kept.get(history);
  if (known !== undefined) return known;
  const { personIds, times, values, changes, addressIdSince } = history;
  const shared: SharedHistory = {
    personIds: { bytes: inShared(personIds.bytes), offsets: inShared(personIds.offsets) },
    personStart: inShared(history.personStart),
    names: history.names,
    nameCodes: inShared(history.nameCodes),
    times: { base: times.base, high: inShared(times.high), low: inShared(times.low) },
    values: { length: values.length, encoding: encodingInShared(values.encoding) },
    valueName: history.valueName,
    properties: [...history.properties].map(([name, { rows, codes, dictionary }]) => ({
      name,
      rows: rows === null ? null : inShared(rows),
      codes: inShared(codes),
      dictionary,
    })),
    changes: {
      ...changes,
      personStart: inShared(changes.personStart),
      times: inShared(changes.times),
      properties: inShared(changes.properties),
      valueCodes: inShared(changes.valueCodes),
    },
    addressIdSince: addressIdSince === null ? null : inShared(addressIdSince),
    emailEvents: [...history.emailEvents],
    observedFrom: history.observedFrom,
    observedUntil: history.observedUntil,
    observedUntilGiven: history.observedUntilGiven,
    fingerprint: history.fingerprint,
  };
  kept.set(history, shared);
  return shared;
}

/** The history again, over the same memory. */
export function historyOf(shared: SharedHistory): History {
  const { personIds, times, values, properties, emailEvents } = shared;
  return new History({
    ...shared,
    personIds: new StringTable(personIds.bytes, personIds.offsets),
    times: new TimeColumn(times.base, times.high, times.low),
    values: new ValueColumn(values.length, values.encoding),
    properties: new Map(
      properties.map(({ name, rows, codes, dictionary }) => [name, new PropertyColumn(rows, codes, dictionary)]),
    ),
    emailEvents: new Set(emailEvents),
  });
}

function encodingInShared(encoding: ValueEncoding): ValueEncoding {
  switch (encoding.kind) {
    case 'none':
      return encoding;
    case 'dense':
      return { ...encoding, values: inShared(encoding.values) };
    case 'sparse':
      return { ...encoding, rows: inShared(encoding.rows), values: inShared(encoding.values) };
    case 'scaled':
      return {
        ...encoding,
        scaled: inShared(encoding.scaled),
        exceptionRows: inShared(encoding.exceptionRows),
        exceptionValues: inShared(encoding.exceptionValues),
      };
  }
}

function inShared<T extends Numbers>(column: T): T {
  const Type = column.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Type(new SharedArrayBuffer(column.byteLength));
  copy.set(column as never);
  return copy;
}
