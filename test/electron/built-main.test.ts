// The desktop program as Electron would load it: built to plain JavaScript, run by Node with a stand-in for `electron`.
// This catches what a bundle loses: a file beside it, an import that was not followed.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildInto } from '../../electron/build-window.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'out', '.main-'));
  await buildInto(join(folder, 'main'), join(ROOT, 'electron', 'main.vite.config.ts'));
  mkdirSync(join(folder, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(folder, 'out', 'renderer', 'index.html'), 'the page');
});

afterAll(() => rmSync(folder, { recursive: true }));

const FAKE = `
  export const app = { whenReady: async () => {}, on() {}, quit() {}, exit: (code) => process.exit(code) };
  export class BrowserWindow {
    webContents = { setWindowOpenHandler() {}, on() {},
      session: { setPermissionRequestHandler() {}, setPermissionCheckHandler() {} } };
    async loadURL(url) { console.log(await (await fetch(url)).text()); process.exit(0); }
  }`;

const HOOKS = `
  import { registerHooks } from 'node:module';
  const url = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(FAKE)});
  registerHooks({ resolve: (name, context, next) =>
    name === 'electron' ? { url, shortCircuit: true } : next(name, context) });`;

it('starts its host and loads the page from it', () => {
  const printed = execFileSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(HOOKS)}`, join(folder, 'main', 'main.js')],
    {
      env: {
        ...process.env,
        FORESEND_MAIN: JSON.stringify({ root: folder, workspace: join(folder, 'demo.foresend'), port: 0 }),
      },
      timeout: 15_000,
      encoding: 'utf8',
    },
  );
  expect(printed.trim()).toBe('the page');
});

it('has the process that makes the report beside it', () => {
  expect(existsSync(join(folder, 'main', 'demo-process.js'))).toBe(true);
});
