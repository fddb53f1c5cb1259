// The one place that calls the backend. The start token behind the hash is exchanged once for a session; the session is
// kept for this origin, so that a reload, or the same address in a second tab, finds it again.

import type { Progress } from '../engine/api.ts';

export type HostState =
  | { readonly phase: 'working'; readonly progress: Progress | null }
  /** `report` is an address that is good for one look. */
  | { readonly phase: 'ready'; readonly report: string; readonly tookMs: number }
  | { readonly phase: 'failed'; readonly message: string }
  | { readonly phase: 'stopped' };

export interface Host {
  /** Makes sure there is a session. @returns false where there is none to be had */
  enter(): Promise<boolean>;
  /** Starts or joins the making of the report. Ends with the last state. @throws where the backend is gone */
  makeReport(onState: (state: HostState) => void): Promise<void>;
  stop(): Promise<void>;
  /** A fresh address of the report, for saving it. */
  reportAddress(): Promise<string>;
}

export interface HttpHostParts {
  readonly fetch: typeof fetch;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Reads the start token from the address, and takes it out of there. */
  readonly takeToken: () => string | null;
}

const KEY = 'foresend-session';

export function createHttpHost({ fetch, storage, takeToken }: HttpHostParts): Host {
  const post = (path: string, body: unknown = {}) =>
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-foresend-session': storage.getItem(KEY) ?? '' },
      body: JSON.stringify(body),
    });
  const postJson = async (path: string, body?: unknown) => {
    const response = await post(path, body);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Record<string, string>;
  };
  return {
    async enter() {
      const token = takeToken();
      if (token !== null) {
        const response = await post('/api/session', { token });
        if (response.ok) {
          storage.setItem(KEY, ((await response.json()) as { session: string }).session);
          return true;
        }
      }
      if (storage.getItem(KEY) === null) return false;
      const known = await post('/api/ticket');
      if (!known.ok) storage.removeItem(KEY);
      return known.ok;
    },
    async makeReport(onState) {
      const response = await post('/api/demo');
      if (!response.ok || response.body === null) throw new Error(await response.text());
      for await (const line of linesOf(response.body)) onState(JSON.parse(line) as HostState);
    },
    async stop() {
      await postJson('/api/stop');
    },
    async reportAddress() {
      return (await postJson('/api/ticket'))['report'] ?? '';
    },
  };
}

/** The token of `#t=…`; the address bar and the history keep none of it. */
export function takeTokenFromAddress(location: Location, history: History): string | null {
  const token = /^#t=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, '', location.pathname);
  return token;
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (true) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
