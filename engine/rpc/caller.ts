// The asking end: `WindowApi` as an object whose methods send messages. A cancelled question rejects at once; one that
// changes something waits for what became of it.

import type { CallOptions, WindowApi } from '../api/index.ts';
import { UserError } from '../base/index.ts';
import { errorFrom } from './errors.ts';
import { type Notice, parseServerMessage } from './messages.ts';
import { METHODS, type Method, WRITES } from './requests.ts';

export interface Caller {
  readonly api: WindowApi;
  receive(text: unknown): void;
  /** Rejects every open call: the line is gone. */
  fail(error: Error): void;
}

interface OpenCall {
  readonly method: Method;
  readonly options: CallOptions;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Methods without a request take their options first. */
const WITHOUT_REQUEST: ReadonlySet<Method> = new Set(['datasets', 'ready', 'openWorkflow']);

/** @param send throws where there is no line */
export function createCaller(send: (text: string) => void, onNotice: (notice: Notice) => void): Caller {
  const open = new Map<number, OpenCall>();
  let lastId = 0;

  const call = (method: Method, request: unknown, options: CallOptions) =>
    new Promise<unknown>((resolve, reject) => {
      const { signal } = options;
      if (signal?.aborted) return reject(aborted());
      const id = ++lastId;
      const onAbort = () => {
        try {
          send(JSON.stringify({ kind: 'cancel', id }));
        } catch {
          // Without a line there is nothing left to cancel.
        }
        if (WRITES.has(method)) return;
        open.delete(id);
        reject(aborted());
      };
      const forget = () => signal?.removeEventListener('abort', onAbort);
      open.set(id, {
        method,
        options,
        resolve: (value) => {
          forget();
          resolve(value);
        },
        reject: (error) => {
          forget();
          reject(error);
        },
      });
      signal?.addEventListener('abort', onAbort);
      try {
        send(JSON.stringify({ kind: 'call', id, method, request: request ?? null }));
      } catch (error) {
        open.delete(id);
        forget();
        reject(error as Error);
      }
    });

  const methodOf = (method: Method) =>
    WITHOUT_REQUEST.has(method)
      ? (options: CallOptions = {}) => call(method, null, options)
      : (request: unknown, options: CallOptions = {}) => call(method, request, options);

  return {
    api: Object.fromEntries(METHODS.map((method) => [method, methodOf(method)])) as unknown as WindowApi,
    receive(text) {
      const message = parseServerMessage(text);
      if (message === null) return;
      if (message.kind === 'notice') return onNotice(message.notice);
      const asked = open.get(message.id);
      if (asked === undefined) return;
      if (message.kind === 'progress') return asked.options.onProgress?.(message.progress);
      open.delete(message.id);
      if (message.kind === 'answer') asked.resolve(message.value);
      else asked.reject(errorFrom(message.error));
    },
    fail(error) {
      const all = [...open.values()];
      open.clear();
      for (const { reject } of all) reject(error);
    },
  };
}

function aborted(): Error {
  const error = new UserError('CANCELLED', 'The call was cancelled.');
  error.name = 'AbortError';
  return error;
}
