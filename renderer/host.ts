// The one place that knows where the backend is: behind a message port in the desktop window, behind a WebSocket in a
// browser. Whoever asks sees the same `WindowApi` in both.

import type { ExportAnswer, WindowApi, WorkflowDocument } from '../engine/api.ts';

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
  /** As a download in the browser, by the save dialog in the desktop window. */
  download(answer: ExportAnswer): Promise<void>;
  /** The workflow's bytes on disk were changed by somebody else. @returns unsubscribe */
  onWorkflowChanged(listener: (document: WorkflowDocument) => void): () => void;
  readonly state: HostState;
  /** Called at every change, not at once. @returns unsubscribe */
  onState(listener: (state: HostState) => void): () => void;
  /** Resolves with words when the host is gone for good. */
  readonly closed: Promise<string>;
}
