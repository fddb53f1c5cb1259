// From the staged tables to the columns of a history. DuckDB sorts; only numbers are streamed, in the order a history
// has. Codes that no kept row uses are left out, so that a rejected row leaves no trace.

import { compareUtf8, PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../../columns/index.ts';
import { type HistoryColumns, OWN_EMAIL_EVENTS, type PropertyChanges } from '../../events/index.ts';
import type { Duck } from './duck.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { ImportOptions } from './options.ts';
import { KIND, SETS, type Staged } from './staged.ts';

const NO_CODE = 0xffffffff;
const KEPT = 'reason = 0 and not exists (from dropped where dropped.rn = rows.rn)';

export interface Built {
  readonly columns: HistoryColumns;
  /** Events left out because they equal an earlier one in every column. */
  readonly equalEvents: number;
  /** Milliseconds of the last event; null where there is none. */
  readonly lastEvent: number | null;
  readonly firstEvent: number | null;
}

/** @param onRows told how many events of how many are in place */
export async function buildColumns(
  duck: Duck,
  staged: Staged,
  valueName: string | null,
  options: ImportOptions,
  onRows: (done: number, total: number) => void,
): Promise<Built> {
  const [span] = await duck.rows<{ n: number; t0: number | null; t1: number | null; known: number | null }>(
    `select count(*) filter (kind = ${KIND.event}) n, min(t) filter (kind = ${KIND.event}) t0,
      max(t) filter (kind = ${KIND.event}) t1, max(t) known from rows where ${KEPT}`,
  );
  const n = span?.n ?? 0;
  const nUsers = await duck.number('select count(*) from dict_user');
  const events = await readEvents(duck, staged, n, nUsers, span?.t0 ?? 0, onRows);
  const sparse = await readSparse(duck, staged, nUsers);
  const mail = await addressTimes(duck, nUsers);

  const used = Uint8Array.from(events.perUser, (count) => (count > 0 ? 1 : 0));
  await duck.numbers(`select distinct u from rows where kind <> ${KIND.event} and ${KEPT}`, ([u], rows) => {
    for (let i = 0; i < rows; i++) used[u?.[i] as number] = 1;
  });
  const ids = await duck.strings('select v from dict_user order by code');
  const persons = indicesOf(used);
  const personIds = StringTable.from(persons.map((code) => ids[code] as string));
  const properties = new Map<string, PropertyColumn>();
  for (const [i, { name, column }] of staged.properties.entries()) {
    const texts = await duck.strings(`select v from dict_${column} order by code`);
    const built = propertyColumn(null, events.propertyCodes[i] as Uint32Array, texts);
    if (built !== null) properties.set(name, built);
  }
  for (const { name, rows, codes } of sparse.columns) {
    const built = propertyColumn(rows.length === n ? null : rows, codes, sparse.values);
    if (built !== null) properties.set(name, built);
  }
  const columns: Omit<HistoryColumns, 'fingerprint'> = {
    personIds,
    personStart: startsOf(events.perUser, persons),
    ...(await eventNames(duck, events.nameCodes)),
    times: events.times,
    values: ValueColumn.from(events.values),
    valueName,
    properties: new Map([...properties].sort(([a], [b]) => compareUtf8(a, b))),
    changes: changesOf(sparse, staged.sparseNames, persons),
    addressIdSince: mail === null ? null : Float64Array.from(persons, (code) => mail[code] as number),
    emailEvents: new Set(OWN_EMAIL_EVENTS),
    observedFrom: options.observedFrom ?? null,
    observedUntil: options.observedUntil ?? span?.t1 ?? span?.known ?? 0,
    observedUntilGiven: options.observedUntil !== undefined,
  };
  return {
    columns: { ...columns, fingerprint: fingerprintOf(columns) },
    equalEvents: n - events.nameCodes.length,
    firstEvent: span?.t0 ?? null,
    lastEvent: span?.t1 ?? null,
  };
}

async function readEvents(
  duck: Duck,
  staged: Staged,
  n: number,
  nUsers: number,
  base: number,
  onRows: (done: number, total: number) => void,
) {
  const times = TimeColumn.ofLength(base, n);
  const values = new Float64Array(n);
  const nameCodes = new Uint32Array(n);
  const perUser = new Uint32Array(nUsers);
  const propertyCodes = staged.properties.map(() => new Uint32Array(n));
  const codes = staged.properties.map(({ column }) => `, coalesce(${column}, ${NO_CODE}::uinteger)`);
  let at = 0;
  let seen = 0;
  const run = staged.dropEqualEvents ? new EqualEvents([nameCodes, values, ...propertyCodes]) : null;
  await duck.numbers(
    `select u, e, t, coalesce(v, 'nan'::double) ${codes.join('')} from rows
      where kind = ${KIND.event} and ${KEPT} order by u, t, rn`,
    ([u, e, t, v, ...rest], rows) => {
      for (let i = 0; i < rows; i++) {
        const user = u?.[i] as number;
        const time = t?.[i] as number;
        nameCodes[at] = e?.[i] as number;
        values[at] = v?.[i] as number;
        for (let p = 0; p < rest.length; p++) (propertyCodes[p] as Uint32Array)[at] = rest[p]?.[i] as number;
        if (run?.isRepetition(user, time, at)) continue;
        perUser[user] = (perUser[user] as number) + 1;
        times.write(at++, time);
      }
      seen += rows;
      onRows(seen, n);
    },
  );
  return {
    times: at === n ? times : new TimeColumn(base, times.high.slice(0, at), times.low.slice(0, at)),
    values: values.subarray(0, at),
    nameCodes: nameCodes.subarray(0, at),
    perUser,
    propertyCodes: propertyCodes.map((column) => column.subarray(0, at)),
  };
}

/** Finds repetitions as events come by person and time: only events of one person and instant can be equal. */
class EqualEvents {
  readonly #columns: readonly (Float64Array | Uint32Array)[];
  #user = -1;
  #time = Number.NaN;
  #from = 0;
  /** Rows of a long run by their content; short ones are compared one by one. */
  #known: Set<string> | null = null;

  constructor(columns: readonly (Float64Array | Uint32Array)[]) {
    this.#columns = columns;
  }

  /** @param row where the event's columns have been written, which the next one overwrites if it is a repetition */
  isRepetition(user: number, time: number, row: number): boolean {
    if (user !== this.#user || time !== this.#time) {
      this.#user = user;
      this.#time = time;
      this.#from = row;
      this.#known = null;
      return false;
    }
    if (row - this.#from < 16) {
      for (let earlier = this.#from; earlier < row; earlier++) if (this.#equal(earlier, row)) return true;
      return false;
    }
    if (this.#known === null) {
      this.#known = new Set();
      for (let earlier = this.#from; earlier < row; earlier++) this.#known.add(this.#content(earlier));
    }
    const content = this.#content(row);
    if (this.#known.has(content)) return true;
    this.#known.add(content);
    return false;
  }

  #equal(a: number, b: number): boolean {
    for (const column of this.#columns) if (!Object.is(column[a], column[b])) return false;
    return true;
  }

  #content(row: number): string {
    return this.#columns.map((column) => column[row]).join(' ');
  }
}

interface Sparse {
  readonly values: readonly Scalar[];
  readonly columns: readonly { name: string; rows: Uint32Array; codes: Uint32Array }[];
  readonly changes: { users: number[]; times: number[]; keys: number[]; codes: number[] };
}

/** Event properties that have no column of their own, and changes of people's properties. */
async function readSparse(duck: Duck, staged: Staged, nUsers: number): Promise<Sparse> {
  const changes = { users: [] as number[], times: [] as number[], keys: [] as number[], codes: [] as number[] };
  if (staged.sparseNames.length === 0) return { values: [], columns: [], changes };
  const values = (await duck.strings('select v from dict_sparse order by code')).map(scalarOf);
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
          current.fill(-1);
        }
        const key = k?.[i] as number;
        if (current[key] === c?.[i]) continue;
        current[key] = c?.[i] as number;
        changes.users.push(person);
        changes.times.push(t?.[i] as number);
        changes.keys.push(key);
        changes.codes.push(c?.[i] as number);
      }
    },
  );
  assertUsers(nUsers, changes.users);
  return { values, columns, changes };
}

function assertUsers(nUsers: number, users: readonly number[]): void {
  for (const user of users) if (user >= nUsers) throw new Error(`assertion failed: person ${user} of ${nUsers}`);
}

/** JSON text as a scalar; lists and objects stay text, as do whole numbers that a double cannot hold. */
function scalarOf(json: string): Scalar {
  const value: unknown = JSON.parse(json);
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

/** First moments at which an id that is an address was seen, by code; null where there is none. */
async function addressTimes(duck: Duck, nUsers: number): Promise<Float64Array | null> {
  if ((await duck.number(`select count(*) from rows where mail and ${KEPT}`)) === 0) return null;
  const since = new Float64Array(nUsers).fill(Number.POSITIVE_INFINITY);
  await duck.numbers(`select u, min(t) from rows where mail and ${KEPT} group by u`, ([u, t], rows) => {
    for (let i = 0; i < rows; i++) since[u?.[i] as number] = t?.[i] as number;
  });
  return since;
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
function propertyColumn(
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

function changesOf(sparse: Sparse, names: readonly string[], persons: readonly number[]): PropertyChanges {
  const { users, times, keys, codes } = sparse.changes;
  const usedNames = [...new Set(keys)].map((k) => names[k] as string).sort(compareUtf8);
  const nameCode = names.map((name) => usedNames.indexOf(name));
  const { dictionary, mapped } = compact(Uint32Array.from(codes), sparse.values);
  const perUser = new Map<number, number>();
  for (const user of users) perUser.set(user, (perUser.get(user) ?? 0) + 1);
  const personStart = new Uint32Array(persons.length + 1);
  for (const [i, code] of persons.entries()) personStart[i + 1] = (personStart[i] as number) + (perUser.get(code) ?? 0);
  return {
    personStart,
    times: Float64Array.from(times),
    properties: Uint16Array.from(keys, (k) => nameCode[k] as number),
    propertyNames: usedNames,
    valueCodes: mapped.map((code) => code + 1),
    values: ['', ...dictionary],
  };
}

function startsOf(perUser: Uint32Array, persons: readonly number[]): Uint32Array {
  const starts = new Uint32Array(persons.length + 1);
  for (let i = 0; i < persons.length; i++)
    starts[i + 1] = (starts[i] as number) + (perUser[persons[i] as number] as number);
  return starts;
}

function indicesOf(used: Uint8Array): number[] {
  const indices: number[] = [];
  for (let i = 0; i < used.length; i++) if (used[i] !== 0) indices.push(i);
  return indices;
}
