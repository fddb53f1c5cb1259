// Settings of people's properties from two histories in the order of one: by person and time, those that were there
// first coming first at one instant. Setting a property again to what it is changes nothing, but is kept for what comes
// later, which may stand between.

import { compareUtf8, type Scalar } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import { byPlace, type People } from './append-people.ts';
import { Grown } from './grown.ts';
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
  const nPlaces = people.ids.length;
  const there = byPlaces(reader(a, propertyNames, values), people.placeOfOld, nPlaces);
  const added = byPlaces(reader(b, propertyNames, values), people.placeOfAdded, nPlaces);
  const all = new Growing(nPlaces);
  const changed = new Growing(nPlaces);
  const current = new Map<number, number>();
  for (let place = 0; place < nPlaces; place++) {
    current.clear();
    const [known, fresh] = [there(place), added(place)];
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

const NONE: readonly Setting[] = [];

/** Settings of the people at each place, which are asked for in order. */
function byPlaces(read: (person: number) => Setting[], places: Uint32Array, nPlaces: number) {
  const order = byPlace(places, nPlaces);
  let next = 0;
  return (place: number): readonly Setting[] => {
    let found = NONE;
    for (; next < places.length; next++) {
      const person = order === null ? next : (order[next] as number);
      if (places[person] !== place) return found;
      const settings = read(person);
      found = found.length === 0 ? settings : [...found, ...settings];
    }
    return found;
  };
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
  readonly #times = new Grown(Float64Array);
  readonly #properties = new Grown(Uint16Array);
  readonly #values = new Grown(Uint32Array);

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
    const [properties, valueCodes] = [this.#properties.all(), this.#values.all()];
    const names = inUse(properties, propertyNames.length, 0);
    const codes = inUse(valueCodes, values.length + 1, 1);
    return {
      personStart: this.#starts,
      times: this.#times.all(),
      properties: properties.map((property) => names.code[property] as number),
      propertyNames: names.used.map((property) => propertyNames[property] as string),
      valueCodes: valueCodes.map((value) => codes.code[value] as number),
      values: ['', ...codes.used.slice(1).map((value) => values[value - 1] as Scalar)],
    };
  }
}

/** @param always codes below it are in use */
function inUse(codes: Uint16Array | Uint32Array, n: number, always: number): { used: number[]; code: Uint32Array } {
  const seen = new Uint8Array(n).fill(1, 0, always);
  for (const code of codes) seen[code] = 1;
  const code = new Uint32Array(n);
  const used: number[] = [];
  for (let i = 0; i < n; i++) if (seen[i] === 1) code[i] = used.push(i) - 1;
  return { used, code };
}
