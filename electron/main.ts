// The desktop program: for each workspace a window and an engine in a process of its own, and this between them, out of
// the way. One program runs at a time: a second start hands its workspace over to the first.

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, BrowserWindow, dialog, Menu, protocol, safeStorage } from 'electron';
import { answerPages } from './desktop-lines.ts';
import { utilityEngine } from './engine/utility.ts';
import { openWorkspaceEngine } from './engine/workspace-engine.ts';
import { readPageFiles } from './hosts/page-files.ts';
import { Keychain } from './keychain.ts';
import { answerPage, SCHEME } from './protocol.ts';
import { isWorkspace, workspaceIn } from './shell/arguments.ts';
import { CRASH_FILES } from './shell/crash-page.ts';
import { Desk, quitWithWindows } from './shell/desk.ts';
import { type MenuActions, menuTemplate } from './shell/menu.ts';
import { RecentWorkspaces } from './shell/recent.ts';

export interface MainSettings {
  /** The folder that holds `out/renderer`. */
  readonly root: string;
  /** Null: what was opened last, else a demo. */
  readonly workspace: string | null;
}

const FILTERS = [{ name: 'Foresend workspace', extensions: ['foresend'] }];

/**
 * Has to be called before the program is ready: schemes are known from the start or never.
 * @returns null where another program that runs already took the workspace over
 */
export async function runMain(
  { root, workspace }: MainSettings,
  platform: NodeJS.Platform = process.platform,
): Promise<Desk | null> {
  app.setName('Foresend');
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  if (!app.requestSingleInstanceLock({ workspace })) {
    app.quit();
    return null;
  }
  // A double click on macOS is told before the program is ready.
  const waiting: string[] = [];
  let openNow = (path: string) => void waiting.push(path);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    if (isWorkspace(path)) openNow(path);
  });
  await app.whenReady();

  const pages = new Map([...readPageFiles(join(root, 'out', 'renderer')), ...CRASH_FILES]);
  protocol.handle(SCHEME, (request) => answerPage(pages, request));
  const own = app.getPath('userData');
  const keychain = new Keychain(join(own, 'keys.json'), safeStorage);
  const recent = new RecentWorkspaces(join(own, 'recent.json'));
  const desk = new Desk({
    preload: join(import.meta.dirname, 'preload.cjs'),
    placeFile: join(own, 'window.json'),
    recent,
    openEngine: (path) => {
      mkdirSync(dirname(path), { recursive: true });
      return openWorkspaceEngine(path, {
        keys: () => keychain.all(),
        startChild: (temporary) => utilityEngine(engineScript(), temporary),
      });
    },
    onOpened: () => showMenu(),
  });
  const showMenu = () => {
    const state = { platform, recent: recent.list(), isPackaged: app.isPackaged };
    Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, menuActions(desk, recent, showMenu))));
  };
  answerPages(desk, keychain);
  quitWithWindows(desk, platform);
  const last = () => recent.list()[0] ?? join(own, 'demo.foresend');
  app.on('second-instance', (_event, args, folder, data) => {
    const handed = (data as { readonly workspace?: string | null } | undefined)?.workspace;
    desk.open(handed ?? workspaceIn(args.slice(1), folder) ?? last());
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) desk.open(last());
  });
  openNow = (path) => void desk.open(path);
  const first = workspace === null ? waiting : [workspace, ...waiting];
  for (const path of first.length === 0 ? [last()] : first) desk.open(path);
  return desk;
}

function menuActions(desk: Desk, recent: RecentWorkspaces, showMenu: () => void): MenuActions {
  const inFront = () => BrowserWindow.getFocusedWindow()?.webContents;
  return {
    // What is there already is opened as it is; a workspace is never written over.
    newWorkspace: () => {
      void dialog
        .showSaveDialog({ filters: FILTERS, defaultPath: 'Untitled.foresend', properties: ['createDirectory'] })
        .then(({ canceled, filePath }) => {
          if (!canceled && filePath) desk.open(isWorkspace(filePath) ? filePath : `${filePath}.foresend`);
        });
    },
    openWorkspace: () => {
      void dialog.showOpenDialog({ filters: FILTERS, properties: ['openFile'] }).then(({ filePaths }) => {
        for (const path of filePaths) desk.open(path);
      });
    },
    openRecent: (path) => void desk.open(path),
    clearRecent: () => {
      recent.clear();
      showMenu();
    },
    press: (key, modifiers) => inFront()?.sendInputEvent({ type: 'keyDown', keyCode: key, modifiers: [...modifiers] }),
    goTo: (screen) => void inFront()?.executeJavaScript(`location.hash = ${JSON.stringify(screen)}`),
  };
}

/** In the packaged program the engine lies outside the archive, as plain files. */
function engineScript(): string {
  return join(import.meta.dirname.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), 'engine', 'engine-process.js');
}

/** What `start.ts` has resolved and checked; a packaged program listens to its arguments alone. */
function settings(): MainSettings | null {
  if (app.isPackaged) {
    return { root: app.getAppPath(), workspace: workspaceIn(process.argv.slice(1), process.cwd()) };
  }
  const given = process.env['FORESEND_MAIN'];
  return given === undefined ? null : (JSON.parse(given) as MainSettings);
}

const given = settings();
if (given !== null) {
  runMain(given).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    app.exit(1);
  });
}
