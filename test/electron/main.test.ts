// The desktop program without its binary: `electron` is a fake that records what it is asked.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LoopbackHost } from '../../electron/hosts/loopback.ts';

type Handler = (...args: never[]) => unknown;

const fake = vi.hoisted(() => ({
  appHandlers: new Map<string, Handler>(),
  contentsHandlers: new Map<string, Handler>(),
  windowOptions: [] as { webPreferences: Record<string, unknown> }[],
  loaded: [] as string[],
  openHandler: null as Handler | null,
  permission: null as Handler | null,
  check: null as Handler | null,
  quits: 0,
}));

vi.mock('electron', () => ({
  app: {
    whenReady: async () => {},
    on: (name: string, handler: Handler) => fake.appHandlers.set(name, handler),
    quit: () => {
      fake.quits += 1;
    },
  },
  BrowserWindow: class {
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
let host: LoopbackHost;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'foresend-main-'));
  mkdirSync(join(root, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(root, 'out', 'renderer', 'index.html'), 'the page');
  const { runMain } = await import('../../electron/main.ts');
  host = await runMain({ root, workspace: join(root, 'demo.foresend'), port: 0 });
});

afterEach(async () => {
  await host.close();
  rmSync(root, { recursive: true });
});

it('opens one locked window onto the host it started', async () => {
  expect(fake.loaded).toEqual([host.url]);
  expect(await (await fetch(host.origin)).text()).toBe('the page');
  expect(fake.windowOptions[0]?.webPreferences).toEqual({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });

  const prevented = (name: string, url: string) => {
    let stopped = false;
    const preventDefault = () => {
      stopped = true;
    };
    fake.contentsHandlers.get(name)?.({ url, preventDefault } as never);
    return stopped;
  };
  for (const name of ['will-navigate', 'will-redirect']) {
    expect(prevented(name, 'https://example.com/')).toBe(true);
    expect(prevented(name, host.origin.replace('127.0.0.1', 'localhost'))).toBe(true);
    expect(prevented(name, 'file:///etc/passwd')).toBe(true);
    expect(prevented(name, `${host.origin}/`)).toBe(false);
  }
  expect(fake.openHandler?.()).toEqual({ action: 'deny' });
  const answers: boolean[] = [];
  fake.permission?.(null as never, 'media' as never, ((granted: boolean) => answers.push(granted)) as never);
  expect(answers).toEqual([false]);
  expect(fake.check?.()).toBe(false);

  fake.appHandlers.get('window-all-closed')?.();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  await expect(fetch(host.origin)).rejects.toThrow();
});
