// People by a piece of text: their id, or any address the history ever knew of them. Whose text begins with it come
// first, then those who have it somewhere; each in the history's order. Letters' case does not matter.

import type { History } from '../events/index.ts';

/** Indices of people. @param address the property that holds addresses: `email` */
export function searchPeople(history: History, address: string, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  const begins: number[] = [];
  const holds: number[] = [];
  const others = addressesOf(history, address);
  for (let person = 0; person < history.nPersons; person++) {
    let place = history.personIds.at(person).toLowerCase().indexOf(wanted);
    if (place !== 0) {
      for (const one of others(person)) {
        const at = one.toLowerCase().indexOf(wanted);
        if (at >= 0 && (place < 0 || at < place)) place = at;
      }
    }
    if (place === 0) begins.push(person);
    else if (place > 0) holds.push(person);
  }
  return [...begins, ...holds];
}

/** Every address of a person, of whatever moment; an event's as well as a change's. */
function addressesOf(history: History, address: string): (person: number) => string[] {
  const { changes, personStart } = history;
  const code = changes.propertyNames.indexOf(address);
  const column = history.properties.get(address);
  return (person) => {
    const found: string[] = [];
    if (code >= 0) {
      for (let i = changes.personStart[person] as number; i < (changes.personStart[person + 1] as number); i++) {
        if (changes.properties[i] === code && changes.valueCodes[i] !== 0) {
          found.push(String(changes.values[changes.valueCodes[i] as number]));
        }
      }
    }
    if (column !== undefined) {
      for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
        const value = column.at(row);
        if (value !== undefined && value !== null) found.push(String(value));
      }
    }
    return found;
  };
}

/** The ids most like a text: those that share the longest beginning with it, in the history's order. */
export function nearestIds(history: History, text: string, most: number): string[] {
  const { personIds, nPersons } = history;
  const wanted = text.trim().toLowerCase();
  const best: { readonly id: string; readonly shared: number; readonly more: number }[] = [];
  for (let person = 0; person < nPersons; person++) {
    const id = personIds.at(person);
    const shared = sharedStart(id.toLowerCase(), wanted);
    if (shared === 0) continue;
    const more = Math.abs(id.length - wanted.length);
    const at = best.findIndex((one) => one.shared < shared || (one.shared === shared && one.more > more));
    if (at < 0 && best.length >= most) continue;
    best.splice(at < 0 ? best.length : at, 0, { id, shared, more });
    best.length = Math.min(best.length, most);
  }
  return best.map(({ id }) => id);
}

function sharedStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
