// The desktop window: the page of the loopback host in this same process, locked in. It runs without Node, in a
// sandbox, and can neither leave our origin nor open another window nor be granted anything.

import { BrowserWindow } from 'electron';

export function openWindow(url: string): BrowserWindow {
  const { origin } = new URL(url);
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    minWidth: 1120,
    minHeight: 700,
    title: 'Foresend',
    webPreferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  const stay = (details: { readonly url: string; preventDefault(): void }) => {
    if (new URL(details.url).origin !== origin) details.preventDefault();
  };
  webContents.on('will-navigate', stay);
  webContents.on('will-redirect', stay);
  webContents.session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  webContents.session.setPermissionCheckHandler(() => false);
  void window.loadURL(url);
  return window;
}
