// Each operation of the stand-in: what it does to the account and what it answers, in the vendor's form.

import {
  type KlaviyoAccount,
  Refused,
  type StoredEvent,
  type StoredFlow,
  type StoredProfile,
} from './klaviyo-account.ts';

export interface Handled {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Objects to a page where nothing is asked: the vendor's defaults. */
const SIZES: Readonly<Record<string, number>> = {
  events: 200,
  flows: 50,
  lists: 10,
  metrics: 200,
  profiles: 20,
  segments: 10,
  templates: 10,
};

// biome-ignore lint/suspicious/noExplicitAny: bodies are held against the vendor's description before they come here
type Body = any;

export function answerOf(
  account: KlaviyoAccount,
  operation: string,
  url: URL,
  id: string | null,
  body: Body,
  now: number,
): Handled {
  const self = `https://a.klaviyo.com${url.pathname}`;
  const attributes = body?.data?.attributes;
  const one = (resource: unknown, status = 200): Handled => ({ status, body: { data: resource, links: { self } } });
  const resource = (type: string, of: { id: string }, values: unknown, more: object = {}) => ({
    type,
    id: of.id,
    attributes: values,
    ...more,
    links: { self: `https://a.klaviyo.com/api/${type}s/${of.id}/` },
  });
  const flow = (of: StoredFlow, withDefinition: boolean) =>
    resource('flow', of, {
      name: of.name,
      status: of.status,
      archived: of.archived,
      created: '2026-01-01T00:00:00+00:00',
      updated: '2026-01-01T00:00:00+00:00',
      trigger_type: TRIGGERS[of.definition.triggers[0].type] ?? null,
      ...(withDefinition ? { definition: of.definition } : {}),
    });
  const template = (of: KlaviyoAccount['templates'][number]) => {
    const { name, editor_type, html } = of;
    return resource('template', of, { name, editor_type, html, text: null, amp: null });
  };
  const segment = (of: KlaviyoAccount['segments'][number]) =>
    resource('segment', of, {
      name: of.name,
      definition: of.definition,
      is_active: true,
      is_processing: false,
      is_starred: false,
    });
  const job = (of: KlaviyoAccount['jobs'][number]) => {
    const isDone = of.looks > 0;
    of.looks++;
    return resource('profile-bulk-import-job', of, {
      status: isDone ? 'complete' : 'queued',
      created_at: new Date(now).toISOString(),
      total_count: of.total,
      completed_count: isDone ? of.total - of.failed : 0,
      failed_count: isDone ? of.failed : 0,
    });
  };
  const find = <T extends { id: string }>(list: readonly T[], what: string): T => {
    const found = list.find((each) => each.id === id);
    if (found === undefined) throw new Refused(404, `A ${what} with id ${id} does not exist.`);
    return found;
  };
  const listed = <T extends { id: string }>(
    all: readonly T[],
    shown: (of: T) => unknown,
    values: (of: T) => Readonly<Record<string, unknown>>,
  ): Handled => page(url, all, shown, values);

  switch (operation) {
    case 'GET /api/accounts': {
      const account_ = resource('account', account, {
        test_account: false,
        contact_information: {
          default_sender_name: account.sender.name,
          default_sender_email: account.sender.email,
          website_url: null,
          organization_name: 'Example Shop',
          street_address: {},
        },
        industry: null,
        timezone: account.timezone,
        preferred_currency: 'USD',
        public_api_key: account.id,
        locale: 'en-US',
      });
      return { status: 200, body: { data: [account_], links: { self } } };
    }
    case 'GET /api/metrics':
      return listed(
        account.metrics,
        (metric) =>
          resource('metric', metric, {
            name: metric.name,
            created: '2026-01-01T00:00:00+00:00',
            updated: '2026-01-01T00:00:00+00:00',
            integration:
              metric.integration === null ? null : { object: 'integration', id: 'I1', name: metric.integration },
          }),
        () => ({}),
      );
    case 'GET /api/lists':
      return listed(
        account.lists,
        (list) => resource('list', list, { name: list.name, created: null, updated: null }),
        ({ id: listId, name }) => ({ id: listId, name }),
      );
    case 'POST /api/events':
      // One of an id it knows already is taken and forgotten.
      if (!account.told.some((one) => one.unique_id === attributes.unique_id)) account.told.push(attributes);
      return { status: 202, body: null };
    case 'GET /api/events': {
      const isAsked = url.searchParams.get('include') === 'attributions';
      const handled = listed(
        account.events,
        (event) => eventResource(event, isAsked),
        (event) => ({ metric_id: event.metric, datetime: event.time * 1000, timestamp: event.time }),
      );
      if (!isAsked) return handled;
      const document = handled.body as { data: { id: string }[] };
      const shown = new Set(document.data.map((event) => event.id));
      const included = account.events
        .filter((event) => event.flow !== undefined && shown.has(event.id))
        .map(attribution);
      return { ...handled, body: { ...document, included } };
    }
    case 'GET /api/profiles':
      return listed(
        account.profiles,
        (profile) => profileResource(profile, url.searchParams.get('additional-fields[profile]') === 'subscriptions'),
        ({ id: profileId, email, created, updated }) => ({
          id: profileId,
          email,
          created: Date.parse(created),
          updated: Date.parse(updated),
        }),
      );
    case 'POST /api/profile-bulk-import-jobs': {
      const jobId = account.importProfiles(attributes.profiles.data, new Date(now).toISOString());
      return one(job(account.jobs.find((each) => each.id === jobId) as KlaviyoAccount['jobs'][number]), 202);
    }
    case 'GET /api/profile-bulk-import-jobs/{id}':
      return one(job(find(account.jobs, 'job')));
    case 'GET /api/flows':
      return listed(
        account.flows,
        (each) => flow(each, false),
        ({ id: flowId, name, status }) => ({ id: flowId, name, status }),
      );
    case 'POST /api/flows':
      return one(flow(account.createFlow(attributes), true), 201);
    case 'GET /api/flows/{id}':
      return one(flow(account.flow(id as string), url.searchParams.get('additional-fields[flow]') === 'definition'));
    case 'PATCH /api/flows/{id}':
      return one(flow(account.setStatus(id as string, attributes.status), false));
    case 'DELETE /api/flows/{id}':
      account.flow(id as string);
      account.flows = account.flows.filter((each) => each.id !== id);
      return { status: 204, body: null };
    case 'PATCH /api/flow-actions/{id}': {
      const action = account.updateAction(id as string, attributes.definition);
      return one(resource('flow-action', action, { action_type: null, definition: action }));
    }
    case 'GET /api/templates':
      return listed(
        account.templates.filter(({ isCopy }) => !isCopy),
        template,
        ({ id: templateId, name }) => ({ id: templateId, name }),
      );
    case 'POST /api/templates':
      return one(template(account.createTemplate(attributes)), 201);
    case 'GET /api/templates/{id}':
      return one(template(find(account.templates, 'template')));
    case 'PATCH /api/templates/{id}': {
      const found = find(account.templates, 'template');
      Object.assign(found, attributes);
      return one(template(found));
    }
    case 'DELETE /api/templates/{id}':
      find(account.templates, 'template');
      account.templates = account.templates.filter((each) => each.id !== id);
      return { status: 204, body: null };
    case 'GET /api/segments':
      return listed(account.segments, segment, ({ id: segmentId, name }) => ({ id: segmentId, name }));
    case 'POST /api/segments':
      return one(segment(account.createSegment(attributes)), 201);
    case 'GET /api/segments/{id}':
      return one(segment(find(account.segments, 'segment')));
    case 'PATCH /api/segments/{id}': {
      const found = find(account.segments, 'segment');
      Object.assign(found, attributes);
      return one(segment(found));
    }
    case 'DELETE /api/segments/{id}':
      find(account.segments, 'segment');
      account.segments = account.segments.filter((each) => each.id !== id);
      return { status: 204, body: null };
    default:
      throw new Refused(405, `There is no ${operation}.`);
  }
}

const TRIGGERS: Readonly<Record<string, string>> = {
  metric: 'Metric',
  list: 'Added to List',
  segment: 'Added to List',
  date: 'Date Based',
};

function attribution({ id, flow }: StoredEvent): unknown {
  return {
    type: 'attribution',
    id: `AT${id}`,
    relationships: {
      event: { data: { type: 'event', id } },
      flow: { data: { type: 'flow', id: flow } },
    },
    links: { self: `https://a.klaviyo.com/api/attributions/AT${id}/` },
  };
}

function eventResource({ id, metric, profile, time, properties, flow }: StoredEvent, isAsked: boolean): unknown {
  const attributions = { data: flow === undefined ? [] : [{ type: 'attribution', id: `AT${id}` }] };
  return {
    type: 'event',
    id,
    attributes: {
      timestamp: time,
      event_properties: properties,
      datetime: new Date(time * 1000).toISOString().replace('.000Z', '+00:00'),
      uuid: `00000000-0000-1000-8000-${id.padStart(12, '0')}`,
    },
    relationships: {
      profile: { data: { type: 'profile', id: profile } },
      metric: { data: { type: 'metric', id: metric } },
      ...(isAsked ? { attributions } : {}),
    },
    links: { self: `https://a.klaviyo.com/api/events/${id}/` },
  };
}

function profileResource(
  { id, email, created, updated, location, properties, consent }: StoredProfile,
  withConsent: boolean,
): unknown {
  return {
    type: 'profile',
    id,
    attributes: {
      email,
      phone_number: null,
      external_id: null,
      first_name: null,
      last_name: null,
      created,
      updated,
      last_event_date: null,
      location,
      properties,
      ...(withConsent ? { subscriptions: { email: { marketing: consent }, sms: null } } : {}),
    },
    links: { self: `https://a.klaviyo.com/api/profiles/${id}/` },
  };
}

// ---------------------------------------------------------------- filters, order, pages

function page<T extends { id: string }>(
  url: URL,
  all: readonly T[],
  shown: (of: T) => unknown,
  values: (of: T) => Readonly<Record<string, unknown>>,
): Handled {
  const { searchParams: query } = url;
  const kept = all.filter((each) => conditionsOf(query.get('filter')).every((holds) => holds(values(each))));
  const sort = query.get('sort');
  if (sort !== null) {
    const key = sort.replace(/^-/, '');
    const direction = sort.startsWith('-') ? -1 : 1;
    const at = (each: T) => values(each)[key] as number | string;
    kept.sort((a, b) => (at(a) < at(b) ? -direction : at(a) > at(b) ? direction : 0));
  }
  const kind = url.pathname.split('/')[2] as string;
  const size = Number(query.get('page[size]') ?? SIZES[kind] ?? 20);
  const cursor = query.get('page[cursor]');
  const from = cursor === null ? 0 : Number(Buffer.from(cursor, 'base64url').toString().replace('at:', ''));
  if (Number.isNaN(from)) throw new Refused(400, 'The cursor is not valid.', 'page[cursor]');
  const next = new URL(url);
  next.searchParams.set('page[cursor]', Buffer.from(`at:${from + size}`).toString('base64url'));
  return {
    status: 200,
    body: {
      data: kept.slice(from, from + size).map(shown),
      links: { self: url.href, ...(from + size < kept.length ? { next: next.href } : {}) },
    },
  };
}

type Holds = (values: Readonly<Record<string, unknown>>) => boolean;

function conditionsOf(filter: string | null): Holds[] {
  if (filter === null) return [];
  const found = [...filter.matchAll(/([a-z-]+)\(([a-z_.]+),((?:"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,()"]+))\)/g)];
  if (found.map(([text]) => text).join(',') !== filter)
    throw new Refused(400, `The filter ${filter} is not valid.`, 'filter');
  return found.map(([, operator, field, text]): Holds => {
    const wanted = readValue(text as string, field as string);
    return (values) => {
      const value = values[field as string];
      if (value === undefined) throw new Refused(400, `There is no filter on ${field}.`, 'filter');
      switch (operator) {
        case 'equals':
          return value === wanted;
        case 'any':
          return (wanted as unknown[]).includes(value);
        case 'contains':
          return String(value).includes(String(wanted));
        case 'greater-than':
          return (value as number) > (wanted as number);
        case 'greater-or-equal':
          return (value as number) >= (wanted as number);
        case 'less-than':
          return (value as number) < (wanted as number);
        case 'less-or-equal':
          return (value as number) <= (wanted as number);
        default:
          throw new Refused(400, `There is no operator ${operator}.`, 'filter');
      }
    };
  });
}

function readValue(text: string, field: string): unknown {
  if (text.startsWith('"') || text.startsWith('[')) return JSON.parse(text);
  if (field === 'timestamp') return Number(text);
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Refused(400, `${text} is no moment.`, 'filter');
  return time;
}
