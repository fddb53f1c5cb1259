// Mailchimp's marketing interface over the network: the key says where its account is, pages are counted, a bare 403 is
// what it answers when it is asked too fast. Everything is of one audience.

import { createHash } from 'node:crypto';
import { UserError } from '../../base/index.ts';
import {
  audienceOf,
  type BlockAccount,
  type EspState,
  type FoundBlock,
  mailchimpMaker,
  mailchimpRoutes,
  type ObjectType,
  type PlannedRequest,
} from '../../esp/index.ts';
import { type BlockService, recordsOf, refusalOf, textOf } from './block-service.ts';
import { Caller, type ClientOptions, isRecord, type Manners, recordOf } from './caller.ts';
import type { Clock } from './clock.ts';
import { LostAnswer } from './vendor-error.ts';

const VARIABLE = 'MAILCHIMP_API_KEY';
const PAGE = 1000;
/** Ten at once are allowed and one at a time is sent; so many a second is far below what was seen to be refused. */
const PACE = { perSecond: 10, perMinute: 600 };

const manners = (key: string): Manners => ({
  service: 'Mailchimp',
  variable: VARIABLE,
  headers: { authorization: `Basic ${Buffer.from(`any:${key}`).toString('base64')}` },
  contentType: 'application/json',
  limits: {},
  otherwise: PACE,
  lane: 'account',
  operationOf: (method, path) => `${method} ${path.split('/').slice(0, 2).join('/')}`,
  refusal: (status, operation, body) => refusalOf('mailchimp', status, operation, saidIn(body), VARIABLE),
  isBusy: ({ status, body }) => status === 403 && body === null,
});

export class MailchimpService implements BlockService {
  readonly name = 'Mailchimp';
  readonly maker = mailchimpMaker;
  readonly routes = mailchimpRoutes;
  readonly #caller: Caller;
  readonly #audience: string | null;
  /** Known once the account was read. */
  #account: string | null = null;

  /** @param audience id or exact name; null: the only one, or the one the state names */
  constructor(options: ClientOptions, audience: string | null) {
    this.#caller = new Caller(options, addressOf(options), manners);
    this.#audience = audience;
  }

  get clock(): Clock {
    return this.#caller.clock;
  }

  async read(state: EspState | null): Promise<BlockAccount> {
    const root = recordOf(await this.get('/'), this.name);
    const lists = recordsOf((await this.#all('/lists', 'lists')) as unknown);
    const list = chosen(lists, this.#audience ?? (state === null ? null : audienceOf(state.account)));
    const id = textOf(list['id']);
    const account = `${textOf(root['account_id'])}/${id}`;
    this.#account = account;
    const fields = await this.#all(`/lists/${id}/merge-fields`, 'merge_fields');
    const segments = await this.#all(`/lists/${id}/segments`, 'segments');
    const templates = await this.#all('/templates', 'templates', { type: 'user' });
    const defaults = isRecord(list['campaign_defaults']) ? list['campaign_defaults'] : {};
    const fromEmail = textOf(defaults['from_email']);
    return {
      account,
      words: `${textOf(root['account_name']) || textOf(root['account_id'])}, audience "${textOf(list['name'])}"`,
      blocks: [
        ...fields.map(fieldOf),
        ...segments.flatMap(segmentOf),
        ...templates.filter((one) => one['active'] !== false).map(templateOf),
      ],
      sender:
        fromEmail === '' ? null : { fromEmail, fromLabel: textOf(defaults['from_name']) || fromEmail, replyTo: null },
      automations: null,
    };
  }

  async create(request: PlannedRequest, body: unknown): Promise<string> {
    const answer = await this.#caller.call('POST', this.#caller.url(request.path), body, { creates: true });
    const id = isRecord(answer) ? textOf(answer[request.lookup?.type === 'field' ? 'merge_id' : 'id']) : '';
    if (id === '') throw new LostAnswer('the answer names no object');
    return id;
  }

  async send(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<void> {
    await this.#caller.call(method, this.#caller.url(path), body);
  }

  /** @throws LostAnswer where it may or may not have had its effect */
  async sendOnce(path: string, body: unknown): Promise<void> {
    await this.#caller.call('POST', this.#caller.url(path), body, { creates: true });
  }

  async remove(path: string): Promise<void> {
    try {
      await this.#caller.call('DELETE', this.#caller.url(path), null);
    } catch (error) {
      if ((error as { status?: number }).status !== 404) throw error;
    }
  }

  async idsByName(type: ObjectType, name: string): Promise<string[]> {
    const list = `/lists/${audienceOf(this.#account ?? '')}`;
    const found =
      type === 'field'
        ? (await this.#all(`${list}/merge-fields`, 'merge_fields')).map(fieldOf)
        : type === 'template'
          ? (await this.#all('/templates', 'templates', { type: 'user' })).map(templateOf)
          : (await this.#all(`${list}/segments`, 'segments')).flatMap(segmentOf);
    return found.filter((one) => one.type === type && one.name === name).map(({ id }) => id);
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#caller.call('GET', this.#caller.url(path, query), null);
  }

  close(): Promise<void> {
    return this.#caller.close();
  }

  async #all(path: string, key: string, query: Readonly<Record<string, string>> = {}) {
    const found: Record<string, unknown>[] = [];
    for (;;) {
      const pages = { ...query, count: String(PAGE), offset: String(found.length) };
      const body = recordOf(await this.get(path, pages), this.name);
      const rows = recordsOf(body[key]);
      found.push(...rows);
      const total = Number(body['total_items'] ?? 0);
      if (rows.length === 0 || found.length >= total) return found;
    }
  }
}

/** A contact's place in an audience. */
export function memberHash(email: string): string {
  return createHash('md5').update(email.trim().toLowerCase()).digest('hex');
}

/** @throws UserError where the key does not say where its account is */
function addressOf({ key, baseUrl }: ClientOptions): string {
  const centre = /-([a-z]+\d+)$/.exec(key)?.[1];
  if (centre !== undefined) return `https://${centre}.api.mailchimp.com/3.0`;
  if (baseUrl !== undefined) return baseUrl;
  throw new UserError(
    'BAD_KEY',
    `${VARIABLE} does not end in a dash and a data centre, as in "-us21"; copy the whole key again.`,
  );
}

function chosen(lists: readonly Record<string, unknown>[], asked: string | null): Record<string, unknown> {
  const names = lists.map((list) => `"${textOf(list['name'])}" (${textOf(list['id'])})`).join(', ');
  if (lists.length === 0) throw new UserError('NO_AUDIENCE', 'This account has no audience; make one in Mailchimp.');
  if (asked === null && lists.length > 1)
    throw new UserError(
      'WHICH_AUDIENCE',
      `This account has several audiences; name one with --audience: ${names}.`,
      lists.map((list) => ({
        code: 'AUDIENCE',
        at: textOf(list['id']),
        message: textOf(list['name']),
        severity: 'error',
      })),
    );
  const found = asked === null ? lists : lists.filter((list) => list['id'] === asked || list['name'] === asked);
  if (found[0] === undefined)
    throw new UserError('NO_AUDIENCE', `This account has no audience "${asked}"; it has ${names}.`);
  if (found.length > 1)
    throw new UserError('WHICH_AUDIENCE', `Several audiences are named "${asked}"; name one by its id: ${names}.`);
  return found[0];
}

function fieldOf(field: Record<string, unknown>): FoundBlock {
  const body = { tag: field['tag'], kind: field['type'], fallback: textOf(field['default_value']) };
  return { type: 'field', id: textOf(field['merge_id']), name: textOf(field['name']), body, isShown: true };
}

function segmentOf(segment: Record<string, unknown>): FoundBlock[] {
  const base = { id: textOf(segment['id']), name: textOf(segment['name']), isShown: true };
  if (segment['type'] === 'static') return [{ ...base, type: 'tag', body: {} }];
  if (segment['type'] !== 'saved') return [];
  const options = isRecord(segment['options']) ? segment['options'] : {};
  const conditions = recordsOf(options['conditions']).map((one) =>
    one['condition_type'] === 'StaticSegment' ? { op: one['op'], value: one['value'] } : one,
  );
  const isAny = options['match'] === 'any' && conditions.length > 1;
  return [{ ...base, type: 'segment', body: isAny ? { conditions, match: 'any' } : { conditions } }];
}

/** Mailchimp shows no template's text, only when it was last edited. */
function templateOf(template: Record<string, unknown>): FoundBlock {
  const edited = textOf(template['date_edited']) || textOf(template['date_created']);
  const { id, name } = template;
  return { type: 'template', id: textOf(id), name: textOf(name), body: { edited }, isShown: false };
}

function saidIn(body: unknown): string {
  if (!isRecord(body)) return '';
  const details = recordsOf(body['errors']).map((one) => `${textOf(one['field'])}: ${textOf(one['message'])}`);
  return [textOf(body['detail']) || textOf(body['title']), ...details.slice(0, 3)]
    .filter(Boolean)
    .join(' ')
    .slice(0, 400);
}
