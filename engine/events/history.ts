// A history: all events and property changes of one dataset, immutable, ordered by person (UTF-8 order of ids), time
// and input order. Columns are written by their builders only. Everything that reads a history goes person by person;
// people do not influence each other.

import type { PropertyColumn, Scalar, StringTable, TimeColumn, ValueColumn } from '../columns/index.ts';
import { bucketOf } from './buckets.ts';

/** Changes of people's properties, ordered by person, time and input order. */
export interface PropertyChanges {
  /** Length nPersons + 1: changes of person p lie in [personStart[p], personStart[p + 1]). */
  readonly personStart: Uint32Array;
  readonly times: Float64Array;
  /** Index into `propertyNames`. */
  readonly properties: Uint16Array;
  readonly propertyNames: readonly string[];
  /** Index into `values`; 0 stands for "removed". */
  readonly valueCodes: Uint32Array;
  /** values[0] is unused. */
  readonly values: readonly Scalar[];
}

export interface HistoryColumns {
  readonly personIds: StringTable;
  /** Length nPersons + 1: events of person p lie in [personStart[p], personStart[p + 1]). A person may have none. */
  readonly personStart: Uint32Array;
  /** Distinct event names; codes index into it. */
  readonly names: readonly string[];
  /** One byte an event where there are at most 256 names. */
  readonly nameCodes: Uint8Array | Uint16Array | Uint32Array;
  readonly times: TimeColumn;
  readonly values: ValueColumn;
  /** The source column that `values` holds (`revenue`), which is then no column of its own; null if none. */
  readonly valueName: string | null;
  readonly properties: ReadonlyMap<string, PropertyColumn>;
  readonly changes: PropertyChanges;
  /**
   * Per person, the first moment at which an id that is an email address was seen (Infinity: never); null where no id
   * of the dataset is one.
   */
  readonly addressIdSince: Float64Array | null;
  /** The product's own email events, by name. */
  readonly emailEvents: ReadonlySet<string>;
  /** When observation began, if the user said so; otherwise a person's first event counts as their first ever. */
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  /** True if the user gave observedUntil, false if it is the last event's time. */
  readonly observedUntilGiven: boolean;
  /** Of the content; equal histories have equal fingerprints whatever the order of their rows and files. */
  readonly fingerprint: string;
}

/** Names that are taken as the product's own email events unless the import says otherwise. */
export const OWN_EMAIL_EVENTS: readonly string[] = [
  'Email Sent',
  'Email Delivered',
  'Email Opened',
  'Email Clicked',
  'Email Unsubscribed',
  'Unsubscribed',
];

export class History implements HistoryColumns {
  readonly personIds: StringTable;
  readonly personStart: Uint32Array;
  readonly names: readonly string[];
  readonly nameCodes: Uint8Array | Uint16Array | Uint32Array;
  readonly times: TimeColumn;
  readonly values: ValueColumn;
  readonly valueName: string | null;
  readonly properties: ReadonlyMap<string, PropertyColumn>;
  readonly changes: PropertyChanges;
  readonly addressIdSince: Float64Array | null;
  readonly emailEvents: ReadonlySet<string>;
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly observedUntilGiven: boolean;
  readonly fingerprint: string;
  /** The dataset this is a part of, whose facts (who can be reached, what is tracked) are its own; often itself. */
  readonly whole: History;
  readonly #codeOf: ReadonlyMap<string, number>;
  #buckets: Uint8Array | null = null;

  constructor(columns: HistoryColumns, whole?: History) {
    this.whole = whole ?? this;
    this.personIds = columns.personIds;
    this.personStart = columns.personStart;
    this.names = columns.names;
    this.nameCodes = columns.nameCodes;
    this.times = columns.times;
    this.values = columns.values;
    this.valueName = columns.valueName;
    this.properties = columns.properties;
    this.changes = columns.changes;
    this.addressIdSince = columns.addressIdSince;
    this.emailEvents = columns.emailEvents;
    this.observedFrom = columns.observedFrom;
    this.observedUntil = columns.observedUntil;
    this.observedUntilGiven = columns.observedUntilGiven;
    this.fingerprint = columns.fingerprint;
    this.#codeOf = new Map(columns.names.map((name, code) => [name, code]));
  }

  get nPersons(): number {
    return this.personStart.length - 1;
  }

  get nEvents(): number {
    return this.nameCodes.length;
  }

  /** The same people over the same columns, of whom only [from, to) have events and property changes. */
  part(from: number, to: number): History {
    const within = (starts: Uint32Array) => {
      const first = starts[from] as number;
      const last = starts[to] as number;
      return starts.map((start) => Math.min(Math.max(start, first), last));
    };
    const changes = { ...this.changes, personStart: within(this.changes.personStart) };
    return new History({ ...this, personStart: within(this.personStart), changes }, this.whole);
  }

  /** The code of an event name, or -1 where the history has no such event. */
  nameCode(name: string): number {
    return this.#codeOf.get(name) ?? -1;
  }

  personIndex(id: string): number {
    return this.personIds.indexOfSorted(id);
  }

  /** An event's property as of that event; `value` is the event's value. Undefined where it has none. */
  eventProperty(row: number, property: string): Scalar | undefined {
    if (property === 'value' || property === this.valueName) {
      const value = this.values.at(row);
      if (!Number.isNaN(value)) return value;
    }
    return this.properties.get(property)?.at(row);
  }

  /** A person's property as of a moment, changes at that moment included. Undefined where unset or removed. */
  personProperty(person: number, property: string, time: number): Scalar | undefined {
    const { changes } = this;
    const code = changes.propertyNames.indexOf(property);
    if (code < 0) return undefined;
    const from = changes.personStart[person] as number;
    for (let i = (changes.personStart[person + 1] as number) - 1; i >= from; i--) {
      if ((changes.times[i] as number) > time || changes.properties[i] !== code) continue;
      const value = changes.valueCodes[i] as number;
      return value === 0 ? undefined : changes.values[value];
    }
    return undefined;
  }

  /** The resampling bucket (0 … 127) of each person. Computed once. */
  get buckets(): Uint8Array {
    if (this.#buckets === null) this.#buckets = bucketOf(this.personIds);
    return this.#buckets;
  }

  /** Bytes held for person, name, time and value (ids, dictionaries and properties apart). */
  get coreBytes(): number {
    return (
      this.personStart.byteLength +
      this.nameCodes.byteLength +
      this.times.high.byteLength +
      this.times.low.byteLength +
      this.values.byteLength
    );
  }
}
