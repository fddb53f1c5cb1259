// What an account holds, as far as a plan, a check or a removal needs it: its name and sender, its metrics, lists and
// segments, and every object that bears the workflow's marker, that the state names, or that has a name we are asked
// for. Reads only.

import {
  type CurrentFlow,
  type CurrentSegment,
  type CurrentTemplate,
  type EspState,
  type KlaviyoCurrent,
  markerOf,
  markOf,
  type ObjectType,
  type Sender,
} from '../../esp/index.ts';
import { stepsOf, type Workflow } from '../../workflow/index.ts';
import { isRecord, type KlaviyoClient, type Resource } from './klaviyo-client.ts';
import { VendorError } from './vendor-error.ts';

export interface AccountFacts {
  readonly accountId: string;
  readonly sender: Sender | null;
  readonly timezone: string | null;
  readonly name: string | null;
}

/** Also the cheapest way to learn whether a key is right. */
export async function readAccount(client: KlaviyoClient): Promise<AccountFacts> {
  const [account] = await client.all('/api/accounts');
  if (account === undefined) throw new VendorError('NO_ACCOUNT', 200, 'Klaviyo names no account for this key.');
  const { attributes } = account;
  const contact = isRecord(attributes['contact_information']) ? attributes['contact_information'] : {};
  const email = textOf(contact['default_sender_email']);
  return {
    accountId: account.id,
    sender:
      email === null
        ? null
        : { fromEmail: email, fromLabel: textOf(contact['default_sender_name']) ?? email, replyTo: null },
    timezone: textOf(attributes['timezone']),
    name: textOf(contact['organization_name']),
  };
}

export async function readMetrics(client: KlaviyoClient): Promise<KlaviyoCurrent['metrics']> {
  const metrics = await client.all('/api/metrics');
  return metrics.map(({ id, attributes }) => {
    const { integration } = attributes;
    return {
      id,
      name: textOf(attributes['name']) ?? id,
      integration: isRecord(integration) ? textOf(integration['name']) : null,
    };
  });
}

export interface Groups {
  readonly groups: KlaviyoCurrent['groups'];
  readonly segments: readonly CurrentSegment[];
}

export async function readGroups(client: KlaviyoClient): Promise<Groups> {
  const segments = await client.all('/api/segments');
  const lists = await client.all('/api/lists');
  return {
    segments: segments.map((segment) => ({
      id: segment.id,
      name: nameOf(segment),
      definition: segment.attributes['definition'] ?? null,
    })),
    groups: [
      ...segments.map((segment) => ({ id: segment.id, name: nameOf(segment), kind: 'segment' as const })),
      ...lists.map((list) => ({ id: list.id, name: nameOf(list), kind: 'list' as const })),
    ],
  };
}

/** Null where it is not there. */
export async function readFlow(client: KlaviyoClient, id: string): Promise<CurrentFlow | null> {
  const flow = await there(
    client.get(`/api/flows/${encodeURIComponent(id)}`, { 'additional-fields[flow]': 'definition' }),
  );
  return flow === null ? null : flowOf(flow);
}

/** @param names titles or names of objects that count too, for binding to what exists */
export async function readCurrent(
  client: KlaviyoClient,
  workflow: Pick<Workflow, 'id' | 'sequence'>,
  state: EspState | null,
  names: readonly string[] = [],
): Promise<KlaviyoCurrent> {
  const { accountId, sender, timezone } = await readAccount(client);
  const metrics = await readMetrics(client);
  const { groups, segments } = await readGroups(client);
  const ids = new Set(Object.values(state?.objects ?? {}).map(({ id }) => id));
  const isMeant = ({ id, name }: { readonly id: string; readonly name: string }) =>
    ids.has(id) || markOf(name)?.workflow === workflow.id || names.includes(name);

  const flows: CurrentFlow[] = [];
  for (const flow of await client.all('/api/flows')) {
    if (!isMeant({ id: flow.id, name: nameOf(flow) })) continue;
    const whole = await readFlow(client, flow.id);
    if (whole !== null) flows.push(whole);
  }
  const templates = await readTemplates(client, workflow, state, names);
  return {
    accountId,
    sender,
    timezone,
    metrics,
    groups,
    flows,
    templates,
    segments: segments.filter(isMeant),
    templateIds: templates.map(({ id }) => id),
  };
}

async function readTemplates(
  client: KlaviyoClient,
  workflow: Pick<Workflow, 'id' | 'sequence'>,
  state: EspState | null,
  names: readonly string[],
): Promise<CurrentTemplate[]> {
  const found = new Map<string, CurrentTemplate>();
  const add = (resource: Resource) => found.set(resource.id, templateOf(resource));
  // Without the bracket: a search need not take it.
  const marker = markerOf(workflow.id).replace('[', '').trim();
  const marked = await client.all('/api/templates', { filter: `contains(name,${JSON.stringify(marker)})` });
  for (const template of marked) if (markOf(nameOf(template))?.workflow === workflow.id) add(template);
  for (const name of names) {
    for (const template of await client.all('/api/templates', { filter: `equals(name,${JSON.stringify(name)})` }))
      add(template);
  }
  const known = Object.values(state?.objects ?? {}).flatMap(({ type, id }) => (type === 'template' ? [id] : []));
  const named = stepsOf(workflow as Workflow).flatMap(({ step }) => step.template?.['klaviyo'] ?? []);
  for (const id of new Set([...known, ...named])) {
    if (found.has(id)) continue;
    const template = await readTemplate(client, id);
    if (template !== null) found.set(id, template);
  }
  return [...found.values()];
}

/** Null where it is not there. */
export async function readTemplate(client: KlaviyoClient, id: string): Promise<CurrentTemplate | null> {
  const template = await there(client.get(`/api/templates/${encodeURIComponent(id)}`));
  return template === null ? null : templateOf(template);
}

/** Ids of objects of one exact name. */
export async function idsByName(client: KlaviyoClient, type: ObjectType, name: string): Promise<string[]> {
  const found = await client.all(`/api/${type}s`, { filter: `equals(name,${JSON.stringify(name)})` });
  return found.filter((resource) => nameOf(resource) === name).map(({ id }) => id);
}

async function there(asked: Promise<Resource>): Promise<Resource | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof VendorError && error.status === 404) return null;
    throw error;
  }
}

function flowOf(flow: Resource): CurrentFlow {
  return {
    id: flow.id,
    name: nameOf(flow),
    status: textOf(flow.attributes['status']) ?? 'draft',
    archived: flow.attributes['archived'] === true,
    definition: flow.attributes['definition'] ?? null,
  };
}

function templateOf(template: Resource): CurrentTemplate {
  return { id: template.id, name: nameOf(template), html: textOf(template.attributes['html']) };
}

export function nameOf({ attributes }: Resource): string {
  return textOf(attributes['name']) ?? '';
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
