import { describe, expect, it } from 'vitest';
import { connectLoopback, type LoopbackParts, takeTokenFromAddress } from '../../../renderer/host/loopback.ts';

type Listener = (event: never) => void;

/** A host that knows one token and, from its exchange on, one session. */
function loopback(token: string | null, stored: Record<string, string> = {}) {
  const storage = new Map(Object.entries(stored));
  const sockets: { url: string; protocols: string[]; listeners: Map<string, Listener>; sent: string[] }[] = [];
  const asked: string[] = [];
  const reply = (status: number, value: unknown) => new Response(JSON.stringify(value), { status });
  const parts: LoopbackParts = {
    origin: 'http://127.0.0.1:8000',
    fetch: async (path, init) => {
      asked.push(String(path));
      const session = new Headers(init?.headers).get('x-foresend-session');
      if (path === '/api/session')
        return String(init?.body).includes('right') ? reply(200, { session: 'open' }) : reply(403, {});
      if (session !== 'open') return reply(401, {});
      if (path === '/api/ticket') return reply(200, { path: '/download/once/a.csv' });
      return reply(200, {});
    },
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => storage.set(key, value),
      removeItem: (key) => storage.delete(key),
    },
    takeToken: () => token,
    openSocket: (url, protocols) => {
      const listeners = new Map<string, Listener>();
      const sent: string[] = [];
      sockets.push({ url, protocols, listeners, sent });
      setImmediate(() => listeners.get('open')?.({} as never));
      return {
        addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
        send: (text: string) => sent.push(text),
      } as unknown as WebSocket;
    },
    sendFile: async (path, file, headers) => {
      asked.push(`${path} ${headers['x-foresend-name']}`);
      return file.size > 3 ? { status: 507, text: 'The disk is full.\n' } : { status: 200, text: '{"handle":"h"}' };
    },
    save: (path, name) => asked.push(`${path} as ${name}`),
    wait: async () => {},
  };
  return { parts, storage, sockets, asked };
}

describe('coming in', () => {
  it('exchanges the token once and keeps the session for a reload', async () => {
    const { parts, storage, sockets } = loopback('right');
    await connectLoopback(parts);
    expect([...storage]).toEqual([['foresend-session', 'open']]);
    expect(sockets[0]).toMatchObject({ url: 'ws://127.0.0.1:8000/api/line', protocols: ['foresend', 'open'] });
    const again = loopback(null, { 'foresend-session': 'open' });
    expect((await connectLoopback(again.parts)).state.phase).toBe('connected');
    // The same address opened once more: its token is used up, the session is not.
    const twice = loopback('used', { 'foresend-session': 'open' });
    expect((await connectLoopback(twice.parts)).state.phase).toBe('connected');
  });

  it('comes in where the page was reloaded before the answer to its token came', async () => {
    const host = { session: null as string | null, isReached: true };
    const reloaded = (token: string | null, storage: Map<string, string>, isLost = false) => {
      const { parts } = loopback(token);
      const fetch: LoopbackParts['fetch'] = async (path, init) => {
        const body = JSON.parse(String(init?.body)) as { session?: string };
        if (path === '/api/session') {
          if (host.isReached) host.session ??= body.session ?? 'made by the host';
          if (isLost) throw new TypeError('Failed to fetch');
          const isRight = host.session === body.session;
          return new Response(JSON.stringify({ session: host.session }), { status: isRight ? 200 : 403 });
        }
        const isKnown = new Headers(init?.headers).get('x-foresend-session') === host.session;
        return new Response('{}', { status: isKnown ? 200 : 401 });
      };
      const kept = {
        getItem: (key: string) => storage.get(key) ?? null,
        setItem: (key: string, value: string) => storage.set(key, value),
        removeItem: (key: string) => storage.delete(key),
      };
      return connectLoopback({ ...parts, fetch, storage: kept });
    };
    const storage = new Map<string, string>();
    await expect(reloaded('token', storage, true)).rejects.toThrow('Failed to fetch');
    expect((await reloaded(null, storage)).state.phase).toBe('connected');
    expect([...storage]).toEqual([['foresend-session', host.session]]);
    expect(host.session).toMatch(/^[\w-]{43}$/);
    // Where the host never heard of it the address is still good.
    Object.assign(host, { session: null, isReached: false });
    const other = new Map<string, string>();
    await expect(reloaded('token', other, true)).rejects.toThrow('Failed to fetch');
    await expect(reloaded(null, other)).rejects.toMatchObject({ code: 'NO_SESSION' });
    host.isReached = true;
    expect((await reloaded('token', other)).state.phase).toBe('connected');
  });

  it('says what to do without a session, and forgets one that is none any more', async () => {
    await expect(connectLoopback(loopback(null).parts)).rejects.toMatchObject({ code: 'NO_SESSION' });
    const old = loopback('used', { 'foresend-session': 'of yesterday' });
    await expect(connectLoopback(old.parts)).rejects.toThrow(/Open the address/);
    expect(old.storage.size).toBe(0);
    expect(old.sockets).toEqual([]);
  });

  it('takes the token out of the address', () => {
    const replaced: string[] = [];
    const history = { replaceState: (_: unknown, __: string, url: string) => replaced.push(url) } as unknown as History;
    const at = (hash: string) => takeTokenFromAddress({ hash, pathname: '/' } as Location, history);
    expect(at('#t=abc-_9')).toBe('abc-_9');
    expect(replaced).toEqual(['/']);
    expect(at('')).toBeNull();
    expect(at('#t=')).toBeNull();
    expect(at('#x=abc')).toBeNull();
    expect(replaced).toHaveLength(1);
  });
});

describe('once in', () => {
  it('tells the end of the host from the end of the engine', async () => {
    const { parts, sockets } = loopback('right');
    const host = await connectLoopback(parts);
    sockets[0]?.listeners.get('close')?.({ code: 4001, reason: 'It crashed.' } as never);
    expect(host.state).toEqual({ phase: 'reconnecting', reason: 'It crashed.' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(host.state.phase).toBe('connected');
    sockets[1]?.listeners.get('close')?.({ code: 1001, reason: '' } as never);
    expect(await host.closed).toContain('Foresend was closed');
    expect(sockets).toHaveLength(2);
  });

  it('hands files over under their name, and says why one did not arrive', async () => {
    const { parts, asked } = loopback('right');
    const host = await connectLoopback(parts);
    expect(await host.upload(new File(['abc'], 'Körbe.csv'))).toBe('h');
    expect(asked.at(-1)).toBe('/api/upload K%C3%B6rbe.csv');
    await expect(host.upload(new File(['abcd'], 'a.csv'))).rejects.toMatchObject({
      code: 'UPLOAD',
      message: 'The disk is full.',
    });
    host.release('h');
    expect(asked.at(-1)).toBe('/api/release');
    expect(await host.download({ name: 'a.csv', type: 'text/csv', bytes: 3, handle: 'h' })).toBe(true);
    expect(asked.at(-1)).toBe('/download/once/a.csv as a.csv');
  });
});
