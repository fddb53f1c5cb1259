// ActiveCampaign's v3 interface over the network: five requests a second for the whole account, pages by limit and
// offset, ids as texts, failures that come as 200. Events go to a host of their own, with a key of their own.

import { UserError } from '../../base/index.ts';
import {
  activeCampaignMaker,
  activeCampaignRoutes,
  type BlockAccount,
  type FoundBlock,
  markOf,
  type ObjectType,
  type PlannedRequest,
  senderText,
} from '../../esp/index.ts';
import { type BlockService, isYes, recordsOf, refusalOf, textOf } from './block-service.ts';
import { Caller, type ClientOptions, isRecord, type Manners, recordOf } from './caller.ts';
import type { Clock } from './clock.ts';
import { LostAnswer, VendorError } from './vendor-error.ts';

const VARIABLE = 'ACTIVECAMPAIGN_API_KEY';
const PAGE = 100;
const TRACK_URL = 'https://trackcmp.net/event';
const EVENT_NAME_MAX = 32;

export interface EventKey {
  /** The account's number in event tracking. */
  readonly account: string;
  readonly key: string;
}

const manners = (key: string): Manners => ({
  service: 'ActiveCampaign',
  variable: VARIABLE,
  headers: { 'api-token': key },
  contentType: 'application/json',
  limits: {},
  otherwise: { perSecond: 5, perMinute: 300 },
  lane: 'account',
  operationOf: (method, path) => `${method} /${path.split('/')[1] ?? ''}`,
  refusal: (status, operation, body) => refusalOf('activecampaign', status, operation, saidIn(body), VARIABLE),
  isBusy: ({ status, body }) => status === 403 && body === null,
});

export class ActiveCampaignService implements BlockService {
  readonly name = 'ActiveCampaign';
  readonly maker = activeCampaignMaker;
  readonly routes = activeCampaignRoutes;
  readonly #caller: Caller;
  readonly #events: EventKey | null;
  readonly #trackUrl: URL;

  /** @param url the account's own, from its settings. @param events null where no event is sent */
  constructor(options: ClientOptions, url: string, events: EventKey | null) {
    this.#caller = new Caller({ ...options, baseUrl: withVersion(options.baseUrl ?? url) }, withVersion(url), manners);
    this.#events = events;
    // A gateway or a test stands in for both hosts.
    this.#trackUrl = options.baseUrl === undefined ? new URL(TRACK_URL) : new URL('/event', this.#caller.base);
  }

  /** What plans and states name. */
  get account(): string {
    return this.#caller.base.host;
  }

  get clock(): Clock {
    return this.#caller.clock;
  }

  async read(): Promise<BlockAccount> {
    const me = recordOf(await this.get('/users/me'), this.name);
    const user = isRecord(me['user']) ? me['user'] : {};
    const fromEmail = textOf(user['email']);
    const fromLabel = [textOf(user['firstName']), textOf(user['lastName'])].filter(Boolean).join(' ') || fromEmail;
    const types = ['field', 'tag', 'segment', 'event', 'message'] as const;
    const blocks: FoundBlock[] = [];
    for (const type of types) blocks.push(...(await this.#blocks(type)));
    const tracking = recordOf((await this.get('/eventTracking')) ?? {}, this.name)['eventTracking'];
    const enabled = isRecord(tracking) && isYes(tracking['enabled']);
    const body = { enabled };
    blocks.push({ type: 'tracking', id: 'eventTracking', name: 'Event tracking', body, isShown: true });
    const automations = await this.#all('/automations', 'automations');
    return {
      account: this.account,
      words: this.account,
      blocks,
      sender: fromEmail === '' ? null : { fromEmail, fromLabel, replyTo: null },
      automations: automations.map((one) => ({ name: textOf(one['name']), isOn: textOf(one['status']) === '1' })),
    };
  }

  async create({ path, lookup }: PlannedRequest, body: unknown): Promise<string> {
    const answer = await this.#caller.call('POST', this.#caller.url(path), body, { creates: true });
    if (lookup?.type === 'event') return lookup.name;
    const id = createdId(answer);
    if (id === null) throw new LostAnswer('the answer names no object');
    return id;
  }

  async send(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<void> {
    await this.#caller.call(method, this.#caller.url(path), body);
  }

  async ask(method: 'GET' | 'POST', path: string, body: unknown): Promise<Record<string, unknown>> {
    return recordOf(await this.#caller.call(method, this.#caller.url(path), body), this.name);
  }

  async remove(path: string): Promise<void> {
    try {
      await this.#caller.call('DELETE', this.#caller.url(path), null);
    } catch (error) {
      if ((error as { status?: number }).status !== 404) throw error;
    }
  }

  async idsByName(type: ObjectType, name: string, body: unknown): Promise<string[]> {
    const found = await this.#blocks(type);
    const message = isRecord(body) && isRecord(body['message']) ? body['message'] : null;
    return found
      .filter((one) => {
        if (one.name !== '' || message === null) return one.name === name;
        // A message made without its name yet.
        const sender = `${textOf(message['fromname'])} <${textOf(message['fromemail'])}>`;
        return (
          one.body['subject'] === message['subject'] &&
          one.body['html'] === message['html'] &&
          one.body['sender'] === sender
        );
      })
      .map(({ id }) => id);
  }

  /**
   * Tells of an event now; there is no telling of the past.
   * @throws LostAnswer where it may or may not have been taken; VendorError where it was refused, also with 200
   */
  async track(email: string, event: string, data: string): Promise<void> {
    if (this.#events === null) {
      throw new UserError(
        'NO_EVENT_KEY',
        'ACTIVECAMPAIGN_EVENT_KEY and ACTIVECAMPAIGN_ACTID are not set: both stand in ActiveCampaign under Settings, Tracking, Event tracking API.',
      );
    }
    if (event === '' || event.length > EVENT_NAME_MAX)
      throw new UserError('EVENT_NAME', `"${event}" is no event name there: at most ${EVENT_NAME_MAX} characters.`);
    const { account: actid, key } = this.#events;
    const form = { actid, key, event, eventdata: data, visit: JSON.stringify({ email }) };
    const answer = await this.#caller.call('POST', this.#trackUrl, null, { creates: true, form });
    if (!isRecord(answer)) throw new LostAnswer('the answer says nothing');
    if (!isYes(answer['success'])) {
      const said = textOf(answer['message']).replaceAll(key, '[key]');
      throw new VendorError(
        'REFUSED',
        200,
        `ActiveCampaign refused the event "${event}": ${said || 'it says success 0'}`,
      );
    }
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#caller.call('GET', this.#caller.url(path, query), null);
  }

  close(): Promise<void> {
    return this.#caller.close();
  }

  async #blocks(type: ObjectType): Promise<FoundBlock[]> {
    switch (type) {
      case 'field':
        return (await this.#all('/fields', 'fields')).map((field) => ({
          type,
          id: textOf(field['id']),
          name: textOf(field['title']),
          body: { tag: textOf(field['perstag']), kind: textOf(field['type']), fallback: textOf(field['defval']) },
          isShown: true,
        }));
      case 'tag':
        return (await this.#all('/tags', 'tags')).map((tag) => ({
          type,
          id: textOf(tag['id']),
          name: textOf(tag['tag']),
          body: {},
          isShown: true,
        }));
      case 'event':
        return (await this.#all('/eventTrackingEvents', 'eventTrackingEvents')).map((event) => {
          const name = textOf(event['name']);
          return { type, id: name, name, body: {}, isShown: true };
        });
      case 'message':
        return (await this.#all('/messages', 'messages')).map(messageOf);
      default:
        return this.#segments();
    }
  }

  /** The list has no conditions, so those of ours are read one by one. */
  async #segments(): Promise<FoundBlock[]> {
    const found: FoundBlock[] = [];
    for (let page = 1; ; page++) {
      const body = recordOf(
        (await this.get('/audiences', { page: String(page), page_size: String(PAGE) })) ?? {},
        this.name,
      );
      const rows = recordsOf(body['data']);
      for (const row of rows) {
        const attributes = isRecord(row['attributes']) ? row['attributes'] : {};
        const id = textOf(attributes['segment_id']) || textOf(row['id']);
        const name = textOf(attributes['name']);
        if (markOf(name) === null) found.push({ type: 'segment', id, name, body: {}, isShown: false });
        else
          found.push({
            type: 'segment',
            id,
            name,
            body: conditionsOf(await this.get(`/segmentsV2/${id}`)),
            isShown: true,
          });
      }
      if (rows.length < PAGE) return found;
    }
  }

  async #all(path: string, key: string): Promise<Record<string, unknown>[]> {
    const found: Record<string, unknown>[] = [];
    for (;;) {
      const body = recordOf(
        (await this.get(path, { limit: String(PAGE), offset: String(found.length) })) ?? {},
        this.name,
      );
      const rows = recordsOf(body[key]);
      found.push(...rows);
      const meta = isRecord(body['meta']) ? Number(textOf(body['meta']['total']) || Number.NaN) : Number.NaN;
      if (rows.length === 0 || found.length >= meta || (Number.isNaN(meta) && rows.length < PAGE)) return found;
    }
  }
}

function withVersion(url: string): string {
  const bare = url.replace(/\/+$/, '');
  return /\/api\/\d+$/.test(bare) ? bare : `${bare}/api/3`;
}

function messageOf(message: Record<string, unknown>): FoundBlock {
  const sender = senderText({
    fromLabel: textOf(message['fromname']),
    fromEmail: textOf(message['fromemail']),
    replyTo: null,
  });
  const body = { subject: textOf(message['subject']), sender, html: textOf(message['html']) };
  return { type: 'message', id: textOf(message['id']), name: textOf(message['name']), body, isShown: true };
}

function conditionsOf(answer: unknown): Record<string, unknown> {
  const [data] = isRecord(answer) ? recordsOf(answer['data']) : [];
  const attributes = data !== undefined && isRecord(data['attributes']) ? data['attributes'] : {};
  const conditions = recordsOf(attributes['segment_conditions']).map((condition) => {
    const [field, ...more] = recordsOf(condition['fields']);
    const isTag = condition['object_type'] === 'tag' && field?.['name'] === 'tagid' && more.length === 0;
    return isTag ? { op: field['operator'], value: textOf(field['value']) } : condition;
  });
  return { conditions };
}

/** `{ tag: { id } }`, `{ fields: [{ id }] }` or `{ data: [{ id }] }`. */
function createdId(answer: unknown): string | null {
  if (!isRecord(answer)) return null;
  for (const key of ['field', 'tag', 'message', 'fields', 'data']) {
    const value = answer[key];
    const one = Array.isArray(value) ? (value[0] as unknown) : value;
    if (!isRecord(one)) continue;
    const attributes = isRecord(one['attributes']) ? one['attributes'] : {};
    const id = textOf(attributes['segment_id']) || textOf(one['id']);
    if (id !== '') return id;
  }
  return null;
}

function saidIn(body: unknown): string {
  if (!isRecord(body)) return '';
  const errors = recordsOf(body['errors']).map((one) => {
    const source = isRecord(one['source']) ? textOf(one['source']['pointer']) : '';
    const words = textOf(one['detail']) || textOf(one['title']);
    return source === '' ? words : `${words} (at ${source})`;
  });
  return [textOf(body['message']), ...errors.slice(0, 3)].filter(Boolean).join(' ').slice(0, 400);
}
