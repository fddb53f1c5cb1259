// The emails of a workflow as building blocks: subject and text in the service's tags, the fields these need, and what a
// person has to finish. The same for every service; what differs is its dialect.

import type { Step, Workflow } from '../workflow/index.ts';
import { stepsOf } from '../workflow/index.ts';
import type { BlockTarget } from './block-types.ts';
import { htmlOf, offerByHand, placeholder } from './content.ts';
import { eventNameOf } from './dialects.ts';
import { type SendScope, unknownScope } from './liquid.ts';
import { markedName } from './marker.ts';
import { type Dialect, type SentField, translatePersonal } from './personal.ts';
import type { Problems } from './problems.ts';
import { startingEvent } from './send-scope.ts';
import type { ByHand } from './types.ts';

export interface BlockEmail {
  readonly step: string;
  readonly at: string;
  /** For people: `Cart recovery: reminder`. */
  readonly title: string;
  readonly subject: string;
  readonly html: string;
  readonly isFinishedByHand: boolean;
  /** Of the template that the file names there; null where the text is ours. */
  readonly template: string | null;
  /** The event that starts it. */
  readonly event: string;
  /** What the automation is to be called, so that it can be found. */
  readonly automation: string;
  /** What can be seen of the incentive and of gaps. */
  readonly byHand: readonly ByHand[];
  /** Fields on which blocks of the text are shown, where a person sets that. */
  readonly conditional: readonly SentField[];
}

export interface BlockEmails {
  readonly emails: readonly BlockEmail[];
  readonly fields: readonly SentField[];
}

/** @param scope what a history has when an email goes out; without one texts are not checked against any */
export function blockEmails(
  workflow: Workflow,
  target: BlockTarget,
  dialect: Dialect,
  problems: Problems,
  scope: SendScope = unknownScope(startingEvent(workflow) !== null),
): BlockEmails {
  const fields = new Map<string, SentField>();
  const emails = stepsOf(workflow).map(({ step, at }) => {
    const subject = translatePersonal(step.subject ?? '', dialect, scope, `${at}.subject`, problems);
    const body = translatePersonal(step.body ?? '', dialect, scope, `${at}.body`, problems);
    for (const field of [...subject.fields, ...body.fields]) fields.set(field.key, field);
    const made = new Set([...subject.made, ...body.made]);
    const title = `${workflow.name}: ${step.id}`;
    const isGap = !subject.isWhole || !body.isWhole;
    return {
      step: step.id,
      at,
      title,
      subject: step.subject === null ? `[${step.id}]` : subject.text,
      html: step.body === null ? placeholder(step) : htmlOf(body.text),
      isFinishedByHand: step.body === null || step.subject === null || isGap,
      template: step.template?.[target] ?? null,
      event: eventNameOf(workflow.id, step.id),
      automation: markedName(title, { workflow: workflow.id, key: `automation:${step.id}`, generation: 1 }),
      byHand: [
        ...unwritten(step, at, dialect.service),
        ...(isGap && made.size === 0 ? [gap(step, at, dialect.service)] : []),
        ...offerByHand(step, at, made, dialect.service),
      ],
      conditional: [...subject.conditional, ...body.conditional],
    };
  });
  return { emails, fields: [...fields.values()] };
}

function unwritten(step: Step, at: string, service: string): ByHand[] {
  const missing = [
    ...(step.subject === null ? ['subject line'] : []),
    ...(step.body === null && step.template === null ? ['text'] : []),
  ];
  if (missing.length === 0) return [];
  const words = `The workflow has no ${missing.join(' and no ')} for it, so a placeholder stands there. Write it in ${service}, where the next step of the sheet names it.`;
  return [{ key: `body:${step.id}`, title: `Write the email "${step.id}"`, words, value: null, at }];
}

function gap(step: Step, at: string, service: string): ByHand {
  const words = `Part of it has no counterpart in ${service} and stands in square brackets: set it there.`;
  return { key: `finish:${step.id}`, title: `Finish the email "${step.id}"`, words, value: null, at };
}
