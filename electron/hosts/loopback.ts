// The page over HTTP, for this computer only. The static page needs no secret; the report does. Every request must name
// this host exactly (a page elsewhere cannot rebind its own name to us), and every request that does or shows something
// must come from our own page: no other origin is answered, and no header invites one.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../engine/base/index.ts';
import type { DemoMaker } from '../demo-maker.ts';
import { readPageFiles } from './page-files.ts';
import { createReportJob, type JobState, type ReportJob } from './report-job.ts';
import { createSecrets, type Secrets } from './secrets.ts';

export interface LoopbackOptions {
  readonly makeDemo: DemoMaker;
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
  /** Stops the work and all connections. */
  close(): Promise<void>;
}

const ADDRESS = '127.0.0.1';
const LONGEST_BODY = 4_096;

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Added to the page's own policy: whatever it holds, it is no part of this origin. */
const REPORT_POLICY = "sandbox allow-scripts; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** @throws UserError where the port is taken */
export async function startLoopback(options: LoopbackOptions): Promise<LoopbackHost> {
  const files = readPageFiles(options.pageFolder);
  const secrets = createSecrets();
  const job = createReportJob(options.makeDemo);
  let origin = '';

  const server = createServer((request, response) => {
    setCommonHeaders(response);
    if (!isOurHost(request, origin)) return refuse(response, 421, 'This address is not served here.');
    const path = request.url ?? '';
    if (path.startsWith('/api/')) return void answerApi({ request, response, path, origin, secrets, job });
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseMethod(response, 'GET, HEAD');
    if (path.startsWith('/report/')) return sendReport({ request, response, path, secrets, job });
    const file = files.get(path);
    if (file === undefined) return refuse(response, 404, 'There is nothing here.');
    response.setHeader('Content-Security-Policy', PAGE_POLICY);
    response.setHeader('Content-Type', file.type);
    response.setHeader('Content-Length', file.body.length);
    response.end(request.method === 'HEAD' ? undefined : file.body);
  });
  server.on('upgrade', (_, socket) => {
    socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, options.port)));
    server.listen(options.port, ADDRESS, resolve);
  });
  origin = `http://${ADDRESS}:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/#t=${secrets.token}`,
    close: () =>
      new Promise((resolve) => {
        job.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly secrets: Secrets;
  readonly job: ReportJob;
}

async function answerApi({ request, response, path, origin, secrets, job }: Call & { origin: string }): Promise<void> {
  if (request.method !== 'POST') return refuseMethod(response, 'POST');
  if (request.headers.origin !== origin || !isOwnSite(request, ['same-origin'])) {
    return refuse(response, 403, 'Only this page may ask.');
  }
  const body = await readJson(request);
  if (body === null) return refuse(response, 400, 'A short JSON object is expected.');
  if (path === '/api/session') {
    const session = secrets.exchange(body['token']);
    if (session === null) return refuse(response, 403, 'This address is not valid, or was used already.');
    return sendJson(response, { session });
  }
  if (!secrets.isSession(request.headers['x-foresend-session'])) {
    return refuse(response, 401, 'Open the address that was printed at the start.');
  }
  if (path === '/api/demo') return streamJob(response, job, secrets);
  if (path === '/api/stop') {
    job.stop();
    return sendJson(response, {});
  }
  if (path === '/api/ticket') return sendJson(response, { report: reportPath(secrets) });
  return refuse(response, 404, 'There is nothing here.');
}

/** One JSON object a line, from now until the work has ended. */
function streamJob(response: ServerResponse, job: ReportJob, secrets: Secrets): void {
  response.setHeader('Content-Type', 'application/x-ndjson');
  let unwatch = () => {};
  const write = (state: JobState) => {
    if (state.phase === 'working') {
      response.write(`${JSON.stringify(state)}\n`);
      return;
    }
    const line =
      state.phase === 'ready' ? { phase: 'ready', tookMs: state.tookMs, report: reportPath(secrets) } : state;
    response.end(`${JSON.stringify(line)}\n`);
    queueMicrotask(() => unwatch());
  };
  unwatch = job.watch(write);
  response.on('close', () => unwatch());
}

/** A frame's or a download's address: it is good once, so that history and logs hold nothing of use. */
function sendReport({ request, response, path, secrets, job }: Call): void {
  const [, , ticket = '', name] = path.split('/');
  const html = job.html;
  if (!isOwnSite(request, ['same-origin', 'none']) || !secrets.redeem(ticket, performance.now()) || html === null) {
    refuse(response, 403, 'This address was good once. Go back to the page it came from.');
    return;
  }
  response.setHeader('Content-Security-Policy', REPORT_POLICY);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  if (name !== undefined) response.setHeader('Content-Disposition', 'attachment; filename="foresend-report.html"');
  response.end(request.method === 'HEAD' ? undefined : html);
}

function reportPath(secrets: Secrets): string {
  return `/report/${secrets.issueTicket(performance.now())}`;
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
