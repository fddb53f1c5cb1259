// A Mailchimp in memory: audiences with merge fields, tags and segments, members with events, classic templates. It
// pages by count and offset, wants its key, keeps names of fields apart, and never shows a template's text.

import { createHash } from 'node:crypto';
import { OpenApiContract } from './openapi-contract.ts';
import type { Answered, Asked, StandInAccount } from './stand-in.ts';

export const MAILCHIMP_KEY = '0123456789abcdefnevertobeseen-us21';

export interface Member {
  readonly email: string;
  status: string;
  fields: Record<string, string>;
  readonly tags: Set<string>;
  readonly events: { name: string; properties: Record<string, string>; occurred_at: string }[];
}
export interface Audience {
  readonly id: string;
  readonly name: string;
  readonly fields: { merge_id: number; tag: string; name: string; type: string; default_value: string }[];
  // biome-ignore lint/suspicious/noExplicitAny: a segment as it was sent
  readonly segments: { id: number; name: string; type: 'static' | 'saved'; options: any }[];
  readonly members: Map<string, Member>;
}

const contract = new OpenApiContract('mailchimp.openapi.json');

export class MailchimpAccount implements StandInAccount {
  readonly contract = contract;
  readonly prefix = '/3.0';
  readonly audiences: Audience[] = [];
  readonly templates: { id: number; name: string; html: string; date_edited: string; type: 'user' }[] = [];
  #next = 100;
  #edits = 0;

  constructor(names: readonly string[] = ['Newsletter']) {
    for (const [i, name] of names.entries())
      this.audiences.push({ id: `aud${i}`, name, fields: [], segments: [], members: new Map() });
  }

  clone(): MailchimpAccount {
    const other = new MailchimpAccount([]);
    other.audiences.push(...structuredClone(this.audiences));
    other.templates.push(...structuredClone(this.templates));
    other.#next = this.#next;
    return other;
  }

  get audience(): Audience {
    return this.audiences[0] as Audience;
  }

  addMember(email: string, status = 'subscribed'): Member {
    const member: Member = { email, status, fields: {}, tags: new Set(), events: [] };
    this.audience.members.set(hash(email), member);
    return member;
  }

  editTemplate(name: RegExp, html: string): void {
    const template = this.templates.find((one) => name.test(one.name));
    if (template === undefined) throw new Error('no such template');
    Object.assign(template, { html, date_edited: this.#stamp() });
  }

  error(status: number, detail: string): Answered {
    return { status, body: { type: 'about:blank', title: 'Refused', status, detail, instance: 'x' } };
  }

  answer(asked: Asked): Answered {
    const expected = `Basic ${Buffer.from(`any:${MAILCHIMP_KEY}`).toString('base64')}`;
    if (asked.headers.authorization !== expected) return this.error(401, 'Your API key may be invalid.');
    const [, first, list, kind, id, more] = asked.path.split('/');
    if (first === '') return { status: 200, body: { account_id: 'acc1', account_name: 'Example Shop' } };
    if (first === 'templates') return this.#template(asked, list);
    if (list === undefined) return this.#page(asked, 'lists', this.audiences.map(listOf));
    const audience = this.audiences.find((one) => one.id === list);
    if (audience === undefined) return this.error(404, 'The requested resource could not be found.');
    if (kind === undefined) return { status: 200, body: listOf(audience) };
    if (kind === 'merge-fields') return this.#field(asked, audience, id);
    if (kind === 'segments') return this.#segment(asked, audience, id);
    return this.#member(asked, audience, id as string, more);
  }

  #field(asked: Asked, { fields }: Audience, id: string | undefined): Answered {
    const body = asked.body as Audience['fields'][number] | null;
    if (asked.method === 'GET') return this.#page(asked, 'merge_fields', fields);
    const found = fields.find((one) => String(one.merge_id) === id);
    if (id !== undefined && found === undefined) return this.error(404, 'No such field.');
    if (asked.method === 'DELETE') return this.#gone(fields, found);
    if (body === null) return this.error(400, 'A body is wanted.');
    if (body.tag.length > 10) return this.error(400, 'Merge tags have at most 10 characters.');
    if (fields.some((one) => one !== found && one.tag === body.tag)) return this.error(400, 'This merge tag exists.');
    const field = { ...body, merge_id: found?.merge_id ?? this.#next++ };
    if (found === undefined) fields.push(field);
    else Object.assign(found, body);
    return { status: 200, body: field };
  }

  #segment(asked: Asked, { segments }: Audience, id: string | undefined): Answered {
    if (asked.method === 'GET') return this.#page(asked, 'segments', segments);
    const found = segments.find((one) => String(one.id) === id);
    if (id !== undefined && found === undefined) return this.error(404, 'No such segment.');
    if (asked.method === 'DELETE') return this.#gone(segments, found);
    const { name, options, static_segment } = asked.body as {
      name: string;
      options?: unknown;
      static_segment?: string[];
    };
    if ((options === undefined) === (static_segment === undefined))
      return this.error(400, 'A segment has either members or conditions.');
    const type = static_segment === undefined ? ('saved' as const) : ('static' as const);
    const segment = found ?? { id: this.#next++, name, type, options };
    if (found === undefined) segments.push(segment);
    Object.assign(segment, { name, options });
    return { status: 200, body: segment };
  }

  #template(asked: Asked, id: string | undefined): Answered {
    const { templates } = this;
    if (asked.method === 'GET')
      return this.#page(
        asked,
        'templates',
        templates.map(({ html: _, ...rest }) => rest),
      );
    const found = templates.find((one) => String(one.id) === id);
    if (id !== undefined && found === undefined) return this.error(404, 'No such template.');
    if (asked.method === 'DELETE') return this.#gone(templates, found);
    const body = asked.body as { name: string; html: string };
    const template = found ?? { id: this.#next++, type: 'user' as const, date_edited: '', ...body };
    if (found === undefined) templates.push(template);
    Object.assign(template, body, { date_edited: this.#stamp() });
    const { html: _, ...shown } = template;
    return { status: 200, body: shown };
  }

  #member(asked: Asked, audience: Audience, id: string, more: string | undefined): Answered {
    const member = audience.members.get(id);
    if (member === undefined) return this.error(404, 'The requested resource could not be found.');
    // biome-ignore lint/suspicious/noExplicitAny: a body of one of several calls
    const body = asked.body as any;
    if (more === 'tags') {
      for (const { name, status } of body.tags) {
        if (status === 'active') member.tags.add(name);
        else member.tags.delete(name);
      }
      return { status: 204, body: null };
    }
    if (more === 'events') {
      if (asked.method === 'GET') return this.#page(asked, 'events', [...member.events].reverse());
      if (body.name.length < 2 || body.name.length > 30) return this.error(400, 'A name has 2 to 30 characters.');
      member.events.push({ properties: {}, ...body });
      return { status: 204, body: null };
    }
    if (asked.method === 'PATCH') {
      for (const tag of Object.keys(body.merge_fields ?? {})) {
        if (!audience.fields.some((field) => field.tag === tag)) return this.error(400, `There is no field ${tag}.`);
      }
      Object.assign(member.fields, body.merge_fields);
    }
    const { email, status, fields } = member;
    return { status: 200, body: { id, email_address: email, status, merge_fields: fields } };
  }

  #page(asked: Asked, key: string, rows: readonly unknown[]): Answered {
    const count = Number(asked.query.get('count') ?? 10);
    const offset = Number(asked.query.get('offset') ?? 0);
    if (count > 1000) return this.error(400, 'At most 1000 at once.');
    return { status: 200, body: { [key]: rows.slice(offset, offset + count), total_items: rows.length } };
  }

  #gone<T>(rows: T[], row: T | undefined): Answered {
    rows.splice(rows.indexOf(row as T), 1);
    return { status: 204, body: null };
  }

  #stamp(): string {
    return new Date(Date.UTC(2026, 0, 1) + ++this.#edits * 1000).toISOString();
  }
}

function listOf({ id, name }: Audience) {
  return { id, name, campaign_defaults: { from_name: 'Example Shop', from_email: 'shop@example.com' } };
}

function hash(email: string): string {
  return createHash('md5').update(email.toLowerCase()).digest('hex');
}
