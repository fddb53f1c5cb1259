// What is known of a whole history before a part of it is read, and the same to every shard: which events there are, whether
// any address is known, and by bucket how many rows there are and what they hash to. The fingerprint is of these, so that
// shards that read other rows, because some came late, do not merge; and a shard that reads another number of rows than
// were counted says so.

import { createHash } from 'node:crypto';
import { UserError } from '../../base/index.ts';
import { compareUtf8, type Scalar } from '../../columns/index.ts';
import { N_BUCKETS } from '../../events/index.ts';
import type { Clickhouse } from './client.ts';
import type { Connection } from './connect.ts';
import { type BinaryRow, RowBinaryReader } from './row-binary.ts';
import type { ClickhouseSource } from './source-file.ts';
import {
  BINARY_OF,
  bucketSql,
  type Column,
  doubleText,
  type EventsSql,
  hashSql,
  list,
  type PropertySql,
  provenSql,
  type RowsSql,
} from './sql.ts';
import type { Wanted } from './wanted.ts';

export interface NamedEvents {
  readonly name: string;
  readonly n: number;
}

export interface Facts {
  /** Of the whole source, in the order of their names. */
  readonly names: readonly NamedEvents[];
  /** Rows up to the end of observation that name nobody, and that name no event. */
  readonly withoutPerson: number;
  readonly withoutEvent: number;
  /** Of all events; null where there are none. */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** The first moment at which any id that is an email address was seen; null where none is. */
  readonly firstMail: number | null;
  /** Names that are asked for and there, by code. */
  readonly asked: readonly string[];
  /** Rows that are asked for, by bucket. */
  readonly events: Float64Array;
  /** Properties of events and of people that may hold an address, and of which any does. */
  readonly addresses: readonly string[];
  readonly people: PeopleFacts | null;
  readonly fingerprint: string;
}

export interface PeopleFacts {
  readonly rows: Float64Array;
  /** By property that is asked for: how many rows have it. */
  readonly having: ReadonlyMap<string, number>;
  /** By property whose values a trigger names: all of them. */
  readonly values: ReadonlyMap<string, readonly Scalar[]>;
}

const ADDRESS = "'^[^\\\\s@]+@[^\\\\s@]+\\\\.[^\\\\s@]+$'";
const MOST_NAMES = 60_000;
const MOST_VALUES = 100_000;
/** 1971 and 2100. */
const PLAUSIBLE = [31_536_000_000, 4_102_444_800_000] as const;
const SPAN_MS = 2 ** 48;

export const isMailSql = (person: string): string => `match(${person}, ${ADDRESS})`;

/** @param onlyShard whether a part of the people will be read, who do not know the values of all others */
export async function factsOf(
  { client, events, people }: Connection,
  source: ClickhouseSource,
  wanted: Wanted,
  onlyShard: boolean,
  signal?: AbortSignal,
): Promise<Facts> {
  const told = await namesOf(client, events, source, signal);
  const present = told.names.map(({ name }) => name);
  if (present.length === 0 && people === null) {
    throw new UserError(
      'NO_ROW_KEPT',
      `${source.path}: no row of ${source.events.called} names a person and an event at or before "observedUntil". Nothing was read.`,
    );
  }
  const asked = wanted.events === null ? present : wanted.events.filter((name) => present.includes(name));
  const properties = chosen(events.properties, wanted.properties);
  const byBucket = await digest(
    client,
    { ...events, properties },
    eventCounts(events, wanted.events === null ? null : asked),
    eventHash(events),
    signal,
  );
  const addressed = [
    ...(await countsOf(client, events, chosen(events.properties, wanted.addresses), holdsAddress, signal)),
    ...(people === null
      ? []
      : await countsOf(client, people, chosen(people.properties, wanted.addresses), holdsAddress, signal)),
  ];
  const ofPeople = people === null ? null : await peopleFacts(client, people, wanted, onlyShard, signal);
  const mails = [told.firstMail, ofPeople?.firstMail ?? null].filter((time): time is number => time !== null);
  const content = [
    // Where addresses are ids, somebody may become known at an event of any name.
    ...[
      told.names.map(({ name, n }) => (mails.length > 0 ? [name, n] : name)),
      asked,
      source.observedFrom,
      source.observedUntil,
    ],
    ...[source.emailEvents, events.value === null ? null : source.events.value, mails.length > 0],
    ...[properties.map(({ name, type }) => [name, type]), byBucket.digests, addressed, ofPeople?.content ?? null],
  ];
  const { names, withoutPerson, withoutEvent, span } = told;
  const addresses = [...new Set(addressed.filter(([, rows]) => rows > 0).map(([name]) => name))];
  return {
    ...{ names, withoutPerson, withoutEvent, span, asked, addresses, people: ofPeople },
    firstMail: mails.length === 0 ? null : Math.min(...mails),
    events: byBucket.counts,
    fingerprint: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
  };
}

export function chosen(properties: readonly PropertySql[], names: readonly string[]): readonly PropertySql[] {
  return properties.filter(({ name }) => names.includes(name)).sort((a, b) => compareUtf8(a.name, b.name));
}

/** Which rows are asked for, behind WHERE. @param names null: of any name */
export function eventCounts(events: EventsSql, names: readonly string[] | null): string {
  const named =
    names === null ? `${events.event} != ''` : names.length === 0 ? '0' : `${events.event} IN (${list(names)})`;
  return `${events.timed} AND ${events.person} != '' AND ${named}`;
}

function eventHash({ event, value }: EventsSql): readonly string[] {
  return [event, ...(value === null ? [] : [doubleText(value)])];
}

/** Runs a query that `provenSql` made. @param onRow columns as in the query */
export async function eachRow(
  client: Clickhouse,
  columns: readonly Column[],
  sql: string,
  signal: AbortSignal | undefined,
  onRow: (row: BinaryRow) => void,
): Promise<void> {
  const reader = new RowBinaryReader(
    columns.map(({ type }) => type),
    onRow,
  );
  await client.stream(sql, signal, (chunk) => reader.push(chunk));
  reader.end();
}

export function textAt({ bytes, starts, numbers }: BinaryRow, column: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .subarray(starts[column] as number, numbers[column] as number)
    .toString('utf8');
}

async function namesOf(client: Clickhouse, events: EventsSql, source: ClickhouseSource, signal?: AbortSignal) {
  const { person, event, time, hasTime, inTime, from } = events;
  const isSomebody = `${person} != ''`;
  const isRow = `${isSomebody} AND ${inTime}`;
  const whole = (name: string, sql: string): Column => ({ name, sql: `toInt64(${sql})`, type: 'i64' });
  const columns: Column[] = [
    { name: 'fs_event', sql: event, type: 'string' },
    whole('fs_n', `countIf(${isRow})`),
    whole('fs_without', `countIf(${inTime} AND NOT (${isSomebody}))`),
    whole('fs_from', `minIf(${time}, ${isRow})`),
    whole('fs_to', `maxIf(${time}, ${isRow})`),
    whole('fs_all', `countIf(${isSomebody})`),
    whole('fs_odd', `countIf(${isSomebody} AND (${time} < ${PLAUSIBLE[0]} OR ${time} >= ${PLAUSIBLE[1]}))`),
    // Cheap, and mostly all there is to be asked.
    whole('fs_at', `countIf(position(${person}, '@') > 0)`),
  ];
  const { only } = source.events;
  const where = only === null ? hasTime : `${hasTime} AND ${event} IN (${list(only)})`;
  const sql = provenSql(columns, `FROM ${from} WHERE ${where} GROUP BY ${event}`, ['fs_event']);
  const names: NamedEvents[] = [];
  let [withoutPerson, withoutEvent, odd, all, likeMails] = [0, 0, 0, 0, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  await eachRow(client, columns, sql, signal, (row) => {
    const name = textAt(row, 0);
    const [, n = 0, without = 0, min = 0, max = 0, timed = 0, strange = 0, at = 0] = row.numbers;
    withoutPerson += without;
    all += timed;
    odd += strange;
    if (name === '') withoutEvent += n;
    if (n === 0 || name === '') return;
    if (names.push({ name, n }) > MOST_NAMES) {
      throw new UserError(
        'CLICKHOUSE',
        `${source.path}: event: it has more than ${MOST_NAMES} values; the name of an event is one of a few. "events" takes only some of them.`,
      );
    }
    first = Math.min(first, min);
    last = Math.max(last, max);
    likeMails += at;
  });
  if (odd > all / 2) throw wrongUnit(source, `${odd} of ${all} times fall before 1971 or after 2100`);
  if (last - first >= SPAN_MS || (names.length > 0 && !Number.isSafeInteger(first)))
    throw wrongUnit(source, 'the times span more than a calendar holds');
  const inMail = `FROM ${from} WHERE ${where} AND ${inTime} AND ${event} != ''`;
  return {
    names: names.sort((a, b) => compareUtf8(a.name, b.name)),
    ...{ withoutPerson, withoutEvent },
    span: names.length === 0 ? null : { from: first, to: last },
    firstMail: likeMails === 0 ? null : await firstMailOf(client, events, inMail, signal),
  };
}

async function firstMailOf(
  client: Clickhouse,
  { person, time }: RowsSql,
  rest: string,
  signal?: AbortSignal,
): Promise<number | null> {
  const columns: Column[] = [
    { name: 'fs_mails', sql: `toInt64(countIf(${isMailSql(person)}))`, type: 'i64' },
    { name: 'fs_mail', sql: `toInt64(minIf(${time}, ${isMailSql(person)}))`, type: 'i64' },
  ];
  let firstMail: number | null = null;
  await eachRow(client, columns, provenSql(columns, rest), signal, ({ numbers }) => {
    if ((numbers[0] as number) > 0) firstMail = numbers[1] as number;
  });
  return firstMail;
}

function wrongUnit({ path, events }: ClickhouseSource, why: string): UserError {
  return new UserError(
    'WRONG_UNIT',
    `${path}: time: read in ${events.timeUnit}, ${why}: that is the wrong unit; "timeUnit" takes s, ms, us or ns.`,
  );
}

/** By bucket, how many rows there are and what they hash to, whatever their order. */
async function digest(
  client: Clickhouse,
  rows: RowsSql,
  where: string,
  more: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly counts: Float64Array; readonly digests: readonly string[] }> {
  const hash = hashSql(rows, more);
  const columns: Column[] = [
    { name: 'fs_bucket', sql: bucketSql(rows.person), type: 'u8' },
    { name: 'fs_n', sql: 'toInt64(count())', type: 'i64' },
    { name: 'fs_digest', sql: `concat(toString(sum(${hash})), ' ', toString(groupBitXor(${hash})))`, type: 'string' },
  ];
  const sql = provenSql(columns, `FROM ${rows.from} WHERE ${where} GROUP BY ${bucketSql(rows.person)}`, ['fs_bucket']);
  const counts = new Float64Array(N_BUCKETS);
  const digests: string[] = [];
  await eachRow(client, columns, sql, signal, (row) => {
    const [bucket = N_BUCKETS, n = 0] = row.numbers;
    if (bucket >= N_BUCKETS)
      throw new UserError('CLICKHOUSE_STREAM', `ClickHouse tells of a bucket ${bucket}; there are ${N_BUCKETS}.`);
    counts[bucket] = n;
    digests.push(`${bucket} ${n} ${textAt(row, 2)}`);
  });
  return { counts, digests };
}

async function peopleFacts(
  client: Clickhouse,
  people: RowsSql,
  wanted: Wanted,
  onlyShard: boolean,
  signal?: AbortSignal,
): Promise<PeopleFacts & { readonly content: unknown; readonly firstMail: number | null }> {
  const properties = chosen(people.properties, wanted.peopleProperties);
  const where = peopleCount(people);
  const { counts, digests } = await digest(client, { ...people, properties }, where, [], signal);
  const firstMail = await firstMailOf(client, people, `FROM ${people.from} WHERE ${where}`, signal);
  const having = await countsOf(client, people, properties, isSet, signal);
  const values = new Map<string, readonly Scalar[]>();
  for (const property of onlyShard ? chosen(people.properties, wanted.valuesOf) : []) {
    values.set(property.name, await valuesOf(client, people, property, signal));
  }
  const content = [properties.map(({ name, type }) => [name, type]), digests];
  return { rows: counts, having, values, content, firstMail };
}

const isSet = ({ present }: PropertySql): string => `${present} = 1`;

/** As `isAddressValue` has it. */
function holdsAddress({ type, present, value }: PropertySql): string {
  if (type === 'boolean') return '0';
  return type === 'number' ? `${present} = 1` : `match(${value}, '\\\\S')`;
}

/** By property, in how many rows a condition holds of it. */
async function countsOf(
  client: Clickhouse,
  rows: RowsSql,
  properties: readonly PropertySql[],
  condition: (property: PropertySql) => string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (properties.length === 0) return new Map();
  const columns = properties.map(
    (property, i): Column => ({ name: `fs_having${i}`, sql: `toInt64(countIf(${condition(property)}))`, type: 'i64' }),
  );
  const having = new Map<string, number>();
  const sql = provenSql(columns, `FROM ${rows.from} WHERE ${rows.timed} AND ${rows.person} != ''`);
  await eachRow(client, columns, sql, signal, ({ numbers }) => {
    for (const [i, { name }] of properties.entries()) having.set(name, numbers[i] as number);
  });
  return having;
}

export function peopleCount({ timed, person }: RowsSql): string {
  return `${timed} AND ${person} != ''`;
}

async function valuesOf(client: Clickhouse, people: RowsSql, property: PropertySql, signal?: AbortSignal) {
  const columns: Column[] = [{ name: 'fs_value', sql: property.value, type: BINARY_OF[property.type] }];
  const where = `${peopleCount(people)} AND ${property.present} = 1`;
  const sql = provenSql(
    columns,
    `FROM ${people.from} WHERE ${where} GROUP BY ${property.value} LIMIT ${MOST_VALUES + 1}`,
  );
  const values: Scalar[] = [];
  await eachRow(client, columns, sql, signal, (row) => values.push(scalarAt(row, 0, property.type)));
  if (values.length <= MOST_VALUES) return values;
  throw new UserError(
    'CLICKHOUSE',
    `"${property.name}" has more than ${MOST_VALUES} values, which a shard would have to know all. Leave out --shard, or import the source into a dataset.`,
  );
}

export function scalarAt(row: BinaryRow, column: number, type: PropertySql['type']): Scalar {
  if (type === 'string') return textAt(row, column);
  const number = row.numbers[column] as number;
  return type === 'boolean' ? number !== 0 : number;
}
