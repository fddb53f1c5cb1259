// From the rows of a source to a history. Rows of some events, or of some of the people, make a history that knows of the
// whole what a replay asks of it: all names of events, whether anybody's address is known, which properties of people are
// set for anybody. Those facts stand in a history one person larger, whom no replay visits.

import { compareUtf8, type Scalar, StringTable, TimeColumn, ValueColumn } from '../../columns/index.ts';
import {
  History,
  type HistoryColumns,
  isEmailAddress,
  OWN_EMAIL_EVENTS,
  type PropertyChanges,
} from '../../events/index.ts';
import type { Connection } from './connect.ts';
import { eventCounts, type Facts, isMailSql } from './facts.ts';
import {
  type EventRows,
  type PeopleRows,
  type ReadOptions,
  readEvents,
  readFirstSeen,
  readPeople,
} from './read-rows.ts';
import type { ClickhouseSource } from './source-file.ts';
import type { Wanted } from './wanted.ts';

const NO_CHANGES: Omit<PropertyChanges, 'personStart'> = {
  times: new Float64Array(0),
  properties: new Uint16Array(0),
  propertyNames: [],
  valueCodes: new Uint32Array(0),
  values: [''],
};

/** The rows that are wanted, of a shard or of everybody. @throws UserError where they are not exactly those counted */
export async function readColumns(
  connection: Connection,
  source: ClickhouseSource,
  facts: Facts,
  wanted: Wanted,
  options: ReadOptions,
): Promise<HistoryColumns> {
  const people = await readPeople(connection, facts, wanted, options);
  const events = await readEvents(connection, facts, wanted, options);
  const { persons, eventStarts, changeStarts, peopleOf } = joined(events, people);
  const { value } = source.events;
  const addressIdSince =
    facts.firstMail === null ? null : await firstSeenOf(connection, source, { persons, peopleOf, people }, options);
  const changes = { ...(people?.changes ?? NO_CHANGES), personStart: changeStarts };
  return {
    personIds: persons,
    personStart: eventStarts,
    names: facts.names.map(({ name }) => name),
    nameCodes: events.codes,
    times: new TimeColumn(events.base, events.high, events.low),
    values: events.values === null ? ValueColumn.none(events.codes.length) : ValueColumn.from(events.values),
    valueName: value !== null && /^[A-Za-z_]\w*$/.test(value) ? value : null,
    properties: events.properties,
    changes,
    addressIdSince,
    emailEvents: new Set([...OWN_EMAIL_EVENTS, ...source.emailEvents]),
    observedFrom: source.observedFrom,
    observedUntil: source.observedUntil,
    observedUntilGiven: true,
    fingerprint: facts.fingerprint,
  };
}

/** @param columns of some of the rows. @param isPart whether they are of some of the people */
export function partialHistory(columns: HistoryColumns, facts: Facts, isPart: boolean): History {
  const n = columns.personIds.length;
  const { personIds, changes, observedUntil } = columns;
  const having = [...(facts.people?.having ?? [])].filter(([, rows]) => rows > 0).map(([name]) => name);
  const propertyNames = having.sort(compareUtf8);
  const propertyOf = (code: number) => propertyNames.indexOf(changes.propertyNames[code] as string);
  const own: PropertyChanges = { ...changes, propertyNames, properties: changes.properties.map(propertyOf) };
  // What a shard cannot see among its own: that a property is set for anybody, where a trigger names it to which values, and
  // whether any value is an address.
  const values = facts.people?.values ?? new Map<string, readonly Scalar[]>();
  const set = propertyNames.flatMap((name) => (values.get(name) ?? [' ']).map((value) => ({ name, value })));
  const addresses = facts.addresses.filter((name) => !values.has(name)).map((name) => ({ name, value: '·' }));
  const told = isPart ? [...set, ...addresses] : [];
  const allNames = [...new Set([...propertyNames, ...facts.addresses])];
  const allValues = [...own.values];
  const codes = new Map(own.values.map((value, code) => [value, code] as const).slice(1));
  const codeOf = (value: Scalar) => {
    const code = codes.get(value) ?? allValues.push(value) - 1;
    codes.set(value, code);
    return code;
  };
  const nOwn = own.times.length;
  const withTold: PropertyChanges = {
    personStart: longer(own.personStart, [nOwn + told.length]),
    times: longer(
      own.times,
      told.map(() => observedUntil),
    ),
    properties: longer(
      own.properties,
      told.map(({ name }) => allNames.indexOf(name)),
    ),
    propertyNames: allNames,
    valueCodes: longer(
      own.valueCodes,
      told.map(({ value }) => codeOf(value)),
    ),
    values: allValues,
  };
  const lastByte = personIds.offsets[n] as number;
  const whole = new History({
    ...columns,
    personIds: new StringTable(personIds.bytes, longer(personIds.offsets, [lastByte])),
    personStart: longer(columns.personStart, [columns.personStart[n] as number]),
    changes: withTold,
    addressIdSince:
      columns.addressIdSince === null
        ? null
        : longer(columns.addressIdSince, [facts.firstMail ?? Number.POSITIVE_INFINITY]),
  });
  return new History({ ...columns, changes: own }, whole);
}

function longer<T extends Uint32Array | Uint16Array | Float64Array>(array: T, last: readonly number[]): T {
  const made = new (array.constructor as { new (length: number): T })(array.length + last.length);
  made.set(array);
  made.set(last, array.length);
  return made;
}

interface Joined {
  readonly persons: StringTable;
  readonly eventStarts: Uint32Array;
  readonly changeStarts: Uint32Array;
  /** By person, who they are among the people's rows; -1: nobody. */
  readonly peopleOf: Int32Array;
}

/** Those with events and those something is said of, in one order. */
function joined({ persons, starts }: EventRows, people: PeopleRows | null): Joined {
  if (people === null || people.persons.length === 0) {
    const peopleOf = new Int32Array(persons.length).fill(-1);
    return { persons, eventStarts: starts, changeStarts: new Uint32Array(persons.length + 1), peopleOf };
  }
  const others = people.persons;
  const most = persons.length + others.length;
  const bytes = new Uint8Array((persons.offsets[persons.length] as number) + (others.offsets[others.length] as number));
  const [offsets, eventStarts, changeStarts] = [0, 0, 0].map(() => new Uint32Array(most + 1)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const peopleOf = new Int32Array(most).fill(-1);
  let [a, b, n] = [0, 0, 0];
  while (a < persons.length || b < others.length) {
    const order = a === persons.length ? 1 : b === others.length ? -1 : compareAt(persons, a, others, b);
    const [table, at] = order <= 0 ? [persons, a] : [others, b];
    const text = table.bytes.subarray(table.offsets[at], table.offsets[at + 1]);
    bytes.set(text, offsets[n]);
    offsets[n + 1] = (offsets[n] as number) + text.length;
    if (order >= 0) peopleOf[n] = b++;
    if (order <= 0) a++;
    n++;
    eventStarts[n] = starts[a] as number;
    changeStarts[n] = people.changes.personStart[b] as number;
  }
  return {
    persons: new StringTable(bytes.slice(0, offsets[n]), offsets.slice(0, n + 1)),
    eventStarts: eventStarts.slice(0, n + 1),
    changeStarts: changeStarts.slice(0, n + 1),
    peopleOf: peopleOf.slice(0, n),
  };
}

function compareAt(a: StringTable, i: number, b: StringTable, j: number): number {
  return Buffer.compare(
    a.bytes.subarray(a.offsets[i], a.offsets[i + 1]),
    b.bytes.subarray(b.offsets[j], b.offsets[j + 1]),
  );
}

/** Of each person the first moment an id that is an address was seen; Infinity of the others. */
async function firstSeenOf(
  connection: Connection,
  source: ClickhouseSource,
  { persons, peopleOf, people }: Pick<Joined, 'persons' | 'peopleOf'> & { readonly people: PeopleRows | null },
  options: ReadOptions,
): Promise<Float64Array> {
  const { events } = connection;
  const where = `${eventCounts(events, source.events.only)} AND ${isMailSql(events.person)}`;
  const since = await readFirstSeen(connection, persons, where, options);
  for (let p = 0; p < persons.length; p++) {
    const said = people === null ? -1 : (peopleOf[p] as number);
    if (!isAddressAt(persons, p)) since[p] = Number.POSITIVE_INFINITY;
    else if (said >= 0) since[p] = Math.min(since[p] as number, people?.first[said] as number);
  }
  return since;
}

const AT = '@'.charCodeAt(0);

/** Only ids that might be one are made a text. */
function isAddressAt(persons: StringTable, p: number): boolean {
  const from = persons.offsets[p] as number;
  return persons.bytes.subarray(from, persons.offsets[p + 1]).includes(AT) && isEmailAddress(persons.at(p));
}
