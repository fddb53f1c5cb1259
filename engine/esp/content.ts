// The email of a step as Klaviyo gets it: subject line, template and what a person has to finish in it.

import { longDuration } from '../base/index.ts';
import type { Step, Workflow } from '../workflow/index.ts';
import { type Translated, translateLiquid } from './django.ts';
import type { SendScope } from './liquid.ts';
import { markedName } from './marker.ts';
import type { Problems } from './problems.ts';
import type { ByHand, DesiredTemplate, KlaviyoLookup } from './types.ts';

export interface StepContent {
  readonly subject: string;
  /** An id of the account, or `{{template:reminder}}` for one of ours. */
  readonly templateId: string;
  /** Null where the step uses a template that exists. */
  readonly template: DesiredTemplate | null;
  /** A person finishes the subject line. */
  readonly isSubjectByHand: boolean;
  readonly byHand: readonly ByHand[];
}

export function stepContent(
  workflow: Workflow,
  step: Step,
  at: string,
  scope: SendScope,
  lookup: KlaviyoLookup,
  problems: Problems,
): StepContent {
  const byHand: ByHand[] = [];
  const subject = translateLiquid(step.subject ?? '', scope, `${at}.subject`, problems);
  const body = translateLiquid(step.body ?? '', scope, `${at}.body`, problems);
  const own = step.template?.['klaviyo'] ?? null;
  if (step.subject === null) {
    byHand.push({
      key: `subject:${step.id}`,
      title: `Write the subject line of "${step.id}"`,
      words: `The workflow has none. In the flow, open the email "${step.id}" and set its subject line.`,
      value: null,
      at,
    });
  }
  if (own === null && step.body === null) {
    byHand.push({
      key: `body:${step.id}`,
      title: `Write the email "${step.id}"`,
      words: `The workflow has no text for it, so the draft holds a placeholder. Edit the template in Klaviyo.`,
      value: markedName(templateTitle(workflow, step), { workflow: workflow.id, key: key(step), generation: 1 }),
      at,
    });
  }
  if (isUntranslated(subject) || isUntranslated(body)) {
    byHand.push({
      key: `finish:${step.id}`,
      title: `Finish the email "${step.id}"`,
      words: 'Part of it has no counterpart in Klaviyo and stands in square brackets: write it there in other words.',
      value: null,
      at,
    });
  }
  byHand.push(...offerByHand(step, at, new Set([...subject.made, ...body.made]), 'Klaviyo'));
  if (own !== null && !lookup.templateIds.includes(own)) {
    problems.error(
      'UNKNOWN_TEMPLATE',
      `${at}.template.klaviyo`,
      `This account has no template "${own}"; it was deleted, or belongs to another account.`,
    );
  }
  const template: DesiredTemplate = {
    key: key(step),
    step: step.id,
    name: markedName(templateTitle(workflow, step), { workflow: workflow.id, key: key(step), generation: 1 }),
    html: step.body === null ? placeholder(step) : htmlOf(body.text),
    isFinishedByHand: step.body === null || !body.isWhole,
  };
  return {
    subject: step.subject === null ? `[${step.id}]` : subject.text,
    templateId: own ?? `{{${template.key}}}`,
    template: own === null ? template : null,
    isSubjectByHand: step.subject === null || !subject.isWhole,
    byHand,
  };
}

function isUntranslated({ isWhole, made }: Translated): boolean {
  return !isWhole && made.length === 0;
}

function key(step: Step): string {
  return `template:${step.id}`;
}

function templateTitle(workflow: Workflow, step: Step): string {
  return `${workflow.name}: ${step.id}`;
}

/** What a person does about an offer, and about names that only the offer gives. */
export function offerByHand(step: Step, at: string, made: ReadonlySet<string>, service: string): ByHand[] {
  const { incentive } = step;
  const missing = [...made].map((name) => `"[${name}]"`).join(', ');
  if (incentive === null) {
    if (made.size === 0) return [];
    const words = `${service} cannot work it out. In the email "${step.id}", replace ${missing} by the text that is meant.`;
    return [{ key: `offer:${step.id}`, title: `Fill in ${missing}`, words, value: null, at }];
  }
  const offer = [
    incentive.percent === null ? null : `${incentive.percent}% off`,
    incentive.amount === null ? null : `${incentive.amount} off`,
    incentive.freeShipping === null ? null : 'free shipping',
    incentive.minimum === null ? null : `on orders from ${incentive.minimum}`,
    incentive.expiresMs === null ? null : `for ${longDuration(incentive.expiresMs)} after the email`,
  ];
  const value = offer.filter((part) => part !== null).join(', ');
  const fill = made.size === 0 ? 'put its code into' : `replace ${missing} in`;
  const words = `Make the offer in the shop, ${value}, and ${fill} the email "${step.id}".`;
  return [{ key: `offer:${step.id}`, title: `Make the offer of "${step.id}"`, words, value, at: `${at}.incentive` }];
}

export function htmlOf(text: string): string {
  return /<[a-z][^>]*>/i.test(text) ? text : `<p>${text.replace(/\n{2,}/g, '</p><p>').replace(/\n/g, '<br>')}</p>`;
}

export function placeholder(step: Step): string {
  return `<p>[Write the email "${step.id}" here.]</p>`;
}
