// The desktop window: the page, locked in. It runs without Node, in a sandbox, and can neither leave our scheme nor open
// another window nor be granted anything.

import { BrowserWindow } from 'electron';
import { APP } from './protocol.ts';
import { SMALLEST, type WindowPlace } from './shell/window-place.ts';

/** @param preload the built preload script */
export function openWindow(preload: string, { isMaximized, ...bounds }: WindowPlace): BrowserWindow {
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Foresend',
    webPreferences: { preload, contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (details: { readonly url: string; preventDefault(): void }) => {
    if (!isOurs(details.url)) details.preventDefault();
  };
  webContents.on('will-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.on('will-frame-navigate', stay);
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  webContents.session.setPermissionCheckHandler(() => false);
  webContents.session.setDevicePermissionHandler(() => false);
  if (isMaximized) window.maximize();
  void window.loadURL(`${APP}/`);
  return window;
}

/** Whether an address is the page's. Schemes of one's own have no origin to compare. */
export function isOurs(url: string): boolean {
  return url === APP || url.startsWith(`${APP}/`);
}
