import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createHostFiles } from '../../electron/hosts/host-files.ts';
import type { LoopbackHost } from '../../electron/hosts/loopback.ts';
import { type StartContext, start } from '../../electron/start.ts';

let folder: string;
let said: string[];
let made: string[];
let host: LoopbackHost | null = null;
let context: StartContext;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-start-'));
  said = [];
  made = [];
  context = {
    env: {},
    platform: 'linux',
    say: (line) => said.push(line),
    openEngine: (workspace) => {
      made.push(workspace);
      const engine = {
        open: () => ({ send() {}, close() {} }),
        addFile: async () => '',
        forgetFile: () => null,
        close: async () => {},
      };
      return { engine, files: createHostFiles() };
    },
  };
});

afterEach(async () => {
  await host?.close();
  host = null;
  rmSync(folder, { recursive: true });
});

it('says that there is no display, serves the page on loopback, and prints the address to open', async () => {
  host = await start(['--workspace', join(folder, 'new', 'demo.foresend')], context);
  expect(said[0]).toBe('There is no display for a window. Here is the same page for your browser.');
  expect(said[1]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{43}$/);
  expect(said[2]).toBe('Stop with Ctrl C.');
  expect(made).toEqual([join(folder, 'new', 'demo.foresend')]);
  expect(await (await fetch(host?.origin ?? '')).text()).toContain('<div id="root">');
});

it('says nothing of the desktop where the browser was asked for', async () => {
  host = await start(['--web', '--no-open', '--workspace', join(folder, 'demo.foresend')], context);
  expect(said[0]).toMatch(/^http:/);
});

it('fails with the way out where only a window was wanted', async () => {
  const asked = start(['--desktop', '--workspace', join(folder, 'demo.foresend')], context);
  await expect(asked).rejects.toThrow('There is no display for a window. Leave out --desktop to use the browser.');
});

it('explains itself', async () => {
  expect(await start(['--help'], context)).toBeNull();
  expect(said.join('\n')).toContain('npm start -- --web');
});
