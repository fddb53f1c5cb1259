// An ActiveCampaign in memory: ids are texts and counted anew for each kind, lists may come as objects, events have to be
// known before they are told of, and a refused event is answered with 200.

import { OpenApiContract } from './openapi-contract.ts';
import type { Answered, Asked, StandInAccount } from './stand-in.ts';

export const AC_KEY = 'ac0123456789nevertobeseen';
export const AC_EVENT_KEY = 'evkey0123456789nevertobeseen';
export const AC_ACTID = '4711';

// biome-ignore lint/suspicious/noExplicitAny: objects as they were sent
type Row = any;

export interface Contact {
  readonly id: string;
  readonly email: string;
  readonly values: Record<string, string>;
  readonly tags: Map<string, string>;
  readonly events: { name: string; data: string }[];
  /** On its one list; null: it is on none. */
  status: '0' | '1' | '2' | '3' | null;
}

const contract = new OpenApiContract('activecampaign.openapi.json');

export class ActiveCampaignAccount implements StandInAccount {
  readonly contract = contract;
  readonly prefix = '/api/3';
  readonly fields: Row[] = [];
  readonly tags: Row[] = [];
  readonly messages: Row[] = [];
  readonly segments: Row[] = [];
  readonly relations: Row[] = [];
  readonly automations: { id: string; name: string; status: string }[] = [];
  readonly contacts: Contact[] = [];
  events: string[] = [];
  tracking = false;
  /** Lists as objects, numbered. */
  listsAsObjects = false;
  readonly #ids = new Map<string, number>();

  clone(): ActiveCampaignAccount {
    const other = new ActiveCampaignAccount();
    const { fields, tags, messages, segments, relations, automations, contacts, events, tracking } = this;
    const lists = { fields, tags, messages, segments, relations, automations, contacts };
    Object.assign(other, structuredClone({ ...lists, events, tracking }));
    for (const [kind, id] of this.#ids) other.#ids.set(kind, id);
    return other;
  }

  error(status: number, detail: string): Answered {
    if (status === 403) return { status, body: { message: detail } };
    return { status, body: { errors: [{ title: detail, detail, source: { pointer: '/data' } }] } };
  }

  addContact(email: string): Contact {
    const contact: Contact = { id: this.#id('contact'), email, values: {}, tags: new Map(), events: [], status: '1' };
    this.contacts.push(contact);
    return contact;
  }

  answer(asked: Asked): Answered {
    if (asked.path === '/event') return this.#event(asked.body as Record<string, string>);
    if (asked.headers['api-token'] !== AC_KEY) return this.error(403, 'You are not allowed to do this.');
    const [, kind, id, more] = asked.path.split('/');
    const body = asked.body as Row;
    switch (kind) {
      case 'users':
        return ok({ user: { id: '1', email: 'shop@example.com', firstName: 'Example', lastName: 'Shop' } });
      case 'fields':
        return this.#rows(asked, 'fields', 'field', this.fields, id);
      case 'tags':
        return this.#rows(asked, 'tags', 'tag', this.tags, id);
      case 'messages':
        return this.#message(asked, id);
      case 'automations':
        return this.#page(asked, 'automations', this.automations);
      case 'fieldRels':
        this.relations.push(body.fieldRel);
        return { status: 201, body: { fieldRel: { ...body.fieldRel, id: this.#id('rel') } } };
      case 'eventTracking':
        if (asked.method === 'PUT') this.tracking = body.eventTracking.enabled === true;
        return ok({ eventTracking: { enabled: this.tracking ? 1 : 0 } });
      case 'eventTrackingEvents':
        return this.#eventName(asked, id);
      case 'audiences':
        return ok({
          data: this.segments.map((one) => ({
            id: one.id,
            type: 'Audience',
            attributes: { segment_id: one.id, name: one.attributes.name },
          })),
        });
      case 'segmentsV2':
        return this.#segment(asked, id);
      case 'contacts':
        return this.#contacts(asked, id, more);
      case 'contact':
        return this.#sync(body.contact);
      case 'contactTags':
        return this.#contactTag(asked, id);
      default:
        return this.error(404, 'No such thing.');
    }
  }

  #event({ actid, key, event, visit, eventdata }: Record<string, string>): Answered {
    const no = (message: string) => ok({ success: 0, message });
    if (actid !== AC_ACTID || key !== AC_EVENT_KEY) return no(`Authentication failed for ${key}`);
    if (!this.tracking) return no('Event tracking is off.');
    if (!this.events.includes(event as string)) return no('Event name is not known.');
    const contact = this.contacts.find(({ email }) => email === JSON.parse(visit as string).email);
    if (contact === undefined) return no('No such visitor.');
    contact.events.push({ name: event as string, data: eventdata ?? '' });
    return ok({ success: 1, message: 'Event spawned' });
  }

  #eventName(asked: Asked, id: string | undefined): Answered {
    if (asked.method === 'GET')
      return this.#page(
        asked,
        'eventTrackingEvents',
        this.events.map((name) => ({ name })),
      );
    if (asked.method === 'DELETE') {
      this.events = this.events.filter((name) => name !== decodeURIComponent(id as string));
      return ok({ message: 'Deleted' });
    }
    const { name } = (asked.body as Row).eventTrackingEvent;
    if (this.events.includes(name)) return this.error(422, 'This event exists.');
    this.events.push(name);
    return { status: 201, body: { eventTrackingEvent: { name } } };
  }

  #message(asked: Asked, id: string | undefined): Answered {
    if (asked.method !== 'POST') return this.#rows(asked, 'messages', 'message', this.messages, id);
    const message = { id: this.#id('message'), name: '', ...(asked.body as Row).message };
    this.messages.push(message);
    return { status: 201, body: { message } };
  }

  #segment(asked: Asked, id: string | undefined): Answered {
    const found = this.segments.find((one) => one.id === id);
    if (id !== undefined && found === undefined) return this.error(404, 'No such segment.');
    if (asked.method === 'GET') return ok({ data: [found] });
    if (asked.method === 'DELETE') {
      this.segments.splice(this.segments.indexOf(found), 1);
      return ok({});
    }
    const { attributes } = (asked.body as Row).data[0];
    const conditions = attributes.segment_conditions.map(({ id: own }: Row) => own);
    const grouped = attributes.segment_condition_groups.flatMap(({ values }: Row) => values.map((one: Row) => one.id));
    if (conditions.some((own: string) => !grouped.includes(own))) return this.error(400, 'A condition is in no group.');
    const segment = found ?? { id: this.#id('segment'), type: 'Segment.v2' };
    segment.attributes = attributes;
    if (found === undefined) this.segments.push(segment);
    return ok({ data: [segment] });
  }

  #contacts(asked: Asked, id: string | undefined, more: string | undefined): Answered {
    const contact = this.contacts.find((one) => one.id === id);
    if (more === 'trackingLogs') {
      const logs = contact?.events.map(({ name, data }) => ({ type: 'event', value: `${name}: ${data}` }));
      return ok({ trackingLogs: logs ?? [] });
    }
    if (id !== undefined && contact === undefined) return this.error(404, 'No such contact.');
    if (more === 'contactLists') {
      const { status = null } = contact ?? {};
      return ok({ contactLists: status === null ? [] : [{ list: '1', contact: id, status }] });
    }
    if (contact !== undefined) {
      const contactTags = [...contact.tags].map(([tag, own]) => ({ id: own, tag, contact: contact.id }));
      return ok({ contact: { id: contact.id, email: contact.email }, contactTags });
    }
    const email = asked.query.get('email');
    const rows = this.contacts.filter((one) => email === null || one.email === email);
    return this.#page(
      asked,
      'contacts',
      rows.map((one) => ({ id: one.id, email: one.email })),
    );
  }

  #sync({ email, fieldValues = [] }: Row): Answered {
    const contact = this.contacts.find((one) => one.email === email) ?? this.addContact(email);
    for (const { field, value } of fieldValues) {
      if (!this.fields.some((one) => one.id === field)) return this.error(422, `There is no field ${field}.`);
      contact.values[field] = value;
    }
    return { status: 201, body: { contact: { id: contact.id, email } } };
  }

  #contactTag(asked: Asked, id: string | undefined): Answered {
    if (asked.method === 'DELETE') {
      for (const { tags } of this.contacts) for (const [tag, own] of tags) if (own === id) tags.delete(tag);
      return ok({});
    }
    const { contact, tag } = (asked.body as Row).contactTag;
    const found = this.contacts.find((one) => one.id === String(contact));
    if (found === undefined) return this.error(404, 'No such contact.');
    const own = found.tags.get(String(tag)) ?? this.#id('contactTag');
    found.tags.set(String(tag), own);
    return { status: 201, body: { contactTag: { id: own, contact, tag } } };
  }

  #rows(asked: Asked, key: string, one: string, rows: Row[], id: string | undefined): Answered {
    if (asked.method === 'GET' && id === undefined) return this.#page(asked, key, rows);
    const found = rows.find((row) => row.id === id);
    if (id !== undefined && found === undefined) return this.error(404, 'No such thing.');
    if (asked.method === 'GET') return ok({ [one]: found });
    if (asked.method === 'DELETE') {
      rows.splice(rows.indexOf(found), 1);
      return ok({});
    }
    const body = (asked.body as Row)[one];
    if (found === undefined && one === 'tag' && rows.some(({ tag }) => tag === body.tag))
      return this.error(422, 'This tag exists.');
    const row = found ?? { id: this.#id(one) };
    Object.assign(row, body);
    if (found === undefined) rows.push(row);
    return { status: found === undefined ? 201 : 200, body: { [one]: row } };
  }

  #page(asked: Asked, key: string, rows: readonly unknown[]): Answered {
    const limit = Math.min(100, Number(asked.query.get('limit') ?? 20));
    const offset = Number(asked.query.get('offset') ?? 0);
    const page = rows.slice(offset, offset + limit);
    return ok({
      [key]: this.listsAsObjects ? Object.fromEntries(page.entries()) : page,
      meta: { total: String(rows.length) },
    });
  }

  #id(kind: string): string {
    const id = (this.#ids.get(kind) ?? 0) + 1;
    this.#ids.set(kind, id);
    return String(id);
  }
}

function ok(body: unknown): Answered {
  return { status: 200, body };
}
