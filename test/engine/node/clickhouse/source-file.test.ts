// The file that says where in ClickHouse a history is: what it means, and every problem at its place.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { isClickhouseSource, readClickhouseSource } from '../../../../engine/node/clickhouse/source-file.ts';
import { foresend, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);
const path = join(folder.path, 'shop.clickhouse.json');

const GOOD = {
  foresend: 1,
  clickhouse: 'http://127.0.0.1:8123',
  table: 'analytics.my events',
  person: 'user_id',
  event: 'name',
  time: 'at',
  observedUntil: '2026-03-01T00:00:00Z',
};

function read(file: object | string) {
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return readClickhouseSource(path);
}

function problems(file: object | string): string[] {
  try {
    read(file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.issues.length === 0 ? [error.message] : error.issues.map(({ at, message }) => `${at}: ${message}`);
  }
  return [];
}

describe('a source file', () => {
  it('names a table, quoted, and is called by its name', () => {
    expect(read(GOOD)).toMatchObject({
      name: 'shop',
      url: 'http://127.0.0.1:8123/',
      events: { from: '`analytics`.`my events`', timeUnit: 'ms', value: null, only: null, sequence: null },
      people: null,
      observedFrom: null,
      observedUntil: Date.UTC(2026, 2, 1),
    });
    expect(read({ ...GOOD, table: 'o`dd' }).events.from).toBe('o`dd');
    expect(isClickhouseSource('a/B.ClickHouse.JSON')).toBe(true);
    expect(isClickhouseSource('clickhouse.json')).toBe(false);
  });

  it('may have a query in the place of a table, properties and people', () => {
    const source = read({
      ...GOOD,
      table: undefined,
      query: 'SELECT * FROM t -- all',
      properties: { size: { expression: 'toFloat64(size)', type: 'number' }, kind: 'kind' },
      people: { table: 'crm', person: 'who', time: 'since', timeUnit: 's', properties: { plan: 'plan' } },
    });
    // A comment at its end does not eat what follows.
    expect(source.events.from).toBe('(SELECT * FROM t -- all\n)');
    expect(source.events.properties).toMatchObject([
      { name: 'size', expression: 'toFloat64(size)', type: 'number' },
      { name: 'kind', expression: 'kind', type: null },
    ]);
    expect(source.people).toMatchObject({ from: '`crm`', prefix: 'people.', timeUnit: 's' });
  });

  it.each<[object | string, string]>([
    ['{', 'shop.clickhouse.json:1:2: '],
    [[], 'with the source in it'],
    [{ foresend: 1, id: 'w' }, 'it needs "foresend": 1 and "clickhouse"'],
    [{ ...GOOD, clickhouse: 'tcp://x' }, 'clickhouse: it is the address of the HTTP interface'],
    [{ ...GOOD, clickhouse: 'http://me:secret@x' }, 'clickhouse: an address holds no user'],
    [{ ...GOOD, clickhouse: 'http://x/?user=me' }, 'clickhouse: an address holds no user'],
    [{ ...GOOD, tabel: 'x' }, 'tabel: "tabel" is not known here'],
    [{ ...GOOD, table: undefined }, 'table: it takes "table": a name, or "query"'],
    [{ ...GOOD, query: 'SELECT 1' }, 'table: it takes "table": a name, or "query"'],
    [{ ...GOOD, person: undefined }, 'person: "person" is needed'],
    [{ ...GOOD, event: '' }, 'event: "event" is a text that is not empty'],
    [{ ...GOOD, time: 7 }, 'time: "time" is a text that is not empty'],
    [{ ...GOOD, timeUnit: 'min' }, 'timeUnit: it is one of s, ms, us, ns'],
    [{ ...GOOD, observedUntil: undefined }, 'observedUntil: "observedUntil" is needed: rows may arrive'],
    [{ ...GOOD, observedUntil: 'soon' }, 'observedUntil: "observedUntil" is a moment'],
    [{ ...GOOD, observedFrom: '2027-01-01' }, 'observedFrom: observation begins after it ends'],
    [{ ...GOOD, events: [] }, 'events: "events" is a list of names'],
    [{ ...GOOD, events: ['a', 3] }, 'events: "events" is a list of names'],
    [{ ...GOOD, properties: ['a'] }, 'properties: it is an object'],
    [
      { ...GOOD, properties: { a: { expression: 'a', type: 'date' } } },
      'properties.a.type: it is one of string, number, boolean',
    ],
    [{ ...GOOD, properties: { value: 'v' } }, 'properties.value: a property has a name of its own'],
    [{ ...GOOD, people: 'crm' }, 'people: it is an object'],
    [{ ...GOOD, people: { table: 'crm', person: 'w', time: 't' } }, 'people.properties: it names'],
    [
      { ...GOOD, people: { table: 'crm', person: 'w', properties: {}, event: 'x' } },
      'people.event: "event" is not known here',
    ],
  ])('is refused at the place of the problem: %j', (file, words) => {
    expect(problems(file).some((one) => one.includes(words))).toBe(true);
  });

  it('has all its problems told at once', () => {
    expect(problems({ ...GOOD, person: undefined, observedUntil: undefined, timeUnit: 'x' })).toHaveLength(3);
  });

  it('stands alone on the command line', async () => {
    read(GOOD);
    const run = async (...args: string[]) => foresend(args, { cwd: folder.path });
    writeFileSync(join(folder.path, 'w.json'), '{}');
    expect((await run('replay', 'w.json', '--from', path, '--dataset', 'd')).status).toBe(2);
    expect((await run('replay', 'w.json', '--from', path, '--workers', '2')).status).toBe(2);
    const mapped = await run('import', path, '--dataset', 'd', '--map', 'user=x');
    expect(mapped).toMatchObject({ status: 1, stdout: '' });
    expect(mapped.stderr).toContain('--map has no place beside it');
    expect((await run('import', path, 'w.json', '--dataset', 'd')).stderr).toContain('imported by itself');
  });

  it('is validated by itself, without a server', async () => {
    read(GOOD);
    const good = await foresend(['validate', path], { cwd: folder.path });
    expect(good).toMatchObject({ status: 0, stderr: '' });
    expect(good.stdout).toContain('is valid: the history "shop", of the table analytics.my events at 127.0.0.1:8123.');
    problems({ ...GOOD, time: undefined });
    const bad = await foresend(['validate', path], { cwd: folder.path });
    expect(bad).toMatchObject({ status: 1, stdout: '' });
    expect(bad.stderr).toContain('time (line 1): "time" is needed');
  });

  it('is not read as a history itself in the window, which says where it is taken', async () => {
    read(GOOD);
    const workspace = join(folder.path, 'w.foresend');
    const backend = new WindowBackend({ workspace, exports: join(folder.path, 'exports'), demoPersons: 10 });
    backend.addFile('h', { path: join(folder.path, 'upload-1'), name: 'shop.clickhouse.json' });
    const refused = backend.sniff({ files: ['h'], format: null, map: {}, eventName: null });
    await expect(refused).rejects.toThrow('foresend import shop.clickhouse.json --dataset NAME');
    await expect(refused).rejects.toThrow(workspace);
  });
});
