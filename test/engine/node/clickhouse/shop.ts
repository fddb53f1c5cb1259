// A history as rows, for a table in ClickHouse and for a file: people whose ids are awkward, events of one instant whose
// input order matters, amounts that do not add up in any order of doubles, properties, and what is known of people.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClickhouseServer } from '../../../helpers/clickhouse.ts';

export const ADDED = `Added "it's" \\ to Cärt`;
export const BOUGHT = 'Purchased';
export const START = Date.UTC(2026, 0, 5, 8);
export const UNTIL = '2026-04-01T00:00:00Z';
const MINUTE = 60_000;

export interface ShopRow {
  readonly seq: number;
  readonly user: string;
  readonly event: string;
  readonly ts: number;
  readonly value: number | null;
  readonly kind: string | null;
}

/** By a small generator with a fixed start: the same rows each time. */
export function shopRows(people: number): ShopRow[] {
  let state = 12345;
  const next = (n: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  const odd = [
    "o'brien",
    'back\\slash',
    'tab\tid',
    'ünï-☃',
    '"quoted"',
    'ａ',
    '😀',
    ' spaced ',
    "'); DROP TABLE ev; --",
  ];
  const rows: Omit<ShopRow, 'seq'>[] = [];
  for (let p = 0; p < people; p++) {
    const user = p < odd.length ? (odd[p] as string) : `u${p}`;
    let ts = START + next(60 * 24 * 20) * MINUTE;
    for (let visit = 0; visit < 1 + next(4); visit++) {
      const kind = next(3) === 0 ? null : ['shoes', `"hat's"`, 'gr\\ün'][next(3)];
      rows.push({ user, event: 'Viewed', ts, value: null, kind: null });
      rows.push({ user, event: ADDED, ts: ts + MINUTE, value: next(20_000) / 100, kind: kind ?? null });
      // The goal and what ends an enrollment in one instant: which came first in the input decides.
      const at = ts + (1 + next(300)) * MINUTE;
      const both = [
        { user, event: BOUGHT, ts: at, value: (10 + next(30_000)) / 100, kind: null },
        { user, event: 'Cancelled', ts: at, value: null, kind: null },
      ];
      if (next(3) > 0) rows.push(...(next(2) === 0 ? both : both.reverse()));
      ts += next(60 * 24 * 6) * MINUTE;
    }
  }
  return rows.map((row, seq) => ({ seq, ...row }));
}

export const WORKFLOW = {
  foresend: 1,
  id: 'cart',
  trigger: {
    type: 'inaction',
    after: { event: ADDED, where: [{ property: 'kind', op: '!=', value: `"hat's"` }] },
    without: { event: BOUGHT },
    within: '60m',
  },
  suppress: [{ id: 'small', if: { is: 'sum', event: ADDED, property: 'value', op: '<', value: 20, inLast: '24h' } }],
  holdout: { fraction: 0.2 },
  sequence: [
    { id: 'first', delay: '30m' },
    { id: 'second', delay: '1d' },
  ],
  exit: { on: [{ event: 'Cancelled' }] },
  goal: { event: BOUGHT, within: '7d' },
};

export const sourceOf = (url: string, more: object = {}): Record<string, unknown> => ({
  foresend: 1,
  clickhouse: url,
  name: 'shop',
  table: 'ev',
  person: 'user',
  event: 'event',
  time: 'ts',
  value: 'value',
  sequence: 'seq',
  properties: { kind: 'kind' },
  observedUntil: UNTIL,
  ...more,
});

export function writeJson(folder: string, name: string, json: object): string {
  writeFileSync(join(folder, name), JSON.stringify(json));
  return name;
}

export function writeCsv(folder: string, name: string, rows: readonly ShopRow[]): string {
  const cell = (value: string | number | null) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`);
  const lines = rows.map(({ user, event, ts, value, kind }) => [user, event, ts, value, kind].map(cell).join(','));
  writeFileSync(join(folder, name), `user,event,ts,value,kind\n${lines.join('\n')}\n`);
  return name;
}

const COLUMNS = 'seq UInt64, user String, event String, ts Int64, value Nullable(Float64), kind Nullable(String)';

/** The table `ev`, rows in another order than they came. @param engine behind ENGINE = */
export async function fillTable(server: ClickhouseServer, rows: readonly ShopRow[], table = 'ev'): Promise<void> {
  await server.query(`CREATE TABLE ${table} (${COLUMNS}) ENGINE = MergeTree ORDER BY (event, ts, user)`);
  await insert(server, table, rows);
}

export async function insert(
  server: ClickhouseServer,
  table: string,
  rows: readonly ShopRow[],
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const mixed = [...rows].sort((a, b) => ((a.seq * 7919) % 10007) - ((b.seq * 7919) % 10007));
  // Not as text, in which 18.16 reads 7.56 as its neighbour.
  await server.query(`INSERT INTO ${table} FORMAT RowBinary`, Buffer.concat(mixed.map(rowBytes)), settings);
}

function rowBytes({ seq, user, event, ts, value, kind }: ShopRow): Buffer {
  return Buffer.concat([whole(seq), text(user), text(event), whole(ts), orNull(value, double), orNull(kind, text)]);
}

// Values as RowBinary has them.

export function whole(n: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(n));
  return bytes;
}

export function double(n: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(n);
  return bytes;
}

/** @param words at most 127 bytes */
export function text(words: string): Buffer {
  const bytes = Buffer.from(words);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

export function orNull<T>(one: T | null, write: (one: T) => Buffer): Buffer {
  return one === null ? Buffer.of(1) : Buffer.concat([Buffer.of(0), write(one)]);
}

/** Two servers, each with its rows in `evl`, and `evd` over both. */
export async function fillCluster(servers: readonly ClickhouseServer[], rows: readonly ShopRow[]): Promise<void> {
  for (const server of servers) {
    await server.query(`CREATE TABLE evl (${COLUMNS}) ENGINE = MergeTree ORDER BY (event, ts, user)`);
    await server.query('CREATE TABLE evd AS evl ENGINE = Distributed(all, default, evl, murmurHash3_32(user))');
  }
  await insert(servers[0] as ClickhouseServer, 'evd', rows, { insert_distributed_sync: '1' });
}
