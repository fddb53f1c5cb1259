// Everything a workflow wants at a service where no call makes an automation: the fields its texts show, a tag and a
// segment of whoever is in it, its texts, the events that start its emails, and the sheet for the person who builds the
// automations. Each email has an automation of its own that an event starts, so that what is sent is what was decided
// here: waits, conditions, holdout, limits and exits need nothing there.

import { listed } from '../base/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { stepsOf } from '../workflow/index.ts';
import type { BlockEmail } from './block-emails.ts';
import { blockEmails } from './block-emails.ts';
import type { BlockTarget, DesiredBlock, DesiredBlocks, SheetField, SheetStep } from './block-types.ts';
import { ESP_NAMES } from './esp-names.ts';
import { fitOf } from './fit.ts';
import type { SendScope } from './liquid.ts';
import { markedName, markerOf } from './marker.ts';
import type { Dialect, SentField } from './personal.ts';
import { Problems } from './problems.ts';
import { syncedFields, syncedProperties } from './synced.ts';
import type { ByHand, ObjectType, Sender } from './types.ts';

/** What the account says, for texts that need it. Null parts: not known. */
export interface BlockLookup {
  readonly sender: Sender | null;
  /** Where its contacts are, for people. */
  readonly place: string | null;
  /** How the workflow's file is called, in the commands a sheet gives. */
  readonly file: string;
  /** What is decided regularly: the programme of the workflow, where that holds people out of everything. Default: the file. */
  readonly decides?: string;
}

/** What one service adds. */
export interface BlockMaker {
  readonly target: BlockTarget;
  dialect(workflow: string): Dialect;
  /** What a field is called in texts. */
  fieldTag(workflow: string, field: SentField): string;
  /** The condition of a segment of those who have a tag. */
  segmentOn(tagKey: string): { readonly op: string; readonly value: string };
  /** Of the emails: texts, and events where these have to be made known. */
  texts(workflow: Workflow, emails: readonly BlockEmail[], sender: Sender | null): readonly DesiredBlock[];
  /** How a person builds the automation of one email. */
  automation(
    email: BlockEmail,
    lookup: BlockLookup,
    workflow: Workflow,
  ): { readonly words: readonly string[]; readonly fields: readonly SheetField[]; readonly isSeen: boolean };
}

/** @param scope what a history has when an email goes out */
export function desiredBlocks(
  maker: BlockMaker,
  workflow: Workflow,
  lookup: BlockLookup,
  scope?: SendScope,
): DesiredBlocks {
  const problems = new Problems();
  const { target } = maker;
  if (stepsOf(workflow).length === 0)
    problems.cannot('sequence', 'There is no email in it, so there is nothing to export.');
  const differences = fitOf(workflow, target).filter(({ support }) => support !== 'none');
  const dialect = maker.dialect(workflow.id);
  const { emails, fields: shown } = blockEmails(workflow, target, dialect, problems, scope);
  const synced = syncedFields(workflow, dialect);
  const byKey = new Map([...shown, ...synced.map(({ field }) => field)].map((field) => [field.key, field]));
  const fields = [...byKey.values()];
  const marked = (type: ObjectType, key: string, title: string, body: DesiredBlock['body']): DesiredBlock => {
    const name = markedName(title, { workflow: workflow.id, key, generation: 1 });
    return { key, type, name, isNamed: false, body, isFinishedByHand: false };
  };
  const tag = marked('tag', 'tag:in', `In ${workflow.name}`, {});
  const blocks = [
    ...fields.map((field) => {
      const body = { tag: maker.fieldTag(workflow.id, field), kind: 'text', fallback: field.fallback ?? '' };
      return marked('field', field.key, field.slug, body);
    }),
    tag,
    marked('segment', 'segment:in', `People in ${workflow.name}`, { conditions: [maker.segmentOn(tag.key)] }),
    ...maker.texts(workflow, emails, lookup.sender),
  ];
  const byHand = handWork(maker, emails, lookup);
  return {
    target,
    workflow: { id: workflow.id, name: workflow.name, hash: workflow.hash },
    marker: markerOf(workflow.id),
    blocks,
    fields,
    synced,
    emails: emails.map(({ step, event, automation }) => ({ step, event, automation })),
    tag: { key: tag.key, name: tag.name },
    sheet: sheetOf(maker, workflow, emails, blocks, lookup),
    byHand,
    differences,
    problems: problems.issues,
  };
}

function handWork(maker: BlockMaker, emails: readonly BlockEmail[], lookup: BlockLookup): ByHand[] {
  const service = ESP_NAMES[maker.target];
  return [
    ...emails.map(
      ({ step, automation, at }): ByHand => ({
        key: `automation:${step}`,
        title: `Build the automation of "${step}"`,
        words: `${service} has no call that makes one. Its settings stand on the sheet: foresend esp sheet ${lookup.file} --target ${maker.target}`,
        value: automation,
        at,
      }),
    ),
    ...emails.flatMap(({ byHand }) => byHand),
    {
      key: 'decide',
      title: 'Let it decide regularly',
      words: 'Emails go out when this is run with the newest rows, so run it as often as they may be late.',
      value: decideCommand(maker.target, lookup),
      at: '',
    },
  ];
}

function syncedWords(workflow: Workflow, target: BlockTarget): string[] {
  const names = syncedProperties(workflow);
  if (names.length === 0) return [];
  return [
    `It also keeps ${listed(names.map((name) => `"${name}"`))} of each contact up to date in ${ESP_NAMES[target]}, of nobody who is held out. Start no automation of your own at that field: the event starts the email, and both would send it twice.`,
  ];
}

function decideCommand(target: BlockTarget, { file: own, decides: file = own }: BlockLookup): string {
  const name = file.replace(/\.json$/, '');
  return `foresend decide ${file} --state ${name}.decide.jsonl --target ${target} < new-rows.jsonl`;
}

/** A cart automation of the service itself would write to the same people. */
function ownCartStep(workflow: Workflow, target: BlockTarget): SheetStep[] {
  const cart = fitOf(workflow, target).find(({ feature }) => feature === 'trigger.cart');
  if (cart === undefined) return [];
  return [
    {
      key: 'own-cart',
      title: `Turn off ${ESP_NAMES[target]}'s own abandoned-cart automation, if one is on`,
      words: [cart.consequence],
      fields: [],
      check: { by: 'eye' },
    },
  ];
}

function sheetOf(
  maker: BlockMaker,
  workflow: Workflow,
  emails: readonly BlockEmail[],
  blocks: readonly DesiredBlock[],
  lookup: BlockLookup,
): SheetStep[] {
  const { target } = maker;
  const name = lookup.file.replace(/\.json$/, '');
  const eye = { by: 'eye' } as const;
  return [
    {
      key: 'blocks',
      title: 'Push the building blocks',
      words: [
        'Apply the plan in the window, under Export; or in a terminal, in the folder of the workflow. No email is sent by it.',
      ],
      fields: [
        { name: 'First', value: `foresend esp plan ${lookup.file} --target ${target} --out ${name}.plan.json` },
        { name: 'Read it, then', value: `foresend esp apply ${name}.plan.json` },
      ],
      check: { by: 'objects', keys: blocks.map(({ key }) => key) },
    },
    ...ownCartStep(workflow, target),
    ...emails.flatMap((email, i): SheetStep[] => {
      const { words, fields, isSeen } = maker.automation(email, lookup, workflow);
      return [
        // First, so that nothing unfinished is turned on.
        ...email.byHand.map(
          (one): SheetStep => ({
            key: one.key,
            title: one.title,
            words: [one.words],
            fields: one.value === null ? [] : [{ name: 'Value', value: one.value }],
            check: eye,
          }),
        ),
        {
          key: `automation:${email.step}`,
          title: `Email ${i + 1} of ${emails.length}, "${email.step}": build its automation and turn it on`,
          words,
          fields,
          check: isSeen ? { by: 'automation', name: email.automation } : eye,
        },
      ];
    }),
    {
      key: 'try',
      title: 'Send everything to one test person',
      words: [
        `Use an address of your own that ${ESP_NAMES[target]} has as a subscribed contact. Each email arrives once; its text shows "example" where a value of a person goes.`,
      ],
      fields: [{ name: 'Command', value: `foresend esp try ${lookup.file} --target ${target} --email YOUR-ADDRESS` }],
      check: eye,
    },
    {
      key: 'decide',
      title: 'Let it decide regularly',
      words: [
        'Run it as often as emails may be late, each time with the rows that are new; rows given twice do no harm. "--until TIME" says up to when the rows are complete; without it, up to the last of them.',
        ...syncedWords(workflow, target),
      ],
      fields: [{ name: 'Command', value: decideCommand(target, lookup) }],
      check: eye,
    },
  ];
}
