// The page over HTTP, for this computer only. The static page needs no secret; data does. Every request must name this
// host exactly (a page elsewhere cannot rebind its own name to us), and every request that does or shows something must
// come from our own page: no other origin is answered, and no header invites one.

import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { UserError } from '../../engine/base/index.ts';
import type { EngineLink } from '../engine/link.ts';
import type { HostFiles } from './host-files.ts';
import { createLineServer } from './line-server.ts';
import { readPageFiles } from './page-files.ts';
import { createSecrets, type Secrets } from './secrets.ts';

export interface LoopbackOptions {
  readonly engine: EngineLink;
  readonly files: HostFiles;
  /** The built page. */
  readonly pageFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface LoopbackHost {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** With the start token behind the hash, which no request ever carries. */
  readonly url: string;
  /** Ends all connections, the engine, and what was handed over. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
const LONGEST_BODY = 4_096;

/** @param connect where the page may connect to beyond its own origin: some browsers do not count a WebSocket as that */
export function pagePolicy(connect: string): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    `connect-src 'self' ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  );
}

/** Whatever a downloaded file holds, it is no part of this origin. */
const DOWNLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

/** @throws UserError where the port is taken */
export async function startLoopback(options: LoopbackOptions): Promise<LoopbackHost> {
  const { engine, files } = options;
  const pages = readPageFiles(options.pageFolder);
  const secrets = createSecrets();
  let origin = '';

  const server = createServer((request, response) => {
    setCommonHeaders(response);
    if (!isOurHost(request, origin)) return refuse(response, 421, 'This address is not served here.');
    const path = request.url ?? '';
    const call = { request, response, path, secrets, engine, files };
    if (path.startsWith('/api/')) return void answerApi(call, origin);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, 'GET, HEAD');
    if (path.startsWith('/download/') && request.method === 'GET') return sendExport(call);
    const file = pages.get(path);
    if (file === undefined) return refuse(response, 404, 'There is nothing here.');
    response.setHeader('Content-Security-Policy', pagePolicy(origin.replace('http:', 'ws:')));
    response.setHeader('Content-Type', file.type);
    response.setHeader('Content-Length', file.body.length);
    response.end(request.method === 'HEAD' ? undefined : file.body);
  });
  // A large file may take its time.
  server.requestTimeout = 0;
  const lines = createLineServer(
    engine,
    secrets,
    (request) => isOurHost(request, origin) && isOurOrigin(request, origin),
  );
  server.on('upgrade', lines.upgrade);

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, options.port)));
    server.listen(options.port, ADDRESS, resolve);
  });
  origin = `http://${ADDRESS}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/#t=${secrets.token}`,
    async close() {
      lines.close();
      const ended = new Promise<void>((resolve) => server.close(() => resolve()));
      await engine.close();
      server.closeAllConnections();
      await ended;
      files.close();
    },
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly secrets: Secrets;
  readonly engine: EngineLink;
  readonly files: HostFiles;
}

async function answerApi(call: Call, origin: string): Promise<void> {
  const { request, response, path, secrets } = call;
  if (request.method !== 'POST') return refuseMethod(response, 'POST');
  if (!isOurOrigin(request, origin)) return refuse(response, 403, 'Only this page may ask.');
  const isKnown = secrets.isSession(request.headers['x-foresend-session']);
  if (path !== '/api/session' && !isKnown) {
    return refuse(response, 401, 'Open the address that was printed at the start.');
  }
  if (path === '/api/upload') return receiveFile(call);
  const body = await readJson(request);
  if (body === null) return refuse(response, 400, 'A short JSON object is expected.');
  if (path === '/api/session') {
    const session = secrets.exchange(body['token'], body['session']);
    if (session === null) return refuse(response, 403, 'This address is not valid, or was used already.');
    return sendJson(response, { session });
  }
  if (path === '/api/known') return sendJson(response, {});
  if (path === '/api/release') return releaseFile(call, body['handle']);
  if (path === '/api/ticket') return sendTicket(call, body['handle']);
  return refuse(response, 404, 'There is nothing here.');
}

/** A file of the user's, as it is, under the name in a header. */
async function receiveFile({ request, response, engine, files }: Call): Promise<void> {
  const name = nameIn(request.headers['x-foresend-name']);
  if (name === null || request.headers['content-type'] !== 'application/octet-stream') {
    return refuse(response, 400, 'A file with a name is expected.');
  }
  try {
    const { path, bytes } = await files.receive(name, request);
    sendJson(response, { handle: await engine.addFile({ path, name: basename(path) }), bytes });
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    if (!response.destroyed)
      refuse(response, isFull ? 507 : 500, isFull ? 'The disk is full.' : 'It did not arrive whole.');
  }
}

/** What was uploaded is needed no more. */
function releaseFile({ response, engine, files }: Call, handle: unknown): void {
  const file = typeof handle === 'string' ? engine.forgetFile(handle) : null;
  if (file !== null) files.dropUpload(file.path);
  sendJson(response, {});
}

function nameIn(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string' || header === '' || header.length > 3_000) return null;
  try {
    return decodeURIComponent(header);
  } catch {
    return null;
  }
}

function sendTicket({ response, secrets, files }: Call, handle: unknown): void {
  const found = typeof handle === 'string' ? files.findExport(handle) : null;
  if (found === null) {
    refuse(response, 404, 'This file was fetched already; make it again.');
    return;
  }
  const ticket = secrets.issueTicket(handle as string, performance.now());
  sendJson(response, { path: `/download/${ticket}/${found.name}` });
}

/** A download's address is good once, so that history and logs hold nothing of use; and so is the file. */
function sendExport({ request, response, path, secrets, files }: Call): void {
  const [, , ticket = ''] = path.split('/');
  const handle = isOwnSite(request, ['same-origin', 'none']) ? secrets.redeem(ticket, performance.now()) : null;
  const found = handle === null ? null : files.findExport(handle);
  if (handle === null || found === null) {
    refuse(response, 403, 'This address was good once. Go back to the page it came from.');
    return;
  }
  response.setHeader('Content-Security-Policy', DOWNLOAD_POLICY);
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Length', statSync(found.path).size);
  response.setHeader('Content-Disposition', `attachment; filename="${found.name}"`);
  const body = createReadStream(found.path);
  body.on('error', () => response.destroy());
  response.on('close', () => files.dropExport(handle));
  body.pipe(response);
}

function setCommonHeaders(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
}

/** Exactly one Host header, and it is ours. */
function isOurHost(request: IncomingMessage, origin: string): boolean {
  const hosts = request.headersDistinct['host'];
  return hosts !== undefined && hosts.length === 1 && `http://${hosts[0]}` === origin;
}

function isOurOrigin(request: IncomingMessage, origin: string): boolean {
  return request.headers.origin === origin && isOwnSite(request, ['same-origin']);
}

/** Browsers say where a request comes from; who does not say so is no browser, and has the secret or not. */
function isOwnSite(request: IncomingMessage, allowed: readonly string[]): boolean {
  const site = request.headers['sec-fetch-site'];
  return site === undefined || (typeof site === 'string' && allowed.includes(site));
}

/** An object, or null for anything else: other types, too long, no JSON. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  if (request.headers['content-type'] !== 'application/json') return null;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length > LONGEST_BODY) return null;
      chunks.push(chunk as Buffer);
    }
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.statusCode = status;
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Connection', 'close');
  response.end(`${message}\n`);
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed);
  refuse(response, 405, `Only ${allowed} is answered here.`);
}

function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      'PORT_TAKEN',
      `port ${port} is taken by another program; give another one, or none, with --port`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      'PORT_REFUSED',
      `port ${port} may not be used by this account; give one above 1023 with --port`,
    );
  }
  return error;
}
