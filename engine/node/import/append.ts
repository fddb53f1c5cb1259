// A second import brought into a history that is there already. People of one id are one, and so are those whom a link of
// either import joins; events and property changes lie by time, what was there first coming first at one instant. What
// comes out is what one import of all files would have given, but for three things a history does not keep: times finer
// than a millisecond, ids of rows, and which of the events of an anonymous id that later turns out to be shared were whose.

import { compareUtf8, PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../../columns/index.ts';
import type { HistoryColumns, PropertyChanges } from '../../events/index.ts';
import { propertyColumn } from './build.ts';
import { NO_CODE, sortSegment } from './collect-rows.ts';
import { fingerprintOf } from './fingerprint.ts';

export interface AppendOptions {
  /** Ids that stand for another, over all files there ever were: raw id → person's id. */
  readonly merged?: ReadonlyMap<string, string>;
  /** Keeps events that are there already. */
  readonly keepDuplicates?: boolean;
  /** Whether what is added extends what was observed; people known from elsewhere do not. Default true. */
  readonly observes?: boolean;
}

export interface Appended {
  readonly columns: HistoryColumns;
  /** Events that were there already: same person, time, name, value and properties. */
  readonly repeated: number;
  /** People of the history who turned out to be the same as another. */
  readonly joined: number;
}

/** Neither history is changed. */
export function appendHistory(into: HistoryColumns, added: HistoryColumns, options: AppendOptions = {}): Appended {
  const people = pairPeople(into.personIds, added.personIds, options.merged ?? new Map());
  const { rows, personStart, times, repeated } = placeEvents(into, added, people, options.keepDuplicates === true);
  const observed = options.observes === false ? into : observedBy(into, added);
  const columns = {
    personIds: StringTable.from(people.ids),
    personStart,
    ...(added.nameCodes.length === 0 && isInOrder(people.placeOfOld)
      ? eventColumnsOf(into)
      : mergeEventColumns(into, added, rows, times)),
    valueName: into.valueName ?? added.valueName,
    changes: mergeChanges(into.changes, added.changes, people),
    addressIdSince: mergeAddresses(into.addressIdSince, added.addressIdSince, people),
    emailEvents: new Set([...into.emailEvents, ...added.emailEvents]),
    observedFrom: observed.observedFrom,
    observedUntil: observed.observedUntil,
    observedUntilGiven: observed.observedUntilGiven,
  };
  return { columns: { ...columns, fingerprint: fingerprintOf(columns) }, repeated, joined: people.joined };
}

/** What is said of the new files counts where it is said, else the later end. */
function observedBy(into: HistoryColumns, added: HistoryColumns) {
  const observedFrom = added.observedFrom ?? into.observedFrom;
  if (added.nameCodes.length === 0 && !added.observedUntilGiven) return { ...into, observedFrom };
  if (into.observedUntil >= added.observedUntil && !added.observedUntilGiven) return { ...into, observedFrom };
  const { observedUntil, observedUntilGiven } = added;
  return { observedFrom, observedUntil: Math.max(into.observedUntil, observedUntil), observedUntilGiven };
}

// ---------------------------------------------------------------- people

interface People {
  /** In UTF-8 order. */
  readonly ids: readonly string[];
  /** By person of the history, and by person added: their place in `ids`. */
  readonly placeOfOld: Uint32Array;
  readonly placeOfAdded: Uint32Array;
  readonly joined: number;
}

function pairPeople(old: StringTable, added: StringTable, merged: ReadonlyMap<string, string>): People {
  const own = (id: string) => merged.get(id) ?? id;
  const all = new Set<string>();
  let joined = 0;
  const idsOf = (table: StringTable) =>
    Array.from({ length: table.length }, (_, i) => {
      const id = own(table.at(i));
      all.add(id);
      return id;
    });
  const [oldIds, addedIds] = [idsOf(old), idsOf(added)];
  const ids = [...all].sort(compareUtf8);
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const places = (of: readonly string[]) => Uint32Array.from(of, (id) => placeOf.get(id) as number);
  const placeOfOld = places(oldIds);
  const met = new Uint8Array(ids.length);
  for (const place of placeOfOld) {
    joined += met[place] as number;
    met[place] = 1;
  }
  return { ids, placeOfOld, placeOfAdded: places(addedIds), joined };
}

// ---------------------------------------------------------------- events

/** Rows of the history keep their number, those added come after them. */
function placeEvents(into: HistoryColumns, added: HistoryColumns, people: People, keepDuplicates: boolean) {
  const nOld = into.nameCodes.length;
  const n = nOld + added.nameCodes.length;
  const perPerson = new Uint32Array(people.ids.length);
  const eachPerson = (visit: (place: number, from: number, to: number) => void) => {
    for (const [columns, places, base] of [
      [into, people.placeOfOld, 0],
      [added, people.placeOfAdded, nOld],
    ] as const) {
      for (let p = 0; p < places.length; p++) {
        const from = columns.personStart[p] as number;
        visit(places[p] as number, base + from, base + (columns.personStart[p + 1] as number));
      }
    }
  };
  eachPerson((place, from, to) => {
    perPerson[place] = (perPerson[place] as number) + to - from;
  });
  const next = startsOf(perPerson);
  const rows = new Uint32Array(n);
  const times = new Float64Array(n);
  eachPerson((place, from, to) => {
    let at = next[place] as number;
    for (let row = from; row < to; row++) {
      rows[at] = row;
      times[at++] = row < nOld ? into.times.at(row) : added.times.at(row - nOld);
    }
    next[place] = at;
  });
  const isSame = keepDuplicates ? null : sameEvent(into, added);
  let used = 0;
  for (let place = 0, from = 0; place < perPerson.length; place++) {
    const to = next[place] as number;
    sortSegment(rows, times, from, to);
    const start = used;
    for (let i = from; i < to; i++) {
      const row = rows[i] as number;
      const time = times[i] as number;
      if (isSame !== null && row >= nOld && isThere(rows, times, start, used, row, time, nOld, isSame)) continue;
      rows[used] = row;
      times[used++] = time;
    }
    perPerson[place] = used - start;
    from = to;
  }
  return {
    rows: rows.subarray(0, used),
    times: times.subarray(0, used),
    personStart: startsOf(perPerson),
    repeated: n - used,
  };
}

/** Whether an added row equals one of the history at its instant; rows [start, used) of the person are placed. */
function isThere(
  rows: Uint32Array,
  times: Float64Array,
  start: number,
  used: number,
  row: number,
  time: number,
  nOld: number,
  isSame: (old: number, row: number) => boolean,
): boolean {
  for (let j = used - 1; j >= start && times[j] === time; j--) {
    const other = rows[j] as number;
    if (other < nOld && isSame(other, row - nOld)) return true;
  }
  return false;
}

function sameEvent(into: HistoryColumns, added: HistoryColumns): (old: number, row: number) => boolean {
  const names = Int32Array.from(added.names, (name) => into.names.indexOf(name));
  const properties = [...new Set([...into.properties.keys(), ...added.properties.keys()])].map((name) => [
    into.properties.get(name),
    added.properties.get(name),
  ]);
  return (old, row) =>
    names[added.nameCodes[row] as number] === into.nameCodes[old] &&
    Object.is(into.values.at(old), added.values.at(row)) &&
    properties.every(([a, b]) => a?.at(old) === b?.at(row));
}

/** Whether the people of the history stay in their order, each by themselves. */
function isInOrder(placeOfOld: Uint32Array): boolean {
  return placeOfOld.every((place, p) => p === 0 || place > (placeOfOld[p - 1] as number));
}

function eventColumnsOf({ names, nameCodes, times, values, properties }: HistoryColumns) {
  return { names, nameCodes, times, values, properties };
}

function mergeEventColumns(into: HistoryColumns, added: HistoryColumns, rows: Uint32Array, times: Float64Array) {
  const nOld = into.nameCodes.length;
  const n = rows.length;
  const used = new Set<string>();
  const texts = [...new Set([...into.names, ...added.names])].sort(compareUtf8);
  const codesIn = (of: readonly string[]) => Uint32Array.from(of, (name) => texts.indexOf(name));
  const [oldNames, addedNames] = [codesIn(into.names), codesIn(added.names)];
  const codes = new Uint32Array(n);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = rows[i] as number;
    const isOld = row < nOld;
    const code = isOld ? oldNames[into.nameCodes[row] as number] : addedNames[added.nameCodes[row - nOld] as number];
    codes[i] = code as number;
    values[i] = isOld ? into.values.at(row) : added.values.at(row - nOld);
  }
  for (const code of new Set(codes)) used.add(texts[code] as string);
  const names = texts.filter((name) => used.has(name));
  const kept = Uint32Array.from(texts, (name) => Math.max(0, names.indexOf(name)));
  const nameCodes = codes.map((code) => kept[code] as number);
  const properties = new Map<string, PropertyColumn>();
  for (const name of [...new Set([...into.properties.keys(), ...added.properties.keys()])].sort(compareUtf8)) {
    const column = mergeProperty(into.properties.get(name), added.properties.get(name), rows, nOld);
    if (column !== null) properties.set(name, column);
  }
  return {
    names,
    nameCodes:
      names.length <= 256
        ? Uint8Array.from(nameCodes)
        : names.length <= 65_536
          ? Uint16Array.from(nameCodes)
          : nameCodes,
    times: TimeColumn.from(times),
    values: ValueColumn.from(values),
    properties,
  };
}

function mergeProperty(
  a: PropertyColumn | undefined,
  b: PropertyColumn | undefined,
  rows: Uint32Array,
  nOld: number,
): PropertyColumn | null {
  const none = new PropertyColumn(new Uint32Array(0), new Uint32Array(0), []);
  const [old, added] = [a ?? none, b ?? none];
  const dictionary = mergeDictionaries(old.dictionary, added.dictionary);
  const codeOf = new Map(dictionary.map((value, code) => [value, code]));
  const spread = (column: PropertyColumn, length: number) => {
    const own = Uint32Array.from(column.dictionary, (value) => codeOf.get(value) as number);
    const spreadCodes = new Uint32Array(length).fill(NO_CODE);
    for (let i = 0; i < column.codes.length; i++) {
      spreadCodes[column.rows === null ? i : (column.rows[i] as number)] = own[column.codes[i] as number] as number;
    }
    return spreadCodes;
  };
  const oldCodes = spread(old, nOld);
  const addedCodes = spread(
    added,
    rows.reduce((most, row) => Math.max(most, row + 1 - nOld), 0),
  );
  const codes = rows.map((row) => (row < nOld ? oldCodes[row] : addedCodes[row - nOld]) as number);
  return propertyColumn(null, codes, dictionary);
}

/** In the order the imports give: texts of a table by their bytes, values of records by the bytes of their JSON. */
function mergeDictionaries(a: readonly Scalar[], b: readonly Scalar[]): Scalar[] {
  const all = [...new Set([...a, ...b])];
  const isPlain = (of: readonly Scalar[]) =>
    of.every((value, i) => typeof value === 'string' && (i === 0 || compareUtf8(of[i - 1] as string, value) < 0));
  if (isPlain(a) && isPlain(b)) return all.sort((x, y) => compareUtf8(x as string, y as string));
  return byJson(all);
}

function byJson(values: readonly Scalar[]): Scalar[] {
  return values
    .map((value) => ({ value, key: JSON.stringify(value) }))
    .sort((x, y) => compareUtf8(x.key, y.key))
    .map(({ value }) => value);
}

// ---------------------------------------------------------------- properties of people

interface Change {
  readonly time: number;
  readonly property: number;
  readonly value: number;
}

function mergeChanges(a: PropertyChanges, b: PropertyChanges, people: People): PropertyChanges {
  const propertyNames = [...new Set([...a.propertyNames, ...b.propertyNames])].sort(compareUtf8);
  const propertyCode = new Map(propertyNames.map((name, code) => [name, code]));
  const values = byJson([...new Set([...a.values.slice(1), ...b.values.slice(1)])]);
  const valueCode = new Map(values.map((value, i) => [value, i + 1]));
  const taken = new Map<number, Change[]>();
  for (const [changes, places] of [
    [a, people.placeOfOld],
    [b, people.placeOfAdded],
  ] as const) {
    for (let p = 0; p < places.length; p++) {
      const place = places[p] as number;
      for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
        const code = changes.valueCodes[i] as number;
        const change = {
          time: changes.times[i] as number,
          property: propertyCode.get(changes.propertyNames[changes.properties[i] as number] as string) as number,
          value: code === 0 ? 0 : (valueCode.get(changes.values[code] as Scalar) as number),
        };
        const known = taken.get(place);
        if (known === undefined) taken.set(place, [change]);
        else known.push(change);
      }
    }
  }
  const personStart = new Uint32Array(people.ids.length + 1);
  const merged: Change[] = [];
  const current = new Map<number, number>();
  for (let place = 0; place < people.ids.length; place++) {
    current.clear();
    // A stable sort: what was there first stays first within an instant.
    for (const change of (taken.get(place) ?? []).sort((x, y) => x.time - y.time)) {
      if ((current.get(change.property) ?? 0) === change.value) continue;
      current.set(change.property, change.value);
      merged.push(change);
    }
    personStart[place + 1] = merged.length;
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

function mergeAddresses(a: Float64Array | null, b: Float64Array | null, people: People): Float64Array | null {
  if (a === null && b === null) return null;
  const since = new Float64Array(people.ids.length).fill(Number.POSITIVE_INFINITY);
  for (const [of, places] of [
    [a, people.placeOfOld],
    [b, people.placeOfAdded],
  ] as const) {
    if (of === null) continue;
    for (let p = 0; p < places.length; p++) {
      const place = places[p] as number;
      since[place] = Math.min(since[place] as number, of[p] as number);
    }
  }
  return since;
}

function startsOf(perPerson: Uint32Array): Uint32Array {
  const starts = new Uint32Array(perPerson.length + 1);
  for (let p = 0; p < perPerson.length; p++) starts[p + 1] = (starts[p] as number) + (perPerson[p] as number);
  return starts;
}
