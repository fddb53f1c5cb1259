// Ids that are halves of one person: one began things and completed none, the other completed what it never began, and
// one value of an id-like property (a cart, a device, an address) stands in rows of these two and nobody else's. An id
// that so belongs to several people is joined to none. A property whose values are shared by others as well (an item, a
// category) tells nobody apart and is passed over.

import type { Scalar } from '../columns/index.ts';
import { type History, nameWords } from '../events/index.ts';

const ID_WORDS =
  /\b(id|ids|uuid|guid|token|key|number|e?mail|address|phone|device|anonymous|visitor|client|session|cart|basket|checkout|order)\b/;

/** Of the values of a property that several ids share, those that join two halves. */
const LINKING_SHARE = 0.8;

export interface LinkedIds {
  /** The id that began, and the one that completed. */
  readonly pairs: readonly (readonly [string, string])[];
  /** Properties that told, the most telling first. */
  readonly properties: readonly string[];
}

/** @param halves per person: 1 began and completed nothing, 2 completed without having begun, 0 neither */
export function linkedIds(history: History, halves: Uint8Array): LinkedIds {
  const partner = new Map<number, number>();
  const torn = new Set<number>();
  const told = new Map<string, number>();
  const join = (property: string, persons: Iterable<readonly [number, number]>) => {
    for (const [began, completed] of persons) {
      const before = partner.get(began);
      if (before !== undefined && before !== completed) torn.add(began);
      if (before === undefined) {
        partner.set(began, completed);
        told.set(property, (told.get(property) ?? 0) + 1);
      }
    }
  };
  for (const [name, column] of history.properties) {
    if (!ID_WORDS.test(nameWords(name))) continue;
    const owners = new Owners(column.dictionary.length);
    for (let p = 0; p < history.nPersons; p++) {
      for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
        const code = column.codeAt(row);
        if (code >= 0) owners.note(code, p);
      }
    }
    join(name, owners.halves(halves));
  }
  const { changes } = history;
  changes.propertyNames.forEach((name, property) => {
    if (!ID_WORDS.test(nameWords(name))) return;
    const owners = new Owners(changes.values.length);
    for (let p = 0; p < history.nPersons; p++) {
      for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
        const code = changes.valueCodes[i] as number;
        if (changes.properties[i] === property && code > 0 && isIdLike(changes.values[code])) owners.note(code, p);
      }
    }
    join(name, owners.halves(halves));
  });
  const pairs = [...partner]
    .filter(([began]) => !torn.has(began))
    .map(([began, completed]) => [history.personIds.at(began), history.personIds.at(completed)] as const);
  return { pairs, properties: [...told].sort((a, b) => b[1] - a[1]).map(([name]) => name) };
}

function isIdLike(value: Scalar | undefined): boolean {
  return typeof value !== 'boolean' && value !== undefined && value !== '';
}

/** The first two people of each value, and whether there are more. */
class Owners {
  readonly #first: Int32Array;
  readonly #second: Int32Array;
  readonly #isShared: Uint8Array;

  constructor(n: number) {
    this.#first = new Int32Array(n).fill(-1);
    this.#second = new Int32Array(n).fill(-1);
    this.#isShared = new Uint8Array(n);
  }

  note(value: number, person: number): void {
    if (this.#first[value] === person || this.#second[value] === person) return;
    if (this.#first[value] === -1) this.#first[value] = person;
    else if (this.#second[value] === -1) this.#second[value] = person;
    else this.#isShared[value] = 1;
  }

  /** Values of exactly two people, one of each half: who began, who completed. None where others share values too. */
  halves(halves: Uint8Array): (readonly [number, number])[] {
    const pairs: (readonly [number, number])[] = [];
    let shared = 0;
    for (let value = 0; value < this.#first.length; value++) {
      const [a, b] = [this.#first[value] as number, this.#second[value] as number];
      if (a < 0 || b < 0) continue;
      shared++;
      if (this.#isShared[value] === 1) continue;
      if (halves[a] === 1 && halves[b] === 2) pairs.push([a, b]);
      else if (halves[a] === 2 && halves[b] === 1) pairs.push([b, a]);
    }
    return pairs.length >= LINKING_SHARE * shared ? pairs : [];
  }
}
