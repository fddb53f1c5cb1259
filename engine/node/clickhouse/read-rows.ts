// Rows as they stream by, sorted on the server, into the columns of a history. The place of every row is counted against
// what was counted before, people have to come in the order of their bytes and belong to the buckets that were asked for:
// an answer that is off in any of these is refused, whatever the server called it.

import { isUtf8 } from 'node:buffer';
import { murmur3, UserError } from '../../base/index.ts';
import { compareUtf8, PropertyColumn, type Scalar, StringTable } from '../../columns/index.ts';
import { bucketOf, type PropertyChanges } from '../../events/index.ts';
import { ByteDictionary } from '../import/byte-dictionary.ts';
import type { Connection } from './connect.ts';
import { chosen, eachRow, eventCounts, type Facts, peopleCount, scalarAt } from './facts.ts';
import type { BinaryRow } from './row-binary.ts';
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
  const where = `${eventCounts(events, asked)} AND ${shardSql(events.person, shard)}`;
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

/** Of people whose id is an address, when it was first seen at an event of any name; by id, in their order. */
export async function readFirstSeen(
  { client, events }: Connection,
  where: string,
  { shard, signal }: ReadOptions,
): Promise<ReadonlyMap<string, number>> {
  const columns: Column[] = [
    { name: 'fs_person', sql: events.person, type: 'string' },
    { name: 'fs_time', sql: `toInt64(min(${events.time}))`, type: 'i64' },
  ];
  const seen = new Map<string, number>();
  const rest = `FROM ${events.from} WHERE ${where} AND ${shardSql(events.person, shard)} GROUP BY ${events.person}`;
  await eachRow(client, columns, provenSql(columns, rest), signal, (row) => {
    seen.set(scalarAt(row, 0, 'string') as string, row.numbers[1] as number);
  });
  return seen;
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

function changed(n: number): UserError {
  return new UserError(
    'CLICKHOUSE_CHANGED',
    `The rows in ClickHouse changed while they were read: ${n} were counted, and others came. Rows up to "observedUntil" have to stay as they are; set an earlier one, and run the command again.`,
  );
}

function astray(what: string): UserError {
  return new UserError(
    'CLICKHOUSE_STREAM',
    `The answer of ClickHouse is not what was asked for: it has ${what}. Nothing was made of it; run the command again.`,
  );
}

/** Ids of people who come by in the order of their bytes, each once. */
class PersonsBuilder {
  #bytes = new Uint8Array(1 << 16);
  #ends = new Uint32Array(1 << 12);
  #firstRows = new Uint32Array(1 << 12);
  #n = 0;

  /** @param row the place of the row @returns whether a new person begins with it */
  see({ bytes, starts, numbers }: BinaryRow, row: number): boolean {
    const from = starts[0] as number;
    const to = numbers[0] as number;
    const last = this.#n - 1;
    const lastFrom = last < 1 ? 0 : (this.#ends[last - 1] as number);
    const lastTo = last < 0 ? 0 : (this.#ends[last] as number);
    if (last >= 0) {
      const order = this.#compare(lastFrom, lastTo, bytes, from, to);
      if (order === 0) return false;
      if (order > 0) throw astray('people in another order than that of their ids');
    }
    if (!isUtf8(bytes.subarray(from, to))) {
      throw new UserError(
        'CLICKHOUSE_STREAM',
        `The id of a person is no UTF-8 (it begins ${Buffer.from(bytes.subarray(from, Math.min(to, from + 8))).toString('hex')}); give an expression under "person" that is, such as hex(..) of it.`,
      );
    }
    const end = lastTo + to - from;
    while (end > this.#bytes.length) this.#bytes = grown(this.#bytes);
    this.#bytes.set(bytes.subarray(from, to), lastTo);
    if (this.#n === this.#ends.length) {
      this.#ends = grown(this.#ends);
      this.#firstRows = grown(this.#firstRows);
    }
    this.#ends[this.#n] = end;
    this.#firstRows[this.#n++] = row;
    return true;
  }

  #compare(lastFrom: number, lastTo: number, bytes: Uint8Array, from: number, to: number): number {
    const own = this.#bytes;
    const n = Math.min(lastTo - lastFrom, to - from);
    for (let i = 0; i < n; i++) {
      const difference = (own[lastFrom + i] as number) - (bytes[from + i] as number);
      if (difference !== 0) return difference;
    }
    return lastTo - lastFrom - (to - from);
  }

  finish(nRows: number): { readonly persons: StringTable; readonly starts: Uint32Array } {
    const offsets = new Uint32Array(this.#n + 1);
    offsets.set(this.#ends.subarray(0, this.#n), 1);
    const starts = new Uint32Array(this.#n + 1);
    starts.set(this.#firstRows.subarray(0, this.#n));
    starts[this.#n] = nRows;
    return { persons: new StringTable(this.#bytes.slice(0, offsets[this.#n]), offsets), starts };
  }
}

function grown<T extends Uint8Array | Uint32Array | Float64Array>(array: T): T {
  const made = new (array.constructor as { new (length: number): T })(2 * array.length);
  made.set(array);
  return made;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One property of events. Its values are kept in the order of their texts, whatever the order they came in. */
class PropertyBuilder {
  readonly #type: PropertySql['type'];
  readonly #texts = new ByteDictionary();
  readonly #numbers = new Map<number, number>();
  #rows = new Uint32Array(1 << 12);
  #codes = new Uint32Array(1 << 12);
  #n = 0;

  constructor(type: PropertySql['type']) {
    this.#type = type;
  }

  /** @param column whether it is there; the next has it */
  see({ bytes, starts, numbers }: BinaryRow, column: number, row: number): void {
    if (numbers[column] === 0) return;
    if (this.#n === this.#rows.length) {
      this.#rows = grown(this.#rows);
      this.#codes = grown(this.#codes);
    }
    this.#rows[this.#n] = row;
    const value = numbers[column + 1] as number;
    if (this.#type === 'string') {
      const from = starts[column + 1] as number;
      this.#codes[this.#n++] = this.#texts.code(bytes, from, value, murmur3(bytes, 0, from, value));
      return;
    }
    let code = this.#numbers.get(value);
    if (code === undefined) this.#numbers.set(value, (code = this.#numbers.size));
    this.#codes[this.#n++] = code;
  }

  /** @returns null where no row has it */
  finish(nRows: number): PropertyColumn | null {
    if (this.#n === 0) return null;
    const { values, places } = this.#type === 'string' ? this.#sortedTexts() : this.#sortedNumbers();
    const codes = this.#codes.slice(0, this.#n);
    for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i] as number] as number;
    return new PropertyColumn(this.#n === nRows ? null : this.#rows.slice(0, this.#n), codes, values);
  }

  #sortedTexts(): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
    const { order, places } = this.#texts.sorted();
    return { values: Array.from(order, (code) => decoder.decode(this.#texts.at(code))), places };
  }

  #sortedNumbers(): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
    const isBoolean = this.#type === 'boolean';
    return inOrder([...this.#numbers.keys()].map((number): Scalar => (isBoolean ? number !== 0 : number)));
  }
}

/** Distinct values in the order of their JSON texts, and the place of each in it. */
function inOrder(values: readonly Scalar[]): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
  const keyed = values.map((value, code) => ({ value, code, key: JSON.stringify(value) }));
  keyed.sort((a, b) => compareUtf8(a.key, b.key));
  const places = new Uint32Array(values.length);
  for (const [place, { code }] of keyed.entries()) places[code] = place;
  return { values: keyed.map(({ value }) => value), places };
}

/** Settings of people's properties; to the same again is no change. */
class ChangesBuilder {
  readonly #properties: readonly PropertySql[];
  readonly #current: (Scalar | undefined)[];
  readonly #starts: number[] = [];
  readonly #times: number[] = [];
  readonly #keys: number[] = [];
  readonly #codes: number[] = [];
  readonly #codeOf = new Map<Scalar, number>();

  constructor(properties: readonly PropertySql[]) {
    this.#properties = properties;
    this.#current = properties.map(() => undefined);
  }

  /** Of the next person. */
  begin(): void {
    this.#starts.push(this.#times.length);
    this.#current.fill(undefined);
  }

  see(row: BinaryRow, time: number): void {
    for (const [key, { type }] of this.#properties.entries()) {
      const column = 2 + 2 * key;
      if (row.numbers[column] === 0) continue;
      const value = scalarAt(row, column + 1, type);
      if (this.#current[key] === value) continue;
      this.#current[key] = value;
      let code = this.#codeOf.get(value);
      if (code === undefined) this.#codeOf.set(value, (code = this.#codeOf.size));
      this.#times.push(time);
      this.#keys.push(key);
      this.#codes.push(code);
    }
  }

  finish(nPersons: number): PropertyChanges {
    const used = new Set(this.#keys);
    const names = this.#properties.map(({ name }) => name);
    const propertyNames = names.filter((_, key) => used.has(key));
    const { values, places } = inOrder([...this.#codeOf.keys()]);
    const personStart = new Uint32Array(nPersons + 1);
    personStart.set(this.#starts);
    personStart[nPersons] = this.#times.length;
    return {
      personStart,
      times: Float64Array.from(this.#times),
      properties: Uint16Array.from(this.#keys, (key) => propertyNames.indexOf(names[key] as string)),
      propertyNames,
      valueCodes: Uint32Array.from(this.#codes, (code) => (places[code] as number) + 1),
      values: ['', ...values],
    };
  }
}
