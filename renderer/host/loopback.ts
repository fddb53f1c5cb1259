// The host behind HTTP on this computer. The start token behind the hash is exchanged once for a session; the session is
// kept for this origin, so that a reload, or the same address in a second tab, finds it again. The page makes the session
// and keeps it before it asks: one that is left or reloaded before the answer has not used up the token for nothing.

import { errorFrom } from '../../engine/rpc/index.ts';
import type { Host } from '../host.ts';
import { ForGood, keepLine, type Line, type LineEvents } from './keep-line.ts';

export interface LoopbackParts {
  readonly origin: string;
  readonly fetch: typeof fetch;
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Reads the start token from the address, and takes it out of there. */
  readonly takeToken: () => string | null;
  readonly openSocket: (url: string, protocols: string[]) => WebSocket;
  readonly sendFile: SendFile;
  /** Fetches an address of ours as a download. */
  readonly save: (path: string, name: string) => void;
  readonly wait?: (ms: number) => Promise<void>;
}

/** @returns the answer's status and text @throws where nothing is answered, or `signal` says stop */
export type SendFile = (
  path: string,
  file: File,
  headers: Readonly<Record<string, string>>,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal | undefined,
) => Promise<{ readonly status: number; readonly text: string }>;

const KEY = 'foresend-session';
/** The session that is asked for, until it is known to be one. */
const ASKED = 'foresend-session-asked';
const ENTER = 'Open the address that Foresend printed at its start. It is good for this browser from then on.';
const ENDED = 'Foresend was closed. Start it again, and open the address it prints.';
const GOING_AWAY = 1001;
const ENGINE_LOST = 4001;

/** @throws an error of code `NO_SESSION` */
export async function connectLoopback(parts: LoopbackParts): Promise<Host> {
  const { fetch, storage } = parts;
  const session = () => storage.getItem(KEY) ?? '';
  const post = (path: string, body: unknown) =>
    fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-foresend-session': session() },
      body: JSON.stringify(body),
      // A page that is being left still releases what it uploaded.
      keepalive: true,
    });

  const enter = async () => {
    const token = parts.takeToken();
    if (token !== null) {
      const asked = storage.getItem(ASKED) ?? newSession();
      storage.setItem(ASKED, asked);
      const response = await post('/api/session', { token, session: asked });
      if (response.ok) {
        keep(((await response.json()) as { session: string }).session);
        return;
      }
    }
    if (await isKnown()) return;
    const asked = storage.getItem(ASKED);
    if (asked !== null) keep(asked);
    if (asked === null || !(await isKnown())) throw failure('NO_SESSION', ENTER);
  };
  const keep = (found: string) => {
    storage.setItem(KEY, found);
    storage.removeItem(ASKED);
  };
  const isKnown = async () => {
    if (session() === '') return false;
    const known = await post('/api/known', {});
    if (known.status === 401) storage.removeItem(KEY);
    return known.status !== 401;
  };

  const openLine = async (events: LineEvents): Promise<Line> => {
    // A refused WebSocket does not say why; this does.
    if (!(await isKnown())) throw new ForGood(ENDED);
    return openSocket(parts, session(), events);
  };

  await enter();
  return keepLine({
    openLine,
    async upload(file, onProgress, signal) {
      const headers = {
        'content-type': 'application/octet-stream',
        'x-foresend-session': session(),
        'x-foresend-name': encodeURIComponent(file.name.slice(-200)),
      };
      const { status, text } = await parts.sendFile('/api/upload', file, headers, onProgress ?? (() => {}), signal);
      if (status !== 200) throw failure('UPLOAD', text.trim());
      return (JSON.parse(text) as { handle: string }).handle;
    },
    release(handle) {
      post('/api/release', { handle }).catch(() => {
        // Without a host there is no upload left either.
      });
    },
    async download({ handle, name }) {
      const response = await post('/api/ticket', { handle });
      if (!response.ok) throw failure('DOWNLOAD', (await response.text()).trim());
      parts.save(((await response.json()) as { path: string }).path, name);
      return true;
    },
    ...(parts.wait === undefined ? {} : { wait: parts.wait }),
  });
}

function openSocket(parts: LoopbackParts, session: string, events: LineEvents): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = parts.openSocket(`${parts.origin.replace(/^http/, 'ws')}/api/line`, ['foresend', session]);
    let isOpen = false;
    socket.addEventListener('open', () => {
      isOpen = true;
      resolve({ send: (text) => socket.send(text) });
    });
    socket.addEventListener('message', ({ data }) => events.onText(data));
    socket.addEventListener('close', ({ code, reason }) => {
      if (!isOpen) reject(new Error('no line could be opened'));
      else if (code === GOING_AWAY) events.onLost(ENDED, true);
      else events.onLost(code === ENGINE_LOST && reason !== '' ? reason : 'The line to Foresend broke.', false);
    });
  });
}

/** The token of `#t=…`; the address bar and the history keep none of it. */
export function takeTokenFromAddress(location: Location, history: History): string | null {
  const token = /^#t=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, '', location.pathname);
  return token;
}

/** 256 random bits, in 43 letters that an address may hold. */
function newSession(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function failure(code: string, message: string): Error {
  return errorFrom({ name: 'Error', code, message, issues: [] });
}
