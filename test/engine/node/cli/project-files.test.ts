// What comes along with a projection at the command line: a file of people, and which assumption matters.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDuckDB } from '../../../../engine/node/duckdb.ts';
import { foresend, foresendJson, temporaryFolder } from '../../../helpers/cli.ts';

const WORKFLOW = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const folder = temporaryFolder();
const cwd = folder.path;
const asked = ['project', WORKFLOW, '--workspace', 'w.foresend', '--number', '200'];

beforeAll(async () => {
  const made = ['synth', '--model', 'cart', '--persons', '250', '--seed', '7', '--dataset', 'd'];
  await foresendJson([...made, '--workspace', 'w.foresend'], { cwd });
});
afterAll(folder.remove);

describe('secondary goals', () => {
  const watched = [
    '--set',
    'secondary=[{"id":"again","metric":"event","event":"Purchased","within":"14d","of":"converted"},{"id":"worth","metric":"value","within":"14d","of":"converted"}]',
  ];

  it('come with a replay, the same with a projection, and not where the workflow has none', async () => {
    const base = ['replay', WORKFLOW, '--workspace', 'w.foresend'];
    const replayed = await foresendJson([...base, ...watched], { cwd });
    expect(replayed.secondary.map(({ id }: { id: string }) => id)).toEqual(['again', 'worth']);
    const [again, worth] = replayed.secondary;
    expect(worth.treated.n).toBe(again.treated.n);
    expect(worth.treated.x).toBe(again.treated.x);
    expect(again.treated.n + again.treated.incomplete).toBeLessThanOrEqual(replayed.enrolled.treated);
    expect((await foresendJson([...base, ...watched, '--workers', '2'], { cwd })).secondary).toEqual(
      replayed.secondary,
    );
    for (const shard of ['0/2', '1/2'])
      await foresendJson([...base, ...watched, '--shard', shard, '--out', `half-${shard[0]}`], { cwd });
    expect(await foresendJson(['merge', 'half-1', 'half-0'], { cwd })).toEqual(replayed);
    const projected = await foresendJson([...asked, ...watched], { cwd });
    expect(projected.secondary).toEqual(replayed.secondary);
    expect(projected.later.id).toBe('worth');
    expect(await foresendJson(base, { cwd })).not.toHaveProperty('secondary');
    expect((await foresend([...base, ...watched], { cwd })).stdout).toMatch(/Secondary goals, each person once/);
  });
});

describe('a file of people', () => {
  it('adds up to the headline, in every format', async () => {
    const { eligible, mailed, incremental } = await foresendJson([...asked, '--people', 'people.csv'], { cwd });
    const [head, ...rows] = readFileSync(join(cwd, 'people.csv'), 'utf8').trimEnd().split('\n');
    expect(head).toBe('person,triggered,entry,arm,convertedAfter,value,increment,low,high');
    expect(rows).toHaveLength(eligible);
    const sum = rows.reduce((total, row) => total + Number(row.split(',')[6]), 0);
    expect((sum * mailed) / eligible).toBeCloseTo(incremental.expected, 6);
    await foresendJson([...asked, '--people', 'people.parquet'], { cwd });
    const found = await withDuckDB(async (connection) => {
      const path = join(cwd, 'people.parquet');
      const answer = await connection.runAndReadAll(`select count(*), sum(increment), min(triggered) from '${path}'`);
      return answer.getRows()[0] ?? [];
    });
    expect(Number(found[0])).toBe(eligible);
    expect(Number(found[1])).toBeCloseTo(sum, 9);
    expect(Number(found[2])).toBeGreaterThan(1e12);
  });

  it('is refused before any work where its format or place is wrong', async () => {
    const wrong = await foresend([...asked, '--people', 'people.xlsx'], { cwd });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/people\.xlsx/);
    const twice = await foresend([...asked, '--people', 'one.csv', '--draws', './one.csv'], { cwd });
    expect(twice.status).toBe(2);
    expect(twice.stderr).toMatch(/same file/);
    writeFileSync(join(cwd, 'own.csv'), readFileSync(WORKFLOW));
    const over = await foresend(['project', 'own.csv', '--workspace', 'w.foresend', '--people', 'own.csv'], { cwd });
    expect(over.status).toBe(1);
    expect(readFileSync(join(cwd, 'own.csv'), 'utf8')).toBe(readFileSync(WORKFLOW, 'utf8'));
  });
});

describe('a response file that cannot be used', () => {
  it('is named, with the line of every problem', async () => {
    writeFileSync(join(cwd, 'torn.json'), '{\n  "mode": "direct",\n  "p": 0.1,\n  "unsub": [0.1,\n    7]\n}\n');
    const torn = await foresend([...asked, '--response', 'torn.json'], { cwd });
    expect(torn).toMatchObject({ status: 1, stdout: '' });
    expect(torn.stderr).toMatch(/The response file torn\.json cannot be used: 1 problem\./);
    expect(torn.stderr).toContain('unsub[1] (line 5): ');
    writeFileSync(join(cwd, 'list.json'), '[]');
    const list = await foresend([...asked, '--response', 'list.json'], { cwd });
    expect(list.stderr).toContain('list.json:1:1: expected one object { ... } with the response in it.');
    const scenario = { foresend: 1, scenario: 's', workflow: WORKFLOW, dataset: 'd', response: 'torn.json' };
    writeFileSync(join(cwd, 'scenario.json'), JSON.stringify(scenario));
    const named = await foresend(['project', 'scenario.json', '--workspace', 'w.foresend'], { cwd });
    expect(named.stderr).toMatch(/torn\.json.*\n.*unsub\[1\] \(line 5\)/);
  });
});

describe('the holdout of a response file alone', () => {
  it('is asked for by name, and refused where there is none', async () => {
    const arms = { treated: { n: 4500, x: 540 }, control: { n: 500, x: 40 } };
    writeFileSync(join(cwd, 'measured.json'), JSON.stringify({ foresend: 1, measured: arms }));
    const given = [...asked, '--response', 'measured.json'];
    const beside = await foresendJson(given, { cwd });
    const alone = await foresendJson([...given, '--own-data-only'], { cwd });
    expect(beside.incremental.fromData.effect).toBeLessThan(1);
    expect(alone.incremental.fromData.effect).toBe(1);
    expect(alone.incremental.expected).toBeGreaterThan(beside.incremental.expected);
    const none = await foresend([...asked, '--own-data-only'], { cwd });
    expect(none.status).toBe(2);
    expect(none.stderr).toMatch(/--response-out/);
  });
});

describe('which assumption matters', () => {
  it('comes where it is asked for, widest first, with its kind and source', async () => {
    expect(await foresendJson(asked, { cwd })).not.toHaveProperty('sensitivity');
    const { sensitivity, incremental } = await foresendJson([...asked, '--sensitivity'], { cwd });
    const widths = sensitivity.swings.map((swing: { width: number }) => swing.width);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    for (const { kind, source } of sensitivity.swings) {
      expect(['prior', 'data', 'input']).toContain(kind);
      expect(source).not.toBe('');
    }
    expect(sensitivity.middle.conversions).toBeGreaterThan(incremental.low);
    expect(sensitivity.middle.conversions).toBeLessThan(incremental.high);
    const { stdout } = await foresend([...asked, '--sensitivity'], { cwd });
    expect(stdout).toMatch(/Which assumption matters/);
    expect(stdout).toMatch(/The emails pay from an odds ratio of/);
    expect(stdout).not.toMatch(/NaN|null|undefined/);
  });
});
