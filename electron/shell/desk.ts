// The windows of the program: one for each workspace, each with an engine of its own. A workspace that is open already
// comes to the front. An engine is closed when its window has gone, and the program ends when all have.

import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { app, type BrowserWindow, dialog, screen, type WebContents } from 'electron';
import type { WorkspaceEngine } from '../engine/workspace-engine.ts';
import { APP } from '../protocol.ts';
import { openWindow } from '../window.ts';
import { CRASH_PATH } from './crash-page.ts';
import type { RecentWorkspaces } from './recent.ts';
import { keepPlace, placeWindow, readPlace } from './window-place.ts';

export interface DeskParts {
  /** The built preload script. */
  readonly preload: string;
  /** The file the last window's place is kept in. */
  readonly placeFile: string;
  readonly recent: RecentWorkspaces;
  readonly openEngine: (workspace: string) => WorkspaceEngine;
  readonly onOpened: () => void;
}

interface OpenWorkspace extends WorkspaceEngine {
  readonly workspace: string;
  readonly window: BrowserWindow;
}

export class Desk {
  readonly #parts: DeskParts;
  readonly #open: OpenWorkspace[] = [];
  readonly #closing = new Set<Promise<void>>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** @param workspace an absolute path; the file is made where it is missing */
  open(workspace: string): BrowserWindow {
    const there = this.#open.find((one) => samePath(one.workspace, workspace));
    if (there !== undefined) {
      if (there.window.isMinimized()) there.window.restore();
      there.window.focus();
      return there.window;
    }
    const { preload, placeFile, recent, openEngine, onOpened } = this.#parts;
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const place = placeWindow(readPlace(placeFile), screens, this.#open.length);
    const engine = openEngine(workspace);
    const window = openWindow(preload, place);
    const opened = { ...engine, workspace, window };
    this.#open.push(opened);
    watchHealth(window);
    window.on('page-title-updated', (event, title) => {
      event.preventDefault();
      window.setTitle(title.replace(/ · Foresend$/, ` · ${basename(workspace)} · Foresend`));
    });
    window.on('close', () => keepPlace(placeFile, window.getNormalBounds(), window.isMaximized()));
    window.once('closed', () => this.#end(opened));
    recent.add(workspace);
    onOpened();
    return window;
  }

  /** The workspace a page is of; null for a page of none. */
  of(contents: WebContents): WorkspaceEngine | null {
    return this.#open.find(({ window }) => window.webContents === contents) ?? null;
  }

  /** Resolves when every engine whose window has gone has put its workspace in order. */
  async settled(): Promise<void> {
    await Promise.all(this.#closing);
  }

  get isSettled(): boolean {
    return this.#closing.size === 0;
  }

  #end(opened: OpenWorkspace): void {
    this.#open.splice(this.#open.indexOf(opened), 1);
    const closing = opened.engine.close().then(() => {
      opened.files.close();
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }
}

function watchHealth(window: BrowserWindow): void {
  const { webContents } = window;
  const crashed = `${APP}${CRASH_PATH}`;
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    if (webContents.getURL() !== crashed) {
      void window.loadURL(crashed);
      return;
    }
    dialog.showErrorBox(
      'Foresend',
      'The window cannot be drawn on this computer. Nothing is lost; npm start -- --web opens the workspace in a browser.',
    );
    window.destroy();
  });
  window.on('unresponsive', () => {
    const asked = dialog.showMessageBox(window, {
      type: 'question',
      message: 'The window does not answer.',
      detail: 'Nothing is lost: the workspace is held by another process, and the workflow is saved as you go.',
      buttons: ['Wait', 'Open it again'],
      defaultId: 0,
      cancelId: 0,
    });
    void asked.then(({ response }) => {
      if (response === 1 && !window.isDestroyed()) webContents.forcefullyCrashRenderer();
    });
  });
}

function samePath(a: string, b: string): boolean {
  return real(a) === real(b);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Ends the program once every window has gone; on macOS it stays, as programs do there. */
export function quitWithWindows(desk: Desk, platform: NodeJS.Platform): void {
  app.on('window-all-closed', () => {
    if (platform !== 'darwin') void desk.settled().then(() => app.quit());
  });
  app.on('will-quit', (event) => {
    if (desk.isSettled) return;
    event.preventDefault();
    void desk.settled().then(() => app.quit());
  });
}
