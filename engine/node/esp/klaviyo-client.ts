// Klaviyo's interface over the network: one revision, one key, JSON:API documents.

import { UserError } from '../../base/index.ts';
import { KLAVIYO_REVISION } from '../../esp/index.ts';
import { Caller, type ClientOptions, isRecord, type Manners, recordOf, unexpected } from './caller.ts';
import type { Clock } from './clock.ts';
import { KLAVIYO_LIMITS, KLAVIYO_OTHERWISE, operationOf } from './rate-limits.ts';
import { LostAnswer, refusal } from './vendor-error.ts';

export { type ClientOptions, isRecord } from './caller.ts';

export const KLAVIYO_URL = 'https://a.klaviyo.com';

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

const manners = (key: string): Manners => ({
  service: 'Klaviyo',
  variable: 'KLAVIYO_API_KEY',
  headers: { authorization: `Klaviyo-API-Key ${key}`, revision: KLAVIYO_REVISION },
  contentType: 'application/vnd.api+json',
  limits: KLAVIYO_LIMITS,
  otherwise: KLAVIYO_OTHERWISE,
  operationOf,
  refusal,
});

export class KlaviyoClient {
  readonly #caller: Caller;

  constructor(options: ClientOptions) {
    this.#caller = new Caller(options, KLAVIYO_URL, manners);
  }

  get clock(): Clock {
    return this.#caller.clock;
  }

  /** One object. @throws VendorError, of status 404 where it is not there */
  async get(path: string, query: Query = {}): Promise<Resource> {
    const body = await this.#caller.call('GET', this.#caller.url(path, query), null);
    return resourceOf(recordOf(body, 'Klaviyo')['data']);
  }

  /** Every page, in order. @param from the `next` of a page, to go on after it */
  async *pages(path: string, query: Query = {}, from: string | null = null): AsyncGenerator<Page> {
    const seen = new Set<string>();
    let url = from === null ? this.#caller.url(path, query) : this.#nextUrl(from);
    for (;;) {
      if (seen.has(url.href))
        throw new UserError('PAGES_IN_CIRCLE', `Klaviyo's pages of ${path} lead in a circle; try again later.`);
      seen.add(url.href);
      const body = recordOf(await this.#caller.call('GET', url, null), 'Klaviyo');
      const links = isRecord(body['links']) ? body['links'] : {};
      const next = typeof links['next'] === 'string' && links['next'] !== '' ? links['next'] : null;
      // Refused before the page is handed out: what follows it would be lost unseen.
      const following = next === null ? null : this.#nextUrl(next);
      if (!Array.isArray(body['data'])) throw unexpected(path, 'Klaviyo');
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
    const answer = await this.#caller.call(method, this.#caller.url(path), body);
    return answer === null ? null : resourceOf(recordOf(answer, 'Klaviyo')['data']);
  }

  /** @throws LostAnswer where it may or may not have been created */
  async create(path: string, body: unknown): Promise<Resource> {
    const answer = await this.#caller.call('POST', this.#caller.url(path), body, { creates: true });
    try {
      return resourceOf(recordOf(answer, 'Klaviyo')['data']);
    } catch {
      throw new LostAnswer('the answer names no object');
    }
  }

  /** @returns false where it was gone already */
  async remove(path: string): Promise<boolean> {
    try {
      await this.#caller.call('DELETE', this.#caller.url(path), null);
      return true;
    } catch (error) {
      if (error instanceof UserError && (error as { status?: number }).status === 404) return false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#caller.close();
  }

  /** The key goes to no other place than the one it was meant for, whatever an answer says. */
  #nextUrl(next: string): URL {
    let url: URL;
    try {
      url = new URL(next, this.#caller.base);
    } catch {
      throw unexpected('a next page', 'Klaviyo');
    }
    if (url.origin !== this.#caller.base.origin) {
      throw new UserError(
        'OTHER_HOST',
        `An answer points to its next page at ${url.origin}, not at ${this.#caller.base.origin}; the key is not sent there. Check --base-url.`,
      );
    }
    return url;
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

export function resourceOf(value: unknown): Resource {
  if (!isRecord(value) || typeof value['id'] !== 'string' || typeof value['type'] !== 'string')
    throw unexpected('an object', 'Klaviyo');
  const { id, type, attributes, relationships } = value;
  return {
    id,
    type,
    attributes: isRecord(attributes) ? attributes : {},
    ...(isRecord(relationships) ? { relationships: relationships as NonNullable<Resource['relationships']> } : {}),
  };
}

export function withIncluded(resources: Resource[], included: unknown): Resource[] {
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
