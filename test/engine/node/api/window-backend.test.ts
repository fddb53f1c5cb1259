// What the window asks, without a window: the workflow on disk, checks with lines, windows, figures, and the files made.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Progress, WorkflowDocument, WorkflowRequest } from '../../../../engine/api/index.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../engine/base/index.ts';
import { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { withDuckDB } from '../../../../engine/node/duckdb.ts';
import { formatWorkflow, parseWorkflow } from '../../../../engine/workflow/index.ts';
import { demoBackend } from '../../../helpers/window-backend.ts';

let folder: string;
let backend: WindowBackend;
let question: WorkflowRequest;
let remove: () => void;

beforeAll(async () => {
  ({ folder, backend, question, remove } = await demoBackend());
});

afterAll(() => remove());

describe('getting ready', () => {
  it('makes one demo for all who ask at once, and tells it from data of one’s own', async () => {
    const own = new WindowBackend({ workspace: join(folder, 'b.foresend'), exports: folder, demoPersons: 50 });
    const seen: Progress[] = [];
    const both = await Promise.all([own.ready({ onProgress: (p) => seen.push(p) }), own.ready()]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0]).toMatchObject({ demo: 'demo', datasets: [{ name: 'demo' }] });
    expect(seen.length).toBeGreaterThan(0);
  });

  it('makes the other demo histories when asked, each with a workflow that enrolls people in it', async () => {
    const place = join(folder, 'grown');
    mkdirSync(place);
    const options = { workspace: join(place, 'd.foresend'), exports: folder, demoPersons: 200, isDemoAlone: false };
    const own = new WindowBackend(options);
    expect(await own.ready()).toMatchObject({ demo: 'demo', isDemoGrowing: true, datasets: [{ name: 'demo' }] });
    const [all, twice] = await Promise.all([own.growDemo(), own.growDemo()]);
    expect(all.map(({ name }) => name).sort()).toEqual(['demo', 'demo-saas', 'demo-winback']);
    expect(twice).toEqual(all);
    for (const [dataset, name] of [
      ['demo-saas', 'feature-adoption.json'],
      ['demo-winback', 'win-back.json'],
    ] as const) {
      const workflowPath = join(place, name);
      const workflow = JSON.parse(readFileSync(workflowPath, 'utf8'));
      const asked = { dataset, workflow, workflowPath, set: [], seed: 1 };
      const { enrolled, warnings } = await own.replay({ ...asked, log: null, shard: null, part: null });
      expect(enrolled.treated).toBeGreaterThan(10);
      expect(warnings).toEqual([]);
    }
    const offered = async () => (await own.workflows()).map(({ id, demo }) => [id, demo]);
    expect(await offered()).toEqual([
      ['cart-recovery.json', 'demo'],
      ['feature-adoption.json', 'demo-saas'],
      ['win-back.json', 'demo-winback'],
    ]);
    const again = await new WindowBackend(options).ready();
    expect(again).not.toHaveProperty('isDemoGrowing');
    expect(again).toMatchObject({ demo: 'demo' });
  });

  it('goes on with demo histories that were not finished, and leaves a workflow of that name as it is', async () => {
    const place = join(folder, 'cut');
    mkdirSync(place);
    const options = { workspace: join(place, 'd.foresend'), exports: folder, demoPersons: 60, isDemoAlone: false };
    writeFileSync(join(place, 'win-back.json'), '{}');
    const first = new WindowBackend(options);
    await first.ready();
    const control = new AbortController();
    control.abort();
    await expect(first.growDemo({ signal: control.signal })).rejects.toThrow();
    const later = new WindowBackend(options);
    expect(await later.ready()).toMatchObject({ isDemoGrowing: true });
    expect(await later.growDemo()).toHaveLength(3);
    expect(readFileSync(join(place, 'win-back.json'), 'utf8')).toBe('{}');
    // A history of one's own under the name is not the demo's.
    await later.removeDataset({ dataset: 'demo-saas' });
    await later.synth({ model: 'cart', persons: 20, seed: 1, dataset: 'demo-saas', out: null });
    const saas = (await later.workflows()).find(({ id }) => id === 'feature-adoption.json');
    expect(saas).toMatchObject({ demo: null });
  });

  it('leaves what is there as it is', async () => {
    const path = join(folder, 'cart-recovery.json');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, `${before}\n`);
    expect((await backend.ready()).datasets).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe(`${before}\n`);
    writeFileSync(path, before);
  });

  it('forgets what an earlier run had set aside, but not after a crash', async () => {
    const options = { workspace: join(folder, 'c.foresend'), exports: folder, demoPersons: 50 };
    const first = new WindowBackend(options);
    await first.ready();
    await first.synth({ persons: 50, seed: 2, dataset: 'other', out: null });
    await first.removeDataset({ dataset: 'other' });
    const again = new WindowBackend({ ...options, fresh: false });
    await again.ready();
    await again.restoreDataset({ dataset: 'other' });
    await again.removeDataset({ dataset: 'other' });
    const later = new WindowBackend(options);
    await later.ready();
    await expect(later.restoreDataset({ dataset: 'other' })).rejects.toMatchObject({ code: 'NOTHING_ASIDE' });
  });
});

describe('the workflow on disk', () => {
  it('is written over only where nobody else has written', async () => {
    const first = await backend.openWorkflow();
    const second = await backend.saveWorkflow({ text: `${first.text} `, revision: first.revision });
    expect(second.revision).not.toBe(first.revision);
    expect(readFileSync(first.path, 'utf8')).toBe(`${first.text} `);
    writeFileSync(first.path, 'by hand');
    const refused = backend.saveWorkflow({ text: 'mine', revision: second.revision });
    await expect(refused).rejects.toMatchObject({ code: 'CHANGED_OUTSIDE' });
    expect(readFileSync(first.path, 'utf8')).toBe('by hand');
    const now = await backend.openWorkflow();
    expect((await backend.saveWorkflow({ text: first.text, revision: now.revision })).revision).toBe(first.revision);
    expect(existsSync(`${first.path}.partial`)).toBe(false);
  });

  it('is watched, for what others write', async () => {
    const heard: WorkflowDocument[] = [];
    const stop = backend.watchWorkflow((document) => heard.push(document));
    const { path, text, revision } = await backend.openWorkflow();
    const saved = await backend.saveWorkflow({ text: `${text}\n`, revision });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(heard).toEqual([]);
    writeFileSync(path, text);
    await vi.waitFor(() => expect(heard).toEqual([{ path, text, revision }]), { timeout: 3_000 });
    stop();
    expect(saved.revision).not.toBe(revision);
  });
});

describe('a text while it is edited', () => {
  const check = (text: string) => backend.checkWorkflow({ text, dataset: null });

  it('has its sentence, its canonical form and its hash when it is right', async () => {
    const { text } = await backend.openWorkflow();
    const answer = await check(text);
    expect(answer.issues).toEqual([]);
    expect(answer.limits).toEqual([]);
    expect(answer.sentence).toMatch(/^When /);
    expect(answer.canonical).toBe(formatWorkflow(question.workflow));
    expect(answer.hash).toBe(
      (await backend.replay({ ...question, log: null, shard: null, part: null })).stamp.workflow,
    );
  });

  it('has every problem at its line', async () => {
    const { text } = await backend.openWorkflow();
    const lineOf = (needle: string) => text.split('\n').findIndex((line) => line.includes(needle)) + 1;
    const wrong = await check(text.replace('"60m"', '60').replace('"Purchased"', '"Purchase"'));
    expect(wrong.hash).toBeNull();
    expect(wrong.sentence).toBeNull();
    expect(wrong.issues).toContainEqual(
      expect.objectContaining({ at: 'trigger.within', severity: 'error', line: lineOf('"60m"') }),
    );
    expect(wrong.issues).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        line: lineOf('"Purchased"'),
        message: expect.stringContaining('"Purchased"'),
      }),
    );
  });

  it('that is no JSON has one, at its line and column', async () => {
    expect(await check('{\n  "a": 1,\n  "b" 2\n}')).toMatchObject({
      file: null,
      issues: [{ severity: 'error', line: 3, column: 7 }],
    });
    expect((await check('')).issues).toMatchObject([{ line: 1, column: 1 }]);
  });
});

describe('windows', () => {
  it('are counted on one horizon, which holds while the window is dragged', async () => {
    const at = (within: string) => backend.windows({ ...question, set: [`trigger.within=${within}`] });
    const [hour, day] = [await at('60m'), await at('24h')];
    expect(hour.horizon).toBe(14 * DAY_MS);
    expect(day).toEqual({ ...hour, stamp: day.stamp });
    expect(hour.rungs[0]?.window).toBe(5 * MINUTE_MS);
    expect(hour.rungs.at(-1)?.window).toBe(14 * DAY_MS);
    const odd = await at('61m');
    expect(odd.rungs.map(({ window }) => window)).toContain(61 * MINUTE_MS);
    expect(odd.rungs).toHaveLength(hour.rungs.length + 1);
  });

  it('fire for everybody who has not converted by then, and agree with a sweep', async () => {
    const curve = await backend.windows(question);
    expect(curve.rungs.every(({ fired, wouldConvertAnyway }) => fired === wouldConvertAnyway + curve.never)).toBe(true);
    // The sweep's horizon is its largest window and the goal window: with 7 days in it, the curve's.
    const swept = await backend.sweep({
      ...question,
      over: [{ path: 'trigger.within', values: ['1h', '7d'] }],
      response: null,
    });
    expect(swept.horizon).toBe(curve.horizon);
    for (const row of swept.rows) {
      const rung = curve.rungs.find(({ window }) => window === row.window);
      expect(rung).toEqual({ window: row.window, fired: row.fired, wouldConvertAnyway: row.wouldConvertAnyway });
    }
    expect(swept.rows[0]?.window).toBe(HOUR_MS);
  });

  it('are refused in words where a trigger has none', async () => {
    const set = ['trigger={"type":"schedule","cron":"0 9 * * 1"}'];
    await expect(backend.windows({ ...question, set })).rejects.toMatchObject({ code: 'NOT_CALIBRATABLE' });
  });
});

describe('files made for the user', () => {
  const read = (handle: string, name: string) => readFileSync(join(folder, 'exports', handle, name), 'utf8');

  it('hold the workflow as it stands, with what was set', async () => {
    const made = await backend.exportFile({
      ...question,
      set: ['trigger.within=2h'],
      kind: 'workflow',
      response: null,
    });
    expect(made.name).toBe('cart-abandonment-recovery.json');
    const text = read(made.handle, made.name);
    expect(made.bytes).toBe(Buffer.byteLength(text));
    expect(text).toBe(formatWorkflow(parseWorkflow(text, 'a.json')));
    expect(text).toContain('"within": "2h"');
  });

  it('hold every figure, the same as a table and as Parquet', async () => {
    const csv = await backend.exportFile({ ...question, kind: 'figures-csv', response: null });
    const [header, ...lines] = read(csv.handle, csv.name).trimEnd().split('\n') as [string, ...string[]];
    expect(header).toBe('name,value,low,high,unit,kind');
    const rows = new Map(lines.map((line) => [line.split(',')[0] as string, line.split(',')]));
    const replay = await backend.replay({ ...question, log: null, shard: null, part: null });
    const projection = await backend.project({ ...question, response: null, draws: 4000 });
    expect(Number(rows.get('replay.candidates')?.[1])).toBe(replay.candidates);
    const { expected, low, high } = projection.incremental;
    expect(rows.get('project.incremental')).toEqual(
      ['project.incremental', expected, low, high, 'conversions', 'projected'].map(String),
    );
    expect(rows.size).toBe(lines.length);
    expect([...rows.values()].flat().filter((cell) => /NaN|Infinity|undefined|null/.test(cell))).toEqual([]);
    const parquet = await backend.exportFile({ ...question, kind: 'figures-parquet', response: null });
    const table = await withDuckDB(async (connection) => {
      const path = join(folder, 'exports', parquet.handle, parquet.name);
      return (await connection.runAndReadAll(`select * from read_parquet('${path}')`)).getRowObjectsJS();
    });
    const cell = (value: unknown) => (value === null ? '' : String(value));
    expect(table.map((row) => Object.values(row).map(cell).join(','))).toEqual(lines);
  });

  it('hold the report', async () => {
    const made = await backend.exportFile({ ...question, kind: 'report', response: null });
    expect(made).toMatchObject({ name: 'cart-abandonment-recovery-report.html', type: 'text/html' });
    expect(read(made.handle, made.name)).toMatch(/^<!doctype html>[\s\S]*id="who-gets-it"[\s\S]*<\/html>\n$/);
  });

  it('are made of a workflow without a waiting time as well', async () => {
    const set = ['trigger={"type":"behavior","event":"Added to Cart"}'];
    const report = await backend.exportFile({ ...question, set, kind: 'report', response: null });
    const page = read(report.handle, report.name);
    expect(page).toMatch(
      /^<!doctype html>[\s\S]*id="who-gets-it"[\s\S]*The trigger waits for nothing[\s\S]*<\/html>\n$/,
    );
    expect(page).not.toContain('foresend sweep');
    expect((await backend.exportFile({ ...question, set, kind: 'figures-csv', response: null })).bytes).toBeGreaterThan(
      0,
    );
  });
});
