// The desktop program without its binary: `electron` is a fake that records what it is asked, its engine process too.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WorkspaceEngine } from '../../electron/engine/workspace-engine.ts';

type Handler = (...args: never[]) => unknown;

const fake = vi.hoisted(() => ({
  order: [] as string[],
  appHandlers: new Map<string, Handler>(),
  contentsHandlers: new Map<string, Handler>(),
  windowOptions: [] as { webPreferences: Record<string, unknown> }[],
  loaded: [] as string[],
  schemes: [] as unknown[],
  pages: null as ((request: Request) => Response) | null,
  heard: new Map<string, Handler>(),
  handled: new Map<string, Handler>(),
  forks: [] as {
    script: string;
    posted: { message: { kind: string }; ports: unknown[] }[];
    handlers: Map<string, Handler>;
  }[],
  openHandler: null as Handler | null,
  permission: null as Handler | null,
  check: null as Handler | null,
  saveAs: null as string | null,
  quits: 0,
  userData: '',
}));

vi.mock('electron', () => ({
  app: {
    whenReady: async () => void fake.order.push('ready'),
    on: (name: string, handler: Handler) => fake.appHandlers.set(name, handler),
    quit: () => {
      fake.quits += 1;
    },
    getPath: () => fake.userData,
  },
  safeStorage: {
    isEncryptionAvailable: () => true,
    encryptString: (text: string) => Buffer.from(text).reverse(),
    decryptString: (bytes: Buffer) => Buffer.from(bytes).reverse().toString(),
  },
  protocol: {
    registerSchemesAsPrivileged: (schemes: unknown[]) => {
      fake.order.push('schemes');
      fake.schemes = schemes;
    },
    handle: (_scheme: string, answer: (request: Request) => Response) => {
      fake.pages = answer;
    },
  },
  ipcMain: {
    on: (name: string, handler: Handler) => fake.heard.set(name, handler),
    handle: (name: string, handler: Handler) => fake.handled.set(name, handler),
  },
  dialog: { showSaveDialog: async () => ({ canceled: fake.saveAs === null, filePath: fake.saveAs ?? '' }) },
  MessageChannelMain: class {
    port1 = 'engine end';
    port2 = 'page end';
  },
  utilityProcess: {
    fork: (script: string) => {
      const one: (typeof fake.forks)[number] = { script, posted: [], handlers: new Map() };
      fake.forks.push(one);
      const answer = (message: unknown) => one.handlers.get('message')?.(message as never);
      return {
        stderr: null,
        postMessage(message: { kind: string; handle?: string }, ports: unknown[]) {
          one.posted.push({ message, ports });
          if (message.kind === 'file') answer({ kind: 'filed', handle: message.handle });
          if (message.kind === 'stop') one.handlers.get('exit')?.(0 as never);
        },
        on: (name: string, handler: Handler) => one.handlers.set(name, handler),
        once: (name: string, handler: Handler) => one.handlers.set(name, handler),
        kill: () => true,
      };
    },
  },
  BrowserWindow: class {
    static fromWebContents = () => ({});
    webContents = {
      setWindowOpenHandler: (handler: Handler) => {
        fake.openHandler = handler;
      },
      on: (name: string, handler: Handler) => fake.contentsHandlers.set(name, handler),
      session: {
        setPermissionRequestHandler: (handler: Handler) => {
          fake.permission = handler;
        },
        setPermissionCheckHandler: (handler: Handler) => {
          fake.check = handler;
        },
      },
    };
    constructor(options: { webPreferences: Record<string, unknown> }) {
      fake.windowOptions.push(options);
    }
    async loadURL(url: string) {
      fake.loaded.push(url);
    }
  },
}));

let root: string;
let opened: WorkspaceEngine;

beforeEach(async () => {
  for (const list of [fake.order, fake.windowOptions, fake.loaded, fake.forks]) list.length = 0;
  fake.saveAs = null;
  fake.quits = 0;
  root = mkdtempSync(join(tmpdir(), 'foresend-main-'));
  mkdirSync(join(root, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(root, 'out', 'secret.html'), 'secret');
  writeFileSync(join(root, 'out', 'renderer', 'index.html'), 'the page');
  fake.userData = join(root, 'user data');
  const { runMain } = await import('../../electron/main.ts');
  opened = await runMain({ root, workspace: join(root, 'demo.foresend') });
});

afterEach(async () => {
  await opened.engine.close();
  opened.files.close();
  rmSync(root, { recursive: true });
});

/** A message from a frame, as the main program sees it. */
function from(url: string, parent: unknown = null) {
  const sent: { channel: string; ports?: unknown[]; value?: unknown }[] = [];
  const destroyed: (() => void)[] = [];
  const sender = {
    isDestroyed: () => false,
    once: (_name: string, handler: () => void) => destroyed.push(handler),
    send: (channel: string, value: unknown) => sent.push({ channel, value }),
    postMessage: (channel: string, _message: unknown, ports: unknown[]) => sent.push({ channel, ports }),
  };
  return { event: { sender, senderFrame: { url, parent } } as never, sent, destroyed };
}

const call = async (name: string, event: never, ...args: unknown[]) =>
  await (fake.handled.get(name) as (...all: unknown[]) => unknown)(event, ...args);

it('opens one locked window onto its own scheme, known before the program is ready', () => {
  expect(fake.order).toEqual(['schemes', 'ready']);
  expect(fake.schemes).toEqual([
    { scheme: 'foresend', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  expect(fake.loaded).toEqual(['foresend://app/']);
  expect(fake.windowOptions[0]?.webPreferences).toEqual({
    preload: expect.stringMatching(/preload\.cjs$/),
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

it('lets the page go nowhere, open nothing, and be granted nothing', () => {
  const prevented = (name: string, url: string) => {
    let stopped = false;
    const preventDefault = () => {
      stopped = true;
    };
    fake.contentsHandlers.get(name)?.({ url, preventDefault } as never);
    return stopped;
  };
  for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
    for (const url of [
      'https://example.com/',
      'file:///etc/passwd',
      'foresend://other/',
      'foresend://app.evil/',
      'data:,x',
    ]) {
      expect(prevented(name, url), url).toBe(true);
    }
    expect(prevented(name, 'foresend://app/')).toBe(false);
  }
  expect(prevented('will-attach-webview', '')).toBe(true);
  expect(fake.openHandler?.()).toEqual({ action: 'deny' });
  const answers: boolean[] = [];
  fake.permission?.(null as never, 'media' as never, ((granted: boolean) => answers.push(granted)) as never);
  expect(answers).toEqual([false]);
  expect(fake.check?.()).toBe(false);
});

it('serves the built page and nothing else, under a strict policy', async () => {
  const get = (url: string, init?: RequestInit) =>
    (fake.pages as (request: Request) => Response)(new Request(url, init));
  const page = get('foresend://app/');
  expect(await page.text()).toBe('the page');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  for (const url of [
    'foresend://app/../secret.html',
    'foresend://app/%2e%2e/secret.html',
    'foresend://app/x',
    'foresend://other/',
    'foresend://app/?x',
  ]) {
    expect(get(url).status, url).toBe(404);
  }
  expect(get('foresend://app/', { method: 'POST' }).status).toBe(405);
});

it('hands the page a port to the engine, and a new one to a new engine', () => {
  const page = from('foresend://app/');
  fake.heard.get('foresend:connect')?.(page.event);
  expect(page.sent).toEqual([{ channel: 'foresend:line', ports: ['page end'] }]);
  expect(fake.forks[0]?.script).toMatch(/engine-process\.js$/);
  expect(fake.forks[0]?.posted.at(-1)).toEqual({ message: { kind: 'open', line: 1 }, ports: ['engine end'] });

  fake.forks[0]?.handlers.get('exit')?.(9 as never);
  expect(page.sent.at(-1)).toEqual({ channel: 'foresend:lost', value: "The engine's process ended with status 9." });
  fake.heard.get('foresend:connect')?.(page.event);
  expect(fake.forks).toHaveLength(2);
  expect(fake.forks[1]?.posted.map(({ message }) => message.kind)).toEqual(['start', 'open']);
  expect(fake.forks[1]?.posted[0]?.message).toMatchObject({ settings: { fresh: false } });

  page.destroyed.at(-1)?.();
  expect(fake.forks[1]?.posted.at(-1)?.message).toEqual({ kind: 'close', line: 2 });
});

it('answers no other page and no frame in ours', async () => {
  for (const stranger of [from('https://example.com/'), from('foresend://app.evil/'), from('foresend://app/', {})]) {
    fake.heard.get('foresend:connect')?.(stranger.event);
    expect(stranger.sent).toEqual([]);
    await expect(call('foresend:add-file', stranger.event, '/a.csv')).rejects.toThrow('Only this page may ask.');
    await expect(call('foresend:save', stranger.event, 'x')).rejects.toThrow('Only this page may ask.');
  }
});

it('makes handles of files, and saves what was made where the user says', async () => {
  const { event } = from('foresend://app/');
  expect(await call('foresend:add-file', event, '/home/me/carts.csv')).toMatch(/^[0-9a-f]{32}$/);
  expect(fake.forks[0]?.posted.at(-1)?.message).toMatchObject({
    file: { path: '/home/me/carts.csv', name: 'carts.csv' },
  });
  for (const path of ['carts.csv', '', 7, null]) {
    await expect(call('foresend:add-file', event, path)).rejects.toThrow('This is no path.');
  }
  const handle = 'ab'.repeat(16);
  mkdirSync(join(opened.files.exports, handle));
  writeFileSync(join(opened.files.exports, handle, 'a-report.html'), 'the report');
  expect(await call('foresend:save', event, handle)).toBe(false);
  fake.saveAs = join(root, 'mine.html');
  expect(await call('foresend:save', event, handle)).toBe(true);
  expect(readFileSync(fake.saveAs, 'utf8')).toBe('the report');
  for (const gone of [handle, '..', '../uploads', null]) {
    await expect(call('foresend:save', event, gone)).rejects.toThrow('make it again');
  }
});

it('keeps keys encrypted, gives them to every start of the engine, and takes none from strangers', async () => {
  const { event } = from('foresend://app/');
  expect(fake.forks[0]?.posted[0]?.message).toMatchObject({ kind: 'start', settings: { keys: {} } });
  expect(await call('foresend:keep-key', event, 'klaviyo', 'pk_one')).toBe(true);
  expect(readFileSync(join(fake.userData, 'keys.json'), 'utf8')).not.toContain('pk_one');
  fake.forks[0]?.handlers.get('exit')?.(9 as never);
  fake.heard.get('foresend:connect')?.(from('foresend://app/').event);
  expect(fake.forks[1]?.posted[0]?.message).toMatchObject({ settings: { keys: { klaviyo: 'pk_one' } } });
  for (const [vendor, key] of [
    ['someone', 'k'],
    ['klaviyo', ''],
    ['klaviyo', 7],
    ['klaviyo', 'x'.repeat(2_000)],
    ['__proto__', 'k'],
  ] as const) {
    await expect(call('foresend:keep-key', event, vendor, key)).rejects.toThrow('This is no key.');
  }
  const stranger = from('https://example.com/');
  await expect(call('foresend:keep-key', stranger.event, 'klaviyo', 'k')).rejects.toThrow('Only this page may ask.');
});

it('closes the engine and leaves nothing behind when its window closes', async () => {
  fake.appHandlers.get('window-all-closed')?.();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  expect(fake.forks[0]?.posted.at(-1)?.message).toEqual({ kind: 'stop' });
  expect(existsSync(opened.files.exports)).toBe(false);
});
