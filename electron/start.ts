// `npm start`: a window of its own where Electron and a display can be had, else the same page from the same backend in
// the browser. Says which, and why.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../engine/base/index.ts';
import { buildMain, buildWindow } from './build-window.ts';
import { openWorkspaceEngine, type WorkspaceEngine } from './engine/workspace-engine.ts';
import { findElectron, hasDisplay, tryInstall } from './find-electron.ts';
import { type LoopbackHost, startLoopback } from './hosts/loopback.ts';
import { openBrowser } from './open-browser.ts';
import { parseStartOptions, START_HELP, type StartOptions } from './start-options.ts';

const ROOT = join(import.meta.dirname, '..');
const LOCAL = join(ROOT, '.foresend-local');
const INSTALL_TIMEOUT_MS = 20_000;

export interface StartContext {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly say: (line: string) => void;
  readonly openEngine: (workspace: string) => WorkspaceEngine;
}

/** @returns the host that serves the browser, or null where a window was opened or help was asked for */
export async function start(args: readonly string[], context: StartContext): Promise<LoopbackHost | null> {
  const options = parseStartOptions(args);
  if (options.help) {
    context.say(START_HELP);
    return null;
  }
  const workspace = resolve(options.workspace ?? join(LOCAL, 'demo.foresend'));
  mkdirSync(dirname(workspace), { recursive: true });
  await buildWindow(ROOT);
  if (options.surface !== 'web') {
    const desktop = await desktopOrReason(options, context);
    if (desktop.binary !== null) {
      await openDesktop(desktop.binary, { workspace }, context);
      return null;
    }
    if (options.surface === 'desktop') {
      throw new UserError('NO_DESKTOP', `${desktop.reason} Leave out --desktop to use the browser.`);
    }
    context.say(`${desktop.reason} Here is the same page for your browser.`);
  }
  const host = await startLoopback({
    ...context.openEngine(workspace),
    pageFolder: join(ROOT, 'out', 'renderer'),
    port: options.port,
  });
  context.say(host.url);
  if (options.open && openBrowser(host.url, context.platform, context.env))
    context.say('It was opened in your browser.');
  context.say('Stop with Ctrl C.');
  return host;
}

type Desktop = { readonly binary: string } | { readonly binary: null; readonly reason: string };

async function desktopOrReason(options: StartOptions, { env, platform, say }: StartContext): Promise<Desktop> {
  if (!hasDisplay(platform, env)) return { binary: null, reason: 'There is no display for a window.' };
  const place = findElectron(ROOT, env);
  if (place === null) return { binary: null, reason: 'Electron is not installed.' };
  if (place.binary !== null) return { binary: place.binary };
  say('Looking for the desktop program, once, for at most 20 s.');
  const always = options.surface === 'desktop';
  await tryInstall(place, join(LOCAL, 'electron-missing.json'), { timeoutMs: INSTALL_TIMEOUT_MS, always });
  const binary = findElectron(ROOT, env)?.binary ?? null;
  if (binary === null) return { binary: null, reason: "Electron's program could not be fetched." };
  return { binary };
}

async function openDesktop(
  binary: string,
  settings: { readonly workspace: string },
  { env, platform }: StartContext,
): Promise<void> {
  await buildMain(ROOT, join(ROOT, 'out', 'main'));
  // As root on Linux Chromium refuses to start with its sandbox; nobody else is given the flag.
  const flags = platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(binary, [...flags, join(ROOT, 'out', 'main', 'main.js')], {
    stdio: 'inherit',
    env: { ...env, FORESEND_MAIN: JSON.stringify({ root: ROOT, ...settings }) },
  });
  const status = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
  if (status !== 0)
    throw new UserError('DESKTOP_ENDED', `the desktop program ended with status ${status}; try npm start -- --web`);
}

function runFromTerminal(): void {
  const context: StartContext = {
    env: process.env,
    platform: process.platform,
    say: (line) => process.stdout.write(`${line}\n`),
    openEngine: (workspace) => openWorkspaceEngine(workspace),
  };
  start(process.argv.slice(2), context).then(
    (host) => {
      if (host === null) return;
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => void host.close().then(() => process.exit(0)));
      }
    },
    (error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = error.code === 'USAGE' ? 2 : 1;
    },
  );
}

if (import.meta.main) runFromTerminal();
