// A stand-in for Electron, to run the built desktop program under Node: its engine process is a child of Node whose one
// line goes through the child's channel. What the page would ask is asked in turn, and printed.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Asked one after the other; the answer to the first is what a page asks first. */
const QUESTIONS = `[
    () => ({ method: 'ready' }),
    () => ({ method: 'openWorkflow' }),
    ({ path, text }) => ({ method: 'exportFile', request: { dataset: 'demo', workflow: JSON.parse(text), workflowPath: path,
      set: [], seed: 1, response: null, kind: 'report' } }),
  ]`;

const FAKE = `
  import { fork } from 'node:child_process';
  let page;
  export const app = { whenReady: async () => {}, on() {}, quit() {}, setName() {}, enableSandbox() {}, isPackaged: true,
    getPath: () => process.env.USER_DATA, getAppPath: () => process.env.APP_PATH,
    requestSingleInstanceLock: () => true, exit: (code) => process.exit(code) };
  export const screen = { getAllDisplays: () => [] };
  export const Menu = { buildFromTemplate: (template) => template, setApplicationMenu() {} };
  export const safeStorage = { isEncryptionAvailable: () => false };
  export const protocol = { registerSchemesAsPrivileged() {}, handle: (_, answer) => { page = answer; } };
  export const dialog = {};
  export class MessageChannelMain {}
  const heard = {};
  export const ipcMain = { on: (name, handler) => { heard[name] = handler; }, handle() {} };
  const questions = ${QUESTIONS};
  export const utilityProcess = { fork: (script, args, { env }) => {
    console.log(JSON.stringify({ engine: script }));
    const child = fork(script, { env, serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let id = 0;
    const ask = (answer) => {
      const next = questions.shift();
      if (next === undefined) process.exit(0);
      const text = JSON.stringify({ kind: 'call', id: ++id, ...next(answer) });
      child.send({ kind: 'text', line: 1, text });
    };
    child.postMessage = (message) => {
      child.send(message);
      if (message.kind !== 'start') return;
      child.send({ kind: 'open', line: 1 });
      ask(null);
    };
    child.on('message', ({ text }) => {
      const answer = JSON.parse(text);
      if (answer.kind !== 'answer' && answer.kind !== 'failure') return;
      console.log(JSON.stringify(answer));
      if (answer.kind === 'failure') process.exit(0);
      ask(answer.value);
    });
    return child;
  } };
  export class BrowserWindow {
    static getAllWindows = () => [];
    on() {}
    once() {}
    webContents = { setWindowOpenHandler() {}, on() {}, session: { setPermissionRequestHandler() {},
      setPermissionCheckHandler() {}, setDevicePermissionHandler() {} } };
    async loadURL(url) { console.log(JSON.stringify({ page: await page(new Request(url)).text() })); }
  }`;

const HOOKS = `
  import { registerHooks } from 'node:module';
  const url = new URL('./electron.mjs', import.meta.url).href;
  registerHooks({ resolve: (name, context, next) =>
    name === 'electron' ? { url, shortCircuit: true } : next(name, context) });`;

export interface StandInRun {
  /** The program's folder: what holds `package.json` and `out`. */
  readonly app: string;
  /** Where the program keeps what is its own. */
  readonly userData: string;
  readonly workspace: string;
}

/** @returns what it said, in order: the page, the engine's script, and the engine's answers */
export function runStandIn({ app, userData, workspace }: StandInRun): Record<string, unknown>[] {
  const hooks = join(userData, 'hooks.mjs');
  writeFileSync(hooks, HOOKS);
  writeFileSync(join(userData, 'electron.mjs'), FAKE);
  const printed = execFileSync(
    process.execPath,
    ['--import', pathToFileURL(hooks).href, join(app, 'out', 'main', 'main.js'), workspace],
    { env: { ...process.env, USER_DATA: userData, APP_PATH: app }, cwd: userData, timeout: 100_000, encoding: 'utf8' },
  );
  return printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
