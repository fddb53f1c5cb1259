// Connecting: whether the server hashes as Foresend does, so that both agree who is in which bucket, and of what types the
// expressions of the source file are. What is wrong is said of the expression that is.

import { UserError } from '../../base/index.ts';
import { bucketOfId } from '../../events/index.ts';
import { type Clickhouse, ClickhouseError } from './client.ts';
import type { ClickhouseSource, RowSource } from './source-file.ts';
import {
  asked,
  bucketSql,
  type EventsSql,
  eventsSql,
  literal,
  type RowsSql,
  rowsSql,
  type ServerType,
  serverType,
} from './sql.ts';

export interface Connection {
  readonly client: Clickhouse;
  /** Of the server. */
  readonly version: string;
  readonly events: EventsSql;
  readonly people: RowsSql | null;
}

/** MurmurHash3 x86 32 with seed 0, of `abc`; published. */
const MURMUR_OF_ABC = 3017643002;
const OLDEST = [18, 16] as const;

/** @throws UserError where the server is another than it has to be, or an expression is not what its role asks for */
export async function connect(client: Clickhouse, source: ClickhouseSource, signal?: AbortSignal): Promise<Connection> {
  const version = await checkServer(client, signal);
  const eventTypes = await typesOf(client, source, source.events, signal);
  const events = eventsSql(source, eventTypes);
  const { people } = source;
  if (people === null) return { client, version, events, people: null };
  return { client, version, events, people: rowsSql(source, people, await typesOf(client, source, people, signal)) };
}

async function checkServer(client: Clickhouse, signal?: AbortSignal): Promise<string> {
  const answer = await client.text('SELECT version() FORMAT TabSeparated', signal);
  const version = answer.trim();
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number);
  if (!/^\d+\.\d+/.test(version)) {
    throw new UserError(
      'CLICKHOUSE',
      `What answers at ${client.host} is no ClickHouse: it gives no version. The address is that of the HTTP interface, port 8123 or with https 8443.`,
    );
  }
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new UserError('CLICKHOUSE', `ClickHouse ${version} at ${client.host} is too old; 18.16 or later is needed.`);
  }
  const id = 'é:1';
  const hashes = await client.text(
    `SELECT murmurHash3_32('abc'), ${bucketSql(literal(id))} FORMAT TabSeparated`,
    signal,
  );
  const [murmur, bucket] = hashes.trim().split('\t').map(Number);
  if (murmur !== MURMUR_OF_ABC || bucket !== bucketOfId(id)) {
    throw new UserError(
      'CLICKHOUSE_HASH',
      `ClickHouse ${version} at ${client.host} hashes otherwise than Foresend (murmurHash3_32('abc') is ${hashes.trim().split('\t')[0]} there, and has to be ${MURMUR_OF_ABC}): people would fall into other shards than they belong to. Nothing was read.`,
    );
  }
  return version;
}

/** Codes of an expression that is wrong, and of none that is. */
const OF_THE_TABLE = [60, 81, 291, 497];

async function typesOf(
  client: Clickhouse,
  source: ClickhouseSource,
  rows: RowSource,
  signal?: AbortSignal,
): Promise<(expression: string) => ServerType> {
  const places = expressionsOf(source, rows);
  const expressions = [...new Set(places.map(({ expression }) => expression))];
  let types: readonly ServerType[];
  try {
    types = await describe(client, expressions, rows.from, signal);
  } catch (error) {
    if (!(error instanceof ClickhouseError) || OF_THE_TABLE.includes(error.server.code ?? 0)) throw error;
    throw (await blamed(client, source, rows, places, signal)) ?? error;
  }
  return (expression) => types[expressions.indexOf(expression)] as ServerType;
}

interface Place {
  readonly at: string;
  readonly expression: string;
}

function expressionsOf(source: ClickhouseSource, rows: RowSource): Place[] {
  const { prefix, person, time, sequence, properties } = rows;
  const own = rows === source.events ? source.events : null;
  const places: (Place | { readonly at: string; readonly expression: string | null })[] = [
    { at: `${prefix}person`, expression: person },
    ...(own === null ? [] : [{ at: 'event', expression: own.event }]),
    { at: `${prefix}time`, expression: time },
    { at: 'value', expression: own?.value ?? null },
    { at: `${prefix}sequence`, expression: sequence },
    ...properties.map(({ at, expression }) => ({ at, expression })),
  ];
  return places.filter((place): place is Place => place.expression !== null);
}

async function describe(
  client: Clickhouse,
  expressions: readonly string[],
  from: string,
  signal?: AbortSignal,
): Promise<ServerType[]> {
  const columns = expressions.map((expression, i) => `${asked(expression)} AS fs_${i}`).join(', ');
  const sql = `SELECT ${columns} FROM ${from} LIMIT 0 FORMAT TabSeparatedWithNamesAndTypes`;
  const [, types = ''] = (await client.text(sql, signal)).split('\n');
  const found = types.split('\t').map((type) => serverType(type.replaceAll("\\'", "'")));
  if (found.length !== expressions.length || types === '') {
    throw new UserError('CLICKHOUSE', `ClickHouse at ${client.host} does not say of what types the columns are.`);
  }
  return found;
}

/** The first expression that cannot be read alone, or what they are read from. */
async function blamed(
  client: Clickhouse,
  { path }: ClickhouseSource,
  { from, called, prefix }: RowSource,
  places: readonly Place[],
  signal?: AbortSignal,
): Promise<UserError | null> {
  const sources = [{ at: `${prefix}${called === 'the query' ? 'query' : 'table'}`, expression: '1' }];
  for (const { at, expression } of [...sources, ...places]) {
    try {
      await describe(client, [expression], from, signal);
    } catch (error) {
      if (!(error instanceof ClickhouseError)) throw error;
      const what = expression === '1' ? `${called} cannot be read` : `"${expression}" cannot be read from ${called}`;
      const issue = { code: 'CLICKHOUSE_EXPRESSION', at, message: what, severity: 'error' } as const;
      const message = `${path}: ${at}: ${what}. The server says: ${error.server.words}`;
      return new UserError('CLICKHOUSE_EXPRESSION', message, [issue]);
    }
  }
  return null;
}
