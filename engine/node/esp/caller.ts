// Calls to one service over the network, whatever its manners: limits kept before they bite, failures that pass waited
// out. The key stands in one header and nowhere else; whatever is said about a failure is said without it. What only
// reads or sets is repeated freely; a request that creates something is not, because its answer may be lost and its
// effect there: it throws LostAnswer, and whoever sent it looks first.

import { UserError } from '../../base/index.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Answer, Exchange, NoAnswer, type Timeouts } from './exchange.ts';
import { type Limit, Pacer, retryAfterMs } from './rate-limits.ts';
import { LostAnswer } from './vendor-error.ts';

export interface ClientOptions {
  readonly key: string;
  readonly baseUrl?: string | undefined;
  readonly clock?: Clock;
  readonly timeouts?: Partial<Timeouts>;
  /** In [0, 1): spreads repeated tries. */
  readonly random?: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told of waits that somebody would notice, in words. */
  readonly onWait?: ((words: string) => void) | undefined;
}

/** What differs from service to service. */
export interface Manners {
  readonly service: string;
  /** The environment variable the key comes from. */
  readonly variable: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** By operation; one that is not among them has `otherwise`. */
  readonly limits: Readonly<Record<string, Limit>>;
  readonly otherwise: Limit;
  /** One limit for everything, under this name; without it each operation has its own. */
  readonly lane?: string;
  /** What limits and refusals are counted and named by. @param path without the base's own */
  operationOf(method: string, path: string): string;
  refusal(status: number, operation: string, body: unknown): UserError;
  /** Whether an answer other than 429 asks to come back later. */
  isBusy?(answer: Answer): boolean;
}

/** Whether its effect may be there twice if it is sent twice. */
export interface CallKind {
  readonly creates?: boolean;
  /** Sent as a form instead of JSON. */
  readonly form?: Readonly<Record<string, string>>;
}

const TRIES = 6;
const FIRST_WAIT_MS = 1000;
/** A longer wait is the day's limit: the user is told instead. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** Whoever watches takes a shorter one for work. */
const TELLING_WAIT_MS = 3_000;

export class Caller {
  readonly clock: Clock;
  readonly base: URL;
  readonly #key: string;
  readonly #manners: Manners;
  readonly #pacer: Pacer;
  readonly #exchange: Exchange;
  readonly #random: () => number;
  readonly #signal: AbortSignal | undefined;
  readonly #onWait: (words: string) => void;

  /** @param defaultUrl where the service is without `baseUrl`. @throws UserError for a key or an address that is none */
  constructor(options: ClientOptions, defaultUrl: string, manners: (key: string) => Manners) {
    this.#manners = manners(options.key);
    this.#key = checkedKey(options.key, this.#manners.variable);
    this.base = checkedBase(options.baseUrl ?? defaultUrl, defaultUrl);
    this.clock = options.clock ?? systemClock;
    this.#pacer = new Pacer(this.clock, this.#manners.limits, this.#manners.otherwise);
    this.#exchange = new Exchange(options.timeouts);
    this.#random = options.random ?? Math.random;
    this.#signal = options.signal;
    this.#onWait = options.onWait ?? (() => {});
  }

  url(path: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(`${this.#prefix}${path}`, this.base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /**
   * @returns the answer's body
   * @throws LostAnswer where something may or may not have been created; what `refusal` makes of a refusal
   */
  async call(method: string, url: URL, body: unknown, kind: CallKind = {}): Promise<unknown> {
    const { service } = this.#manners;
    const operation = this.#manners.operationOf(method, this.#pathOf(url));
    const lane = this.#manners.lane ?? operation;
    const creates = kind.creates === true;
    let failure = '';
    for (let turn = 0; turn < TRIES; turn++) {
      await this.#pacer.turn(lane, this.#signal);
      const answer = await this.#once(method, url, body, kind);
      if (typeof answer === 'string') {
        if (creates) throw new LostAnswer(answer);
        failure = answer;
        await this.#wait(turn, failure);
        continue;
      }
      this.#pacer.heed(lane, answer.headers);
      const { status } = answer;
      if (status >= 200 && status < 300) return answer.body;
      if (status === 429 || this.#manners.isBusy?.(answer) === true) {
        failure = 'it asks to come back later';
        this.#pacer.hold(lane, this.#askedWait(answer, operation, turn));
        continue;
      }
      if (status < 500) throw this.#safe(this.#manners.refusal(status, operation, answer.body));
      failure = `it has a fault of its own (${status})`;
      if (creates) throw new LostAnswer(failure);
      await this.#wait(turn, failure, retryAfterMs(answer.headers, this.clock.now()));
    }
    throw new UserError(
      'NO_ANSWER',
      `${service} did not answer ${operation} at ${url.origin}: ${failure}, ${TRIES} times. Run the same command again; it goes on where it stopped.`,
    );
  }

  async close(): Promise<void> {
    await this.#exchange.close();
  }

  get #prefix(): string {
    return this.base.pathname.replace(/\/$/, '');
  }

  #pathOf(url: URL): string {
    return url.origin === this.base.origin ? url.pathname.slice(this.#prefix.length) : url.pathname;
  }

  /** @returns the answer, or why there is none */
  async #once(method: string, url: URL, body: unknown, { form }: CallKind): Promise<Answer | string> {
    const { contentType, headers } = this.#manners;
    const text =
      form !== undefined ? new URLSearchParams(form).toString() : body === null ? null : JSON.stringify(body);
    const type = form === undefined ? contentType : 'application/x-www-form-urlencoded';
    // A form has its own key inside.
    const own = form === undefined ? headers : {};
    try {
      const all = { accept: contentType, ...own, ...(text === null ? {} : { 'content-type': type }) };
      return await this.#exchange.send({ method, url, headers: all, body: text }, this.#signal);
    } catch (error) {
      if (error instanceof NoAnswer) return error.message;
      throw error;
    }
  }

  #askedWait(answer: Answer, operation: string, turn: number): number {
    const { service } = this.#manners;
    const asked = retryAfterMs(answer.headers, this.clock.now());
    const ms = asked ?? this.#backoff(turn);
    if (ms > LONGEST_WAIT_MS) {
      const minutes = Math.ceil(ms / 60_000);
      throw new UserError(
        'DAY_LIMIT',
        `${service}'s limit for ${operation} is used up; it can go on in ${minutes} minutes. Run the same command again then; it goes on where it stopped.`,
      );
    }
    if (ms >= TELLING_WAIT_MS) this.#onWait(`${service} asks to wait ${Math.ceil(ms / 1000)} s (${operation}).`);
    return ms;
  }

  async #wait(turn: number, failure: string, asked: number | null = null): Promise<void> {
    const ms = Math.min(asked ?? this.#backoff(turn), LONGEST_WAIT_MS);
    if (ms >= TELLING_WAIT_MS)
      this.#onWait(`${this.#manners.service}: ${failure}. Asked again in ${Math.ceil(ms / 1000)} s.`);
    await this.clock.sleep(ms, this.#signal);
  }

  /** 1 s, 2 s, 4 s, each up to half longer, so that several who failed together do not come back together. */
  #backoff(turn: number): number {
    return FIRST_WAIT_MS * 2 ** turn * (1 + this.#random() / 2);
  }

  /** What a vendor says could repeat what it was sent. */
  #safe<E extends UserError>(error: E): E {
    if (error.message.includes(this.#key)) error.message = error.message.replaceAll(this.#key, '[key]');
    return error;
  }
}

function checkedKey(key: string, variable: string): string {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError('BAD_KEY', `${variable} holds blanks or characters that no key has; copy it again.`);
  }
  return key;
}

/** A key goes out encrypted, or does not leave this computer. */
function checkedBase(text: string, defaultUrl: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError('BASE_URL', `--base-url ${text} is no address; the default is ${defaultUrl}.`);
  }
  const isLocal = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new UserError(
      'BASE_URL',
      `--base-url ${url.origin} would send the key unencrypted; use https, or http on this computer.`,
    );
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UserError(
      'BASE_URL',
      '--base-url takes an address alone, without a name, a password or a question mark.',
    );
  }
  return url;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws UserError where the answer is no object */
export function recordOf(value: unknown, service: string): Record<string, unknown> {
  if (!isRecord(value)) throw unexpected('it', service);
  return value;
}

export function unexpected(what: string, service: string): UserError {
  return new UserError(
    'UNEXPECTED_ANSWER',
    `${service} answered ${what} in a form that its description does not have; is --base-url right?`,
  );
}
