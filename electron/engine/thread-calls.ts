// Runs calls on one thread of the engine. A cancelled call that waits for its turn is over at once, and the thread goes on
// with what it does. One that has begun has a moment to end by itself; a thread that does not hear is ended, a new one
// takes its place, and what else was asked of it is asked again, unless that would change something twice.

import { Worker } from 'node:worker_threads';
import { UserError } from '../../engine/base/index.ts';
import type { KnownFile } from '../../engine/node/api/window-backend.ts';
import { type Answering, errorFrom, LOST, type Method, type Notice, WRITES } from '../../engine/rpc/index.ts';
import { BEGUN, CANCELLED, type EngineSettings, type FromThread, type ThreadData, type ToThread } from './messages.ts';

export interface EngineCalls {
  readonly answer: Answering;
  addFile(handle: string, file: KnownFile): void;
  forgetFile(handle: string): void;
  /** Ends the thread when it has put the workspace in order. */
  close(): Promise<void>;
}

export interface ThreadCalls extends EngineCalls {
  /** Tells the thread, and each that takes its place, whatever comes of it; the last of a method and service counts. */
  hold(method: Method, request: unknown): void;
}

interface OpenCall {
  readonly message: ToThread & { readonly kind: 'call' };
  readonly onProgress: Parameters<Answering>[2]['onProgress'];
  readonly resolve: (json: string) => void;
  readonly reject: (error: unknown) => void;
}

/** Far above what any computation takes between two looks at the flag: a thread that is ended loses its histories. */
const DEAF_MS = 2_500;
const CLOSING_MS = 3_000;

/** @param script the thread's module */
export function startCalls(
  script: URL,
  role: ThreadData['role'],
  settings: EngineSettings,
  onNotice: (notice: Notice) => void,
  /** How long a thread may take to hear of a cancel before another takes its place. */
  deafMs: number = DEAF_MS,
): ThreadCalls {
  const open = new Map<number, OpenCall>();
  const files = new Map<string, KnownFile>();
  const held = new Map<string, readonly [Method, unknown]>();
  let lastId = 0;
  let onStopped = () => {};
  /** Null once closed. */
  let worker: Worker | null = startThread(settings.fresh);

  function startThread(fresh: boolean): Worker {
    const thread = new Worker(script, { workerData: { role, settings: { ...settings, fresh } } satisfies ThreadData });
    let reason = 'it ended by itself';
    let hasSpoken = false;
    thread.on('message', (message: FromThread) => {
      hasSpoken = true;
      if (thread === worker) hear(message);
    });
    thread.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    thread.on('exit', () => {
      if (thread !== worker) return;
      onStopped();
      // A thread that cannot even start would be started for ever: that is for whoever started this process.
      if (!hasSpoken) throw new Error(`The engine could not start: ${reason}`);
      for (const { reject } of open.values()) reject(lost(`The engine stopped: ${reason}.`));
      open.clear();
      replace();
    });
    return thread;
  }

  function replace(): void {
    const old = worker;
    worker = startThread(false);
    void old?.terminate();
    for (const [handle, file] of files) say({ kind: 'file', handle, file });
    for (const [method, request] of held.values()) tell(method, request);
  }

  function tell(method: Method, request: unknown): void {
    say({ kind: 'call', id: ++lastId, method, request, flag: new Int32Array(new SharedArrayBuffer(8)) });
  }

  function say(message: ToThread): void {
    worker?.postMessage(message);
  }

  function hear(message: FromThread): void {
    switch (message.kind) {
      case 'started':
        break;
      case 'stopped':
        onStopped();
        break;
      case 'notice':
        onNotice(message.notice);
        break;
      case 'progress':
        open.get(message.id)?.onProgress(message.progress);
        break;
      default: {
        const call = open.get(message.id);
        open.delete(message.id);
        if (message.kind === 'answer') call?.resolve(message.json);
        else call?.reject(errorFrom(message.error));
      }
    }
  }

  function cancel(id: number): void {
    const call = open.get(id);
    if (call === undefined) return;
    const { flag } = call.message;
    const end = () => {
      open.delete(id);
      call.reject(cancelled());
    };
    Atomics.store(flag, CANCELLED, 1);
    if (Atomics.load(flag, BEGUN) === 0) {
      end();
      return;
    }
    say({ kind: 'cancel', id });
    setTimeout(() => {
      if (!open.has(id)) return;
      end();
      startAnew();
    }, deafMs);
  }

  /** Instead of a thread that does not hear. */
  function startAnew(): void {
    replace();
    for (const [id, { message, reject }] of open) {
      const { flag, method } = message;
      if (Atomics.load(flag, CANCELLED) === 1) {
        open.delete(id);
        reject(cancelled());
      } else if (WRITES.has(method) && Atomics.load(flag, BEGUN) === 1) {
        open.delete(id);
        reject(lost('The engine was stopped while it did this.'));
      } else {
        Atomics.store(flag, BEGUN, 0);
        say(message);
      }
    }
  }

  return {
    answer: (method, request, { signal, onProgress }) =>
      new Promise<string>((resolve, reject) => {
        signal.throwIfAborted();
        const id = ++lastId;
        const flag = new Int32Array(new SharedArrayBuffer(8));
        const message = { kind: 'call', id, method, request, flag } as const;
        open.set(id, { message, onProgress, resolve, reject });
        signal.addEventListener('abort', () => cancel(id), { once: true });
        say(message);
      }),
    addFile(handle, file) {
      files.set(handle, file);
      say({ kind: 'file', handle, file });
    },
    forgetFile(handle) {
      files.delete(handle);
      say({ kind: 'forget', handle });
    },
    hold(method, request) {
      const { target } = Object(request) as { readonly target?: unknown };
      held.set(`${method} ${String(target)}`, [method, request]);
      tell(method, request);
    },
    async close() {
      const stopped = new Promise<void>((resolve) => {
        onStopped = resolve;
      });
      say({ kind: 'stop' });
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, CLOSING_MS).unref())]);
      const last = worker;
      worker = null;
      await last?.terminate();
    },
  };
}

function cancelled(): DOMException {
  return new DOMException('The call was cancelled.', 'AbortError');
}

function lost(what: string): UserError {
  return new UserError(LOST, `${what} It has been started again; ask once more.`);
}
