// From the collected rows to the columns of a history. Codes that no kept row uses are left out, so that a rejected row leaves no trace.

import { compareUtf8, PropertyColumn, type Scalar, TimeColumn, ValueColumn } from '../../columns/index.ts';
import { type HistoryColumns, OWN_EMAIL_EVENTS, type PropertyChanges } from '../../events/index.ts';
import { type CollectedRows, type Marks, NO_CODE } from './collect-rows.ts';
import type { Duck } from './duck.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ImportOptions } from './options.ts';
import { KIND, SETS, type Staged } from './staged.ts';
import { stringTableOf } from './texts.ts';
import type { ImportTrace } from './trace.ts';

const KEPT = 'reason = 0 and not exists (from dropped where dropped.rn = rows.rn)';

/** @param valueName the source column of the values @returns the trace's marks by event, as the columns are */
export async function buildColumns(
  duck: Duck,
  staged: Staged,
  collected: CollectedRows,
  valueName: string | null,
  options: ImportOptions,
): Promise<{ readonly columns: HistoryColumns; readonly trace: ImportTrace }> {
  const { order, addressSince } = collected;
  const n = order.length;
  const sparse = await readSparse(duck, staged);
  const ids = await duck.strings('select v from dict_user order by code');
  const persons = indicesOf(collected.usedUsers);
  const properties = new Map<string, PropertyColumn>();
  for (const [i, { name, column }] of staged.properties.entries()) {
    const texts = await duck.strings(`select v from dict_${column} order by code`);
    const codes = codesInOrder(collected.properties[i] as Uint32Array, order);
    const built = propertyColumn(null, codes, texts);
    if (built !== null) properties.set(name, built);
  }
  for (const { name, rows, codes } of sparse.columns) {
    const built = propertyColumn(rows.length === n ? null : rows, codes, sparse.values);
    if (built !== null) properties.set(name, built);
  }
  const times = TimeColumn.from(collected.sortedTimes);
  const last = latestOf(collected.sortedTimes);
  const columns: Omit<HistoryColumns, 'fingerprint'> = {
    personIds: stringTableOf(persons.map((code) => ids[code] as string)),
    personStart: startsOf(Uint32Array.from(persons, (code) => collected.perUser[code] as number)),
    ...(await eventNames(duck, codesInOrder(collected.nameCodes, order))),
    times,
    values: ValueColumn.from(valuesInOrder(collected.values, order)),
    valueName,
    properties: new Map([...properties].sort(([a], [b]) => compareUtf8(a, b))),
    changes: changesOf(sparse, sparse.changes, staged.sparseNames, persons),
    addressIdSince: addressSince === null ? null : Float64Array.from(persons, (code) => addressSince[code] as number),
    emailEvents: new Set([...OWN_EMAIL_EVENTS, ...(options.emailEvents ?? [])]),
    observedFrom: options.observedFrom ?? null,
    observedUntil: options.observedUntil ?? last ?? collected.lastTime ?? 0,
    observedUntilGiven: options.observedUntil !== undefined,
  };
  const { changes, settings } = sparse;
  const trace: ImportTrace = {
    identity: staged.identity,
    ids: wordsInOrder(collected.ids, order),
    rests: wordsInOrder(collected.rests, order),
    said: staged.said,
    settings:
      settings.keys.length === changes.keys.length ? null : changesOf(sparse, settings, staged.sparseNames, persons),
  };
  return { columns: { ...columns, fingerprint: fingerprintOf(columns) }, trace };
}

function latestOf(times: Float64Array): number | null {
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < times.length; i++) if ((times[i] as number) > latest) latest = times[i] as number;
  return times.length === 0 ? null : latest;
}

// One function for each type of array: a loop over both kinds takes several times as long.
function codesInOrder(column: Uint32Array, order: Uint32Array): Uint32Array {
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] as number] as number;
  return sorted;
}

function valuesInOrder(column: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] as number] as number;
  return sorted;
}

/** Two words an event; null where there are no marks, or all are 0. */
function wordsInOrder(marks: Marks | null, order: Uint32Array): Uint32Array | null {
  if (marks === null) return null;
  const [low, high] = marks;
  const words = new Uint32Array(2 * order.length);
  let any = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    any |= words[2 * i] = low[row] as number;
    any |= words[2 * i + 1] = high[row] as number;
  }
  return any === 0 ? null : words;
}

/** In the place of a value's code: the property is not there, or is taken away. */
const REMOVED = -1;

interface Sparse {
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

/** Event properties that have no column of their own, and changes of people's properties. */
async function readSparse(duck: Duck, staged: Staged): Promise<Sparse> {
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

async function eventNames(duck: Duck, codes: Uint32Array): Promise<Pick<HistoryColumns, 'names' | 'nameCodes'>> {
  const texts = await duck.strings('select v from dict_event order by code');
  const { dictionary, mapped } = compact(codes, texts);
  const n = dictionary.length;
  return {
    names: dictionary,
    nameCodes: n <= 256 ? Uint8Array.from(mapped) : n <= 65_536 ? Uint16Array.from(mapped) : mapped,
  };
}

/** @param rows null where there is a code, or NO_CODE, for every event */
export function propertyColumn(
  rows: Uint32Array | null,
  codes: Uint32Array,
  values: readonly Scalar[],
): PropertyColumn | null {
  let present = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] !== NO_CODE) present++;
  if (present === 0) return null;
  let filled = codes;
  let places = rows;
  if (present < codes.length) {
    filled = new Uint32Array(present);
    places = new Uint32Array(present);
    let used = 0;
    for (let i = 0; i < codes.length; i++) {
      if (codes[i] === NO_CODE) continue;
      places[used] = i;
      filled[used++] = codes[i] as number;
    }
  }
  const { dictionary, mapped } = compact(filled, values);
  return new PropertyColumn(places, mapped, dictionary);
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

function changesOf(
  sparse: Sparse,
  { users, times, keys, codes }: Settings,
  names: readonly string[],
  persons: readonly number[],
): PropertyChanges {
  const usedNames = [...new Set(keys)].map((k) => names[k] as string).sort(compareUtf8);
  const nameCode = names.map((name) => usedNames.indexOf(name));
  const isSet = codes.map((code) => code !== REMOVED);
  const { dictionary, mapped } = compact(Uint32Array.from(codes.filter((_, i) => isSet[i])), sparse.values);
  let nSet = 0;
  const perUser = new Map<number, number>();
  for (const user of users) perUser.set(user, (perUser.get(user) ?? 0) + 1);
  const personStart = new Uint32Array(persons.length + 1);
  for (const [i, code] of persons.entries()) personStart[i + 1] = (personStart[i] as number) + (perUser.get(code) ?? 0);
  return {
    personStart,
    times: Float64Array.from(times),
    properties: Uint16Array.from(keys, (k) => nameCode[k] as number),
    propertyNames: usedNames,
    valueCodes: Uint32Array.from(isSet, (is) => (is ? (mapped[nSet++] as number) + 1 : 0)),
    values: ['', ...dictionary],
  };
}

/** Where each person's rows begin, and behind the last all end. @param perPerson how many rows each has */
export function startsOf(perPerson: Uint32Array): Uint32Array {
  const starts = new Uint32Array(perPerson.length + 1);
  for (let p = 0; p < perPerson.length; p++) starts[p + 1] = (starts[p] as number) + (perPerson[p] as number);
  return starts;
}

function indicesOf(used: Uint8Array): number[] {
  const indices: number[] = [];
  for (let i = 0; i < used.length; i++) if (used[i] !== 0) indices.push(i);
  return indices;
}
