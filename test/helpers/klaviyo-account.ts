// What a Klaviyo account holds, kept in memory: objects get ids, templates lose their comments, a flow's actions get
// ids of their own, its emails copies of their templates. Nothing here knows HTTP.

export interface StoredMetric {
  readonly id: string;
  readonly name: string;
  readonly integration: string | null;
}
export interface StoredEvent {
  readonly id: string;
  readonly metric: string;
  readonly profile: string;
  /** Seconds since the epoch. */
  readonly time: number;
  properties: Readonly<Record<string, unknown>>;
  /** The flow it is attributed to, told on request. */
  flow?: string;
}
export interface StoredProfile {
  id: string;
  email: string | null;
  created: string;
  updated: string;
  location: Record<string, unknown> | null;
  properties: Record<string, unknown>;
  consent: { consent: string; consent_timestamp: string | null; can_receive_email_marketing: boolean } | null;
}
export interface StoredFlow {
  id: string;
  name: string;
  status: string;
  archived: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's own tree
  definition: any;
}
export interface StoredTemplate {
  id: string;
  name: string;
  editor_type: string;
  html: string;
  /** Made for an email of a flow; not listed. */
  isCopy: boolean;
}
export interface StoredSegment {
  id: string;
  name: string;
  definition: unknown;
}

export class Refused extends Error {
  readonly status: number;
  readonly pointer: string;
  constructor(status: number, detail: string, pointer = '/data') {
    super(detail);
    this.status = status;
    this.pointer = pointer;
  }
}

export class KlaviyoAccount {
  readonly id: string;
  timezone = 'America/New_York';
  sender = { name: 'Example Shop', email: 'shop@example.com' };
  metrics: StoredMetric[] = [];
  events: StoredEvent[] = [];
  /** Told by a call, as they were sent. */
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's own tree
  told: any[] = [];
  profiles: StoredProfile[] = [];
  flows: StoredFlow[] = [];
  templates: StoredTemplate[] = [];
  segments: StoredSegment[] = [];
  lists: { id: string; name: string }[] = [];
  jobs: { id: string; looks: number; total: number; failed: number }[] = [];
  /** Whether an email of a flow names a copy of its template. */
  copiesTemplates = false;
  #given = new Map<string, number>();

  constructor(id = 'ACC1') {
    this.id = id;
  }

  clone(): KlaviyoAccount {
    const other = Object.assign(new KlaviyoAccount(this.id), structuredClone({ ...this }));
    other.#given = new Map(this.#given);
    return other;
  }

  /** Counted for each kind alone, so that a job more changes no other id. */
  newId(letter: string): string {
    const n = (this.#given.get(letter) ?? 0) + 1;
    this.#given.set(letter, n);
    return `${letter}${String(n).padStart(5, '0')}`;
  }

  addMetric(name: string, integration: string | null = 'API'): string {
    const id = this.newId('M');
    this.metrics.push({ id, name, integration });
    return id;
  }

  addProfile(parts: Partial<StoredProfile> = {}): string {
    const id = parts.id ?? this.newId('P');
    const created = parts.created ?? '2026-01-01T00:00:00+00:00';
    this.profiles.push({
      email: `${id.toLowerCase()}@example.com`,
      updated: created,
      location: null,
      properties: {},
      consent: null,
      ...parts,
      id,
      created,
    });
    return id;
  }

  addEvent(
    metric: string,
    profile: string,
    iso: string,
    properties: Record<string, unknown> = {},
    flow?: string,
  ): string {
    const id = this.newId('E');
    const time = Math.floor(Date.parse(iso) / 1000);
    this.events.push({ id, metric, profile, time, properties, ...(flow === undefined ? {} : { flow }) });
    return id;
  }

  createTemplate({ name, editor_type, html }: { name: string; editor_type: string; html: string }): StoredTemplate {
    const template = { id: this.newId('T'), name, editor_type, html: stripped(html), isCopy: false };
    this.templates.push(template);
    return template;
  }

  createSegment({ name, definition }: { name: string; definition: unknown }): StoredSegment {
    const segment = { id: this.newId('S'), name, definition };
    this.segments.push(segment);
    return segment;
  }

  /** @throws Refused where it names what is not there */
  createFlow({ name, definition }: { name: string; definition: StoredFlow['definition'] }): StoredFlow {
    const copy = structuredClone(definition) as StoredFlow['definition'];
    this.#assertKnown(copy);
    const ids = new Map<string, string>(
      copy.actions.map((action: { temporary_id: string }) => [action.temporary_id, this.newId('')]),
    );
    const idOf = (temporary: string | null) => (temporary === null ? null : (ids.get(temporary) ?? null));
    for (const action of copy.actions) {
      const { temporary_id, links } = action;
      delete action.temporary_id;
      action.id = idOf(temporary_id);
      for (const key of Object.keys(links)) links[key] = idOf(links[key]);
      if (action.type === 'send-email') this.#storeMessage(action.data.message, true);
    }
    copy.entry_action_id = idOf(copy.entry_action_id);
    const flow = { id: this.newId('F'), name, status: 'draft', archived: false, definition: copy };
    this.flows.push(flow);
    return flow;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the vendor's own tree
  updateAction(id: string, definition: any): any {
    for (const flow of this.flows) {
      // biome-ignore lint/suspicious/noExplicitAny: the vendor's own tree
      const action = flow.definition.actions.find((one: any) => one.id === id);
      if (action === undefined) continue;
      if (definition.id !== id) throw new Refused(400, 'The id of the action and of its definition differ.');
      if (JSON.stringify(definition.links) !== JSON.stringify(action.links)) {
        throw new Refused(400, 'Links of an action cannot be changed.', '/data/attributes/definition/links');
      }
      if (definition.type !== action.type) throw new Refused(400, 'The type of an action cannot be changed.');
      action.data = structuredClone(definition.data);
      if (action.type === 'send-email') this.#storeMessage(action.data.message, true);
      return action;
    }
    throw new Refused(404, `A flow action with id ${id} does not exist.`);
  }

  setStatus(id: string, status: string): StoredFlow {
    const flow = this.flow(id);
    flow.status = status;
    for (const action of flow.definition.actions) if (action.data?.status !== undefined) action.data.status = status;
    return flow;
  }

  flow(id: string): StoredFlow {
    const flow = this.flows.find((one) => one.id === id);
    if (flow === undefined) throw new Refused(404, `A flow with id ${id} does not exist.`);
    return flow;
  }

  /** Upserts by id or address. */
  importProfiles(
    rows: readonly { id?: string; attributes: { email?: string; properties?: Record<string, unknown> } }[],
    now: string,
  ): string {
    let failed = 0;
    const byId = new Map(this.profiles.map((profile) => [profile.id, profile]));
    for (const { id, attributes } of rows) {
      const found = id === undefined ? this.profiles.find(({ email }) => email === attributes.email) : byId.get(id);
      if (found === undefined) {
        if (attributes.email === undefined) failed++;
        else this.addProfile({ email: attributes.email, properties: { ...attributes.properties }, created: now });
        continue;
      }
      Object.assign(found.properties, attributes.properties);
      found.updated = now;
    }
    const job = { id: this.newId('J'), looks: 0, total: rows.length, failed };
    this.jobs.push(job);
    return job.id;
  }

  #assertKnown(definition: StoredFlow['definition']): void {
    const [trigger] = definition.triggers;
    const text = JSON.stringify(definition);
    for (const [, id] of text.matchAll(/"metric_id":"([^"]*)"/g)) this.#assertMetric(id as string);
    if (trigger.type === 'metric') this.#assertMetric(trigger.id);
    if (trigger.type === 'segment' && !this.segments.some(({ id }) => id === trigger.id)) {
      throw new Refused(400, `The segment ${trigger.id} does not exist.`, '/data/attributes/definition/triggers/0/id');
    }
    if (trigger.type === 'list' && !this.lists.some(({ id }) => id === trigger.id)) {
      throw new Refused(400, `The list ${trigger.id} does not exist.`, '/data/attributes/definition/triggers/0/id');
    }
    for (const action of definition.actions) {
      if (action.type === 'send-email') this.#assertTemplate(action.data.message.template_id);
    }
  }

  #assertMetric(id: string): void {
    if (!this.metrics.some((metric) => metric.id === id)) {
      throw new Refused(400, `The metric ${id} does not exist.`, '/data/attributes/definition');
    }
  }

  #assertTemplate(id: string | null): void {
    if (id !== null && !this.templates.some((template) => template.id === id)) {
      throw new Refused(400, `The template ${id} does not exist.`, '/data/attributes/definition/actions');
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: the vendor's own tree
  #storeMessage(message: any, copies: boolean): void {
    message.id ??= this.newId('m');
    this.#assertTemplate(message.template_id);
    const template = this.templates.find(({ id }) => id === message.template_id);
    if (copies && this.copiesTemplates && template !== undefined && !template.isCopy) {
      const copy = { ...template, id: this.newId('t'), isCopy: true };
      this.templates.push(copy);
      message.template_id = copy.id;
    }
    for (const key of Object.keys(message)) if (message[key] === null) delete message[key];
  }
}

function stripped(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, '');
}
