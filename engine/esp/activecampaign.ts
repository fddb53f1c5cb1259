// ActiveCampaign's building blocks: custom fields, a tag, a segment on it, event names and the switch that lets events
// in, messages. The calls are those of the v3 interface.

import type { BlockMaker } from './block-desired.ts';
import type { BlockRoutes, DesiredBlock } from './block-types.ts';
import { activeCampaignDialect, personalTag } from './dialects.ts';
import { markedName } from './marker.ts';
import { plannedRequest } from './requests.ts';
import type { ObjectType, Sender } from './types.ts';

/** The event names' own objects have the name as their id. */
const FOLDERS: Partial<Record<ObjectType, string>> = {
  field: '/fields',
  tag: '/tags',
  segment: '/segmentsV2',
  event: '/eventTrackingEvents',
  message: '/messages',
};

export const activeCampaignMaker: BlockMaker = {
  target: 'activecampaign',
  dialect: activeCampaignDialect,
  fieldTag: personalTag,
  segmentOn: (tagKey) => ({ op: '=', value: `{{${tagKey}}}` }),
  texts: (workflow, emails, sender) => [
    {
      key: 'tracking',
      type: 'tracking',
      name: 'Event tracking',
      isNamed: true,
      body: { enabled: true },
      isFinishedByHand: false,
    },
    ...emails.map(
      ({ step, event }): DesiredBlock => ({
        key: `event:${step}`,
        type: 'event',
        name: event,
        isNamed: true,
        body: {},
        isFinishedByHand: false,
      }),
    ),
    ...emails
      .filter(({ template }) => template === null)
      .map(
        ({ step, title, subject, html, isFinishedByHand }): DesiredBlock => ({
          key: `message:${step}`,
          type: 'message',
          name: markedName(title, { workflow: workflow.id, key: `message:${step}`, generation: 1 }),
          isNamed: false,
          body: { subject, sender: senderText(sender), html },
          isFinishedByHand,
        }),
      ),
  ],
  automation: (email, { sender }, workflow) => ({
    words: [
      'Automations, new automation, start from scratch. Give it one start and one action, as below, then set it active.',
      'It runs multiple times: Foresend sends the event only when an email is due.',
      ...email.conditional.map(
        (field) =>
          `Make a block of its own of each passage marked "[Only where %${personalTag(workflow.id, field)}% says yes:]", give it the condition that the field "${field.slug}" is "yes", and remove the marks.`,
      ),
    ],
    fields: [
      { name: 'Automation name', value: email.automation },
      { name: 'Start trigger', value: 'Event is recorded' },
      { name: 'Event', value: email.event },
      { name: 'Event value', value: 'any' },
      { name: 'Runs', value: 'multiple times' },
      { name: 'Action', value: 'Send an email, without a wait before it' },
      { name: 'Email name', value: email.title },
      { name: 'Subject', value: email.subject },
      { name: 'From name', value: sender?.fromLabel ?? "the account's own" },
      { name: 'From address', value: sender?.fromEmail ?? "the account's own" },
      email.template === null
        ? { name: 'Content (custom HTML)', value: email.html }
        : { name: 'Template', value: email.template },
    ],
    isSeen: true,
  }),
};

export const activeCampaignRoutes: BlockRoutes = {
  revision: '3',
  create(block) {
    if (block.type === 'tracking') return [plannedRequest('PUT', '/eventTracking', bodyOf(block), {})];
    const lookup = { type: block.type, name: block.name };
    const created = plannedRequest('POST', `${FOLDERS[block.type]}`, bodyOf(block), { creates: block.key, lookup });
    // 0: on every list.
    const relation = { fieldRel: { field: `{{${block.key}}}`, relid: 0 } };
    if (block.type === 'field') return [created, plannedRequest('POST', '/fieldRels', relation, {})];
    if (block.type !== 'message') return [created];
    // A message is made without a name and named afterwards.
    return [created, plannedRequest('PUT', `/messages/{{${block.key}}}`, { message: { name: block.name } }, {})];
  },
  change: (block, id) => [
    plannedRequest(
      'PUT',
      block.type === 'tracking' ? '/eventTracking' : `${FOLDERS[block.type]}/${id}`,
      bodyOf(block),
      {},
    ),
  ],
  remove: (type, id, key) =>
    type === 'tracking'
      ? null
      : plannedRequest('DELETE', `${FOLDERS[type]}/${encodeURIComponent(id)}`, null, { removes: key }),
};

/** `Example Shop <shop@example.com>`. */
export function senderText(sender: Sender | null): string {
  return sender === null ? '' : `${sender.fromLabel} <${sender.fromEmail}>`;
}

function bodyOf({ type, name, body }: DesiredBlock): Record<string, unknown> {
  switch (type) {
    case 'tracking':
      return { eventTracking: { enabled: true } };
    case 'field':
      return { field: { type: 'text', title: name, perstag: body['tag'], defval: body['fallback'], visible: 0 } };
    case 'tag':
      return { tag: { tag: name, tagType: 'contact', description: 'In the workflow right now; kept by Foresend.' } };
    case 'event':
      return { eventTrackingEvent: { name } };
    case 'segment': {
      const [condition] = body['conditions'] as readonly { readonly op: string; readonly value: unknown }[];
      const fields = [{ name: 'tagid', operator: condition?.op, value: condition?.value, data_type: 'string' }];
      const attributes = {
        name,
        segment_condition_group_operator: 'and',
        segment_condition_groups: [{ id: '1', operator: 'and', values: [{ type: 'condition', id: '1' }] }],
        segment_conditions: [{ id: '1', object_type: 'tag', source_system: 'activecampaign', fields }],
      };
      return { data: [{ type: 'Segment.v2', attributes }] };
    }
    default: {
      const [, fromname = '', fromemail = ''] = /^(.*) <(.*)>$/.exec(String(body['sender'])) ?? [];
      const { subject, html } = body;
      return { message: { fromname, fromemail, reply2: fromemail, subject, html } };
    }
  }
}
