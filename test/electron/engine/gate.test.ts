// A second engine on a workspace: refuses what would change it, and takes over once the first has gone.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startGate } from '../../../electron/engine/gate.ts';
import type { EngineSettings } from '../../../electron/engine/messages.ts';
import { METHODS, type Method, WRITES } from '../../../engine/rpc/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-gate-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Threads that answer with what they were started with. */
function engine() {
  const started: { settings: EngineSettings; files: string[]; isClosed: boolean }[] = [];
  const gate = startGate({ workspace: join(folder, 'shop.foresend'), exports: folder, fresh: true }, (settings) => {
    const one = { settings, files: [] as string[], isClosed: false };
    started.push(one);
    return {
      answer: async (method) => JSON.stringify([method, settings.readonly ?? null]),
      addFile: (handle) => one.files.push(handle),
      forgetFile: (handle) => one.files.splice(one.files.indexOf(handle), 1),
      close: async () => {
        one.isClosed = true;
      },
    };
  });
  const ask = async (method: Method) =>
    JSON.parse(
      await gate.answer(method, null, { signal: new AbortController().signal, onProgress: () => {} }),
    ) as unknown;
  return { gate, started, ask };
}

it('is refused by name of the reason for every method that writes, until the first engine has closed', async () => {
  const first = engine();
  const second = engine();
  const reason = /shop\.foresend is open in another window/;
  expect(first.started[0]?.settings.readonly).toBeUndefined();
  expect(second.started[0]?.settings.readonly).toMatch(reason);
  for (const method of METHODS) {
    if (method === 'ready') continue;
    if (WRITES.has(method))
      await expect(second.ask(method)).rejects.toMatchObject({
        code: 'READONLY',
        message: expect.stringMatching(reason),
      });
    else expect(await second.ask(method)).toEqual([method, expect.stringMatching(reason)]);
    expect(await first.ask(method)).toEqual([method, null]);
  }
  second.gate.addFile('a', { path: '/a', name: 'a.csv' });
  second.gate.addFile('b', { path: '/b', name: 'b.csv' });
  second.gate.forgetFile('a');
  expect(await second.ask('ready')).toEqual(['ready', expect.stringMatching(reason)]);
  expect(second.started).toHaveLength(1);
  await first.gate.close();
  expect(await second.ask('ready')).toEqual(['ready', null]);
  expect(second.started.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  expect(second.started[1]?.files).toEqual(['b']);
  expect(await second.ask('saveWorkflow')).toEqual(['saveWorkflow', null]);
  const third = engine();
  expect(third.started[0]?.settings.readonly).toMatch(reason);
  await third.gate.close();
  await second.gate.close();
});
