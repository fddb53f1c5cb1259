// What a page may ask of the main program: a port to its workspace's engine, a handle for a file, a place to save one, the
// keychain. A message is answered only where it comes from the main frame of our own page, in a window of ours.

import { copyFileSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import {
  BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  MessageChannelMain,
  type WebContents,
} from 'electron';
import { CHANNELS } from './channels.ts';
import type { WorkspaceEngine } from './engine/workspace-engine.ts';
import type { Keychain } from './keychain.ts';
import { isOurs } from './window.ts';

/** A key, and beside it where its service is. */
const KEPT: readonly unknown[] = ['klaviyo', 'mailchimp', 'activecampaign'].flatMap((name) => [
  name,
  `${name}:address`,
]);

/** Where the workspace of a page is found. */
export interface Workspaces {
  of(contents: WebContents): WorkspaceEngine | null;
}

export function answerPages(workspaces: Workspaces, keychain: Keychain): void {
  /** @throws Error where a stranger asks */
  const asked = (event: IpcMainInvokeEvent): WorkspaceEngine => {
    const workspace = isFromPage(event) ? workspaces.of(event.sender) : null;
    if (workspace === null) throw new Error('Only this page may ask.');
    return workspace;
  };

  ipcMain.on(CHANNELS.connect, (event) => {
    const engine = isFromPage(event) ? workspaces.of(event.sender)?.engine : undefined;
    if (engine === undefined) return;
    const { port1, port2 } = new MessageChannelMain();
    const { sender } = event;
    const line = engine.open(
      {
        onLost: (how) => {
          if (!sender.isDestroyed()) sender.send(CHANNELS.lost, how);
        },
      },
      port1,
    );
    sender.once('destroyed', () => line.close());
    sender.postMessage(CHANNELS.line, null, [port2]);
  });

  ipcMain.handle(CHANNELS.addFile, async (event, path: unknown) => {
    const { engine } = asked(event);
    if (typeof path !== 'string' || !isAbsolute(path)) throw new Error('This is no path.');
    return await engine.addFile({ path, name: basename(path) });
  });

  ipcMain.on(CHANNELS.forgetFile, (event, handle: unknown) => {
    if (isFromPage(event) && typeof handle === 'string') workspaces.of(event.sender)?.engine.forgetFile(handle);
  });

  ipcMain.handle(CHANNELS.keepKey, (event, vendor: unknown, key: unknown) => {
    asked(event);
    const isKey = key === null || (typeof key === 'string' && key !== '' && key.length <= 1_000);
    if (!KEPT.includes(vendor) || !isKey) throw new Error('This is no key.');
    return keychain.keep(vendor as string, key);
  });

  ipcMain.handle(CHANNELS.save, async (event, handle: unknown) => {
    const { files } = asked(event);
    const found = typeof handle === 'string' ? files.findExport(handle) : null;
    const window = BrowserWindow.fromWebContents(event.sender);
    if (found === null || window === null) throw new Error('This file was saved already; make it again.');
    const { filePath, canceled } = await dialog.showSaveDialog(window, { defaultPath: found.name });
    if (canceled || !filePath) return false;
    copyFileSync(found.path, filePath);
    files.dropExport(handle as string);
    return true;
  });
}

function isFromPage({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url);
}
