// A vendor in memory for plans: carries out requests as Klaviyo is described to, with ids of its own, defaults and nulls
// added, and (by choice) a copy of each template inside the flow.

import {
  actionId,
  type DesiredKlaviyo,
  type EspState,
  emptyState,
  type KlaviyoCurrent,
  type KlaviyoLookup,
  type KlaviyoPlan,
  type PlannedRequest,
  recordApply,
  recordCreated,
  recordReadBack,
  recordRemoved,
  withIds,
} from '../../../engine/esp/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies are walked by the vendor's keys
type Json = any;

export class Vendor {
  readonly lookup: KlaviyoLookup;
  flows: Json[] = [];
  templates: Json[] = [];
  segments: Json[] = [];
  readonly copiesTemplates: boolean;
  #n = 0;

  constructor(lookup: KlaviyoLookup, copiesTemplates = false) {
    this.lookup = lookup;
    this.copiesTemplates = copiesTemplates;
  }

  current(): KlaviyoCurrent {
    const { flows, templates, segments } = structuredClone({
      flows: this.flows,
      templates: this.templates,
      segments: this.segments,
    });
    return {
      ...this.lookup,
      templateIds: [...this.lookup.templateIds, ...templates.map(({ id }: Json) => id)],
      flows,
      templates,
      segments,
    };
  }

  /** @returns the id of what was created */
  send(request: PlannedRequest, ids: Record<string, string>): string | null {
    const [, , kind, id] = request.path.split('/') as [string, string, string, string | undefined];
    const attributes = (withIds(request.body, ids) as Json)?.data?.attributes;
    if (request.method === 'DELETE') {
      this.flows = this.flows.filter((one) => one.id !== id);
      this.templates = this.templates.filter((one) => one.id !== id);
      this.segments = this.segments.filter((one) => one.id !== id);
      return null;
    }
    if (request.method === 'PATCH') {
      if (kind === 'templates')
        Object.assign(
          this.templates.find((one) => one.id === id),
          attributes,
        );
      if (kind === 'segments')
        Object.assign(
          this.segments.find((one) => one.id === id),
          attributes,
        );
      if (kind === 'flow-actions') this.#patchAction(id as string, attributes.definition);
      return null;
    }
    const made = this.#id(kind.slice(0, 2).toUpperCase());
    if (kind === 'templates') this.templates.push({ id: made, name: attributes.name, html: attributes.html });
    if (kind === 'segments') this.segments.push({ id: made, ...attributes });
    if (kind === 'flows') {
      const definition = this.#stored(attributes.definition);
      this.flows.push({ id: made, name: attributes.name, status: 'draft', archived: false, definition });
    }
    return made;
  }

  #id(prefix: string): string {
    this.#n++;
    return `${prefix}${String(this.#n).padStart(4, '0')}`;
  }

  #stored(definition: Json): Json {
    const ids = new Map(definition.actions.map((action: Json) => [actionId(action), this.#id('A')]));
    const renamed = (links: Json) =>
      Object.fromEntries(Object.entries(links).map(([key, to]) => [key, to === null ? null : ids.get(to as string)]));
    return {
      ...definition,
      entry_action_id: ids.get(definition.entry_action_id) ?? null,
      actions: definition.actions.map(({ temporary_id, ...action }: Json) => ({
        ...action,
        id: ids.get(temporary_id),
        links: renamed(action.links),
        data: this.#data(action.type, action.data),
      })),
    };
  }

  #data(type: string, data: Json): Json {
    if (type === 'time-delay') return { secondary_value: null, delay_until_time: null, ...data };
    if (type !== 'send-email') return data;
    const { transactional, ...message } = data.message;
    const template_id = this.copiesTemplates ? `COPY${message.template_id}` : message.template_id;
    return {
      ...data,
      message: {
        id: this.#id('MSG'),
        cc_email: null,
        preview_text: null,
        custom_tracking_params: null,
        ...message,
        template_id,
        ...(transactional ? { transactional } : {}),
      },
    };
  }

  #patchAction(id: string, definition: Json): void {
    for (const flow of this.flows) {
      const i = flow.definition.actions.findIndex((action: Json) => action.id === id);
      if (i < 0) continue;
      flow.definition.actions[i] = { ...definition, data: this.#data(definition.type, definition.data) };
    }
  }
}

/** Carries out a plan and reads back, as apply does. @param meanwhile what happens at the vendor in between */
export function applied(
  vendor: Vendor,
  plan: KlaviyoPlan,
  desired: DesiredKlaviyo,
  before: EspState | null,
  meanwhile: () => void = () => {},
): EspState {
  let state = before ?? emptyState('klaviyo', desired.workflow.id, desired.accountId);
  for (const action of plan.actions) {
    for (const request of action.requests) {
      const ids = Object.fromEntries(Object.entries(state.objects).map(([key, { id }]) => [key, id]));
      const id = vendor.send(request, ids);
      if (id !== null) state = recordCreated(state, request, id, action.wantedHash);
      if (request.removes !== null) state = recordRemoved(state, request.removes);
    }
  }
  meanwhile();
  state = recordReadBack(state, desired, vendor.current());
  return recordApply(state, plan, plan.madeAt);
}
