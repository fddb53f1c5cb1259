// Mailchimp's building blocks: merge fields, a tag (a static segment), a saved segment on it, classic templates. Events
// need no making. The calls are those of the marketing interface, version 3.0.

import { assert } from '../base/index.ts';
import type { BlockMaker } from './block-desired.ts';
import type { BlockRoutes, DesiredBlock } from './block-types.ts';
import { mailchimpDialect, mergeTag } from './dialects.ts';
import { markedName } from './marker.ts';
import { plannedRequest } from './requests.ts';
import type { ObjectType } from './types.ts';

export const mailchimpMaker: BlockMaker = {
  target: 'mailchimp',
  dialect: mailchimpDialect,
  fieldTag: mergeTag,
  segmentOn: (tagKey) => ({ op: 'static_is', value: `{{#${tagKey}}}` }),
  texts: (workflow, emails) =>
    emails
      .filter(({ template }) => template === null)
      .map(({ step, title, html, isFinishedByHand }) => ({
        key: `template:${step}`,
        type: 'template',
        name: markedName(title, { workflow: workflow.id, key: `template:${step}`, generation: 1 }),
        isNamed: false,
        body: { html },
        isFinishedByHand,
      })),
  automation: (email, { sender, place }, workflow) => ({
    words: [
      'Automations, new flow, from scratch. Give it one starting point and one step, as below, then turn it on.',
      'Contacts may enter each time the event happens: Foresend sends it only when an email is due.',
    ],
    fields: [
      { name: 'Flow name', value: email.automation },
      { name: 'Audience', value: place ?? 'the audience of the building blocks' },
      { name: 'Starting point', value: 'API event (custom event)' },
      { name: 'Event name', value: email.event },
      { name: 'Event properties', value: 'none' },
      { name: 'Contacts may enter', value: 'every time' },
      { name: 'Step', value: 'Send email, without a delay before it' },
      { name: 'Subject', value: email.subject },
      { name: 'From name', value: sender?.fromLabel ?? "the audience's default" },
      { name: 'From address', value: sender?.fromEmail ?? "the audience's default" },
      {
        name: 'Template (saved templates)',
        value:
          email.template ??
          markedName(email.title, { workflow: workflow.id, key: `template:${email.step}`, generation: 1 }),
      },
    ],
    isSeen: false,
  }),
};

export const mailchimpRoutes: BlockRoutes = {
  revision: '3.0',
  create: (block, account) => [
    plannedRequest('POST', folderOf(block.type, account), bodyOf(block), {
      creates: block.key,
      lookup: { type: block.type, name: block.name },
    }),
  ],
  change(block, id, account) {
    // Its description says two things about the conditions of a change; of a new one it says one.
    if (block.type === 'segment')
      return [
        mailchimpRoutes.remove(block.type, id, block.key, account),
        ...mailchimpRoutes.create(block, account),
      ].filter((one) => one !== null);
    return [plannedRequest('PATCH', `${folderOf(block.type, account)}/${id}`, bodyOf(block), {})];
  },
  remove: (type, id, key, account) =>
    plannedRequest('DELETE', `${folderOf(type, account)}/${id}`, null, { removes: key }),
};

/** `acc/audience` as its parts. */
export function audienceOf(account: string): string {
  const audience = account.split('/')[1];
  assert(audience !== undefined, 'an account at Mailchimp names its audience');
  return audience;
}

function folderOf(type: ObjectType, account: string): string {
  const list = `/lists/${audienceOf(account)}`;
  if (type === 'field') return `${list}/merge-fields`;
  return type === 'template' ? '/templates' : `${list}/segments`;
}

function bodyOf({ type, name, body }: DesiredBlock): Record<string, unknown> {
  switch (type) {
    case 'field':
      return { tag: body['tag'], name, type: 'text', default_value: body['fallback'], public: false };
    case 'tag':
      return { name, static_segment: [] };
    case 'segment': {
      const conditions = body['conditions'] as readonly { readonly op: string; readonly value: unknown }[];
      const all = conditions.map((one) => ({ condition_type: 'StaticSegment', field: 'static_segment', ...one }));
      return { name, options: { match: 'all', conditions: all } };
    }
    default:
      return { name, html: body['html'] };
  }
}
