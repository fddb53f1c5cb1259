// All the page gets of Electron: a port to the engine, handles for files the user has chosen, and a save dialog. A path
// is read off a file the page was given; the page itself can name none.

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopBridge, LINE_MESSAGE } from '../engine/rpc/index.ts';
import { CHANNELS } from './channels.ts';

type PageFile = Parameters<typeof webUtils.getPathForFile>[0];

const bridge: DesktopBridge<PageFile> = {
  connect: () => ipcRenderer.send(CHANNELS.connect),
  addFile: async (file) => {
    const path = webUtils.getPathForFile(file);
    return path === '' ? null : ((await ipcRenderer.invoke(CHANNELS.addFile, path)) as string);
  },
  forgetFile: (handle) => ipcRenderer.send(CHANNELS.forgetFile, handle),
  save: async (handle) => (await ipcRenderer.invoke(CHANNELS.save, handle)) as boolean,
  keepKey: async (vendor, key) => (await ipcRenderer.invoke(CHANNELS.keepKey, vendor, key)) as boolean,
  onEngineLost: (listener) => {
    ipcRenderer.on(CHANNELS.lost, (_event, how: string) => listener(how));
  },
};

contextBridge.exposeInMainWorld('foresendDesktop', bridge);
// A port cannot cross the bridge; a message to the own window can carry it.
const page = globalThis as unknown as {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, transfer: readonly unknown[]): void;
};
ipcRenderer.on(CHANNELS.line, (event) => page.postMessage(LINE_MESSAGE, page.location.origin, [...event.ports]));
