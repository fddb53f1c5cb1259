// Event properties that have no column of their own, and changes of people's properties: what records of JSON and tables
// of people hold beside their events.

import { compareUtf8, PropertyColumn, type Scalar } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import type { Duck } from './duck.ts';
import { KIND, SETS, type Staged } from './staged.ts';

const KEPT = 'reason = 0 and not exists (from dropped where dropped.rn = rows.rn)';

/** In the place of a value's code: the property is not there, or is taken away. */
const REMOVED = -1;

export interface Sparse {
  readonly values: readonly Scalar[];
  readonly columns: readonly { name: string; rows: Uint32Array; codes: Uint32Array }[];
  readonly changes: Settings;
  /** The changes, and those that changed nothing. */
  readonly settings: Settings;
}

interface Settings {
  readonly users: number[];
  readonly times: number[];
  readonly keys: number[];
  readonly codes: number[];
}

function noSettings(): Settings {
  return { users: [], times: [], keys: [], codes: [] };
}

/** Of a table of events. */
export function noSparse(): Sparse {
  return { values: [], columns: [], changes: noSettings(), settings: noSettings() };
}

export async function readSparse(duck: Duck, staged: Staged): Promise<Sparse> {
  const [changes, settings] = [noSettings(), noSettings()];
  if (staged.sparseNames.length === 0) return { values: [], columns: [], changes, settings };
  const texts = await duck.strings('select v from dict_sparse order by code');
  const values = texts.map(scalarOf);
  const nothing = texts.indexOf('null');
  const columns: { name: string; rows: Uint32Array; codes: Uint32Array }[] = [];
  await duck.run(`create table places as select rn, (row_number() over (order by u, t, rn) - 1)::uinteger place from rows
    where kind = ${KIND.event} and ${KEPT}`);
  const ofEvent = `s <> ${SETS.person}`;
  for (const [k, name] of staged.sparseNames.entries()) {
    const length = await duck.number(
      `select count(*) from sparse semi join places using (rn) where k = ${k} and ${ofEvent}`,
    );
    if (length === 0) continue;
    const column = { name, rows: new Uint32Array(length), codes: new Uint32Array(length) };
    let used = 0;
    await duck.numbers(
      `select place, c from sparse join places using (rn) where k = ${k} and ${ofEvent} order by place`,
      ([at, c], rows) => {
        column.rows.set(at as ArrayLike<number>, used);
        column.codes.set(c as ArrayLike<number>, used);
        used += rows;
      },
    );
    columns.push(column);
  }
  let person = -1;
  // The value a property has while one person's changes pass by: setting it to the same again is no change.
  const current = new Int32Array(staged.sparseNames.length);
  await duck.numbers(
    `select u, t, k, c from sparse join rows using (rn) where s <> ${SETS.event} and ${KEPT} order by u, t, rn, k`,
    ([u, t, k, c], rows) => {
      for (let i = 0; i < rows; i++) {
        if (u?.[i] !== person) {
          person = u?.[i] as number;
          current.fill(REMOVED);
        }
        const key = k?.[i] as number;
        const code = c?.[i] === nothing ? REMOVED : (c?.[i] as number);
        const to = current[key] === code ? [settings] : [changes, settings];
        current[key] = code;
        for (const one of to) {
          one.users.push(person);
          one.times.push(t?.[i] as number);
          one.keys.push(key);
          one.codes.push(code);
        }
      }
    },
  );
  return { values, columns, changes, settings };
}

/**
 * JSON text as a scalar; lists and objects stay text, as do whole numbers that a double cannot hold, and what is read as
 * JSON but is none, such as NaN.
 */
function scalarOf(json: string): Scalar {
  const value = parsed(json);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : json;
    default:
      return json;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** Codes of the rows that have it. @param rows null where every event does; null is returned where none does */
export function propertyColumn(
  rows: Uint32Array | null,
  codes: Uint32Array,
  values: readonly Scalar[],
): PropertyColumn | null {
  if (codes.length === 0) return null;
  const { dictionary, mapped } = compact(codes, values);
  return new PropertyColumn(rows, mapped, dictionary);
}

/** Only the values in use, in the order they had; equal scalars under one code. Codes are changed in place. */
function compact<T extends Scalar>(codes: Uint32Array, values: readonly T[]): { dictionary: T[]; mapped: Uint32Array } {
  const used = new Uint8Array(values.length);
  for (let i = 0; i < codes.length; i++) used[codes[i] as number] = 1;
  const codeOf = new Map<T, number>();
  const map = new Uint32Array(values.length);
  const dictionary: T[] = [];
  for (let code = 0; code < used.length; code++) {
    if (used[code] === 0) continue;
    const value = values[code] as T;
    let known = codeOf.get(value);
    if (known === undefined) {
      known = dictionary.push(value) - 1;
      codeOf.set(value, known);
    }
    map[code] = known;
  }
  for (let i = 0; i < codes.length; i++) codes[i] = map[codes[i] as number] as number;
  return { dictionary, mapped: codes };
}

export function changesOf(
  sparse: Sparse,
  { users, times, keys, codes }: Settings,
  names: readonly string[],
  persons: Uint32Array,
): PropertyChanges {
  const usedNames = [...new Set(keys)].map((k) => names[k] as string).sort(compareUtf8);
  const nameCode = names.map((name) => usedNames.indexOf(name));
  const isSet = codes.map((code) => code !== REMOVED);
  const { dictionary, mapped } = compact(Uint32Array.from(codes.filter((_, i) => isSet[i])), sparse.values);
  let nSet = 0;
  const perUser = new Map<number, number>();
  for (const user of users) perUser.set(user, (perUser.get(user) ?? 0) + 1);
  const personStart = new Uint32Array(persons.length + 1);
  for (let i = 0; i < persons.length; i++) {
    personStart[i + 1] = (personStart[i] as number) + (perUser.get(persons[i] as number) ?? 0);
  }
  return {
    personStart,
    times: Float64Array.from(times),
    properties: Uint16Array.from(keys, (k) => nameCode[k] as number),
    propertyNames: usedNames,
    valueCodes: Uint32Array.from(isSet, (is) => (is ? (mapped[nSet++] as number) + 1 : 0)),
    values: ['', ...dictionary],
  };
}
