// A Klaviyo on this computer: HTTP over an account in memory, with the vendor's manners. It knows keys and rights, wants
// the revision, refuses unknown keys and parameters, pages, filters, keeps its rate limits, and can be made to fail at
// any call, before or after the call had its effect. Every answer is held against the vendor's description.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KlaviyoAccount, Refused } from './klaviyo-account.ts';
import { requestErrors, responseErrors } from './klaviyo-contract.ts';
import { answerOf, type Handled } from './klaviyo-operations.ts';

/** `*-before`: nothing happens; `*-after`: it happens and the answer is lost. */
export type Fault =
  | 'reset-before'
  | 'reset-after'
  | 'error-before'
  | 'error-after'
  | 'truncated'
  | 'stalled'
  | 'too-many'
  | 'too-many-until'
  | 'gibberish';

export interface Call {
  readonly operation: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly status: number;
}

export interface StandInOptions {
  readonly account: KlaviyoAccount;
  readonly key?: string;
  /** Rights of the key; default: all. */
  readonly rights?: readonly string[];
  /** Milliseconds since the epoch; its own, so that no test waits. */
  readonly now?: () => number;
  /** Asked at every call, counted from 0. */
  readonly fault?: (n: number, operation: string) => Fault | null;
  /** Told of every call before it has its effect and after, before it is answered. */
  readonly onCall?: (n: number, when: 'before' | 'after', operation: string) => void;
  /** Whether it refuses what is too fast; the windows begin whenever the second and minute of `now` do. */
  readonly limits?: Readonly<Record<string, { readonly perSecond: number; readonly perMinute: number }>>;
}

export const TEST_KEY = 'pk_0123456789abcdef_never_to_be_seen';

export class KlaviyoStandIn {
  readonly account: KlaviyoAccount;
  readonly calls: Call[] = [];
  /** What the stand-in itself got wrong; a test expects none. */
  readonly faultsOfItsOwn: string[] = [];
  options: StandInOptions;
  readonly #server: Server;
  readonly #counted = new Map<string, number>();
  #n = 0;

  constructor(options: StandInOptions) {
    this.account = options.account;
    this.options = options;
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
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Calls of an operation, `POST /api/flows`. */
  count(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  /** Of calls that change something. */
  get writes(): readonly Call[] {
    return this.calls.filter(({ operation }) => !operation.startsWith('GET'));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const n = this.#n++;
    const url = new URL(request.url ?? '/', this.url);
    const text = await bodyOf(request);
    const method = request.method ?? 'GET';
    const [, , kind, id] = url.pathname.split('/');
    const operation = `${method} /api/${kind}${id === undefined ? '' : '/{id}'}`;
    const fault = this.options.fault?.(n, operation) ?? null;
    this.options.onCall?.(n, 'before', operation);
    if (response.destroyed) return;
    if (fault === 'reset-before') return void response.destroy();
    if (fault === 'error-before') return this.#send(response, operation, { status: 503, body: { errors: [] } });
    if (fault === 'too-many' || fault === 'too-many-until') {
      const now = this.options.now?.() ?? Date.now();
      return this.#send(response, operation, {
        status: 429,
        body: errors('Request was throttled.'),
        headers: { 'retry-after': fault === 'too-many' ? '7' : new Date(now + 7000).toUTCString() },
      });
    }
    const handled = this.#answer(request, operation, url, text, id ?? null);
    const { pathname, search } = url;
    this.calls.push({
      operation,
      path: pathname,
      query: search,
      body: text === '' ? null : JSON.parse(text),
      status: handled.status,
    });
    for (const error of responseErrors(operation, handled.status, handled.body)) {
      this.faultsOfItsOwn.push(`${operation}: ${error}`);
    }
    this.options.onCall?.(n, 'after', operation);
    if (fault === 'reset-after') return void response.destroy();
    if (fault === 'error-after') return this.#send(response, operation, { status: 502, body: null });
    this.#send(response, operation, handled, fault);
  }

  #answer(request: IncomingMessage, operation: string, url: URL, text: string, id: string | null): Handled {
    const { account, key = TEST_KEY, rights, now = Date.now } = this.options;
    try {
      if (request.headers.authorization !== `Klaviyo-API-Key ${key}`) {
        throw new Refused(401, 'Incorrect authentication credentials.');
      }
      if (request.headers['revision'] !== '2026-07-15') throw new Refused(400, 'The revision is missing.');
      const throttled = this.#throttled(operation, now());
      if (throttled !== null) return throttled;
      if (rights !== undefined) {
        const missing = rightsFor(operation).filter((right) => !rights.includes(right));
        if (missing.length > 0) throw new Refused(403, `The API key is missing: ${missing.join(', ')}`);
      }
      const body: unknown = text === '' ? null : JSON.parse(text);
      const wrong = requestErrors(operation, url.searchParams, body);
      if (wrong.length > 0) throw new Refused(400, wrong.slice(0, 3).join('; '));
      return answerOf(account, operation, url, id, body, now());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { status: error.status, body: errors(error.message, error.pointer) };
    }
  }

  #throttled(operation: string, now: number): Handled | null {
    const limit = this.options.limits?.[operation];
    if (limit === undefined) return null;
    const count = (ms: number) => {
      const key = `${operation} ${ms} ${Math.floor(now / ms)}`;
      const n = (this.#counted.get(key) ?? 0) + 1;
      this.#counted.set(key, n);
      return n;
    };
    const [second, minute] = [count(1000), count(60_000)];
    if (second <= limit.perSecond && minute <= limit.perMinute) return null;
    const windowMs = minute > limit.perMinute ? 60_000 : 1000;
    const seconds = Math.ceil((windowMs - (now % windowMs)) / 1000);
    return { status: 429, body: errors('Request was throttled.'), headers: { 'retry-after': String(seconds) } };
  }

  #send(response: ServerResponse, operation: string, handled: Handled, fault: Fault | null = null): void {
    const text = handled.body === null ? '' : JSON.stringify(handled.body);
    const limit = this.options.limits?.[operation];
    const headers: Record<string, string> = {
      'content-type': 'application/vnd.api+json',
      ...(limit === undefined
        ? {}
        : { 'ratelimit-limit': `${limit.perSecond}, ${limit.perSecond};w=1, ${limit.perMinute};w=60` }),
      ...handled.headers,
    };
    if (fault === 'truncated') {
      response.writeHead(handled.status, headers).end(text.slice(0, Math.floor(text.length / 2)));
    } else if (fault === 'gibberish') {
      response.writeHead(handled.status, headers).end('<html>gateway</html>');
    } else if (fault === 'stalled') {
      response.writeHead(handled.status, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
      response.write(text.slice(0, 5));
    } else {
      response.writeHead(handled.status, headers).end(text);
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errors(detail: string, pointer = '/data'): unknown {
  return {
    errors: [{ id: 'e', status: 400, code: 'invalid', title: 'Refused.', detail, source: { pointer }, meta: {} }],
  };
}

function rightsFor(operation: string): string[] {
  const [method, path = ''] = operation.split(' ');
  const kind = path.split('/')[2] === 'flow-actions' ? 'flows' : (path.split('/')[2] as string);
  const verb = method === 'GET' ? 'read' : 'write';
  return kind === 'profile-bulk-import-jobs' ? [`lists:${verb}`, `profiles:${verb}`] : [`${kind}:${verb}`];
}
