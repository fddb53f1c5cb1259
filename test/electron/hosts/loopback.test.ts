// Every way in that is not the front door: no token, a wrong one, one used twice, another origin, another host, another
// method, a path that climbs. Raw sockets where an ordinary client would not send such a request.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequestArgs, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LoopbackHost, startLoopback } from '../../../electron/hosts/loopback.ts';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

let folder: string;
let host: LoopbackHost;
let port: number;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-page-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html>the page');
  writeFileSync(join(folder, 'page', 'assets', 'a.js'), 'the script');
  host = await startLoopback({
    makeDemo: async (onProgress) => {
      onProgress({ stage: 'replaying', done: 1, total: 2, unit: 'people' });
      return { html: '<!doctype html>the report' };
    },
    pageFolder: join(folder, 'page'),
    port: 0,
  });
  port = Number(new URL(host.origin).port);
  token = /#t=(.*)$/.exec(host.url)?.[1] ?? '';
});

afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

function ask(path: string, options: ClientRequestArgs = {}, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    call.on('error', reject);
    call.end(body);
  });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const own = { origin: host.origin, 'content-type': 'application/json', ...headers };
  return ask(path, { method: 'POST', headers: own }, typeof body === 'string' ? body : JSON.stringify(body));
}

/** Sends bytes as they are. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text.replaceAll('\n', '\r\n')));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

async function enter(): Promise<Record<string, string>> {
  const { session } = JSON.parse((await post('/api/session', { token })).text) as { session: string };
  return { 'x-foresend-session': session };
}

async function reportPath(session: Record<string, string>): Promise<string> {
  const lines = (await post('/api/demo', {}, session)).text.trim().split('\n');
  return (JSON.parse(lines.at(-1) ?? '') as { report: string }).report;
}

describe('the front door', () => {
  it('gives the static page to anyone on this computer, under a strict policy', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('the page');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask('/assets/a.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('/', { method: 'HEAD' })).text).toBe('');
  });

  it('gives the report to the session the token was exchanged for', async () => {
    const session = await enter();
    const lines = (await post('/api/demo', {}, session)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.phase)).toEqual(['working', 'working', 'ready']);
    expect(lines[1].progress).toEqual({ stage: 'replaying', done: 1, total: 2, unit: 'people' });
    const report = await ask(lines[2].report);
    expect(report.text).toContain('the report');
    expect(report.headers['content-security-policy']).toContain('sandbox allow-scripts');
    expect(report.headers['content-disposition']).toBeUndefined();
  });

  it('goes on after a reload: the same session sees the finished report again', async () => {
    const session = await enter();
    await reportPath(session);
    expect((await ask(await reportPath(session))).status).toBe(200);
  });

  it('names the report when it is saved', async () => {
    const path = await reportPath(await enter());
    const saved = await ask(`${path}/foresend-report.html`);
    expect(saved.headers['content-disposition']).toBe('attachment; filename="foresend-report.html"');
  });
});

describe('ways in that are refused', () => {
  it('no token, a wrong one, the right one twice', async () => {
    expect((await post('/api/session', {})).status).toBe(403);
    expect((await post('/api/session', { token: 'wrong' })).status).toBe(403);
    expect((await post('/api/session', { token })).status).toBe(200);
    expect((await post('/api/session', { token })).status).toBe(403);
  });

  it('data without a session, or with the token in its place', async () => {
    await enter();
    for (const path of ['/api/demo', '/api/stop', '/api/ticket']) {
      expect((await post(path, {})).status, path).toBe(401);
      expect((await post(path, {}, { 'x-foresend-session': token })).status, path).toBe(401);
    }
  });

  it('a report without a ticket, with a guessed one, or with one used before', async () => {
    const path = await reportPath(await enter());
    expect((await ask('/report/')).status).toBe(403);
    expect((await ask('/report/guess')).status).toBe(403);
    expect((await ask(path)).status).toBe(200);
    expect((await ask(path)).status).toBe(403);
  });

  it('another origin, no origin, and a null one, even with the right token', async () => {
    for (const origin of ['http://evil.example', `http://localhost:${port}`, `http://127.0.0.1:${port + 1}`, 'null']) {
      expect((await post('/api/session', { token }, { origin })).status, origin).toBe(403);
    }
    const bare = { method: 'POST', headers: { 'content-type': 'application/json' } };
    expect((await ask('/api/session', bare, JSON.stringify({ token }))).status).toBe(403);
    expect((await post('/api/session', { token })).status).toBe(200);
  });

  it('a request a browser says comes from elsewhere', async () => {
    for (const site of ['cross-site', 'same-site']) {
      expect((await post('/api/session', { token }, { 'sec-fetch-site': site })).status).toBe(403);
    }
    const path = await reportPath(await enter());
    expect((await ask(path, { headers: { 'sec-fetch-site': 'same-site' } })).status).toBe(403);
  });

  it('another host name: a page that rebinds its own name to us', async () => {
    for (const name of [
      'evil.example',
      `evil.example:${port}`,
      `localhost:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port}.`,
    ]) {
      expect((await ask('/', { headers: { host: name } })).status, name).toBe(421);
      expect((await post('/api/session', { token }, { host: name })).status, name).toBe(421);
    }
    expect(await raw('GET / HTTP/1.0\n\n')).toContain(' 421 ');
    const twice = await raw(`GET / HTTP/1.1\nHost: 127.0.0.1:${port}\nHost: evil.example\nConnection: close\n\n`);
    expect(twice).toMatch(/ (400|421) /);
  });

  it.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/..\\secret.html',
    '//secret.html',
    '/assets',
    '/assets/',
    '/index.html/',
    '/assets/a.js%00.html',
    '/./index.html',
    '/?x',
    '/favicon.ico',
  ])('the path %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\nHost: 127.0.0.1:${port}\nConnection: close\n\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain('secret');
  });

  it('an address written out in full, and the proxy method', async () => {
    const full = await raw(`GET http://evil.example/ HTTP/1.1\nHost: 127.0.0.1:${port}\nConnection: close\n\n`);
    expect(full).toMatch(/^HTTP\/1\.1 404 /);
    const proxy = await raw(`CONNECT evil.example:80 HTTP/1.1\nHost: 127.0.0.1:${port}\n\n`);
    expect(proxy).not.toContain(' 200 ');
  });

  it('other methods', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
      const reply = await ask('/', { method });
      expect([reply.status, reply.headers['allow']], method).toEqual([405, 'GET, HEAD']);
    }
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
      expect((await ask('/api/session', { method })).status, method).toBe(405);
    }
    expect((await ask('/api/demo', { headers: await enter() })).status).toBe(405);
  });

  it('bodies that are no short JSON object', async () => {
    expect((await post('/api/session', 'token')).status).toBe(400);
    expect((await post('/api/session', [token])).status).toBe(400);
    expect((await post('/api/session', 'null')).status).toBe(400);
    expect((await post('/api/session', { token, filler: 'x'.repeat(5_000) })).status).toBe(400);
    expect((await post('/api/session', { token }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post('/api/session', { token })).status).toBe(200);
  });

  it('upgrades, with a session or without', async () => {
    const session = await enter();
    const head = `GET / HTTP/1.1\nHost: 127.0.0.1:${port}\nConnection: Upgrade\nUpgrade: websocket\n`;
    expect(await raw(`${head}\n`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await raw(`${head}X-Foresend-Session: ${session['x-foresend-session']}\n\n`)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('unknown calls', async () => {
    expect((await post('/api/', {}, await enter())).status).toBe(404);
  });
});

describe('its life', () => {
  it('stops the work that goes on when it closes', async () => {
    let aborted = false;
    const busy = await startLoopback({
      makeDemo: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
      pageFolder: join(folder, 'page'),
      port: 0,
    });
    const call = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      fetch(busy.origin + path, {
        method: 'POST',
        headers: { origin: busy.origin, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const entered = await call('/api/session', { token: busy.url.split('#t=')[1] });
    const { session } = (await entered.json()) as { session: string };
    const stream = await call('/api/demo', {}, { 'x-foresend-session': session });
    expect(stream.status).toBe(200);
    await busy.close();
    expect(aborted).toBe(true);
    await stream.text().catch(() => {});
    await expect(fetch(busy.origin)).rejects.toThrow();
  });

  it('says which port is taken, and the way out', async () => {
    const taken = startLoopback({ makeDemo: async () => ({ html: '' }), pageFolder: join(folder, 'page'), port });
    await expect(taken).rejects.toThrow(
      `port ${port} is taken by another program; give another one, or none, with --port`,
    );
  });

  it('listens on this computer only', () => {
    expect(host.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
