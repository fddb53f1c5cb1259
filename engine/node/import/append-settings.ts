// Settings of people's properties from two histories in the order of one: by person and time, those that were there
// first coming first at one instant. Setting a property again to what it is changes nothing, but is kept for what comes
// later, which may stand between.

import { compareUtf8, type Scalar } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import type { People } from './append-people.ts';
import { scalarsOf } from './trace.ts';

/**
 * @param areNew whether none of `b` was read before; else those that are there already are left out
 * @returns `settings` null where each changed something
 */
export function mergeSettings(
  a: PropertyChanges,
  b: PropertyChanges,
  people: People,
  areNew: boolean,
): { readonly changes: PropertyChanges; readonly settings: PropertyChanges | null } {
  const propertyNames = [...new Set([...a.propertyNames, ...b.propertyNames])].sort(compareUtf8);
  const values: readonly Scalar[] = scalarsOf(a.values.slice(1), b.values.slice(1), compareUtf8);
  const there = byPlace(reader(a, propertyNames, values), people.placeOfOld);
  const added = byPlace(reader(b, propertyNames, values), people.placeOfAdded);
  const all = new Growing(people.ids.length);
  const changed = new Growing(people.ids.length);
  const current = new Map<number, number>();
  for (let place = 0; place < people.ids.length; place++) {
    current.clear();
    const [known, fresh] = [there.get(place) ?? [], added.get(place) ?? []];
    const keys = areNew || known.length === 0 || fresh.length === 0 ? null : new Set(known.map(keyOf));
    const settings = [...known, ...(keys === null ? fresh : fresh.filter((one) => !keys.has(keyOf(one))))];
    // A stable sort: what was there first stays first within an instant.
    for (const setting of settings.sort((x, y) => x.time - y.time)) {
      all.push(setting);
      // A property that is not there can be taken away without a change.
      if ((current.get(setting.property) ?? 0) === setting.value) continue;
      current.set(setting.property, setting.value);
      changed.push(setting);
    }
    all.endPerson(place);
    changed.endPerson(place);
  }
  const changes = changed.columns(propertyNames, values);
  return { changes, settings: all.length > changed.length ? all.columns(propertyNames, values) : null };
}

function byPlace(read: (person: number) => Setting[], places: Uint32Array): Map<number, Setting[]> {
  const found = new Map<number, Setting[]>();
  for (let person = 0; person < places.length; person++) {
    const settings = read(person);
    if (settings.length === 0) continue;
    const place = places[person] as number;
    const known = found.get(place);
    if (known === undefined) found.set(place, settings);
    else for (const setting of settings) known.push(setting);
  }
  return found;
}

interface Setting {
  readonly time: number;
  readonly property: number;
  /** 0: taken away. */
  readonly value: number;
}

function keyOf({ time, property, value }: Setting): string {
  return `${time} ${property} ${value}`;
}

function reader(changes: PropertyChanges, propertyNames: readonly string[], values: readonly Scalar[]) {
  const propertyAt = new Map(propertyNames.map((name, i) => [name, i]));
  const valueAt = new Map(values.map((value, i) => [value, i + 1]));
  const property = changes.propertyNames.map((name) => propertyAt.get(name) as number);
  const value = changes.values.map((one, code) => (code === 0 ? 0 : (valueAt.get(one) as number)));
  return (person: number): Setting[] => {
    const settings: Setting[] = [];
    for (let i = changes.personStart[person] as number; i < (changes.personStart[person + 1] as number); i++) {
      settings.push({
        time: changes.times[i] as number,
        property: property[changes.properties[i] as number] as number,
        value: value[changes.valueCodes[i] as number] as number,
      });
    }
    return settings;
  };
}

class Growing {
  readonly #starts: Uint32Array;
  readonly #times: number[] = [];
  readonly #properties: number[] = [];
  readonly #values: number[] = [];

  constructor(nPersons: number) {
    this.#starts = new Uint32Array(nPersons + 1);
  }

  get length(): number {
    return this.#times.length;
  }

  push({ time, property, value }: Setting): void {
    this.#times.push(time);
    this.#properties.push(property);
    this.#values.push(value);
  }

  endPerson(person: number): void {
    this.#starts[person + 1] = this.#times.length;
  }

  /** With only the names and values that are in use. */
  columns(propertyNames: readonly string[], values: readonly Scalar[]): PropertyChanges {
    const names = inUse(this.#properties, propertyNames.length, 0);
    const codes = inUse(this.#values, values.length + 1, 1);
    return {
      personStart: this.#starts,
      times: Float64Array.from(this.#times),
      properties: Uint16Array.from(this.#properties, (property) => names.code[property] as number),
      propertyNames: names.used.map((property) => propertyNames[property] as string),
      valueCodes: Uint32Array.from(this.#values, (value) => codes.code[value] as number),
      values: ['', ...codes.used.slice(1).map((value) => values[value - 1] as Scalar)],
    };
  }
}

/** @param always codes below it are in use */
function inUse(codes: readonly number[], n: number, always: number): { used: number[]; code: Uint32Array } {
  const seen = new Uint8Array(n).fill(1, 0, always);
  for (const code of codes) seen[code] = 1;
  const code = new Uint32Array(n);
  const used: number[] = [];
  for (let i = 0; i < n; i++) if (seen[i] === 1) code[i] = used.push(i) - 1;
  return { used, code };
}
