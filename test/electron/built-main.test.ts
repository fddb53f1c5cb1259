// The desktop program as Electron would load it: built to plain JavaScript, run by Node with a stand-in for `electron`
// whose engine process is a child of Node with ports of its own. This catches what a bundle loses: a file beside it, an
// import that was not followed.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildMain } from '../../electron/build-window.ts';

const ROOT = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, 'out'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'out', '.main-'));
  await buildMain(ROOT, join(folder, 'main'));
  mkdirSync(join(folder, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(folder, 'out', 'renderer', 'index.html'), 'the page');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Its engine is a child whose one line goes through the child's channel: `ready` is asked, and its answer printed. */
const FAKE = `
  import { fork } from 'node:child_process';
  let page;
  export const app = { whenReady: async () => {}, on() {}, quit() {}, getPath: () => process.env.USER_DATA, setName() {},
    enableSandbox() {}, requestSingleInstanceLock: () => true, exit: (code) => process.exit(code) };
  export const screen = { getAllDisplays: () => [] };
  export const Menu = { buildFromTemplate: (template) => template, setApplicationMenu() {} };
  export const safeStorage = { isEncryptionAvailable: () => false };
  export const protocol = { registerSchemesAsPrivileged() {}, handle: (_, answer) => { page = answer; } };
  export const dialog = {};
  export class MessageChannelMain {}
  const heard = {};
  export const ipcMain = { on: (name, handler) => { heard[name] = handler; }, handle() {} };
  export const utilityProcess = { fork: (script, args, { env }) => {
    const child = fork(script, { env, serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.postMessage = (message) => {
      child.send(message);
      if (message.kind !== 'start') return;
      child.send({ kind: 'open', line: 1 });
      child.send({ kind: 'text', line: 1, text: JSON.stringify({ kind: 'call', id: 1, method: 'ready' }) });
    };
    child.on('message', ({ text }) => {
      const answer = JSON.parse(text);
      if (answer.kind === 'progress') return;
      console.log(JSON.stringify(answer));
      process.exit(0);
    });
    return child;
  } };
  export class BrowserWindow {
    static getAllWindows = () => [];
    on() {}
    once() {}
    webContents = { setWindowOpenHandler() {}, on() {}, session: { setPermissionRequestHandler() {},
      setPermissionCheckHandler() {}, setDevicePermissionHandler() {} } };
    async loadURL(url) { console.log(await page(new Request(url)).text()); }
  }`;

const HOOKS = `
  import { registerHooks } from 'node:module';
  const url = 'data:text/javascript,' + encodeURIComponent(${JSON.stringify(FAKE)});
  registerHooks({ resolve: (name, context, next) =>
    name === 'electron' ? { url, shortCircuit: true } : next(name, context) });`;

it('shows its page, and its engine makes a workspace ready', () => {
  const workspace = join(folder, 'demo.foresend');
  const printed = execFileSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(HOOKS)}`, join(folder, 'main', 'main.js')],
    {
      env: { ...process.env, USER_DATA: folder, FORESEND_MAIN: JSON.stringify({ root: folder, workspace }) },
      timeout: 50_000,
      encoding: 'utf8',
    },
  );
  const [page, answer] = printed.trim().split('\n') as [string, string];
  expect(page).toBe('the page');
  expect(JSON.parse(answer)).toMatchObject({ kind: 'answer', value: { workspace, demo: 'demo' } });
});

it('has a preload script a sandbox can load: one file that needs Electron alone', () => {
  const preload = readFileSync(join(folder, 'main', 'preload.cjs'), 'utf8');
  const needs = [...preload.matchAll(/require\(["'`]([^"'`]+)/g)].map((match) => match[1]);
  expect(needs).toEqual(['electron']);
  expect(preload).not.toMatch(/^import /m);
});
