// The one place that knows where the backend is: behind a message port in the desktop window, behind a WebSocket in a
// browser. Whoever asks sees the same `WindowApi` in both.

import type { ExportAnswer, WindowApi, WorkflowDocument } from '../engine/api/index.ts';
import { type Bridge, connectDesktop } from './host/desktop.ts';
import { connectLoopback, takeTokenFromAddress } from './host/loopback.ts';
import { sendFile } from './host/send-file.ts';

export type HostState =
  | { readonly phase: 'connected' }
  /** The engine or the line to it is gone and is being started again; calls made meanwhile wait. */
  | { readonly phase: 'reconnecting'; readonly reason: string }
  /** For good: the page has to be opened anew. */
  | { readonly phase: 'closed'; readonly reason: string };

export interface Host {
  /** A call cut off by the loss of the engine rejects with an error of code `ENGINE_LOST`; it may be asked again. */
  readonly api: WindowApi;
  /** @returns a handle for `sniff` and `importFiles` */
  upload(file: File, onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<string>;
  /** A handle is needed no more: its upload is deleted, a file of the user's own stays where it is. */
  release(handle: string): void;
  /** As a download in the browser, by the save dialog in the desktop window. @returns false where it was not wanted */
  download(answer: ExportAnswer): Promise<boolean>;
  /**
   * Puts a service's key into the system's keychain; null takes it away. Null where this host has no keychain.
   * @returns false where the system has none
   */
  readonly keepKey: ((service: string, key: string | null) => Promise<boolean>) | null;
  /** The workflow's bytes on disk were changed by somebody else. @returns unsubscribe */
  onWorkflowChanged(listener: (document: WorkflowDocument) => void): () => void;
  readonly state: HostState;
  /** Called at every change, not at once. @returns unsubscribe */
  onState(listener: (state: HostState) => void): () => void;
  /** Resolves with words when the host is gone for good. */
  readonly closed: Promise<string>;
}

/** @throws an error of code `NO_SESSION` where the page was opened without its address's token */
export function connect(): Promise<Host> {
  const desktop = (window as { readonly foresendDesktop?: Bridge }).foresendDesktop;
  if (desktop !== undefined) return connectDesktop(desktop, window);
  return connectLoopback({
    origin: location.origin,
    fetch: fetch.bind(window),
    storage: localStorage,
    takeToken: () => takeTokenFromAddress(location, history),
    openSocket: (url, protocols) => new WebSocket(url, protocols),
    sendFile,
    save: (path, name) => {
      const link = document.createElement('a');
      link.href = path;
      link.download = name;
      link.click();
    },
  });
}
