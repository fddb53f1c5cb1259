// The serving end of one line. Every text is checked before anything is done with it: no message at all ends the line,
// a method or a request that is not known fails that call. Many calls may be open at once.

import type { Progress } from '../api/index.ts';
import { UserError } from '../base/index.ts';
import { wireError } from './errors.ts';
import { type ClientMessage, type Notice, parseClientMessage, type ServerMessage } from './messages.ts';
import { isMethod, type Method, requestProblem } from './requests.ts';

/** @returns the answer as JSON text, so that it is written once however far it travels */
export type Answering = (
  method: Method,
  request: unknown,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
) => Promise<string>;

export interface RpcServer {
  /** @returns false where the text is no message: the line has to be closed */
  receive(text: unknown): boolean;
  notify(notice: Notice): void;
  /** Cancels what is open. Nothing is sent any more. */
  close(): void;
}

const MOST_OPEN = 64;

export function createServer(answer: Answering, sendText: (text: string) => void): RpcServer {
  const open = new Map<number, AbortController>();
  let closed = false;

  const send = (message: ServerMessage) => {
    if (!closed) sendText(JSON.stringify(message));
  };
  const fail = (id: number, error: unknown) => send({ kind: 'failure', id, error: wireError(error) });

  const call = async ({ id, method, request }: ClientMessage & { kind: 'call' }) => {
    if (!isMethod(method)) return fail(id, badRequest(`there is no call "${method.slice(0, 40)}"`));
    const problem = requestProblem(method, request);
    if (problem !== null) return fail(id, badRequest(`${method}: ${problem}`));
    if (open.size >= MOST_OPEN) {
      return fail(id, new UserError('TOO_MANY_CALLS', `More than ${MOST_OPEN} calls are open; wait for one to end.`));
    }
    const abort = new AbortController();
    open.set(id, abort);
    const onProgress = (progress: Progress) => {
      if (!abort.signal.aborted) send({ kind: 'progress', id, progress });
    };
    try {
      const value = await answer(method, request, { signal: abort.signal, onProgress });
      if (!closed) sendText(`{"kind":"answer","id":${id},"value":${value}}`);
    } catch (error) {
      fail(id, error);
    } finally {
      open.delete(id);
    }
  };

  return {
    receive(text) {
      const message = parseClientMessage(text);
      if (message === null || closed) return false;
      if (message.kind === 'cancel') {
        open.get(message.id)?.abort();
        return true;
      }
      if (open.has(message.id)) return false;
      void call(message);
      return true;
    },
    notify: (notice) => send({ kind: 'notice', notice }),
    close() {
      closed = true;
      for (const abort of open.values()) abort.abort();
      open.clear();
    },
  };
}

function badRequest(what: string): UserError {
  return new UserError('BAD_REQUEST', `This cannot be asked: ${what}.`);
}
