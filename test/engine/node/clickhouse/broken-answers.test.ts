// An answer that is not whole, not what was asked for, or no answer is an error that says what it is and what to do, on the
// command line as exit status 1 and no part. Against a stand-in, which can be broken in ways a server cannot be told to.

import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { bucketOfId } from '../../../../engine/events/index.ts';
import { historyFor } from '../../../../engine/node/clickhouse/index.ts';
import { RowBinaryReader } from '../../../../engine/node/clickhouse/row-binary.ts';
import { checkedWorkflow } from '../../../../engine/node/workflow-file.ts';
import { foresend, temporaryFolder } from '../../../helpers/cli.ts';
import { type Answer, FakeClickhouse } from '../../../helpers/fake-clickhouse.ts';
import { writeJson } from './shop.ts';

const folder = temporaryFolder();
const cwd = folder.path;
const START = Date.UTC(2026, 0, 5);
const HOUR = 3_600_000;
const people = Array.from({ length: 40 }, (_, i) => `person-${i}`);
const rows = people.flatMap((person, i) => [
  { person, event: 'Added', time: START + i * HOUR },
  { person, event: 'Bought', time: START + (i + 5) * HOUR },
]);
const FILE = {
  foresend: 1,
  id: 'w',
  trigger: { type: 'inaction', after: { event: 'Added' }, without: { event: 'Bought' }, within: '1h' },
  sequence: [{ id: 'a', delay: '1h' }],
  goal: { event: 'Bought', within: '3d' },
};
const workflow = checkedWorkflow(FILE, 'w.json').workflow;

let fake: FakeClickhouse;
let url: string;

beforeAll(() => {
  writeJson(cwd, 'w.json', FILE);
});
afterAll(folder.remove);
beforeEach(async () => {
  fake = new FakeClickhouse(rows);
  url = await fake.start();
});
afterEach(() => fake.stop());

const source = (more: object = {}) => {
  const columns = { table: 'ev', person: 'user', event: 'event', time: 'ts' };
  const file = { foresend: 1, clickhouse: url, ...columns, observedUntil: '2026-02-01', ...more };
  return writeJson(cwd, 'fake.clickhouse.json', file);
};
const read = (shard: { index: number; of: number } | null = null, environment = {}) =>
  historyFor(join(cwd, source()), [workflow], shard, {}, environment);

describe('a whole answer', () => {
  it('is a history, of a shard the people of its buckets', async () => {
    const { history } = await read();
    expect([history.nPersons, history.nEvents]).toEqual([40, 80]);
    const { history: part } = await read({ index: 1, of: 3 });
    const ours = people.filter((person) => bucketOfId(person) % 3 === 1);
    expect(Array.from({ length: part.nPersons }, (_, p) => part.personIds.at(p))).toEqual(ours.sort());
    expect(part.fingerprint).toBe(history.fingerprint);
    expect(part.names).toEqual(['Added', 'Bought']);
  });

  it('is asked for by settings that give all or nothing, and only reads', async () => {
    await read();
    for (const { url: asked } of fake.asked) {
      expect(asked.searchParams.get('readonly')).toBe('2');
      expect(asked.searchParams.get('skip_unavailable_shards')).toBe('0');
      expect(asked.searchParams.get('query_id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(Number(asked.searchParams.get('max_bytes_before_external_sort'))).toBeGreaterThan(0);
    }
    expect(new Set(fake.asked.map(({ url: asked }) => asked.searchParams.get('query_id'))).size).toBe(
      fake.asked.length,
    );
  });

  it('names only the events of the workflow, escaped', async () => {
    const odd = `it's a \\ "name"`;
    const named = checkedWorkflow({ ...FILE, exit: { on: [{ event: odd }] } }, 'w.json').workflow;
    await fake.stop();
    fake = new FakeClickhouse([
      ...rows,
      { person: 'x', event: odd, time: START },
      { person: 'x', event: 'Seen', time: START },
    ]);
    url = await fake.start();
    await historyFor(join(cwd, source()), [named], null, {}, {}).catch(() => {});
    const [sql = ''] = fake.asked.map((one) => one.sql).filter((text) => text.includes('fs_code'));
    expect(sql).toContain(`IN ('Added', 'Bought', 'it\\'s a \\\\ "name"')`);
    expect(sql).not.toContain("'Seen'");
  });
});

describe('an answer', () => {
  const all = ({ rows: some, last }: Answer) => Buffer.concat([...some, last]);
  const some = ({ rows: events }: Answer, from: number, to: number) => Buffer.concat(events.slice(from, to));
  const failure = 'Code: 241, e.displayText() = DB::Exception: Memory limit exceeded, e.what() = DB::Exception\n';
  const changed = (answer: Answer, at: number, change: (row: Buffer) => Buffer) =>
    Buffer.concat([...answer.rows.map((row, i) => (i === at ? change(Buffer.from(row)) : row)), answer.last]);

  it.each<[string, FakeClickhouse['send'], string]>([
    ['without its last row', (a) => ({ bytes: Buffer.concat(a.rows) }), 'it ended before its last row'],
    ['that ends within a row', (a) => ({ bytes: all(a).subarray(0, 500) }), 'it ended within a row'],
    ['that is empty', () => ({ bytes: Buffer.alloc(0) }), 'it ended before its last row'],
    [
      'with a failure behind its rows',
      (a) => ({ bytes: Buffer.concat([some(a, 0, 30), Buffer.from(failure)]) }),
      'The server says: Code 241: Memory limit exceeded',
    ],
    [
      'with a failure behind its last row',
      (a) => ({ bytes: Buffer.concat([all(a), Buffer.from(failure)]) }),
      'something follows its last row',
    ],
    [
      'with a byte behind its last row',
      (a) => ({ bytes: Buffer.concat([all(a), Buffer.of(0)]) }),
      'something follows its last row',
    ],
    ['with its last row twice', (a) => ({ bytes: Buffer.concat([all(a), a.last]) }), 'something follows its last row'],
    [
      'with a code that is none',
      (a) => ({ bytes: changed(a, 7, (r) => Buffer.concat([r.subarray(0, -1), Buffer.of(200)])) }),
      'code 200',
    ],
    [
      'with fewer rows than were counted',
      (a) => ({ bytes: Buffer.concat([some(a, 1, 80), a.last]) }),
      'changed while they were read',
    ],
    [
      'with more rows than were counted',
      (a) => ({ bytes: Buffer.concat([some(a, 0, 80), some(a, 79, 80), a.last]) }),
      'changed while they were read',
    ],
    [
      'with a row in the place of another',
      (a) => ({ bytes: Buffer.concat([some(a, 0, 40), some(a, 39, 40), some(a, 41, 80), a.last]) }),
      'changed while they were read',
    ],
    [
      'with people in another order',
      (a) => ({ bytes: Buffer.concat([some(a, 2, 4), some(a, 0, 2), some(a, 4, 80), a.last]) }),
      'another order',
    ],
    [
      'with moments in another order',
      (a) => ({ bytes: Buffer.concat([some(a, 1, 2), some(a, 0, 1), some(a, 2, 80), a.last]) }),
      'the moment',
    ],
    ['with an id that is no text', (a) => ({ bytes: changed(a, 78, (r) => r.fill(0xff, 5, 6)) }), 'is no UTF-8'],
    ['whose connection is cut', (a) => ({ bytes: all(a), cutAt: 700 }), 'broke off the connection'],
  ])('%s is refused', async (_, send, words) => {
    fake.send = send;
    const refused = read();
    await expect(refused).rejects.toBeInstanceOf(UserError);
    await expect(refused).rejects.toThrow(words);
    const kills = fake.asked.filter(({ sql }) => sql.startsWith('KILL QUERY'));
    const rowsAsked = fake.asked.find(({ sql }) => sql.includes('fs_code'));
    // What is of no use is ended; what has ended is not asked to.
    for (const { sql } of kills) expect(sql).toContain(rowsAsked?.url.searchParams.get('query_id'));
  });

  it('that is broken ends the command with 1 and leaves no part', async () => {
    fake.send = ({ rows: events }) => ({ bytes: Buffer.concat(events) });
    const shard = ['--shard', '0/2', '--out', 'broken.part'];
    const run = await foresend(['replay', 'w.json', '--from', source(), ...shard], { cwd });
    expect(run).toMatchObject({ status: 1, stdout: '' });
    expect(run.stderr).toContain(
      'is not whole: it ended before its last row. Nothing was made of it; run the command again.',
    );
    expect(readdirSync(cwd).filter((name) => name.includes('broken'))).toEqual([]);
    const taken = await foresend(['import', source(), '--dataset', 'd'], { cwd });
    expect(taken).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(join(cwd, 'workspace.foresend'))).toBe(false);
  });

  it('in small pieces is the same', () => {
    const bytes = Buffer.concat([Buffer.of(0, 2), Buffer.from('ab'), Buffer.of(7, 1, 0, 0)]);
    for (let size = 1; size <= bytes.length; size++) {
      const seen: string[] = [];
      const reader = new RowBinaryReader(['string', 'u8'], ({ bytes: all_, starts, numbers }) => {
        seen.push(`${Buffer.from(all_.subarray(starts[0], numbers[0])).toString()} ${numbers[1]}`);
      });
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      reader.end();
      expect(seen).toEqual(['ab 7']);
    }
  });

  it('with texts longer than 127 bytes, and numbers of every kind, is read to the bit', () => {
    const long = 'ä'.repeat(10_000);
    const head = Buffer.alloc(18);
    head.writeBigInt64LE(-9007199254740991n, 0);
    head.writeDoubleLE(0.1, 8);
    head.writeUInt16LE(65_534, 16);
    // 20,000 = 156 × 128 + 32: the low seven bits first, marked as not the last.
    const row = (last: number, text: string, length: Buffer, rest: Buffer) =>
      Buffer.concat([Buffer.of(last), length, Buffer.from(text), rest]);
    const bytes = Buffer.concat([
      row(0, long, Buffer.of(0xa0, 0x9c, 0x01), head),
      row(1, '', Buffer.of(0), Buffer.alloc(18)),
    ]);
    const found: unknown[] = [];
    const reader = new RowBinaryReader(['string', 'i64', 'f64', 'u16'], ({ bytes: all_, starts, numbers }) => {
      const text = Buffer.from(all_.subarray(starts[0], numbers[0])).toString();
      found.push(text === long, ...numbers.slice(1));
    });
    reader.push(bytes);
    reader.end();
    expect(found).toEqual([true, -9007199254740991, 0.1, 65_534]);
  });
});

describe('a server', () => {
  it.each<[string, number, string, string]>([
    [
      'wrong password',
      403,
      'Code: 516. DB::Exception: default: Authentication failed. (AUTHENTICATION_FAILED) (version 25.8.1.1)',
      'does not let this user in. CLICKHOUSE_USER',
    ],
    [
      'no rights',
      403,
      'Code: 497. DB::Exception: default: Not enough privileges. (ACCESS_DENIED)',
      'This user may not read that',
    ],
    ['401 without words', 401, '', 'does not let this user in'],
    [
      'no table',
      404,
      "Code: 60. DB::Exception: Unknown table expression identifier 'ev'. (UNKNOWN_TABLE)",
      'has no such table',
    ],
    ['too much memory', 500, 'Code: 241. DB::Exception: Memory limit (total) exceeded', 'More shards'],
    [
      'read-only',
      500,
      "Code: 164. DB::Exception: Cannot modify 'max_bytes_before_external_sort' setting in readonly mode",
      'readonly = 2',
    ],
    ['a page of something else', 502, '<html>Bad Gateway</html>', 'HTTP status 502'],
  ])('that answers %s is told of plainly', async (_, status, body, words) => {
    fake.refusal = { status, body };
    await expect(read()).rejects.toThrow(words);
    await expect(read()).rejects.toThrow(new URL(url).host);
  });

  it('that hashes otherwise is refused before a row is read', async () => {
    fake.murmur = 1;
    await expect(read()).rejects.toThrow("murmurHash3_32('abc') is 1 there, and has to be 3017643002");
    expect(fake.asked.some(({ sql }) => sql.includes('FROM `ev`'))).toBe(false);
  });

  it.each([
    ['18.14.9', 'is too old'],
    ['<html>', 'is no ClickHouse'],
  ])('of version %s is refused', async (version, words) => {
    fake.version = version;
    await expect(read()).rejects.toThrow(words);
  });

  it('that is not there is told of with its address', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    await new Promise((resolve) => taken.close(resolve));
    const path = join(cwd, source({ clickhouse: `http://127.0.0.1:${port}` }));
    await expect(historyFor(path, [workflow], null, {}, {})).rejects.toThrow(
      `127.0.0.1:${port}: nothing listens there`,
    );
  });

  it('is given the user of the environment, and a password only where nobody can listen', async () => {
    await read(null, { CLICKHOUSE_USER: 'ann', CLICKHOUSE_PASSWORD: 's' });
    expect(new Set(fake.asked.map(({ user }) => user))).toEqual(new Set(['ann']));
    const path = join(cwd, source({ clickhouse: 'http://ch.example.com:8123' }));
    const refused = historyFor(path, [workflow], null, {}, { CLICKHOUSE_PASSWORD: 's' });
    await expect(refused).rejects.toThrow('would go to ch.example.com:8123 unencrypted');
  });

  it('hears that a query is called off', async () => {
    const aborter = new AbortController();
    const answered = new Promise<void>((resolve) => {
      fake.send = ({ rows: events }) => {
        resolve();
        return { bytes: Buffer.concat(events), hangs: true };
      };
    });
    void answered.then(() => aborter.abort());
    const path = join(cwd, source());
    await expect(historyFor(path, [workflow], null, { signal: aborter.signal }, {})).rejects.toMatchObject({
      name: 'AbortError',
    });
    const id = fake.asked.find(({ sql }) => sql.includes('fs_code'))?.url.searchParams.get('query_id');
    expect(fake.asked.at(-1)?.sql).toBe(`KILL QUERY WHERE query_id = '${id}' SYNC`);
  });
});
