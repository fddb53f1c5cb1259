// The menus. What the page does by a key, its menu does by pressing that key, so that the two cannot differ; such an
// item shows its key and leaves it to the page. What the program does itself has its own.

import { basename, dirname } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  newWorkspace(): void;
  openWorkspace(): void;
  openRecent(workspace: string): void;
  clearRecent(): void;
  /** In the window in front. @param key as Electron names it */
  press(key: string, modifiers: readonly ('shift' | 'alt' | 'control' | 'meta')[]): void;
  /** In the window in front. */
  goTo(screen: string): void;
}

export interface MenuState {
  readonly platform: NodeJS.Platform;
  readonly recent: readonly string[];
  /** Whether this is no checkout: no tools of developers then. */
  readonly isPackaged: boolean;
}

/** As in the rail, in its order. */
export const MENU_SCREENS = [
  ['data', 'Data'],
  ['moments', 'Moments'],
  ['segments', 'Segments'],
  ['people', 'People'],
  ['workflow', 'Workflow'],
  ['calibrate', 'Calibrate'],
  ['personalize', 'Personalize'],
  ['simulate', 'Simulate'],
  ['holdout', 'Holdout'],
  ['compare', 'Compare'],
  ['export', 'Export'],
] as const;

export function menuTemplate(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const isMac = state.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const main = isMac ? 'meta' : 'control';
  const pressing = (label: string, shown: string, key: string, modifiers: Parameters<MenuActions['press']>[1]) => ({
    label,
    accelerator: shown,
    registerAccelerator: false,
    click: () => actions.press(key, modifiers),
  });
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      { label: 'New workspace…', accelerator: 'CmdOrCtrl+N', click: () => actions.newWorkspace() },
      { label: 'Open workspace…', accelerator: 'CmdOrCtrl+O', click: () => actions.openWorkspace() },
      { label: 'Open recent', submenu: recentItems(state.recent, actions) },
      separator,
      { label: 'Close window', role: 'close' },
      ...(isMac ? [] : [separator, { label: 'Quit', role: 'quit' } as const]),
    ],
  };
  const edit: MenuItemConstructorOptions = {
    label: 'Edit',
    submenu: [
      pressing('Undo', 'CmdOrCtrl+Z', 'Z', [main]),
      pressing('Redo', 'CmdOrCtrl+Shift+Z', 'Z', [main, 'shift']),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      pressing('Search or run a command', 'CmdOrCtrl+K', 'K', [main]),
      pressing('Side panel', 'CmdOrCtrl+.', '.', [main]),
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(state.isPackaged ? [] : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
    ],
  };
  const go: MenuItemConstructorOptions = {
    label: 'Go',
    submenu: MENU_SCREENS.map(([id, label]) => ({ label, click: () => actions.goTo(id) })),
  };
  const help: MenuItemConstructorOptions = {
    label: 'Help',
    role: 'help',
    submenu: [{ label: 'Keys', click: () => actions.press('?', ['shift']) }],
  };
  const windows: MenuItemConstructorOptions = { role: 'windowMenu' };
  return [...(isMac ? [{ role: 'appMenu' } as const] : []), file, edit, view, go, windows, help];
}

function recentItems(recent: readonly string[], actions: MenuActions): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: 'None yet', enabled: false }];
  return [
    ...recent.map((path) => ({
      // An ampersand would underline the letter after it.
      label: `${basename(path)}  (${dirname(path)})`.replaceAll('&', '&&'),
      click: () => actions.openRecent(path),
    })),
    { type: 'separator' },
    { label: 'Clear this list', click: () => actions.clearRecent() },
  ];
}
