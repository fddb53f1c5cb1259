// Threads that do as they are told: answer, wait, hold still, go deaf, crash. Nothing here hangs on how long a thing
// takes: a thread holds still until it is let go.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startCalls, type ThreadCalls } from '../../../electron/engine/thread-calls.ts';
import type { Notice } from '../../../engine/rpc/index.ts';

const SCRIPT = `
  import { parentPort, workerData } from 'node:worker_threads';
  const files = [];
  const begun = [];
  parentPort.postMessage({ kind: 'started' });
  parentPort.on('message', ({ kind, id, method, request, flag, handle }) => {
    const answer = (value) => parentPort.postMessage({ kind: 'answer', id, json: JSON.stringify(value) });
    const progress = { stage: 'busy', done: 0, total: null, unit: 'people' };
    if (kind === 'file') files.push(handle);
    if (kind === 'stop') parentPort.postMessage({ kind: 'stopped' });
    if (kind !== 'call') return;
    Atomics.store(flag, 1, 1);
    if (Atomics.load(flag, 0) === 1) {
      parentPort.postMessage({ kind: 'failure', id, error: { name: 'AbortError', code: 'CANCELLED', message: '', issues: [] } });
      return;
    }
    begun.push(typeof request === 'string' ? request : request.what);
    if (request === 'who') answer({ fresh: workerData.settings.fresh, files, begun });
    if (request === 'open') parentPort.postMessage({ kind: 'progress', id, progress });
    if (request.what === 'hold') {
      parentPort.postMessage({ kind: 'progress', id, progress });
      Atomics.wait(request.gate, 0, 0);
      answer('let go');
    }
    if (request === 'deaf') {
      parentPort.postMessage({ kind: 'progress', id, progress });
      for (;;);
    }
    if (request === 'crash') throw new Error('a bug');
  });`;

/** Longer than any test: no thread is ever taken for deaf. */
const NEVER_MS = 1_000_000;

let folder: string;
let calls: ThreadCalls;
const notices: Notice[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-thread-'));
  writeFileSync(join(folder, 'thread.mjs'), SCRIPT);
});

afterEach(() => calls.close());
afterAll(() => rmSync(folder, { recursive: true }));

function start(deafMs: number) {
  const settings = { workspace: 'a.foresend', exports: 'exports', fresh: true };
  calls = startCalls(
    pathToFileURL(join(folder, 'thread.mjs')),
    'long',
    settings,
    (notice) => notices.push(notice),
    deafMs,
  );
  const ask = (request: unknown, method: 'calibrate' | 'synth' = 'calibrate') => {
    const abort = new AbortController();
    const busy = Promise.withResolvers<void>();
    const answer = calls.answer(method, request, { signal: abort.signal, onProgress: () => busy.resolve() });
    answer.catch(() => {});
    return { abort, answer, busy: busy.promise };
  };
  const hold = () => {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const letGo = () => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    };
    return { ...ask({ what: 'hold', gate }), letGo };
  };
  const who = async () =>
    JSON.parse(await ask('who').answer) as { fresh: boolean; files: string[]; begun: readonly string[] };
  return { ask, hold, who };
}

it('ends a thread that does not hear, and asks the new one what else was asked', async () => {
  const { ask, who } = start(50);
  calls.addFile('a handle', { path: '/a.csv', name: 'a.csv' });
  const begun = ask('open', 'synth');
  await begun.busy;
  const deaf = ask('deaf');
  await deaf.busy;
  const waiting = ask('who');
  const writing = ask('who', 'synth');
  deaf.abort.abort();
  await expect(deaf.answer).rejects.toMatchObject({ name: 'AbortError' });
  // What may have changed something is not done twice; what had not begun is done now.
  await expect(begun.answer).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect(JSON.parse(await waiting.answer)).toMatchObject({ fresh: false, files: ['a handle'] });
  expect(JSON.parse(await writing.answer)).toMatchObject({ fresh: false });
  expect((await who()).fresh).toBe(false);
});

it('tells a new thread what is held, the last of it, and nobody gets an answer to that', async () => {
  const { ask, who } = start(50);
  calls.hold('espKey', 'a key');
  calls.hold('espKey', 'another key');
  expect((await who()).begun).toEqual(['a key', 'another key', 'who']);
  const deaf = ask('deaf');
  await deaf.busy;
  deaf.abort.abort();
  await expect(deaf.answer).rejects.toMatchObject({ name: 'AbortError' });
  expect((await who()).begun).toEqual(['another key', 'who']);
});

it('a call that waits for its turn is cancelled at once, never begun, and costs nobody the thread', async () => {
  const { ask, hold, who } = start(NEVER_MS);
  const held = hold();
  await held.busy;
  const waiting = ask('open');
  const writing = ask('open', 'synth');
  waiting.abort.abort();
  writing.abort.abort();
  // The thread is held still: whoever waited for it would wait for ever.
  await expect(waiting.answer).rejects.toMatchObject({ name: 'AbortError' });
  await expect(writing.answer).rejects.toMatchObject({ name: 'AbortError' });
  held.letGo();
  expect(await held.answer).toBe('"let go"');
  expect(await who()).toEqual({ fresh: true, files: [], begun: ['hold', 'who'] });
});

it('two calls cancelled on one deaf thread cost one thread', async () => {
  const { ask, hold, who } = start(50);
  const first = ask('open');
  await first.busy;
  const deaf = ask('deaf');
  await deaf.busy;
  deaf.abort.abort();
  first.abort.abort();
  await expect(deaf.answer).rejects.toMatchObject({ name: 'AbortError' });
  await expect(first.answer).rejects.toMatchObject({ name: 'AbortError' });
  const held = hold();
  await held.busy;
  // Long past the time after which a thread counts as deaf, the new one still is the one that was asked.
  await new Promise((resolve) => setTimeout(resolve, 200));
  held.letGo();
  await held.answer;
  expect((await who()).begun).toEqual(['hold', 'who']);
});

it('ends what was asked of a thread that crashes, and goes on with a new one', async () => {
  const { ask, who } = start(NEVER_MS);
  expect((await who()).fresh).toBe(true);
  const other = ask('open');
  await other.busy;
  await expect(ask('crash').answer).rejects.toMatchObject({
    code: 'ENGINE_LOST',
    message: expect.stringContaining('a bug'),
  });
  await expect(other.answer).rejects.toMatchObject({ code: 'ENGINE_LOST' });
  expect((await who()).fresh).toBe(false);
});
