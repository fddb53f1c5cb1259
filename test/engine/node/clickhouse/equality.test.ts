// The same bytes whatever a history is read from and however it is cut: a file, one server, two servers, and 1, 2, 5, 8 and
// 128 shards. And that what is compared is worth comparing: orders, names and amounts that a careless reader would lose.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OneHistory } from '../../../../engine/node/api/one-history.ts';
import { historyFor } from '../../../../engine/node/clickhouse/index.ts';
import { mergeParts } from '../../../../engine/node/parts.ts';
import { checkedWorkflow } from '../../../../engine/node/workflow-file.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import {
  type ClickhouseServer,
  describeWith,
  hasClickhouse,
  type Servers,
  startServers,
} from '../../../helpers/clickhouse.ts';
import {
  ADDED,
  fillCluster,
  fillTable,
  insert,
  START,
  shopRows,
  sourceOf,
  UNTIL,
  WORKFLOW,
  writeCsv,
  writeJson,
} from './shop.ts';

describeWith({ 'clickhouse-server': hasClickhouse }, 'a history in ClickHouse', () => {
  const folder = temporaryFolder();
  const cwd = folder.path;
  const rows = shopRows(400);
  let running: Servers;
  let first: ClickhouseServer;

  beforeAll(async () => {
    running = await startServers(2);
    [first] = running.servers as [ClickhouseServer, ClickhouseServer];
    await fillTable(first, rows);
    await fillCluster(running.servers, rows);
    writeCsv(cwd, 'rows.csv', rows);
    writeJson(cwd, 'cart.json', WORKFLOW);
    writeJson(cwd, 'shop.clickhouse.json', sourceOf(first.url));
    writeJson(cwd, 'both.clickhouse.json', sourceOf(first.url, { table: 'default.evd' }));
    await foresendJson(['import', 'rows.csv', '--dataset', 'shop', '--observed-until', UNTIL], { cwd });
  });
  afterAll(async () => {
    await running?.stop();
    folder.remove();
  });

  const withoutHistory = (answer: { stamp: object }) => ({ ...answer, stamp: { ...answer.stamp, history: '' } });

  /** As `replay --from .. --shard .. --out ..`, in this process. */
  async function mergedText(source: string, n: number): Promise<string> {
    const workflow = checkedWorkflow(WORKFLOW, 'cart.json').workflow;
    const parts: string[] = [];
    for (let index = 0; index < n; index++) {
      const shard = { index, of: n };
      const { name, history, warnings } = await historyFor(join(cwd, source), [workflow], shard, {});
      const part = join(cwd, `${n}-${index}.part`);
      const asked = { dataset: null, workflow: WORKFLOW, workflowPath: 'cart.json', set: [], seed: 1 };
      await new OneHistory(name, history, warnings).replay({ ...asked, log: null, shard, part });
      parts.push(part);
    }
    return JSON.stringify(await mergeParts(parts), null, 2);
  }

  it('gives the bytes of the same history in a file, through one server and through two', async () => {
    const file = (await foresend(['replay', 'cart.json', '--json'], { cwd })).stdout;
    const one = (await foresend(['replay', 'cart.json', '--from', 'shop.clickhouse.json', '--json'], { cwd })).stdout;
    const two = (await foresend(['replay', 'cart.json', '--from', 'both.clickhouse.json', '--json'], { cwd })).stdout;
    const read = JSON.parse(file);
    expect(read.candidates).toBeGreaterThan(100);
    expect(read.exits.goal).toBeGreaterThan(10);
    expect(read.exits.event).toBeGreaterThan(10);
    expect(read.suppressed.small).toBeGreaterThan(5);
    expect(withoutHistory(JSON.parse(one))).toEqual(withoutHistory(read));
    expect(JSON.stringify(withoutHistory(JSON.parse(one)))).toBe(JSON.stringify(withoutHistory(read)));
    expect(two).toBe(one);
  });

  it.each([1, 2, 5, 8])('gives the same bytes merged from %i shards', async (n) => {
    const whole = (await foresend(['replay', 'cart.json', '--from', 'shop.clickhouse.json', '--json'], { cwd })).stdout;
    expect(await mergedText('shop.clickhouse.json', n)).toBe(whole.trimEnd());
    expect(await mergedText('both.clickhouse.json', n)).toBe(whole.trimEnd());
  });

  it('gives the same bytes merged from 128 shards', async () => {
    const whole = (await foresend(['replay', 'cart.json', '--from', 'shop.clickhouse.json', '--json'], { cwd })).stdout;
    expect(await mergedText('shop.clickhouse.json', 128)).toBe(whole.trimEnd());
  });

  it('writes parts on the command line, which merge, and refuse what is missing or from other rows', async () => {
    const replay = (k: number, more: string[] = []) =>
      foresend(
        ['replay', 'cart.json', '--from', 'shop.clickhouse.json', '--shard', `${k}/2`, '--out', `${k}.part`, ...more],
        { cwd },
      );
    expect((await replay(0)).status).toBe(0);
    expect((await replay(1)).status).toBe(0);
    const whole = await foresend(['replay', 'cart.json', '--from', 'shop.clickhouse.json'], { cwd });
    expect((await foresend(['merge', '0.part', '1.part'], { cwd })).stdout).toBe(whole.stdout);
    expect((await foresend(['merge', '0.part'], { cwd })).stderr).toContain('missing: 1/2');
    // What comes after the end of observation changes nothing.
    const after = { seq: 10 ** 6, user: 'u50', event: ADDED, ts: Date.parse(UNTIL) + 1, value: 50, kind: null };
    await insert(first, 'ev', [after]);
    expect((await replay(1)).status).toBe(0);
    expect((await foresend(['merge', '0.part', '1.part'], { cwd })).stdout).toBe(whole.stdout);
    // A row that comes late, from before the end of observation, is another history.
    await insert(first, 'ev', [{ seq: 10 ** 6, user: 'u50', event: ADDED, ts: START, value: 50, kind: null }]);
    expect((await replay(1)).status).toBe(0);
    const mixed = await foresend(['merge', '0.part', '1.part'], { cwd });
    expect(mixed.status).toBe(1);
    expect(mixed.stderr).toContain('parts of different replays');
    await first.query('DROP TABLE ev');
    await fillTable(first, rows);
  });

  it('becomes a dataset that equals the import of the file, to the fingerprint', async () => {
    const asText = { properties: { kind: 'kind' } };
    writeJson(cwd, 'all.clickhouse.json', sourceOf(first.url, asText));
    const report = await foresendJson(['import', 'all.clickhouse.json', '--dataset', 'taken'], { cwd });
    expect(report).toMatchObject({ persons: 400, events: rows.length, rows: { kept: rows.length, rejected: [] } });
    expect(report.format).toContain('18.16');
    const stamp = async (dataset: string) =>
      (await foresendJson(['replay', 'cart.json', '--dataset', dataset], { cwd })).stamp;
    expect(await stamp('taken')).toEqual(await stamp('shop'));
    const again = await foresend(['import', 'all.clickhouse.json', '--dataset', 'taken'], { cwd });
    expect(again).toMatchObject({ status: 1, stdout: '' });
    expect(again.stderr).toContain('--replace');
    expect((await foresend(['import', 'all.clickhouse.json', '--dataset', 'taken', '--replace'], { cwd })).status).toBe(
      0,
    );
    const { imports } = await foresendJson(['describe', '--dataset', 'taken'], { cwd });
    expect(imports).toMatchObject([{ files: ['all.clickhouse.json'], formats: [report.format] }]);
  });

  it('takes what happened at one instant by name where no sequence is given, as a file in that order', async () => {
    const { sequence: _, ...without } = sourceOf(first.url);
    writeJson(cwd, 'bare.clickhouse.json', without);
    const byName = [...rows].sort((a, b) => a.ts - b.ts || (a.event < b.event ? -1 : a.event > b.event ? 1 : 0));
    writeCsv(cwd, 'by-name.csv', byName);
    await foresendJson(
      ['import', 'by-name.csv', '--dataset', 'shop', '--observed-until', UNTIL, '--workspace', 'n.foresend'],
      { cwd },
    );
    const file = await foresendJson(['replay', 'cart.json', '--workspace', 'n.foresend'], { cwd });
    const bare = await foresendJson(['replay', 'cart.json', '--from', 'bare.clickhouse.json'], { cwd });
    expect(withoutHistory(bare)).toEqual(withoutHistory(file));
    const ordered = await foresendJson(['replay', 'cart.json', '--from', 'shop.clickhouse.json'], { cwd });
    expect(bare.exits).not.toEqual(ordered.exits);
    expect(bare.stamp.history).not.toBe(ordered.stamp.history);
  });

  it('writes the same decisions', async () => {
    const log = async (args: string[], name: string) => {
      expect((await foresend(['replay', 'cart.json', '--log', name, ...args], { cwd })).status).toBe(0);
      return readFileSync(join(cwd, name), 'utf8');
    };
    const file = await log(['--dataset', 'shop'], 'file.csv');
    expect(file.split('\n').length).toBeGreaterThan(500);
    expect(await log(['--from', 'shop.clickhouse.json'], 'from.csv')).toBe(file);
  });

  it('is replayed by a programme and its settings likewise, and looked at', async () => {
    writeJson(cwd, 'browse.json', {
      ...WORKFLOW,
      id: 'browse',
      trigger: { type: 'behavior', event: 'Viewed' },
      suppress: [],
    });
    writeJson(cwd, 'both.json', { foresend: 1, programme: 'both', workflows: ['cart.json', 'browse.json'] });
    const set = ['--set', 'workflows.cart.trigger.within=30m'];
    const file = await foresendJson(['replay', 'both.json', '--dataset', 'shop', ...set], { cwd });
    const from = ['replay', 'both.json', '--from', 'shop.clickhouse.json', ...set];
    const whole = await foresend([...from, '--json'], { cwd });
    expect(withoutHistory(JSON.parse(whole.stdout))).toEqual(withoutHistory(file));
    expect(file.programme.people.enrolled).toBeGreaterThan(100);
    for (const k of [0, 1])
      expect((await foresend([...from, '--shard', `${k}/2`, '--out', `both${k}.part`], { cwd })).status).toBe(0);
    expect((await foresend(['merge', 'both1.part', 'both0.part', '--json'], { cwd })).stdout).toBe(whole.stdout);
    const look = await foresendJson(['look', 'shop.clickhouse.json'], { cwd });
    expect(look.imported).toMatchObject({ persons: 400, events: rows.length });
  });

  it('makes a part of a shard with nobody in it', async () => {
    const source = writeJson(
      cwd,
      'few.clickhouse.json',
      sourceOf(first.url, { query: "SELECT * FROM ev WHERE user = 'u50'", table: undefined }),
    );
    const parts = await Promise.all(
      [0, 1, 2].map(async (k) => {
        const run = await foresend(
          ['replay', 'cart.json', '--from', source, '--shard', `${k}/3`, '--out', `few${k}.part`, '--json'],
          { cwd },
        );
        expect(run).toMatchObject({ status: 0 });
        return JSON.parse(run.stdout).candidates as number;
      }),
    );
    expect(parts.filter((n) => n > 0)).toHaveLength(1);
    const whole = await foresend(['replay', 'cart.json', '--from', source], { cwd });
    expect((await foresend(['merge', 'few0.part', 'few1.part', 'few2.part'], { cwd })).stdout).toBe(whole.stdout);
    expect(existsSync(join(cwd, 'few1.part'))).toBe(true);
  });
});
