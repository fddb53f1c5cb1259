// Who can be written to, and from when. An address is known from an event or a property at or before the moment, or
// from an id that is an address; merging identities adds past events, never past reachability.

import type { History } from './history.ts';

export interface Reach {
  /** `unknown`: the dataset knows no address for anyone, so everyone counts as reachable and the result says so. */
  readonly reach: 'known' | 'unknown';
  /** Per person, the first moment an address is known (Infinity: never); null where `reach` is `unknown`. */
  readonly since: Float64Array | null;
}

/** @param addressProperty the property that holds the address, e.g. `email` */
export function reachability(history: History, addressProperty: string): Reach {
  const since = new Float64Array(history.nPersons).fill(Number.POSITIVE_INFINITY);
  let known = false;
  const note = (person: number, time: number) => {
    known ||= time <= history.observedUntil;
    if (time < (since[person] as number)) since[person] = time;
  };
  const { addressIdSince, changes } = history;
  if (addressIdSince !== null) {
    for (let p = 0; p < since.length; p++) {
      if ((addressIdSince[p] as number) < Number.POSITIVE_INFINITY) note(p, addressIdSince[p] as number);
    }
  }
  const code = changes.propertyNames.indexOf(addressProperty);
  if (code >= 0) {
    for (let p = 0; p < since.length; p++) {
      for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
        if (changes.properties[i] !== code || changes.valueCodes[i] === 0) continue;
        if (isAddressValue(changes.values[changes.valueCodes[i] as number])) note(p, changes.times[i] as number);
      }
    }
  }
  const column = history.properties.get(addressProperty);
  if (column !== undefined) {
    for (let p = 0; p < since.length; p++) {
      for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
        if (!isAddressValue(column.at(row))) continue;
        note(p, history.times.at(row));
        break;
      }
    }
  }
  return known ? { reach: 'known', since } : { reach: 'unknown', since: null };
}

/** An address property counts when it holds any text that is not blank. */
export function isAddressValue(value: unknown): boolean {
  return typeof value === 'string' ? value.trim() !== '' : typeof value === 'number';
}
