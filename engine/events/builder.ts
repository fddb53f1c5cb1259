// Builds a history from rows in memory, in any order: for tests, synthetic histories and the live interface.
// Importers of large files write the columns themselves.

import { murmur3Text } from '../base/index.ts';
import { compareUtf8, PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../columns/index.ts';
import { History, OWN_EMAIL_EVENTS, type PropertyChanges } from './history.ts';

export interface EventRow {
  readonly person: string;
  readonly name: string;
  /** Whole milliseconds since the epoch. */
  readonly time: number;
  readonly value?: number | undefined;
  readonly properties?: Readonly<Record<string, Scalar>> | undefined;
}

/** A person's property set (or, with null, removed) at a moment. */
export interface PropertyRow {
  readonly person: string;
  readonly time: number;
  readonly property: string;
  readonly value: Scalar | null;
}

export interface BuildOptions {
  readonly observedFrom?: number | null;
  /** Default: the last event's time. */
  readonly observedUntil?: number;
  readonly emailEvents?: readonly string[];
}

const EMAIL_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** Whether an id can be written to: something@host.tld, without spaces. */
export function isEmailAddress(id: string): boolean {
  return EMAIL_ADDRESS.test(id);
}

/** @param events in input order, which decides among events of one person and instant */
export function buildHistory(
  events: readonly EventRow[],
  changes: readonly PropertyRow[] = [],
  options: BuildOptions = {},
): History {
  const ids = [...new Set([...events.map((e) => e.person), ...changes.map((c) => c.person)])].sort(compareUtf8);
  const indexOf = new Map(ids.map((id, i) => [id, i]));
  const person = (row: { person: string }) => indexOf.get(row.person) as number;
  const sorted = sortRows(events, person);
  const names = [...new Set(sorted.map((e) => e.name))].sort(compareUtf8);
  const codeOf = new Map(names.map((name, i) => [name, i]));
  const codes = sorted.map((e) => codeOf.get(e.name) as number);
  const nameCodes = names.length <= 256 ? Uint8Array.from(codes) : Uint32Array.from(codes);
  const properties = new Map<string, PropertyColumn>();
  for (const name of new Set(sorted.flatMap((e) => Object.keys(e.properties ?? {})))) {
    properties.set(name, PropertyColumn.from(sorted.map((e) => e.properties?.[name])));
  }
  const builtChanges = buildChanges(changes, ids.length, person);
  const last = sorted.reduce((max, e) => Math.max(max, e.time), Number.NEGATIVE_INFINITY);
  return new History({
    personIds: StringTable.from(ids),
    personStart: startsOf(sorted.map(person), ids.length),
    names,
    nameCodes,
    times: TimeColumn.from(sorted.map((e) => e.time)),
    values: ValueColumn.from(sorted.map((e) => e.value ?? Number.NaN)),
    valueName: null,
    properties,
    changes: builtChanges,
    addressIdSince: addressIdSince(ids, sorted, changes, person),
    emailEvents: new Set(options.emailEvents ?? OWN_EMAIL_EVENTS),
    observedFrom: options.observedFrom ?? null,
    observedUntil: options.observedUntil ?? (Number.isFinite(last) ? last : 0),
    observedUntilGiven: options.observedUntil !== undefined,
    fingerprint: fingerprintOf(sorted, sortRows(changes, person), options),
  });
}

/** Of the rows in the order a history has, and of what it was told; properties by name, whatever order they came in. */
function fingerprintOf(events: readonly EventRow[], changes: readonly PropertyRow[], options: BuildOptions): string {
  const { observedFrom, observedUntil, emailEvents } = options;
  const content = [
    events.map(({ person, name, time, value, properties = {} }) => {
      const names = Object.keys(properties).sort(compareUtf8);
      return [person, name, time, value ?? null, names.map((key) => [key, properties[key]])];
    }),
    changes.map(({ person, time, property, value }) => [person, time, property, value]),
    [
      observedFrom ?? null,
      observedUntil ?? null,
      emailEvents === undefined ? null : [...emailEvents].sort(compareUtf8),
    ],
  ];
  return murmur3Text(JSON.stringify(content)).toString(16).padStart(8, '0');
}

/** Stable: rows of one person and instant keep their input order. */
function sortRows<T extends { time: number; person: string }>(rows: readonly T[], person: (row: T) => number): T[] {
  return [...rows].sort((a, b) => person(a) - person(b) || a.time - b.time);
}

function startsOf(persons: readonly number[], nPersons: number): Uint32Array {
  const starts = new Uint32Array(nPersons + 1);
  for (const p of persons) starts[p + 1] = (starts[p + 1] as number) + 1;
  for (let p = 0; p < nPersons; p++) starts[p + 1] = (starts[p + 1] as number) + (starts[p] as number);
  return starts;
}

function buildChanges(
  changes: readonly PropertyRow[],
  nPersons: number,
  person: (row: PropertyRow) => number,
): PropertyChanges {
  const sorted = sortRows(changes, person);
  const propertyNames = [...new Set(sorted.map((c) => c.property))].sort(compareUtf8);
  const values: Scalar[] = [''];
  const codeOf = new Map<Scalar, number>();
  const code = (value: Scalar | null) => {
    if (value === null) return 0;
    let known = codeOf.get(value);
    if (known === undefined) {
      known = values.push(value) - 1;
      codeOf.set(value, known);
    }
    return known;
  };
  return {
    personStart: startsOf(sorted.map(person), nPersons),
    times: Float64Array.from(sorted.map((c) => c.time)),
    properties: Uint16Array.from(sorted.map((c) => propertyNames.indexOf(c.property))),
    propertyNames,
    valueCodes: Uint32Array.from(sorted.map((c) => code(c.value))),
    values,
  };
}

function addressIdSince(
  ids: readonly string[],
  events: readonly EventRow[],
  changes: readonly PropertyRow[],
  person: (row: { person: string }) => number,
): Float64Array | null {
  const isAddress = ids.map(isEmailAddress);
  if (!isAddress.includes(true)) return null;
  const since = new Float64Array(ids.length).fill(Number.POSITIVE_INFINITY);
  for (const row of [...events, ...changes]) {
    const p = person(row);
    if (isAddress[p]) since[p] = Math.min(since[p] as number, row.time);
  }
  return since;
}
