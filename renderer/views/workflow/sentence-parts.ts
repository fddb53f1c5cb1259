// The workflow as one plain sentence, in pieces: words, and the values in it that can be edited where they stand. It is
// made from the file, so that every value knows its path and looks as it was written.

import { capital, listed, money } from '../../../engine/base/index.ts';
import { triggerWords, type Workflow, type WorkflowFile } from '../../../engine/workflow/index.ts';
import { conditionParts, type Draft } from './condition-parts.ts';
import { spoken, type ValueKind, valueAt } from './values.ts';

export interface SentenceValue {
  /** In the file, as `setWorkflow` takes it. */
  readonly path: string;
  readonly kind: ValueKind;
  /** What it is, for the field and for Undo: `window`. */
  readonly name: string;
  readonly shown: string;
  /** As in the file. */
  readonly value: unknown;
}

export type SentencePart = string | SentenceValue;

/** @param workflow the checked form of `file` */
export function sentenceParts(file: WorkflowFile, workflow: Workflow, currency: string | null): SentencePart[] {
  const draft = draftOf(file, currency);
  return joined([
    'When ',
    ...triggerParts(draft, workflow),
    ...(workflow.audience === null ? [] : [', if ', ...conditionParts(draft, 'audience')]),
    ...suppressParts(draft, workflow),
    ...holdoutParts(draft, workflow),
    ...sequenceParts(draft, workflow),
    ...reentryParts(draft, workflow),
    ...endParts(draft, workflow),
  ]);
}

/** Reads the file and makes values of it. */
function draftOf(file: WorkflowFile, currency: string | null): Draft {
  const at = (path: string) => valueAt(file, path);
  return {
    at,
    value: (path, kind, name) => ({ path, kind, name, value: at(path), shown: shownValue(kind, at(path)) }),
    amount: (path, name) => {
      const value = at(path);
      const shown = typeof value === 'number' ? money(value, currency) : String(value);
      return { path, kind: typeof value === 'number' ? 'number' : 'text', name, value, shown };
    },
  };
}

function shownValue(kind: ValueKind, value: unknown): string {
  if ((kind === 'duration' || kind === 'delay') && typeof value === 'string') return spoken(value);
  if (kind === 'share' && typeof value === 'number') return `${Number((value * 100).toPrecision(6))}%`;
  return String(value);
}

function triggerParts(draft: Draft, workflow: Workflow): SentencePart[] {
  const { trigger } = workflow;
  if (trigger.type !== 'anyOf') return singleParts(draft, 'trigger', workflow.trigger);
  const listedTriggers = draft.at('trigger.triggers');
  const isFlat = Array.isArray(listedTriggers) && listedTriggers.length === trigger.triggers.length;
  if (!isFlat) return [triggerWords(trigger)];
  return trigger.triggers.flatMap((one, i) => [
    ...(i === 0 ? [] : [i === trigger.triggers.length - 1 ? ' or ' : ', ']),
    ...singleParts(draft, `trigger.triggers[${i}]`, one),
  ]);
}

function singleParts(draft: Draft, path: string, trigger: Workflow['trigger']): SentencePart[] {
  const event = (at: string) => draft.value(`${at}.event`, 'event', 'event');
  switch (trigger.type) {
    case 'inaction':
      return [
        'someone does ',
        event(`${path}.after`),
        filtered(trigger.after.where.length),
        ' and not ',
        event(`${path}.without`),
        filtered(trigger.without.where.length),
        trigger.key === null ? '' : ` for the same ${trigger.key}`,
        ' within ',
        draft.value(`${path}.within`, 'duration', 'window'),
        trigger.rearm === 'first' ? ' of the first' : '',
      ];
    case 'behavior':
      return [
        'someone does ',
        event(path),
        filtered(trigger.match.where.length),
        ...(trigger.count > 1 ? [' ', draft.value(`${path}.count`, 'whole', 'count'), ' times'] : []),
        ...(trigger.withinMs === null ? [] : [' within ', draft.value(`${path}.within`, 'duration', 'period')]),
        trigger.calendar === null ? '' : ` in a calendar ${trigger.calendar}`,
      ];
    case 'absence':
      return [
        `someone does ${trigger.of === null ? 'nothing' : `no ${listed(trigger.of, 'or')}`} for `,
        draft.value(`${path}.for`, 'duration', 'silence'),
        ...(trigger.afterActive?.kind === 'elapsed'
          ? [' after being active for ', draft.value(`${path}.afterActive`, 'duration', 'active time')]
          : trigger.afterActive?.kind === 'activeDays'
            ? [
                ' after ',
                draft.value(`${path}.afterActive.activeDays`, 'whole', 'active days'),
                ' active days in ',
                draft.value(`${path}.afterActive.inLast`, 'duration', 'active period'),
              ]
            : []),
      ];
    case 'condition': {
      const group = draft.at(`${path}.all`) === undefined ? 'any' : 'all';
      return ['it becomes true that ', ...conditionParts(draft, `${path}.${group}`, group)];
    }
    case 'decline':
      return [
        `someone's ${trigger.of === null ? 'events' : listed(trigger.of)} of the last `,
        draft.value(`${path}.recent`, 'duration', 'recent period'),
        ' fall below ',
        draft.value(`${path}.ratio`, 'share', 'ratio'),
        ' of their rate in the ',
        draft.value(`${path}.baseline`, 'duration', 'baseline'),
        ' before',
      ];
    default:
      return [triggerWords(trigger)];
  }
}

function filtered(filters: number): string {
  return filters === 0 ? '' : filters === 1 ? ' (1 filter)' : ` (${filters} filters)`;
}

function suppressParts(draft: Draft, workflow: Workflow): SentencePart[] {
  const { suppress } = workflow;
  if (suppress.length === 0) return [];
  return suppress.flatMap((_, i) => [
    i === 0 ? ', unless ' : i === suppress.length - 1 ? ' or ' : ', ',
    ...ruleParts(draft, workflow, i),
  ]);
}

/** What a rule says: `emailed by this workflow in the last 7 d`. */
export function ruleParts(draft: Draft, workflow: Workflow, i: number): SentencePart[] {
  const rule = workflow.suppress[i];
  if (rule === undefined) return [];
  const at = `suppress[${i}]`;
  const pieces: SentencePart[][] = [];
  if (rule.sent !== null) {
    const whose =
      rule.sent.workflow === workflow.id
        ? 'this workflow'
        : rule.sent.workflow === '*'
          ? 'any workflow'
          : rule.sent.workflow;
    pieces.push([
      `emailed by ${whose}${rule.sent.history ? ' or in the history' : ''} in the last `,
      draft.value(`${at}.sent.within`, 'duration', rule.id),
    ]);
  }
  rule.where.forEach((_, f) => {
    pieces.push(filterParts(draft, `${at}.where[${f}]`, rule.id));
  });
  if (rule.if !== null) pieces.push(conditionParts(draft, `${at}.if`, 'all', rule.id));
  return pieces.flatMap((piece, p) => (p === 0 ? piece : [' and ', ...piece]));
}

function filterParts(draft: Draft, at: string, name: string): SentencePart[] {
  const property = String(draft.at(`${at}.property`)).replace(/^person\./, 'their ');
  const op = String(draft.at(`${at}.op`));
  const value = draft.at(`${at}.value`);
  if (op === 'exists') return [`${property} is ${value === false ? 'not set' : 'set'}`];
  if (Array.isArray(value)) return [`${property} is ${listed(value.map(String), 'or')}`];
  const words = { '=': 'is', '!=': 'is not', '<': 'is under', '<=': 'is at most', '>': 'is over', '>=': 'is at least' };
  const said = `${property} ${words[op as keyof typeof words] ?? op} `;
  if (typeof value === 'boolean') return [`${said}${value}`];
  return [said, property === 'value' ? draft.amount(`${at}.value`, name) : edited(draft, `${at}.value`, name)];
}

function edited(draft: Draft, path: string, name: string): SentenceValue {
  return draft.value(path, typeof draft.at(path) === 'number' ? 'number' : 'text', name);
}

function holdoutParts(draft: Draft, { holdout, globalHoldout }: Workflow): SentencePart[] {
  const all =
    globalHoldout === null
      ? []
      : [' leave out ', draft.value('globalHoldout.fraction', 'share', 'global holdout'), ' of everyone,'];
  if (draft.at('holdout.fraction') === undefined) return [',', ...all];
  return [
    ',',
    ...all,
    ' hold out ',
    draft.value('holdout.fraction', 'share', 'holdout'),
    holdout.fraction > 0 ? ' and' : ',',
  ];
}

function sequenceParts(draft: Draft, workflow: Workflow): SentencePart[] {
  const others = workflow.holdout.fraction > 0 ? ' send the others ' : ' send ';
  const n = workflow.sequence.length;
  if (n === 0) return [`${others}nothing`];
  const steps: SentencePart[] = [];
  let emails = 0;
  let hasBranch = false;
  workflow.sequence.forEach((item, i) => {
    const gap = steps.length === 0 ? '' : i === n - 1 ? ' and ' : ', ';
    if (item.kind === 'branch') {
      hasBranch = true;
      emails += item.paths.reduce((sum, path) => sum + path.steps.length, item.else.length);
      const paths = item.paths.length + (item.else.length > 0 ? 1 : 0);
      steps.push(gap, `on ${paths} ${paths === 1 ? 'path' : 'paths'}`);
      return;
    }
    emails += 1;
    const after = item.from === 'previous' ? ' after the one before' : '';
    steps.push(gap, draft.value(`sequence[${i}].delay`, 'delay', `delay of ${item.id}`), after);
  });
  return [`${others}${hasBranch ? 'up to ' : ''}${emails} ${emails === 1 ? 'email' : 'emails'} after `, ...steps];
}

function reentryParts(draft: Draft, { reentry }: Workflow): SentencePart[] {
  if (reentry.kind === 'once') return [', once per person'];
  if (reentry.kind === 'cooldown')
    return [', at most once in ', draft.value('reentry.cooldown', 'duration', 'cooldown')];
  return [];
}

function endParts(draft: Draft, { exit, goal }: Workflow): SentencePart[] {
  const events = [...new Set([goal.match.event, ...exit.on.map(({ event }) => event)])];
  const after: SentencePart[] =
    exit.afterMs === null ? [] : [' or after ', draft.value('exit.after', 'duration', 'end')];
  return [
    `. Stop at ${listed(events, 'or')}`,
    ...after,
    '. Success is ',
    draft.value('goal.event', 'event', 'goal'),
    filtered(goal.match.where.length),
    ' within ',
    draft.value('goal.within', 'duration', 'goal window'),
    '.',
  ];
}

/** The rule in words alone, for its row. */
export function ruleWords(file: WorkflowFile, workflow: Workflow, i: number, currency: string | null): string {
  return plain(ruleParts(draftOf(file, currency), workflow, i));
}

/** What fires, for its row: `Added to Cart, no Purchased for 60 min`. */
export function triggerTitle(file: WorkflowFile, { trigger }: Workflow): string {
  if (trigger.type === 'inaction') {
    return `${trigger.after.event}, no ${trigger.without.event} for ${spoken(String(valueAt(file, 'trigger.within')))}`;
  }
  return capital(
    triggerWords(trigger)
      .replace(/^someone does /, '')
      .replaceAll('"', ''),
  );
}

export function plain(parts: readonly SentencePart[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.shown)).join('');
}

/** Words next to each other as one piece; empty ones fall out. */
function joined(parts: readonly SentencePart[]): SentencePart[] {
  const out: SentencePart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else out.push(part);
  }
  return out;
}
