// Who can be written to by the end of the history, and where their addresses stand. Also whether one address stands for
// several people, which is how a broken identity shows.

import type { Scalar } from '../columns/index.ts';
import { type History, isEmailAddress, reachability } from '../events/index.ts';

export interface ReachabilitySummary {
  /** `unknown`: no address is known for anyone, so everyone counts as reachable. */
  readonly reach: 'known' | 'unknown';
  /** People with a known address by the end; null where `reach` is `unknown`. */
  readonly reachable: number | null;
  /** Of all people. */
  readonly share: number | null;
  readonly reason?: string;
  /** Where addresses were found: a property, or null for the person's id itself. By descending number of people. */
  readonly byProperty: readonly { readonly property: string | null; readonly persons: number }[];
}

export function summarizeReachability(history: History, addressProperty: string): ReachabilitySummary {
  const sources = [...addressSources(history, addressProperty)];
  const byProperty = sources
    .map(([property, persons]) => ({ property, persons: persons.size }))
    .filter((source) => source.persons > 0)
    .sort((a, b) => b.persons - a.persons);
  const { reach, since } = reachability(history, addressProperty);
  if (since === null) {
    const reason = `no address is known for anyone (property "${addressProperty}", or ids that are email addresses), so everyone counts as reachable`;
    return { reach, reachable: null, share: null, reason, byProperty };
  }
  let reachable = 0;
  for (const time of since) if (time <= history.observedUntil) reachable++;
  return { reach, reachable, share: reachable / history.nPersons, byProperty };
}

/**
 * People by where an address of theirs stands: the id (key null), the address property, and every other property most
 * of whose values are email addresses.
 */
function addressSources(history: History, addressProperty: string): Map<string | null, Set<number>> {
  const sources = new Map<string | null, Set<number>>();
  const note = (property: string | null, person: number) => {
    const persons = sources.get(property);
    if (persons === undefined) sources.set(property, new Set([person]));
    else persons.add(person);
  };
  history.addressIdSince?.forEach((time, person) => {
    if (time <= history.observedUntil) note(null, person);
  });
  eachAddress(history, addressProperty, (property, person) => note(property, person));
  return sources;
}

/** Every address in a property, of events and of people, up to the end of the history. */
export function eachAddress(
  history: History,
  addressProperty: string,
  use: (property: string, person: number, address: string) => void,
): void {
  const { changes, observedUntil } = history;
  const personColumns = changes.propertyNames.map((name, code) => {
    const values: Scalar[] = [];
    for (let i = 0; i < changes.properties.length && values.length < 200; i++) {
      if (changes.properties[i] === code) values.push(changes.values[changes.valueCodes[i] as number] as Scalar);
    }
    return name === addressProperty || mostlyAddresses(values);
  });
  for (let p = 0; p < history.nPersons; p++) {
    for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
      const property = changes.properties[i] as number;
      if (!personColumns[property] || (changes.times[i] as number) > observedUntil) continue;
      const value = changes.values[changes.valueCodes[i] as number];
      if (isAddress(value)) use(changes.propertyNames[property] as string, p, value);
    }
  }
  for (const [name, column] of history.properties) {
    if (name !== addressProperty && !mostlyAddresses(column.dictionary.slice(0, 200))) continue;
    const wanted = column.dictionary.map(isAddress);
    for (let p = 0; p < history.nPersons; p++) {
      let previous = -1;
      for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
        const code = column.codeAt(row);
        if (code < 0 || code === previous || !wanted[code]) continue;
        previous = code;
        use(name, p, column.dictionary[code] as string);
      }
    }
  }
}

function isAddress(value: Scalar | undefined): value is string {
  return typeof value === 'string' && isEmailAddress(value.trim());
}

function mostlyAddresses(values: readonly Scalar[]): boolean {
  return values.length > 0 && values.filter(isAddress).length > values.length / 2;
}

export interface SharedAddress {
  readonly address: string;
  /** Ids, in id order. */
  readonly persons: readonly string[];
}

/** Addresses (case ignored) that stand for more than one person, as property or as id; the widest shared first. */
export function sharedAddresses(history: History, addressProperty: string): SharedAddress[] {
  const owners = new Map<string, Set<number>>();
  const note = (address: string, person: number) => {
    const key = address.trim().toLowerCase();
    const persons = owners.get(key);
    if (persons === undefined) owners.set(key, new Set([person]));
    else persons.add(person);
  };
  history.addressIdSince?.forEach((time, person) => {
    if (Number.isFinite(time)) note(history.personIds.at(person), person);
  });
  eachAddress(history, addressProperty, (property, person, address) => {
    if (property === addressProperty) note(address, person);
  });
  return [...owners]
    .filter(([, persons]) => persons.size > 1)
    .map(([address, persons]) => ({
      address,
      persons: [...persons].sort((a, b) => a - b).map((p) => history.personIds.at(p)),
    }))
    .sort((a, b) => b.persons.length - a.persons.length || (a.address < b.address ? -1 : 1));
}
