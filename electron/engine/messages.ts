// What host, engine process and engine thread say to each other. Plain data, cloned on its way.

import type { Progress } from '../../engine/api/index.ts';
import type { KnownFile } from '../../engine/node/api/window-backend.ts';
import type { Notice, WireError } from '../../engine/rpc/index.ts';

export interface EngineSettings {
  readonly workspace: string;
  /** Where files for the user are made, as `HANDLE/NAME`. */
  readonly exports: string;
  /** False where the engine is started again: what was set aside is then still wanted. */
  readonly fresh: boolean;
  readonly demoPersons?: number;
  /** Why the workspace cannot be written, as it is told; absent: it can. */
  readonly readonly?: string;
  /** Of email services, by name, from the system's keychain. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** `quick` answers while somebody drags or types; `long` does what takes its time, and may be ended in the middle of it. */
export interface ThreadData {
  readonly role: 'quick' | 'long';
  readonly settings: EngineSettings;
}

export type FileMessage =
  | { readonly kind: 'file'; readonly handle: string; readonly file: KnownFile }
  | { readonly kind: 'forget'; readonly handle: string };

/** Host to process. A line opened with a port uses that instead of `text` and `close`. */
export type ToProcess =
  | { readonly kind: 'start'; readonly settings: EngineSettings }
  | { readonly kind: 'open'; readonly line: number }
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  | { readonly kind: 'close'; readonly line: number }
  | FileMessage
  | { readonly kind: 'stop' };

export type FromProcess =
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  /** What came over the line was no message. */
  | { readonly kind: 'violation'; readonly line: number }
  | { readonly kind: 'filed'; readonly handle: string };

/**
 * Process to thread. A call's flag is shared by both: the process sets `CANCELLED` to 1, which a busy thread sees when it
 * can hear no message; the thread sets `BEGUN` to 1 before it looks at the other. Whichever came first, either the
 * process sees that the call has begun, or the thread sees that it must not.
 */
export type ToThread =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly method: string;
      readonly request: unknown;
      readonly flag: Int32Array<SharedArrayBuffer>;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | FileMessage
  | { readonly kind: 'stop' };

export const CANCELLED = 0;
export const BEGUN = 1;

export type FromThread =
  | { readonly kind: 'answer'; readonly id: number; readonly json: string }
  | { readonly kind: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly kind: 'notice'; readonly notice: Notice }
  | { readonly kind: 'started' | 'stopped' };
