// The desktop program without its binary: `electron` is a fake that records what it is asked, its engine process too.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Desk } from '../../electron/shell/desk.ts';
import { SCREENS } from '../../renderer/screens.ts';
import { keyAction } from '../../renderer/shell/keys.ts';

type Handler = (...args: never[]) => unknown;

interface FakeWindow {
  readonly webContents: FakeContents;
  readonly said: string[];
  readonly handlers: Map<string, Handler>;
  isGone: boolean;
}

interface FakeContents {
  url: string;
  readonly ran: unknown[];
}

interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
}

interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly enabled?: boolean;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly submenu?: MenuItem[];
  readonly click?: () => void;
}

const fake = vi.hoisted(() => ({
  order: [] as string[],
  appHandlers: new Map<string, Handler>(),
  contentsHandlers: new Map<string, Handler>(),
  windowOptions: [] as { x?: number; width: number; webPreferences: Record<string, unknown> }[],
  windows: [] as FakeWindow[],
  inFront: null as FakeWindow | null,
  menu: [] as MenuItem[],
  errors: [] as string[],
  asked: [] as string[],
  answer: 0,
  openFiles: [] as string[],
  isFirst: true,
  handedOver: null as unknown,
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
  device: null as Handler | null,
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
    setName: () => {},
    enableSandbox: () => void fake.order.push('sandbox'),
    requestSingleInstanceLock: (data: unknown) => {
      fake.handedOver = data;
      return fake.isFirst;
    },
    isPackaged: false,
  },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  Menu: {
    buildFromTemplate: (template: MenuItem[]) => template,
    setApplicationMenu: (menu: MenuItem[]) => {
      fake.menu = menu;
    },
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
  dialog: {
    showSaveDialog: async () => ({ canceled: fake.saveAs === null, filePath: fake.saveAs ?? '' }),
    showOpenDialog: async () => ({ canceled: false, filePaths: fake.openFiles }),
    showErrorBox: (_title: string, words: string) => void fake.errors.push(words),
    showMessageBox: async (_window: unknown, { message }: { message: string }) => {
      fake.asked.push(message);
      return { response: fake.answer };
    },
  },
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
    static getAllWindows = () => fake.windows.filter(({ isGone }) => !isGone);
    static getFocusedWindow = () => fake.inFront;
    said: string[] = [];
    handlers = new Map<string, Handler>();
    isGone = false;
    webContents = {
      url: '',
      ran: [] as unknown[],
      getURL(): string {
        return this.url;
      },
      setWindowOpenHandler: (handler: Handler) => {
        fake.openHandler = handler;
      },
      on: (name: string, handler: Handler) => {
        fake.contentsHandlers.set(name, handler);
        this.handlers.set(`contents ${name}`, handler);
      },
      sendInputEvent(event: unknown) {
        this.ran.push(event);
      },
      executeJavaScript(code: string) {
        this.ran.push(code);
      },
      forcefullyCrashRenderer: () => void this.said.push('crash'),
      session: {
        setPermissionRequestHandler: (handler: Handler) => {
          fake.permission = handler;
        },
        setPermissionCheckHandler: (handler: Handler) => {
          fake.check = handler;
        },
        setDevicePermissionHandler: (handler: Handler) => {
          fake.device = handler;
        },
      },
    };
    constructor(options: (typeof fake.windowOptions)[number]) {
      fake.windowOptions.push(options);
      fake.windows.push(this);
      fake.inFront = this;
    }
    on(name: string, handler: Handler) {
      this.handlers.set(name, handler);
    }
    once(name: string, handler: Handler) {
      this.handlers.set(name, handler);
    }
    async loadURL(url: string) {
      this.webContents.url = url;
      fake.loaded.push(url);
    }
    isMinimized = () => true;
    isDestroyed = () => this.isGone;
    isMaximized = () => true;
    getNormalBounds = () => ({ x: 300, y: 40, width: 1500, height: 900 });
    maximize = () => void this.said.push('maximize');
    restore = () => void this.said.push('restore');
    focus = () => void this.said.push('focus');
    destroy = () => {
      this.isGone = true;
    };
    setTitle = (title: string) => void this.said.push(title);
  },
}));

let root: string;
let desk: Desk;
let workspace: string;

beforeEach(async () => {
  const lists = [fake.order, fake.windowOptions, fake.windows, fake.loaded, fake.forks, fake.errors, fake.asked];
  for (const list of lists) list.length = 0;
  fake.saveAs = null;
  fake.isFirst = true;
  fake.answer = 0;
  fake.quits = 0;
  root = mkdtempSync(join(tmpdir(), 'foresend-main-'));
  mkdirSync(join(root, 'out', 'renderer'), { recursive: true });
  writeFileSync(join(root, 'out', 'secret.html'), 'secret');
  writeFileSync(join(root, 'out', 'renderer', 'index.html'), 'the page');
  fake.userData = join(root, 'user data');
  workspace = join(root, 'demo.foresend');
  writeFileSync(workspace, '');
  desk = (await run(workspace)) as Desk;
});

afterEach(async () => {
  for (const window of fake.windows) closeWindow(window);
  await desk.settled();
  rmSync(root, { recursive: true });
});

async function run(path: string | null, platform: NodeJS.Platform = 'linux') {
  const { runMain } = await import('../../electron/main.ts');
  return await runMain({ root, workspace: path }, platform);
}

function closeWindow(window: FakeWindow): void {
  if (window.isGone) return;
  window.handlers.get('close')?.();
  window.isGone = true;
  window.handlers.get('closed')?.();
}

function windowAt(i: number): FakeWindow {
  const window = fake.windows.at(i);
  if (window === undefined) throw new Error('no such window');
  return window;
}

/** A message from a frame, as the main program sees it. @param window whose page it comes from */
function from(url: string, parent: unknown = null, window: FakeWindow = windowAt(-1)) {
  const sent: { channel: string; ports?: unknown[]; value?: unknown }[] = [];
  const destroyed: (() => void)[] = [];
  const sender = Object.assign(window.webContents, {
    isDestroyed: () => false,
    once: (_name: string, handler: () => void) => destroyed.push(handler),
    send: (channel: string, value: unknown) => sent.push({ channel, value }),
    postMessage: (channel: string, _message: unknown, ports: unknown[]) => sent.push({ channel, ports }),
  });
  return { event: { sender, senderFrame: { url, parent } } as never, sent, destroyed };
}

const call = async (name: string, event: never, ...args: unknown[]) =>
  await (fake.handled.get(name) as (...all: unknown[]) => unknown)(event, ...args);

it('opens one locked window onto its own scheme, known before the program is ready', () => {
  expect(fake.order).toEqual(['sandbox', 'schemes', 'ready']);
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
  expect(fake.device?.()).toBe(false);
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
  expect(fake.forks[0]?.script).toMatch(/engine[\\/]engine-process\.js$/);
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
  const exports = exportsOf(windowAt(0));
  mkdirSync(join(exports, handle));
  writeFileSync(join(exports, handle, 'a-report.html'), 'the report');
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
  const exports = exportsOf(windowAt(0));
  closeWindow(windowAt(0));
  fake.appHandlers.get('window-all-closed')?.();
  await vi.waitFor(() => expect(fake.quits).toBe(1));
  expect(fake.forks[0]?.posted.at(-1)?.message).toEqual({ kind: 'stop' });
  expect(existsSync(exports)).toBe(false);
});

function exportsOf({ webContents }: FakeWindow): string {
  return desk.of(webContents as never)?.files.exports ?? '';
}

describe('several workspaces', () => {
  it('have a window and an engine each, and no page reaches the files of another', async () => {
    const other = join(root, 'other.foresend');
    writeFileSync(other, '');
    desk.open(other);
    expect(fake.windows).toHaveLength(2);
    expect(fake.forks.map(({ posted }) => posted[0]?.message)).toMatchObject([
      { settings: { workspace } },
      { settings: { workspace: other } },
    ]);
    const handle = 'cd'.repeat(16);
    mkdirSync(join(exportsOf(windowAt(0)), handle));
    writeFileSync(join(exportsOf(windowAt(0)), handle, 'mine.html'), 'mine');
    fake.saveAs = join(root, 'taken.html');
    const second = from('foresend://app/', null, windowAt(1));
    await expect(call('foresend:save', second.event, handle)).rejects.toThrow('make it again');
    expect(await call('foresend:save', from('foresend://app/', null, windowAt(0)).event, handle)).toBe(true);
    // One closes, the other goes on.
    closeWindow(windowAt(0));
    await desk.settled();
    expect(fake.forks[0]?.posted.at(-1)?.message.kind).toBe('stop');
    expect(fake.forks[1]?.posted.map(({ message }) => message.kind)).not.toContain('stop');
  });

  it('come to the front where they are open, also by another name of the same file', () => {
    desk.open(workspace);
    desk.open(join(root, 'x', '..', 'demo.foresend'));
    expect(fake.windows).toHaveLength(1);
    expect(windowAt(0).said).toEqual(['restore', 'focus', 'restore', 'focus']);
  });

  it('are opened by a second start and by a double click, in the program that runs', async () => {
    const [second, third] = [join(root, 'second.foresend'), join(root, 'third.foresend')];
    fake.appHandlers.get('second-instance')?.(...([null, ['foresend'], root, { workspace: second }] as never[]));
    fake.appHandlers.get('second-instance')?.(
      ...([null, ['foresend', '--flag', 'third.foresend'], root, {}] as never[]),
    );
    const preventDefault = vi.fn();
    fake.appHandlers.get('open-file')?.(...([{ preventDefault }, workspace] as never[]));
    expect(preventDefault).toHaveBeenCalled();
    expect(fake.forks.map(({ posted }) => posted[0]?.message)).toMatchObject(
      [workspace, second, third].map((path) => ({ settings: { workspace: path } })),
    );
    fake.isFirst = false;
    expect(await run(second)).toBeNull();
    expect(fake.handedOver).toEqual({ workspace: second });
    expect(fake.quits).toBe(1);
  });

  it('say which they are in the title', () => {
    const preventDefault = vi.fn();
    windowAt(0).handlers.get('page-title-updated')?.(...([{ preventDefault }, 'Data · Foresend'] as never[]));
    expect(preventDefault).toHaveBeenCalled();
    expect(windowAt(0).said).toEqual(['Data · demo.foresend · Foresend']);
  });
});

describe('what is remembered', () => {
  it('offers the workspaces opened last that are there, and opens the last one at a start without a file', async () => {
    const gone = join(root, 'gone.foresend');
    const here = join(root, 'here & now.foresend');
    writeFileSync(here, '');
    desk.open(gone);
    desk.open(here);
    const recent = () => menuItems('Open recent').map(({ label, enabled }) => (enabled === false ? null : label));
    expect(recent().slice(0, 2)).toEqual([`here && now.foresend  (${root})`, `demo.foresend  (${root})`]);
    for (const window of fake.windows) closeWindow(window);
    await desk.settled();
    desk = (await run(null)) as Desk;
    expect(fake.forks.at(-1)?.posted[0]?.message).toMatchObject({ settings: { workspace: here } });
    menuItems('Open recent').at(-1)?.click?.();
    expect(recent()).toEqual([null]);
  });

  it('puts the next window where the last one was', async () => {
    expect(fake.windowOptions[0]).toMatchObject({ width: 1280, height: 800 });
    expect(fake.windowOptions[0]?.x).toBeUndefined();
    closeWindow(windowAt(0));
    await desk.settled();
    desk = (await run(workspace)) as Desk;
    expect(fake.windowOptions[1]).toMatchObject({ x: 300, y: 40, width: 1500, height: 900 });
    expect(windowAt(1).said).toEqual(['maximize']);
  });
});

function menuItems(label: string): MenuItem[] {
  const all = fake.menu.flatMap((item) => [item, ...(item.submenu ?? [])]);
  return all.find((item) => item.label === label)?.submenu ?? [];
}

describe('the menus', () => {
  const item = (menu: string, label: string) => menuItems(menu).find((one) => one.label === label);

  it('name every screen of the window, and go there', () => {
    expect(menuItems('Go').map(({ label }) => label)).toEqual(SCREENS.map(({ label }) => label));
    for (const { label } of SCREENS) item('Go', label)?.click?.();
    expect(windowAt(0).webContents.ran).toEqual(SCREENS.map(({ id }) => `location.hash = "${id}"`));
  });

  it('press the keys the page has, and leave those keys to it', () => {
    const pressed: [string, string, KeyPress, unknown][] = [
      ['Edit', 'Undo', { key: 'Z', ctrl: true, shift: false }, { do: 'undo' }],
      ['Edit', 'Redo', { key: 'Z', ctrl: true, shift: true }, { do: 'redo' }],
      ['View', 'Search or run a command', { key: 'K', ctrl: true, shift: false }, { do: 'palette' }],
      ['View', 'Side panel', { key: '.', ctrl: true, shift: false }, { do: 'panel' }],
      ['Help', 'Keys', { key: '?', ctrl: false, shift: true }, { do: 'keys' }],
    ];
    for (const [menu, label, { key, ctrl, shift }, meaning] of pressed) {
      const found = item(menu, label);
      found?.click?.();
      const modifiers = [...(ctrl ? ['control'] : []), ...(shift ? ['shift'] : [])];
      expect(windowAt(0).webContents.ran.at(-1), label).toEqual({ type: 'keyDown', keyCode: key, modifiers });
      if (found?.accelerator !== undefined) expect(found.registerAccelerator).toBe(false);
      expect(keyAction({ key, ctrl, shift, alt: false, typing: false, afterG: false }), label).toEqual(meaning);
    }
  });

  it('make and open workspaces, and give a name its ending', async () => {
    fake.saveAs = join(root, 'New one');
    item('File', 'New workspace…')?.click?.();
    await vi.waitFor(() => expect(fake.windows).toHaveLength(2));
    fake.openFiles = [join(root, 'b.foresend')];
    item('File', 'Open workspace…')?.click?.();
    await vi.waitFor(() => expect(fake.windows).toHaveLength(3));
    expect(fake.forks.slice(1).map(({ posted }) => posted[0]?.message)).toMatchObject([
      { settings: { workspace: join(root, 'New one.foresend') } },
      { settings: { workspace: join(root, 'b.foresend') } },
    ]);
  });
});

describe('a page that dies', () => {
  const die = (reason: string) =>
    windowAt(0).handlers.get('contents render-process-gone')?.(...([null, { reason }] as never[]));

  it('leaves its engine alone, and its window says that nothing is lost and how to go on', async () => {
    die('oom');
    expect(fake.loaded).toEqual(['foresend://app/', 'foresend://app/crashed']);
    expect(fake.forks[0]?.posted.map(({ message }) => message.kind)).not.toContain('stop');
    const pages = fake.pages as (request: Request) => Response;
    const text = await pages(new Request('foresend://app/crashed')).text();
    expect(text).toContain('Nothing is lost');
    expect(text).toContain('<a href="/"');
    expect(text).not.toContain('<script');
    expect(pages(new Request('foresend://app/crashed.css')).headers.get('content-type')).toContain('text/css');
    // Where even that page cannot be drawn, it is not tried for ever.
    die('oom');
    expect(fake.loaded).toHaveLength(2);
    expect(fake.errors).toHaveLength(1);
    expect(windowAt(0).isGone).toBe(true);
    windowAt(0).handlers.get('closed')?.();
  });

  it('is none where the window was closed', () => {
    die('clean-exit');
    expect(fake.loaded).toEqual(['foresend://app/']);
  });

  it('is asked about when it does not answer, and is ended only where the user says so', async () => {
    windowAt(0).handlers.get('unresponsive')?.();
    await vi.waitFor(() => expect(fake.asked).toHaveLength(1));
    fake.answer = 1;
    windowAt(0).handlers.get('unresponsive')?.();
    await vi.waitFor(() => expect(windowAt(0).said).toEqual(['crash']));
  });
});
