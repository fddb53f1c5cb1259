import { describe, expect, it } from 'vitest';
import { createHttpHost, type HostState, takeTokenFromAddress } from '../../renderer/start-host.ts';

interface Call {
  readonly path: string;
  readonly session: string;
  readonly body: unknown;
}

/** A backend that answers by path, and a store that remembers. */
function fakeBackend(answers: Record<string, () => Response>, token: string | null, stored?: string) {
  const calls: Call[] = [];
  const kept = new Map<string, string>(stored === undefined ? [] : [['foresend-session', stored]]);
  const host = createHttpHost({
    fetch: (async (path: string, init: RequestInit) => {
      const headers = init.headers as Record<string, string>;
      calls.push({ path, session: headers['x-foresend-session'] ?? '', body: JSON.parse(String(init.body)) });
      return answers[path]?.() ?? new Response('nothing here', { status: 404 });
    }) as typeof fetch,
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    takeToken: () => token,
  });
  return { host, calls, kept };
}

const json = (value: unknown) => () => new Response(JSON.stringify(value));
const refused = () => new Response('no', { status: 403 });

describe('getting in', () => {
  it('exchanges the token of the address for a session, and keeps it', async () => {
    const { host, calls, kept } = fakeBackend({ '/api/session': json({ session: 's1' }) }, 'token');
    expect(await host.enter()).toBe(true);
    expect(calls).toEqual([{ path: '/api/session', session: '', body: { token: 'token' } }]);
    expect(kept.get('foresend-session')).toBe('s1');
  });

  it('finds its session again after a reload, and with a token used before', async () => {
    for (const token of [null, 'used']) {
      const { host, calls } = fakeBackend({ '/api/session': refused, '/api/ticket': json({}) }, token, 's1');
      expect(await host.enter()).toBe(true);
      expect(calls.at(-1)).toMatchObject({ path: '/api/ticket', session: 's1' });
    }
  });

  it('forgets a session the backend does not know, and has none without one', async () => {
    const stale = fakeBackend({ '/api/ticket': refused }, null, 'old');
    expect(await stale.host.enter()).toBe(false);
    expect(stale.kept.size).toBe(0);
    const none = fakeBackend({}, null);
    expect(await none.host.enter()).toBe(false);
    expect(none.calls).toEqual([]);
  });
});

describe('making the report', () => {
  it('reads states line by line, however the network cuts them', async () => {
    const lines = `${JSON.stringify({ phase: 'working', progress: { stage: 'é', done: 1, total: 2, unit: 'x' } })}\n${JSON.stringify({ phase: 'ready', report: '/report/1', tookMs: 5 })}\n`;
    const bytes = new TextEncoder().encode(lines);
    for (const size of [1, 7, bytes.length]) {
      const body = new ReadableStream({
        start(controller) {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
          controller.close();
        },
      });
      const { host } = fakeBackend({ '/api/demo': () => new Response(body) }, null, 's1');
      const states: HostState[] = [];
      await host.makeReport((state) => states.push(state));
      expect(states.map((state) => state.phase)).toEqual(['working', 'ready']);
    }
  });

  it('fails where the backend refuses', async () => {
    const { host } = fakeBackend({ '/api/demo': refused }, null, 's1');
    await expect(host.makeReport(() => {})).rejects.toThrow('no');
    await expect(host.reportAddress()).rejects.toThrow();
  });
});

describe('the token', () => {
  it('is taken out of the address', () => {
    const seen: unknown[] = [];
    const history = { replaceState: (...args: unknown[]) => seen.push(args) } as unknown as History;
    const location = (hash: string) => ({ hash, pathname: '/' }) as Location;
    expect(takeTokenFromAddress(location('#t=aB_-9'), history)).toBe('aB_-9');
    expect(seen).toEqual([[null, '', '/']]);
    expect(takeTokenFromAddress(location('#t=<script>'), history)).toBeNull();
    expect(takeTokenFromAddress(location(''), history)).toBeNull();
    expect(seen).toHaveLength(1);
  });
});
