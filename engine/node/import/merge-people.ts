// People brought into a history that is there already: their properties join its changes, by time, what was there
// first coming first at one instant. Events stay as they are; people without events are people all the same.

import { compareUtf8, type Scalar, StringTable } from '../../columns/index.ts';
import type { HistoryColumns, PropertyChanges } from '../../events/index.ts';
import { fingerprintOf } from './fingerprint.ts';

/** @param people columns without events, as an import of people makes them */
export function mergePeople(into: HistoryColumns, people: HistoryColumns): HistoryColumns {
  const pairs = pairIds(into.personIds, people.personIds);
  const personStart = new Uint32Array(pairs.length + 1);
  for (const [i, { old }] of pairs.entries()) {
    const count = old < 0 ? 0 : (into.personStart[old + 1] as number) - (into.personStart[old] as number);
    personStart[i + 1] = (personStart[i] as number) + count;
  }
  const { fingerprint: _, ...rest } = {
    personIds: StringTable.from(pairs.map(({ id }) => id)),
    personStart,
    names: into.names,
    nameCodes: into.nameCodes,
    times: into.times,
    values: into.values,
    valueName: into.valueName,
    properties: into.properties,
    changes: mergeChanges(into.changes, people.changes, pairs),
    addressIdSince: mergeAddresses(into.addressIdSince, people.addressIdSince, pairs),
    emailEvents: into.emailEvents,
    observedFrom: into.observedFrom,
    observedUntil: into.observedUntil,
    observedUntilGiven: into.observedUntilGiven,
    fingerprint: '',
  };
  return { ...rest, fingerprint: fingerprintOf(rest) };
}

/** A person of the result; -1 where one of the two does not have them. */
interface Pair {
  readonly id: string;
  readonly old: number;
  readonly added: number;
}

function pairIds(a: StringTable, b: StringTable): Pair[] {
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = i < a.length ? a.at(i) : null;
    const y = j < b.length ? b.at(j) : null;
    const order = x === null ? 1 : y === null ? -1 : compareUtf8(x, y);
    pairs.push({ id: (order <= 0 ? x : y) as string, old: order <= 0 ? i : -1, added: order >= 0 ? j : -1 });
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return pairs;
}

function mergeChanges(a: PropertyChanges, b: PropertyChanges, pairs: readonly Pair[]): PropertyChanges {
  const propertyNames = [...new Set([...a.propertyNames, ...b.propertyNames])].sort(compareUtf8);
  const propertyCode = new Map(propertyNames.map((name, code) => [name, code]));
  const values: Scalar[] = [...new Set([...a.values.slice(1), ...b.values.slice(1)])]
    .map((value) => ({ value, key: JSON.stringify(value) }))
    .sort((x, y) => compareUtf8(x.key, y.key))
    .map(({ value }) => value);
  const valueCode = new Map(values.map((value, i) => [value, i + 1]));
  const personStart = new Uint32Array(pairs.length + 1);
  const merged: { time: number; property: number; value: number }[] = [];
  const take = (changes: PropertyChanges, person: number) => {
    const taken: typeof merged = [];
    if (person < 0) return taken;
    for (let i = changes.personStart[person] as number; i < (changes.personStart[person + 1] as number); i++) {
      const code = changes.valueCodes[i] as number;
      taken.push({
        time: changes.times[i] as number,
        property: propertyCode.get(changes.propertyNames[changes.properties[i] as number] as string) as number,
        value: code === 0 ? 0 : (valueCode.get(changes.values[code] as Scalar) as number),
      });
    }
    return taken;
  };
  const current = new Map<number, number>();
  for (const [p, { old, added }] of pairs.entries()) {
    current.clear();
    // A stable sort: what was there first stays first within an instant.
    for (const change of [...take(a, old), ...take(b, added)].sort((x, y) => x.time - y.time)) {
      if (current.get(change.property) === change.value) continue;
      current.set(change.property, change.value);
      merged.push(change);
    }
    personStart[p + 1] = merged.length;
  }
  return {
    personStart,
    times: Float64Array.from(merged, ({ time }) => time),
    properties: Uint16Array.from(merged, ({ property }) => property),
    propertyNames,
    valueCodes: Uint32Array.from(merged, ({ value }) => value),
    values: ['', ...values],
  };
}

function mergeAddresses(a: Float64Array | null, b: Float64Array | null, pairs: readonly Pair[]): Float64Array | null {
  if (a === null && b === null) return null;
  const since = (of: Float64Array | null, person: number) =>
    of === null || person < 0 ? Number.POSITIVE_INFINITY : (of[person] as number);
  return Float64Array.from(pairs, ({ old, added }) => Math.min(since(a, old), since(b, added)));
}
