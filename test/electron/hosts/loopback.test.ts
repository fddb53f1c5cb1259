// Every way in that is not the front door: no token, a wrong one, one used twice, another origin, another host, another
// method, a path that climbs. Raw sockets where an ordinary client would not send such a request.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequestArgs, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { EngineLink, LineEvents } from '../../../electron/engine/link.ts';
import { createHostFiles, type HostFiles } from '../../../electron/hosts/host-files.ts';
import { type LoopbackHost, startLoopback } from '../../../electron/hosts/loopback.ts';

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** An engine that hears and says what the test wants. */
class FakeEngine implements EngineLink {
  readonly lines: LineEvents[] = [];
  readonly heard: string[] = [];
  readonly files: { readonly path: string; readonly name: string }[] = [];
  readonly forgotten: string[] = [];
  closedLines = 0;
  isClosed = false;

  open(events: LineEvents) {
    this.lines.push(events);
    return {
      send: (text: string) => void this.heard.push(text),
      close: () => {
        this.closedLines++;
      },
    };
  }

  async addFile(file: { readonly path: string; readonly name: string }) {
    this.files.push(file);
    return `handle ${this.files.length}`;
  }

  forgetFile(handle: string) {
    const file = this.files[Number(handle.slice('handle '.length)) - 1] ?? null;
    if (file !== null) this.forgotten.push(file.name);
    return file;
  }

  async close() {
    this.isClosed = true;
  }
}

let folder: string;
let engine: FakeEngine;
let files: HostFiles;
let host: LoopbackHost;
let port: number;
let token: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-page-'));
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.html'), 'secret');
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html>the page');
  writeFileSync(join(folder, 'page', 'assets', 'a.js'), 'the script');
  engine = new FakeEngine();
  files = createHostFiles();
  host = await startLoopback({ engine, files, pageFolder: join(folder, 'page'), port: 0 });
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

function upload(body: string, headers: Record<string, string>): Promise<Reply> {
  const own = { origin: host.origin, 'content-type': 'application/octet-stream', ...headers };
  return ask('/api/upload', { method: 'POST', headers: own }, body);
}

/** A file made for the user. @returns its handle */
function makeExport(text = 'the report'): string {
  const handle = 'ab'.repeat(16);
  mkdirSync(join(files.exports, handle));
  writeFileSync(join(files.exports, handle, 'a-report.html'), text);
  return handle;
}

async function downloadPath(session: Record<string, string>): Promise<string> {
  return (JSON.parse((await post('/api/ticket', { handle: makeExport() }, session)).text) as { path: string }).path;
}

interface LineTry {
  readonly path?: string;
  readonly protocols?: string[];
  readonly headers?: Record<string, string>;
  readonly origin?: string;
}

/** @returns the socket, or the status it was refused with */
function line({ path = '/api/line', protocols = [], headers = {}, origin }: LineTry): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
      headers,
      ...(origin === undefined ? { origin: host.origin } : { origin }),
    });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.on('error', reject);
  });
}

async function openLine(session?: string): Promise<WebSocket> {
  const own = session ?? ((await enter())['x-foresend-session'] as string);
  const socket = await line({ protocols: ['foresend', own] });
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

const closing = (socket: WebSocket) =>
  new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });

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

  it('knows a session again, after a reload or in a second tab', async () => {
    const session = await enter();
    expect((await post('/api/known', {}, session)).status).toBe(200);
    expect((await post('/api/known', {}, session)).status).toBe(200);
  });

  it('opens a line that carries texts both ways, and tells when the engine is gone', async () => {
    const socket = await openLine();
    socket.send('to the engine');
    await vi.waitFor(() => expect(engine.heard).toEqual(['to the engine']));
    const heard = new Promise((resolve) => socket.on('message', (data) => resolve(data.toString())));
    engine.lines[0]?.onText?.('to the page');
    expect(await heard).toBe('to the page');
    engine.lines[0]?.onLost(`It ended. ${'ü'.repeat(200)}`);
    const { code, reason } = await closing(socket);
    expect(code).toBe(4001);
    expect(reason).toMatch(/^It ended\. ü+$/);
    await vi.waitFor(() => expect(engine.closedLines).toBe(1));
  });

  it('takes a file in whole, under its own name, and nothing but its name', async () => {
    const session = await enter();
    const name = (text: string) => ({ ...session, 'x-foresend-name': encodeURIComponent(text) });
    expect(JSON.parse((await upload('a,b\n1,2\n', name('Körbe 1.csv'))).text)).toEqual({
      handle: 'handle 1',
      bytes: 8,
    });
    await upload('x', name('../../../etc/passwd'));
    await upload('x', name('..\\..\\boot.ini'));
    await upload('x', name('.bashrc'));
    await upload('x', name('a\0b"\n<c>.csv'));
    expect(engine.files.map((file) => file.name)).toEqual([
      'Körbe 1.csv',
      'passwd',
      'boot.ini',
      '_bashrc',
      'a_b___c_.csv',
    ]);
    expect(readFileSync(engine.files[0]?.path ?? '', 'utf8')).toBe('a,b\n1,2\n');
    for (const { path } of engine.files) expect(path.startsWith(join(files.exports, '..', 'uploads'))).toBe(true);
    await host.close();
    expect(existsSync(engine.files[0]?.path ?? '')).toBe(false);
  });

  it('deletes an upload that is released, and nothing that is none of its own', async () => {
    const session = await enter();
    for (const body of ['a,b\n1,2\n', 'other']) {
      await upload(body, { ...session, 'x-foresend-name': 'a.csv' });
    }
    const [first, second] = engine.files.map(({ path }) => path) as [string, string];
    const own = join(folder, 'secret.html');
    engine.files.push({ path: own, name: 'secret.html' });
    for (const handle of ['handle 1', 'handle 3', 'handle 9', '', null]) {
      expect((await post('/api/release', { handle }, session)).status).toBe(200);
    }
    expect([existsSync(first), existsSync(second), existsSync(own)]).toEqual([false, true, true]);
    expect(engine.forgotten).toEqual(['a.csv', 'secret.html']);
    expect((await post('/api/release', { handle: 'handle 2' })).status).toBe(401);
    expect(existsSync(second)).toBe(true);
  });

  it('gives out a file that was made for the user, once', async () => {
    const session = await enter();
    const handle = makeExport();
    const { path } = JSON.parse((await post('/api/ticket', { handle }, session)).text) as { path: string };
    const reply = await ask(path);
    expect(reply.text).toBe('the report');
    expect(reply.headers['content-disposition']).toBe('attachment; filename="a-report.html"');
    expect(reply.headers['content-security-policy']).toContain('sandbox');
    expect(reply.headers['content-type']).toBe('application/octet-stream');
    expect((await ask(path)).status).toBe(403);
    await vi.waitFor(async () => expect((await post('/api/ticket', { handle }, session)).status).toBe(404));
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
    for (const path of ['/api/known', '/api/ticket', '/api/upload', '/api/line', '/api/x']) {
      expect((await post(path, {})).status, path).toBe(401);
      expect((await post(path, {}, { 'x-foresend-session': token })).status, path).toBe(401);
    }
  });

  it('a file without a ticket, with a guessed one, with one used before, or by a path', async () => {
    const session = await enter();
    const path = await downloadPath(session);
    expect((await ask('/download/')).status).toBe(403);
    expect((await ask('/download/guess/a-report.html')).status).toBe(403);
    expect((await ask(path, { method: 'HEAD' })).status).toBe(404);
    expect((await ask(path)).status).toBe(200);
    expect((await ask(path)).status).toBe(403);
    for (const handle of ['..', '../exports', '../uploads', '', 7, null, 'AB'.repeat(16), 'cd'.repeat(16)]) {
      expect((await post('/api/ticket', { handle }, session)).status, String(handle)).toBe(404);
    }
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
    const path = await downloadPath(await enter());
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
    expect((await ask('/api/known', { headers: await enter() })).status).toBe(405);
  });

  it('bodies that are no short JSON object', async () => {
    expect((await post('/api/session', 'token')).status).toBe(400);
    expect((await post('/api/session', [token])).status).toBe(400);
    expect((await post('/api/session', 'null')).status).toBe(400);
    expect((await post('/api/session', { token, filler: 'x'.repeat(5_000) })).status).toBe(400);
    expect((await post('/api/session', { token }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post('/api/session', { token })).status).toBe(200);
  });

  it('a line without the session, or with it in the wrong place', async () => {
    const session = (await enter())['x-foresend-session'] as string;
    expect(await line({})).toBe(401);
    expect(await line({ protocols: ['foresend'] })).toBe(401);
    expect(await line({ protocols: ['foresend', 'guess'] })).toBe(401);
    expect(await line({ protocols: ['foresend', token] })).toBe(401);
    expect(await line({ protocols: [session, 'foresend'] })).toBe(401);
    expect(await line({ protocols: ['foresend', session, 'more'] })).toBe(401);
    expect(await line({ headers: { 'x-foresend-session': session } })).toBe(401);
    expect(engine.lines).toEqual([]);
  });

  it('a line from elsewhere, or to another address, even with the session', async () => {
    const protocols = ['foresend', (await enter())['x-foresend-session'] as string];
    for (const origin of ['http://evil.example', `http://localhost:${port}`, `https://127.0.0.1:${port}`, 'null', '']) {
      expect(await line({ protocols, origin }), origin).toBe(403);
    }
    expect(await line({ protocols, headers: { host: `evil.example:${port}` } })).toBe(403);
    expect(await line({ protocols, headers: { host: `localhost:${port}` } })).toBe(403);
    expect(await line({ protocols, headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
    for (const path of ['/', '/api/line/', '/api/line?x', '/api/session'])
      expect(await line({ protocols, path })).toBe(403);
    expect(engine.lines).toEqual([]);
    const socket = await line({ protocols });
    expect(typeof socket).toBe('object');
  });

  it('what is no text, what is too long, and what the engine calls no message', async () => {
    const session = (await enter())['x-foresend-session'] as string;
    const binary = await openLine(session);
    binary.send(Buffer.from('{}'));
    expect((await closing(binary)).code).toBe(1003);
    const long = await openLine(session);
    long.send('x'.repeat(6_000_001));
    expect((await closing(long)).code).toBe(1009);
    const wrong = await openLine(session);
    engine.lines.at(-1)?.onViolation?.();
    expect((await closing(wrong)).code).toBe(1008);
    expect(engine.heard).toEqual([]);
  });

  it('more lines than anybody has windows', async () => {
    const protocols = ['foresend', (await enter())['x-foresend-session'] as string];
    for (let i = 0; i < 32; i++) expect(typeof (await line({ protocols }))).toBe('object');
    expect(await line({ protocols })).toBe(503);
  });

  it('uploads without a name, or of another type', async () => {
    const session = await enter();
    expect((await upload('x', session)).status).toBe(400);
    expect((await upload('x', { ...session, 'x-foresend-name': '%E0%A4%A' })).status).toBe(400);
    const typed = { ...session, 'x-foresend-name': 'a.csv', 'content-type': 'text/csv' };
    expect((await upload('x', typed)).status).toBe(400);
    expect(engine.files).toEqual([]);
  });

  it('unknown calls', async () => {
    expect((await post('/api/', {}, await enter())).status).toBe(404);
  });
});

describe('its life', () => {
  it('ends the engine and all lines when it closes', async () => {
    const socket = await openLine();
    const ended = closing(socket);
    await host.close();
    expect((await ended).code).toBe(1001);
    expect(engine.isClosed).toBe(true);
    expect(existsSync(files.exports)).toBe(false);
    await expect(fetch(host.origin)).rejects.toThrow();
  });

  it('says which port is taken, and the way out', async () => {
    const taken = startLoopback({ engine, files, pageFolder: join(folder, 'page'), port });
    await expect(taken).rejects.toThrow(
      `port ${port} is taken by another program; give another one, or none, with --port`,
    );
  });

  it('listens on this computer only', () => {
    expect(host.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});
