// One request and its answer, with an end to every wait: connecting, the first byte, between two bytes, the whole. An
// answer is whole JSON or it is no answer. Redirects are not followed, because a key would go with them. Where the
// environment names a proxy (HTTPS_PROXY, NO_PROXY), requests go through it; the key stays inside the encrypted tunnel.

import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { UserError } from '../../base/index.ts';
import type { Headers } from './rate-limits.ts';

export interface Timeouts {
  readonly connectMs: number;
  readonly firstByteMs: number;
  readonly betweenBytesMs: number;
  readonly wholeMs: number;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, firstByteMs: 60_000, betweenBytesMs: 30_000, wholeMs: 180_000 };
const MOST_BYTES = 128 * 1024 * 1024;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; null where the body is empty. */
  readonly body: unknown;
}

/** Nothing, or not all of it, came back. Whether the request had its effect is unknown. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; null for none. */
  readonly body: string | null;
}

export class Exchange {
  readonly #agent: Dispatcher;
  readonly #timeouts: Timeouts;

  constructor(timeouts: Partial<Timeouts> = {}, environment: Environment = process.env) {
    this.#timeouts = { ...TIMEOUTS, ...timeouts };
    const { connectMs, firstByteMs, betweenBytesMs } = this.#timeouts;
    const limits = {
      connect: { timeout: connectMs },
      headersTimeout: firstByteMs,
      bodyTimeout: betweenBytesMs,
    };
    const proxy = proxyOf(environment);
    // Plain HTTP is for this computer alone and never goes to a proxy, which could read the key.
    this.#agent = proxy === null ? new Agent(limits) : new EnvHttpProxyAgent({ ...limits, ...proxy, httpProxy: '' });
  }

  /** @throws NoAnswer; AbortError where `signal` ends it */
  async send(outgoing: Outgoing, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted();
    const whole = AbortSignal.timeout(this.#timeouts.wholeMs);
    try {
      const answer = await request(outgoing.url, {
        method: outgoing.method as 'GET',
        headers: outgoing.headers,
        body: outgoing.body,
        dispatcher: this.#agent,
        signal: signal === undefined ? whole : AbortSignal.any([whole, signal]),
      });
      const text = await textOf(answer.body);
      return { status: answer.statusCode, headers: answer.headers, body: parsed(text, answer.statusCode) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof NoAnswer) throw error;
      throw new NoAnswer(whole.aborted ? 'the answer took too long' : reason(error));
    }
  }

  /** The open connections are dropped, so that a process can end. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Lower case counts first, as everywhere; null where no proxy is named. @throws UserError where it is no address */
function proxyOf(environment: Environment): { httpsProxy: string; noProxy: string } | null {
  const read = (name: string) => (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
  const httpsProxy = read('HTTPS_PROXY');
  if (httpsProxy === '') return null;
  const url = URL.parse(httpsProxy);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    // Without the value: it may hold a password.
    throw new UserError('BAD_PROXY', 'HTTPS_PROXY is no address of an HTTP proxy, such as http://proxy.example:3128.');
  }
  return { httpsProxy, noProxy: read('NO_PROXY') };
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new NoAnswer('the answer is larger than any that could be meant');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An error's body need not be JSON: a proxy may have written it. */
function parsed(text: string, status: number): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    if (status >= 400) return null;
    throw new NoAnswer('the answer was cut off');
  }
}

function reason(error: unknown): string {
  const { code } = error as { code?: unknown };
  const known: Readonly<Record<string, string>> = {
    UND_ERR_CONNECT_TIMEOUT: 'no connection came about in time',
    UND_ERR_HEADERS_TIMEOUT: 'no answer came in time',
    UND_ERR_BODY_TIMEOUT: 'the answer stopped half way',
    UND_ERR_SOCKET: 'the connection was closed',
    ECONNRESET: 'the connection was closed',
    UND_ERR_PRX_TLS: 'the proxy and the other side could not agree on encryption',
    UND_ERR_ABORTED: 'the proxy named in HTTPS_PROXY did not let it through',
    ECONNREFUSED: 'nobody answers there',
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'the name of the host could not be looked up; is there a network?',
  };
  if (typeof code === 'string' && known[code] !== undefined) return known[code];
  return `the connection failed${typeof code === 'string' ? ` (${code})` : ''}`;
}
