// A service on this computer: HTTP over an account in memory, with faults at any call, before or after it had its
// effect. Both sides are held against the vendor's description. What the account knows and how it answers is its own.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call, Fault } from './klaviyo-stand-in.ts';
import type { OpenApiContract } from './openapi-contract.ts';

export interface Asked {
  readonly method: string;
  /** Without the base's own part. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export interface StandInAccount {
  readonly contract: OpenApiContract;
  /** What addresses begin with: `/3.0`. */
  readonly prefix: string;
  answer(asked: Asked): Answered;
  error(status: number, words: string): Answered;
}

export class StandIn {
  readonly calls: Call[] = [];
  /** What the stand-in itself got wrong; a test expects none. */
  readonly faultsOfItsOwn: string[] = [];
  /** Asked at every call, counted from 0. `bare-403`: how a service that is asked too fast may answer. */
  fault: (n: number, operation: string) => Fault | 'bare-403' | 'bare-429' | null = () => null;
  /** Told of every call after it had its effect, before it is answered. */
  onCall: (n: number) => void = () => {};
  readonly #account: StandInAccount;
  readonly #server: Server;
  #n = 0;

  constructor(account: StandInAccount) {
    this.#account = account;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        this.faultsOfItsOwn.push(String(error));
        response.destroy();
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#account.prefix}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Of calls that change something and were taken. */
  get writes(): readonly Call[] {
    return this.calls.filter(({ operation, status }) => !operation.startsWith('GET') && status < 300);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const n = this.#n++;
    const url = new URL(request.url ?? '/', this.url);
    const { prefix, contract } = this.#account;
    const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname.slice(prefix.length) : url.pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const type = (request.headers['content-type'] ?? '').split(';')[0] as string;
    const isForm = type === 'application/x-www-form-urlencoded';
    const body: unknown =
      text === '' ? null : isForm ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    const method = request.method ?? 'GET';
    const operation = `${method} ${path}`;
    const fault = this.fault(n, operation);
    const send = ({ status, body: answer }: Answered, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(answer === null ? '' : JSON.stringify(answer));
    if (fault === 'reset-before') return void response.destroy();
    if (fault === 'error-before') return void send({ status: 503, body: null });
    if (fault === 'too-many') return void send(this.#account.error(429, 'Too many requests'), { 'retry-after': '7' });
    if (fault === 'bare-429') return void response.writeHead(429).end('Slow down');
    if (fault === 'bare-403') return void response.writeHead(403).end('<html>Forbidden</html>');
    const wrong = contract.requestErrors(method, path, url.searchParams, body, type);
    const answered =
      wrong.length > 0
        ? this.#account.error(400, wrong.join('; '))
        : this.#account.answer({ method, path, query: url.searchParams, body, headers: request.headers });
    this.calls.push({ operation, path, query: url.search, body, status: answered.status });
    this.faultsOfItsOwn.push(...contract.responseErrors(method, path, answered.status, answered.body));
    this.onCall(n);
    if (fault === 'reset-after') return void response.destroy();
    if (fault === 'error-after') return void send({ status: 502, body: null });
    send(answered);
  }
}
