// Klaviyo's interface over the network: one revision, one key, limits kept before they bite, failures that pass waited
// out. The key stands in one header and nowhere else; whatever is said about a failure is said without it. What only
// reads or sets is repeated freely; a request that creates something is not, because its answer may be lost and its
// effect there: it throws LostAnswer, and whoever sent it looks first.

import { UserError } from '../../base/index.ts';
import { KLAVIYO_REVISION } from '../../esp/index.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Answer, Exchange, NoAnswer, type Timeouts } from './exchange.ts';
import { operationOf, Pacer, retryAfterMs } from './rate-limits.ts';
import { LostAnswer, refusal } from './vendor-error.ts';

export const KLAVIYO_URL = 'https://a.klaviyo.com';

export interface ClientOptions {
  readonly key: string;
  readonly baseUrl?: string | undefined;
  readonly clock?: Clock;
  readonly timeouts?: Partial<Timeouts>;
  /** In [0, 1): spreads repeated tries. */
  readonly random?: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Told of long waits, in words. */
  readonly onWait?: ((words: string) => void) | undefined;
}

/** A JSON:API document, as far as everything needs it. */
export interface Resource {
  readonly type: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly relationships?: Readonly<Record<string, { readonly data?: unknown }>>;
  /** What the same answer includes of the objects it is related to. */
  readonly included?: readonly Resource[];
}
export interface Page {
  readonly data: readonly Resource[];
  /** Where the next page is; null on the last one. */
  readonly next: string | null;
}

type Query = Readonly<Record<string, string>>;

const TRIES = 6;
const FIRST_WAIT_MS = 1000;
/** A longer wait is the day's limit: the user is told instead. */
const LONGEST_WAIT_MS = 10 * 60_000;
const TELLING_WAIT_MS = 15_000;

export class KlaviyoClient {
  readonly clock: Clock;
  readonly #key: string;
  readonly #base: URL;
  readonly #pacer: Pacer;
  readonly #exchange: Exchange;
  readonly #random: () => number;
  readonly #signal: AbortSignal | undefined;
  readonly #onWait: (words: string) => void;

  constructor(options: ClientOptions) {
    this.#key = checkedKey(options.key);
    this.#base = checkedBase(options.baseUrl ?? KLAVIYO_URL);
    this.clock = options.clock ?? systemClock;
    this.#pacer = new Pacer(this.clock);
    this.#exchange = new Exchange(options.timeouts);
    this.#random = options.random ?? Math.random;
    this.#signal = options.signal;
    this.#onWait = options.onWait ?? (() => {});
  }

  /** One object. @throws VendorError, of status 404 where it is not there */
  async get(path: string, query: Query = {}): Promise<Resource> {
    const body = await this.#repeated('GET', this.#url(path, query), null);
    return resourceOf(record(body)['data']);
  }

  /** Every page, in order. @param from the `next` of a page, to go on after it */
  async *pages(path: string, query: Query = {}, from: string | null = null): AsyncGenerator<Page> {
    const seen = new Set<string>();
    let url = from === null ? this.#url(path, query) : this.#nextUrl(from);
    for (;;) {
      if (seen.has(url.href))
        throw new UserError('PAGES_IN_CIRCLE', `Klaviyo's pages of ${path} lead in a circle; try again later.`);
      seen.add(url.href);
      const body = record(await this.#repeated('GET', url, null));
      const links = isRecord(body['links']) ? body['links'] : {};
      const next = typeof links['next'] === 'string' && links['next'] !== '' ? links['next'] : null;
      // Refused before the page is handed out: what follows it would be lost unseen.
      const following = next === null ? null : this.#nextUrl(next);
      if (!Array.isArray(body['data'])) throw unexpected(path);
      yield { data: withIncluded(body['data'].map(resourceOf), body['included']), next };
      if (following === null) return;
      url = following;
    }
  }

  async all(path: string, query: Query = {}): Promise<Resource[]> {
    const found: Resource[] = [];
    for await (const { data } of this.pages(path, query)) found.push(...data);
    return found;
  }

  /** Sets or starts something that may be sent twice. @returns what came back; null for nothing */
  async put(method: 'PATCH' | 'POST', path: string, body: unknown): Promise<Resource | null> {
    const answer = await this.#repeated(method, this.#url(path), body);
    return answer === null ? null : resourceOf(record(answer)['data']);
  }

  /** @throws LostAnswer where it may or may not have been created */
  async create(path: string, body: unknown): Promise<Resource> {
    const answer = await this.#repeated('POST', this.#url(path), body, true);
    try {
      return resourceOf(record(answer)['data']);
    } catch {
      throw new LostAnswer('the answer names no object');
    }
  }

  /** @returns false where it was gone already */
  async remove(path: string): Promise<boolean> {
    try {
      await this.#repeated('DELETE', this.#url(path), null);
      return true;
    } catch (error) {
      if (error instanceof UserError && (error as { status?: number }).status === 404) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#exchange.close();
  }

  #url(path: string, query: Query = {}): URL {
    const url = new URL(`${this.#base.pathname.replace(/\/$/, '')}${path}`, this.#base);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  /** The key goes to no other place than the one it was meant for, whatever an answer says. */
  #nextUrl(next: string): URL {
    let url: URL;
    try {
      url = new URL(next, this.#base);
    } catch {
      throw unexpected('a next page');
    }
    if (url.origin !== this.#base.origin) {
      throw new UserError(
        'OTHER_HOST',
        `An answer points to its next page at ${url.origin}, not at ${this.#base.origin}; the key is not sent there. Check --base-url.`,
      );
    }
    return url;
  }

  async #repeated(method: string, url: URL, body: unknown, creates = false): Promise<unknown> {
    const prefix = this.#base.pathname.replace(/\/$/, '');
    const operation = operationOf(method, url.pathname.slice(prefix.length));
    let failure = '';
    for (let turn = 0; turn < TRIES; turn++) {
      await this.#pacer.turn(operation, this.#signal);
      const answer = await this.#once(method, url, body);
      if (typeof answer === 'string') {
        if (creates) throw new LostAnswer(answer);
        failure = answer;
        await this.#wait(turn);
        continue;
      }
      this.#pacer.heed(operation, answer.headers);
      const { status } = answer;
      if (status >= 200 && status < 300) return answer.body;
      if (status === 429) {
        failure = 'it asks to come back later';
        this.#pacer.hold(operation, this.#askedWait(answer, operation, turn));
        continue;
      }
      if (status < 500) throw this.#safe(refusal(status, operation, answer.body));
      failure = `it has a fault of its own (${status})`;
      if (creates) throw new LostAnswer(failure);
      await this.#wait(turn, retryAfterMs(answer.headers, this.clock.now()));
    }
    throw new UserError(
      'NO_ANSWER',
      `Klaviyo did not answer ${operation} at ${this.#base.origin}: ${failure}, ${TRIES} times. Run the same command again; it goes on where it stopped.`,
    );
  }

  /** @returns the answer, or why there is none */
  async #once(method: string, url: URL, body: unknown): Promise<Answer | string> {
    const headers: Record<string, string> = {
      accept: 'application/vnd.api+json',
      authorization: `Klaviyo-API-Key ${this.#key}`,
      revision: KLAVIYO_REVISION,
    };
    if (body !== null) headers['content-type'] = 'application/vnd.api+json';
    try {
      const text = body === null ? null : JSON.stringify(body);
      return await this.#exchange.send({ method, url, headers, body: text }, this.#signal);
    } catch (error) {
      if (error instanceof NoAnswer) return error.message;
      throw error;
    }
  }

  #askedWait(answer: Answer, operation: string, turn: number): number {
    const asked = retryAfterMs(answer.headers, this.clock.now());
    const ms = asked ?? this.#backoff(turn);
    if (ms > LONGEST_WAIT_MS) {
      const minutes = Math.ceil(ms / 60_000);
      throw new UserError(
        'DAY_LIMIT',
        `Klaviyo's limit for ${operation} is used up; it can go on in ${minutes} minutes. Run the same command again then; it goes on where it stopped.`,
      );
    }
    if (ms >= TELLING_WAIT_MS) this.#onWait(`Klaviyo asks to wait ${Math.ceil(ms / 1000)} s (${operation}).`);
    return ms;
  }

  async #wait(turn: number, asked: number | null = null): Promise<void> {
    const ms = Math.min(asked ?? this.#backoff(turn), LONGEST_WAIT_MS);
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

/** From the environment only. @throws UserError where there is none */
export function keyFromEnvironment(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const key = environment['KLAVIYO_API_KEY']?.trim() ?? '';
  if (key === '') {
    throw new UserError(
      'NO_KEY',
      'KLAVIYO_API_KEY is not set: put a private key of the account there (Klaviyo, Settings, API keys). It is read from the environment only and never written anywhere.',
    );
  }
  return key;
}

function checkedKey(key: string): string {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UserError('BAD_KEY', 'KLAVIYO_API_KEY holds blanks or characters that no key has; copy it again.');
  }
  return key;
}

/** A key goes out encrypted, or does not leave this computer. */
function checkedBase(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError('BASE_URL', `--base-url ${text} is no address; the default is ${KLAVIYO_URL}.`);
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

function record(value: unknown): Record<string, unknown> {
  if (!isRecord(value)) throw unexpected('it');
  return value;
}

function resourceOf(value: unknown): Resource {
  if (!isRecord(value) || typeof value['id'] !== 'string' || typeof value['type'] !== 'string')
    throw unexpected('an object');
  const { id, type, attributes, relationships } = value;
  return {
    id,
    type,
    attributes: isRecord(attributes) ? attributes : {},
    ...(isRecord(relationships) ? { relationships: relationships as NonNullable<Resource['relationships']> } : {}),
  };
}

function withIncluded(resources: Resource[], included: unknown): Resource[] {
  if (!Array.isArray(included) || included.length === 0) return resources;
  const all = new Map(included.map(resourceOf).map((one) => [`${one.type} ${one.id}`, one]));
  return resources.map((resource) => {
    const related = Object.values(resource.relationships ?? {}).flatMap(({ data }) =>
      Array.isArray(data) ? data : [data],
    );
    const own = related.flatMap((one: unknown) =>
      isRecord(one) ? (all.get(`${one['type']} ${one['id']}`) ?? []) : [],
    );
    return own.length === 0 ? resource : { ...resource, included: own };
  });
}

function unexpected(what: string): UserError {
  return new UserError(
    'UNEXPECTED_ANSWER',
    `Klaviyo answered ${what} in a form that its description does not have; is --base-url right?`,
  );
}
