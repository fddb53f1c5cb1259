// The engine's own thread hears of a cancel while it computes: it ends the call itself, and keeps what it has in memory.
// No thread is ever taken for deaf here, so a call that does not hear would run to its end and answer.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EngineCalls, startCalls } from '../../../electron/engine/thread-calls.ts';
import type { Method } from '../../../engine/rpc/index.ts';
import { question, REPLAY } from '../../helpers/window-host.ts';

const THREAD = new URL('../../../electron/engine-thread.ts', import.meta.url);
const NEVER_MS = 1_000_000;

let folder: string;
let workspace: string;
let calls: EngineCalls;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-engine-'));
  workspace = join(folder, 'demo.foresend');
  const settings = { workspace, exports: folder, fresh: true, demoPersons: 300 };
  calls = startCalls(THREAD, 'long', settings, () => {}, NEVER_MS);
  await ask('ready', null).answer;
}, 30_000);

afterAll(async () => {
  await calls.close();
  rmSync(folder, { recursive: true });
});

function ask(method: Method, request: unknown) {
  const abort = new AbortController();
  const begun = Promise.withResolvers<void>();
  const answer = calls.answer(method, request, { signal: abort.signal, onProgress: () => begun.resolve() });
  answer.catch(() => {});
  return { abort, answer, begun: begun.promise };
}

it('in the midst of the draws of a projection', async () => {
  // Many times what a test may take: only a cancel ends it.
  const project = ask('project', { ...question(workspace), response: null, draws: 1_000_000 });
  await project.begun;
  project.abort.abort();
  await expect(project.answer).rejects.toMatchObject({ name: 'AbortError' });
  // The same thread answers what comes next.
  const { candidates } = JSON.parse(await ask('replay', { ...question(workspace), ...REPLAY }).answer);
  expect(candidates).toBeGreaterThan(0);
});
