// Threads that do as they are told: answer, wait, go deaf, crash.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type EngineCalls, startCalls } from '../../../electron/engine/thread-calls.ts';
import type { Notice } from '../../../engine/rpc/index.ts';

const SCRIPT = `
  import { parentPort, workerData } from 'node:worker_threads';
  const files = [];
  parentPort.postMessage({ kind: 'started' });
  parentPort.on('message', ({ kind, id, method, request, flag, handle }) => {
    const answer = (value) => parentPort.postMessage({ kind: 'answer', id, json: JSON.stringify(value) });
    if (kind === 'file') files.push(handle);
    if (kind === 'stop') parentPort.postMessage({ kind: 'stopped' });
    if (kind !== 'call') return;
    if (request === 'who') answer({ fresh: workerData.settings.fresh, files });
    if (request === 'later') setTimeout(() => answer(method), 1_200);
    if (request === 'deaf') {
      parentPort.postMessage({ kind: 'progress', id, progress: { stage: 'busy', done: 0, total: null, unit: 'people' } });
      for (;;);
    }
    if (request === 'crash') throw new Error('a bug');
  });`;

let folder: string;
let calls: EngineCalls;
const notices: Notice[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-thread-'));
  writeFileSync(join(folder, 'thread.mjs'), SCRIPT);
});

afterEach(() => calls.close());
afterAll(() => rmSync(folder, { recursive: true }));

function start(deafMs?: number) {
  const settings = { workspace: 'a.foresend', exports: 'exports', fresh: true };
  calls = startCalls(
    pathToFileURL(join(folder, 'thread.mjs')),
    'long',
    settings,
    (notice) => notices.push(notice),
    deafMs,
  );
  const ask = (request: string, method: 'calibrate' | 'synth' = 'calibrate') => {
    const abort = new AbortController();
    const busy = Promise.withResolvers<void>();
    const answer = calls.answer(method, request, { signal: abort.signal, onProgress: () => busy.resolve() });
    answer.catch(() => {});
    return { abort, answer, busy: busy.promise };
  };
  return { ask, who: async () => JSON.parse(await ask('who').answer) as { fresh: boolean; files: string[] } };
}

it('ends a thread that does not hear, and asks the new one what else was asked', async () => {
  const { ask, who } = start();
  calls.addFile('a handle', { path: '/a.csv', name: 'a.csv' });
  const later = ask('later');
  const writing = ask('later', 'synth');
  const { abort, answer, busy } = ask('deaf');
  await busy;
  abort.abort();
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
  expect(await later.answer).toBe('"calibrate"');
  await expect(writing.answer).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect(await who()).toEqual({ fresh: false, files: ['a handle'] });
});

it('ends what was asked of a thread that crashes, and goes on with a new one', async () => {
  const { ask, who } = start();
  expect((await who()).fresh).toBe(true);
  const other = ask('later');
  await expect(ask('crash').answer).rejects.toMatchObject({
    code: 'ENGINE_LOST',
    message: expect.stringContaining('a bug'),
  });
  await expect(other.answer).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect((await who()).fresh).toBe(false);
});
