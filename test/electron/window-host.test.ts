// Page, host, engine process and engine, all real: what crosses, what is refused, and what happens when the engine dies.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Progress, WorkflowDocument } from '../../engine/api/index.ts';
import { UserError } from '../../engine/base/index.ts';
import { openBackend } from '../../engine/node/api/backend.ts';
import { Workspace } from '../../engine/node/store/index.ts';
import type { Host } from '../../renderer/host.ts';
import { question, REPLAY, startTestHost, type TestHost } from '../helpers/window-host.ts';

let test: TestHost;
let page: Host;

beforeAll(async () => {
  test = await startTestHost();
  page = await test.page();
});

afterAll(() => test?.close());

const CSV = ['user_id,event,timestamp', ...Array.from({ length: 400 }, (_, i) => row(i))].join('\n');

function row(i: number): string {
  return `u${i % 40},${i % 5 === 4 ? 'Purchased' : 'Added to Cart'},2026-03-${String(1 + (i % 28)).padStart(2, '0')}T10:00:00Z`;
}

const importRequest = (handle: string, dataset: string) => ({
  files: [handle],
  dataset,
  format: null,
  map: {},
  eventName: null,
  observedFrom: null,
  observedUntil: null,
  keepDuplicates: false,
  asPeople: false,
  dayZero: null,
});

describe('a first start', () => {
  it('has a demo shop and a workflow ready, and says what it does meanwhile', async () => {
    const seen: Progress[] = [];
    const ready = await page.api.ready({ onProgress: (progress) => seen.push(progress) });
    expect(ready.workspace).toBe(test.workspace);
    expect(ready.demo).toBe('demo');
    expect(ready.datasets).toMatchObject([{ name: 'demo', persons: 300 }]);
    expect(seen[0]?.stage).toBe('making the demo shop');
    const document = await page.api.openWorkflow();
    expect(document.path).toBe(join(test.folder, 'cart-recovery.json'));
    expect(JSON.parse(document.text)).toMatchObject({ trigger: { type: 'inaction' } });
  });

  it('gives the figures of the command line', async () => {
    const asked = question(test.workspace);
    const direct = openBackend(test.workspace);
    expect(await page.api.replay({ ...asked, ...REPLAY })).toEqual(
      JSON.parse(JSON.stringify(await direct.replay({ ...asked, ...REPLAY }))),
    );
    expect(await page.api.calibrate(asked)).toEqual(JSON.parse(JSON.stringify(await direct.calibrate(asked))));
    const windows = await page.api.windows(asked);
    expect(windows.rungs.every(({ fired }, i) => i === 0 || fired <= (windows.rungs[i - 1]?.fired ?? 0))).toBe(true);
    expect(windows.rungs.at(-1)?.fired).toBe(windows.never);
  });

  it('tells what is wrong with a question', async () => {
    const wrong = page.api.calibrate({ ...question(test.workspace), dataset: 'dmo' });
    await expect(wrong).rejects.toBeInstanceOf(UserError);
    await expect(wrong).rejects.toMatchObject({ code: 'NO_DATASET', message: expect.stringContaining('"demo"') });
    const workflow = page.api.calibrate({ ...question(test.workspace), workflow: { trigger: 7 } });
    await expect(workflow).rejects.toMatchObject({
      code: 'WORKFLOW',
      issues: expect.arrayContaining([expect.anything()]),
    });
  });
});

describe('two windows at once', () => {
  it('both are answered, and each hears of the other’s change', async () => {
    const other = await test.page();
    const heard: WorkflowDocument[][] = [[], []];
    page.onWorkflowChanged((document) => heard[0]?.push(document));
    other.onWorkflowChanged((document) => heard[1]?.push(document));
    const asked = question(test.workspace);
    const totals = await Promise.all(
      [page, other, page, other].map(({ api }, i) => api.replay({ ...asked, seed: i, ...REPLAY })),
    );
    expect(new Set(totals.map(({ candidates }) => candidates)).size).toBe(1);
    const [document] = await Promise.all([page.api.openWorkflow(), other.api.openWorkflow()]);
    const text = document.text.replace('"60m"', '"2h"');
    expect(text).not.toBe(document.text);
    const saved = await page.api.saveWorkflow({ text, revision: document.revision });
    await vi.waitFor(() => expect(heard[1]).toEqual([saved]));
    expect(heard[0]).toEqual([]);
    const stale = other.api.saveWorkflow({ text: '{}', revision: document.revision });
    await expect(stale).rejects.toMatchObject({ code: 'CHANGED_OUTSIDE' });
    expect(readFileSync(saved.path, 'utf8')).toBe(text);
  });

  it('and both hear of a change by an editor', async () => {
    const heard: string[] = [];
    page.onWorkflowChanged(({ text }) => heard.push(text));
    const { path, text } = await page.api.openWorkflow();
    writeFileSync(path, `${text}\n`);
    await vi.waitFor(() => expect(heard).toEqual([`${text}\n`]), { timeout: 5_000 });
    await page.api.saveWorkflow({ text, revision: (await page.api.openWorkflow()).revision });
  });
});

describe('files', () => {
  it('come in by upload, are looked at, read, reported under their name, and taken back', async () => {
    const sizes: number[] = [];
    const handle = await page.upload(new File([CSV], '../My carts.csv'), (done) => sizes.push(done));
    expect(sizes.at(-1)).toBe(CSV.length);
    const look = await page.api.sniff({ files: [handle], format: null, map: {}, eventName: null });
    expect(look.files).toEqual([{ name: 'My carts.csv', bytes: CSV.length }]);
    expect(look.names).toEqual(['user_id', 'event', 'timestamp']);
    expect(look.rows).toHaveLength(10);
    const report = await page.api.importFiles(importRequest(handle, 'mine'));
    expect(report).toMatchObject({ dataset: 'mine', files: ['My carts.csv'], persons: 40 });
    expect(await page.api.importReport({ dataset: 'mine' })).toEqual(report);
    await page.api.removeDataset({ dataset: 'mine' });
    expect((await page.api.datasets()).map(({ name }) => name)).toEqual(['demo']);
    await page.api.restoreDataset({ dataset: 'mine' });
    expect((await page.api.datasets()).map(({ name }) => name)).toEqual(['demo', 'mine']);
    await page.api.removeDataset({ dataset: 'mine' });
  });

  it('are known by handle only', async () => {
    const sniff = (file: string) => page.api.sniff({ files: [file], format: null, map: {}, eventName: null });
    await expect(sniff('/etc/passwd')).rejects.toMatchObject({ code: 'NO_FILE' });
    await expect(sniff(test.workspace)).rejects.toMatchObject({ code: 'NO_FILE' });
  });

  it('are not named by where they lie when something is wrong with them', async () => {
    const handle = await page.upload(new File(['PK\u0003\u0004 and so on'], 'book.xlsx'));
    const failed = page.api.sniff({ files: [handle], format: null, map: {}, eventName: null });
    await expect(failed).rejects.toThrow(/^book\.xlsx is cut off or damaged/);
  });

  it('go out once', async () => {
    const asked = { ...question(test.workspace), dataset: 'demo', response: null };
    for (const kind of ['workflow', 'figures-csv', 'figures-parquet', 'report'] as const) {
      const made = await page.api.exportFile({ ...asked, kind });
      await page.download(made);
      await vi.waitFor(() => expect(test.saved).toHaveLength(1));
      const [{ text, headers }] = test.saved.splice(0) as [{ text: string; headers: Headers }];
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${made.name}"`);
      expect(Number(headers.get('content-length'))).toBe(made.bytes);
      const starts = {
        workflow: '{',
        'figures-csv': 'name,value,low,high,unit,kind\n',
        'figures-parquet': 'PAR1',
        report: '<!doctype html>',
      };
      expect(text.startsWith(starts[kind])).toBe(true);
      await vi.waitFor(() => expect(page.download(made)).rejects.toMatchObject({ code: 'DOWNLOAD' }));
    }
  });
});

describe('a call that is cancelled', () => {
  it('ends within a second, even where nothing looks at the signal', async () => {
    const abort = new AbortController();
    const asked = { ...question(test.workspace), dataset: 'demo', response: null, draws: 1_000_000 };
    const started = Promise.withResolvers<void>();
    const long = page.api.project(asked, { signal: abort.signal, onProgress: () => started.resolve() });
    await started.promise;
    abort.abort();
    await expect(long).rejects.toMatchObject({ name: 'AbortError' });
    // What is asked next is answered, and not after the cancelled call.
    expect((await page.api.describe({ dataset: 'demo' })).persons).toBe(300);
  });

  it('leaves nothing of an import', async () => {
    const abort = new AbortController();
    const handle = await page.upload(new File([CSV], 'carts.csv'));
    const cut = page.api.importFiles(importRequest(handle, 'cut'), {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(cut).rejects.toMatchObject({ name: 'AbortError' });
    expect((await page.api.datasets()).map(({ name }) => name)).toEqual(['demo']);
  });
});

describe('when the engine dies', () => {
  it('calls end with an error, the page sees it, and the next call is answered by a new one', async () => {
    const states: string[] = [];
    page.onState(({ phase }) => states.push(phase));
    const asked = { ...question(test.workspace), dataset: 'demo' };
    const handle = await page.upload(new File([CSV], 'carts.csv'));
    const cut = page.api.project({ ...asked, response: null, draws: 1_000_000 });
    process.kill(test.children.at(-1)?.pid ?? 0, 'SIGKILL');
    await expect(cut).rejects.toMatchObject({ code: 'ENGINE_LOST', message: expect.stringContaining('SIGKILL') });
    expect(page.state.phase).toBe('reconnecting');
    const { candidates } = await page.api.replay({ ...asked, ...REPLAY });
    expect(candidates).toBeGreaterThan(0);
    expect(states).toEqual(['reconnecting', 'connected']);
    expect(test.children).toHaveLength(2);
    const look = await page.api.sniff({ files: [handle], format: null, map: {}, eventName: null });
    expect(look.files[0]?.name).toBe('carts.csv');
    await page.api.restoreDataset({ dataset: 'mine' });
    await page.api.removeDataset({ dataset: 'mine' });
  });
});

describe('its end', () => {
  it('is told to the pages, and leaves a workspace without what was taken back', async () => {
    await test.host.close();
    expect(await page.closed).toContain('Foresend was closed');
    await expect(page.api.datasets()).rejects.toMatchObject({ code: 'ENGINE_LOST' });
    const workspace = Workspace.open(test.workspace);
    expect(workspace.datasets().map(({ name }) => name)).toEqual(['demo']);
    expect(() => workspace.bringBack('mine')).toThrow('no dataset "mine" to bring back');
    workspace.close();
    expect(existsSync(`${test.workspace}-wal`)).toBe(false);
  });
});
