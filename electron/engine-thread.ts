// A thread the engine computes on. A call is cancelled by a flag in shared memory, which a long computation looks at
// between its pieces without ever returning to the event loop.

import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { CallOptions, Progress } from '../engine/api/index.ts';
import { WindowBackend } from '../engine/node/api/window-backend.ts';
import { type Method, wireError } from '../engine/rpc/index.ts';
import { BEGUN, CANCELLED, type FromThread, type ThreadData, type ToThread } from './engine/messages.ts';

const PROGRESS_EVERY_MS = 100;

type Call = ToThread & { readonly kind: 'call' };
type Ask = (request: unknown, options: CallOptions) => Promise<unknown>;
type AskPlain = (options: CallOptions) => Promise<unknown>;

/** What they answer is the workflow as it is now, for every page. */
const OPENS_OR_SAVES: ReadonlySet<Method> = new Set(['saveWorkflow', 'switchWorkflow', 'openFlow']);

const port = parentPort;
if (port !== null) run(workerData as ThreadData, port);

function run({ role, settings }: ThreadData, thread: ThreadPort): void {
  const backend = new WindowBackend(settings);
  const open = new Map<number, AbortController>();
  const say = (message: FromThread) => thread.postMessage(message);
  const unwatch =
    role === 'quick'
      ? backend.watchWorkflow((document) => say({ kind: 'notice', notice: { name: 'workflowChanged', document } }))
      : () => {};

  const answer = async ({ id, method, request, flag }: Call) => {
    Atomics.store(flag, BEGUN, 1);
    const abort = new AbortController();
    open.set(id, abort);
    try {
      const options = {
        signal: flagged(abort.signal, flag),
        onProgress: throttled((progress) => say({ kind: 'progress', id, progress })),
      };
      options.signal.throwIfAborted();
      const name = method as Method;
      const value = await (request === null
        ? (backend[name] as AskPlain).call(backend, options)
        : (backend[name] as Ask).call(backend, request, options));
      say({ kind: 'answer', id, json: JSON.stringify(value ?? null) });
      if (OPENS_OR_SAVES.has(name))
        say({ kind: 'notice', notice: { name: 'workflowChanged', document: value as never } });
    } catch (error) {
      say({ kind: 'failure', id, error: wireError(error) });
    } finally {
      open.delete(id);
    }
  };

  say({ kind: 'started' });
  // What was compiled is kept for the next start, as far as Node keeps such things.
  void backend.warmUp(role === 'quick' ? 'replay' : 'all').then(flushCompileCache, () => {});
  thread.on('message', (message) => {
    switch (message.kind) {
      case 'call':
        void answer(message);
        break;
      case 'cancel':
        open.get(message.id)?.abort();
        break;
      case 'file':
        backend.addFile(message.handle, message.file);
        break;
      case 'forget':
        backend.forgetFile(message.handle);
        break;
      case 'stop':
        unwatch();
        try {
          if (role === 'long') backend.close();
        } finally {
          say({ kind: 'stopped' });
        }
    }
  });
}

interface ThreadPort {
  on(name: 'message', listener: (message: ToThread) => void): unknown;
  postMessage(message: FromThread): void;
}

/** The signal as seen from inside a computation. */
function flagged(signal: AbortSignal, flag: Int32Array<SharedArrayBuffer>): AbortSignal {
  const isSet = () => Atomics.load(flag, CANCELLED) === 1;
  return Object.defineProperties(signal, {
    aborted: { get: isSet },
    throwIfAborted: {
      value: () => {
        if (isSet()) throw new DOMException('The call was cancelled.', 'AbortError');
      },
    },
  });
}

/** A new stage is said at once, since silence may follow it; how far it is, now and then. */
function throttled(say: (progress: Progress) => void): (progress: Progress) => void {
  let last = 0;
  let stage: string | null = null;
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && now - last < PROGRESS_EVERY_MS) return;
    last = now;
    stage = progress.stage;
    say(progress);
  };
}
