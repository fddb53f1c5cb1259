// Rows as they stream by, sorted on the server, into the columns of a history. The place of every row is counted against
// what was counted before, people have to come in the order of their bytes and belong to the buckets that were asked for:
// an answer that is off in any of these is refused, whatever the server called it.

import type { PropertyColumn, StringTable } from '../../columns/index.ts';
import { bucketOf, type PropertyChanges } from '../../events/index.ts';
import { astray, ChangesBuilder, changed, PersonsBuilder, PropertyBuilder } from './builders.ts';
import type { Connection } from './connect.ts';
import { chosen, eachRow, eventCounts, type Facts, peopleCount } from './facts.ts';
import { BINARY_OF, type Column, list, type PropertySql, provenSql, shardSql } from './sql.ts';
import type { Shard, Wanted } from './wanted.ts';

export interface EventRows {
  readonly persons: StringTable;
  /** Length persons + 1. */
  readonly starts: Uint32Array;
  readonly codes: Uint8Array | Uint16Array;
  readonly high: Uint16Array;
  readonly low: Uint32Array;
  readonly base: number;
  /** Null where events carry none. */
  readonly values: Float64Array | null;
  readonly properties: ReadonlyMap<string, PropertyColumn>;
}

export interface PeopleRows {
  readonly persons: StringTable;
  /** Of each the first moment anything is said. */
  readonly first: Float64Array;
  readonly changes: PropertyChanges;
}

export interface ReadOptions {
  readonly shard: Shard | null;
  readonly signal?: AbortSignal | undefined;
  readonly onRows?: ((done: number, total: number) => void) | undefined;
}

/** Rows between two reports of progress. */
const BATCH = 65_536;

function isOfShard(shard: Shard | null): (bucket: number) => boolean {
  return (bucket) => shard === null || bucket % shard.of === shard.index;
}

function sumOf(counts: Float64Array, shard: Shard | null): number {
  const isOurs = isOfShard(shard);
  return counts.reduce((sum, n, bucket) => (isOurs(bucket) ? sum + n : sum), 0);
}

export async function readEvents(
  { client, events }: Connection,
  facts: Facts,
  wanted: Wanted,
  { shard, signal, onRows }: ReadOptions,
): Promise<EventRows> {
  const { asked } = facts;
  const n = sumOf(facts.events, shard);
  const names = facts.names.map(({ name }) => name);
  const wide = names.length > 255;
  const isAsked = Uint8Array.from(names, (name) => Number(asked.includes(name)));
  const codes = wide ? new Uint16Array(n) : new Uint8Array(n);
  const [high, low] = [new Uint16Array(n), new Uint32Array(n)];
  const values = events.value === null ? null : new Float64Array(n);
  const base = facts.span?.from ?? 0;
  const properties = chosen(events.properties, wanted.properties);
  const builders = properties.map(({ type }) => new PropertyBuilder(type));
  const persons = new PersonsBuilder();
  const columns: Column[] = [
    { name: 'fs_person', sql: events.person, type: 'string' },
    { name: 'fs_time', sql: events.time, type: 'i64' },
    { name: 'fs_code', sql: codeSql(events.event, names, isAsked, wide), type: wide ? 'u16' : 'u8' },
    ...(events.value === null ? [] : [{ name: 'fs_amount', sql: events.value, type: 'f64' } as const]),
    ...propertyColumns(properties),
  ];
  const hidden: Column[] = events.sequence === null ? [] : [{ name: 'fs_seq', sql: events.sequence, type: 'i64' }];
  const [person, time, ...rest] = columns.map(({ name }) => name) as [string, string, ...string[]];
  const order = [person, time, ...hidden.map(({ name }) => name), ...rest];
  const where = `${eventCounts(events, wanted.events === null ? null : asked)} AND ${shardSql(events.person, shard)}`;
  const firstProperty = columns.length - 2 * properties.length;
  const to = facts.span?.to ?? 0;
  let row = 0;
  let before = 0;
  const sql = provenSql(columns, `FROM ${events.from} WHERE ${where}`, order, hidden);
  await eachRow(client, columns, sql, signal, (read) => {
    const { numbers } = read;
    const at = numbers[1] as number;
    const code = numbers[2] as number;
    if (row >= n) throw changed(n);
    if (persons.see(read, row)) before = at;
    if (isAsked[code] !== 1) throw astray(`an event of a name that was not asked for (code ${code})`);
    if (!(at >= before && at <= to)) throw astray(`the moment ${at}, behind ${before}`);
    before = at;
    codes[row] = code;
    const offset = at - base;
    high[row] = Math.floor(offset / 4294967296);
    low[row] = offset >>> 0;
    if (values !== null) values[row] = numbers[3] as number;
    for (let p = 0; p < builders.length; p++) (builders[p] as PropertyBuilder).see(read, firstProperty + 2 * p, row);
    row++;
    if (row % BATCH === 0) onRows?.(row, n);
  });
  if (row !== n) throw changed(n);
  onRows?.(n, n);
  const table = persons.finish(n);
  assertCounted(table.persons, table.starts, facts.events, shard);
  const found = properties.flatMap(({ name }, p) => {
    const column = (builders[p] as PropertyBuilder).finish(n);
    return column === null ? [] : [[name, column] as const];
  });
  return { ...table, codes, high, low, base, values, properties: new Map(found) };
}

/** The place in `names`; what is none of those asked for has a code that is out of range. */
function codeSql(event: string, names: readonly string[], isAsked: Uint8Array, wide: boolean): string {
  const none = wide ? 65_535 : 255;
  const to = wide ? 'toUInt16' : 'toUInt8';
  const asked = names.filter((_, code) => isAsked[code] === 1);
  if (asked.length === 0) return `${to}(${none})`;
  const codes = names.flatMap((_, code) => (isAsked[code] === 1 ? [code] : [])).join(', ');
  return `${to}(transform(${event}, [${list(asked)}], [${codes}], ${none}))`;
}

function propertyColumns(properties: readonly PropertySql[]): Column[] {
  return properties.flatMap(({ type, present, value }, i): Column[] => [
    { name: `fs_has${i}`, sql: present, type: 'u8' },
    { name: `fs_p${i}`, sql: value, type: BINARY_OF[type] },
  ]);
}

/** What people's properties were set to, and when. */
export async function readPeople(
  { client, people }: Connection,
  facts: Facts,
  wanted: Wanted,
  { shard, signal }: ReadOptions,
): Promise<PeopleRows | null> {
  if (people === null || facts.people === null) return null;
  const n = sumOf(facts.people.rows, shard);
  const properties = chosen(people.properties, wanted.peopleProperties);
  const persons = new PersonsBuilder();
  const first: number[] = [];
  const changes = new ChangesBuilder(properties);
  const columns: Column[] = [
    { name: 'fs_person', sql: people.person, type: 'string' },
    { name: 'fs_time', sql: people.time, type: 'i64' },
    ...propertyColumns(properties),
  ];
  const hidden: Column[] = people.sequence === null ? [] : [{ name: 'fs_seq', sql: people.sequence, type: 'i64' }];
  const [person, time, ...rest] = columns.map(({ name }) => name) as [string, string, ...string[]];
  const order = [person, time, ...hidden.map(({ name }) => name), ...rest];
  const where = `${peopleCount(people)} AND ${shardSql(people.person, shard)}`;
  let row = 0;
  let before = 0;
  const sql = provenSql(columns, `FROM ${people.from} WHERE ${where}`, order, hidden);
  await eachRow(client, columns, sql, signal, (read) => {
    const at = read.numbers[1] as number;
    if (row >= n) throw changed(n);
    if (persons.see(read, row)) {
      before = at;
      first.push(at);
      changes.begin();
    }
    if (!(at >= before)) throw astray(`the moment ${at}, behind ${before}`);
    before = at;
    changes.see(read, at);
    row++;
  });
  if (row !== n) throw changed(n);
  const table = persons.finish(n);
  assertCounted(table.persons, table.starts, facts.people.rows, shard);
  return { persons: table.persons, first: Float64Array.from(first), changes: changes.finish(table.persons.length) };
}

/** @returns by person, when an id that is an address was first seen at an event of any name; Infinity where none was */
export async function readFirstSeen(
  { client, events }: Connection,
  persons: StringTable,
  where: string,
  { shard, signal }: ReadOptions,
): Promise<Float64Array> {
  const columns: Column[] = [
    { name: 'fs_person', sql: events.person, type: 'string' },
    { name: 'fs_time', sql: `toInt64(min(${events.time}))`, type: 'i64' },
  ];
  const since = new Float64Array(persons.length).fill(Number.POSITIVE_INFINITY);
  const rest = `FROM ${events.from} WHERE ${where} AND ${shardSql(events.person, shard)} GROUP BY ${events.person}`;
  // Both in the order of their bytes.
  let person = 0;
  await eachRow(client, columns, provenSql(columns, rest, ['fs_person']), signal, ({ bytes, starts, numbers }) => {
    const id = bytes.subarray(starts[0], numbers[0]);
    while (person < persons.length) {
      const order = Buffer.compare(persons.bytes.subarray(persons.offsets[person], persons.offsets[person + 1]), id);
      if (order > 0) return;
      if (order === 0) since[person] = numbers[1] as number;
      person++;
    }
  });
  return since;
}

/** Every bucket holds as many rows as were counted, and no person is in another. */
function assertCounted(persons: StringTable, starts: Uint32Array, counts: Float64Array, shard: Shard | null): void {
  const buckets = bucketOf(persons);
  const read = new Float64Array(counts.length);
  for (let p = 0; p < persons.length; p++) {
    const bucket = buckets[p] as number;
    read[bucket] = (read[bucket] as number) + (starts[p + 1] as number) - (starts[p] as number);
  }
  const isOurs = isOfShard(shard);
  read.forEach((rows, bucket) => {
    if (rows > 0 && !isOurs(bucket)) throw astray(`people of bucket ${bucket}, which belongs to another shard`);
    if (isOurs(bucket) && rows !== counts[bucket]) throw changed(counts[bucket] as number);
  });
}
