// Which rows of the vocabulary concern a workflow, each with its place in the file, and of these the differences.

import { isCartLike } from '../events/index.ts';
import type { Condition, SingleTrigger, Workflow } from '../workflow/index.ts';
import { stepsOf } from '../workflow/index.ts';
import type { Difference, EspTarget } from './types.ts';
import { vocabularyRow } from './vocabulary.ts';

export interface Use {
  /** Id of a row of the vocabulary. */
  readonly feature: string;
  /** Path in the workflow file. */
  readonly at: string;
}

/** In the order of the file: all that does not mean the same at the target. A feature met in several places stands once for each. */
export function fitOf(workflow: Workflow, target: EspTarget): Difference[] {
  return featuresOf(workflow).flatMap(({ feature, at }): Difference[] => {
    const { words, targets } = vocabularyRow(feature);
    const { support, consequence, source } = targets[target];
    return support === 'same' ? [] : [{ feature, words, support, consequence, source, at }];
  });
}

export function featuresOf(workflow: Workflow): Use[] {
  const uses: Use[] = [];
  const use = (feature: string, at: string) => uses.push({ feature, at });
  triggerFeatures(workflow, use);
  conditionFeatures(workflow.audience, 'audience', use, 'audience');
  workflow.suppress.forEach((rule, i) => {
    const at = `suppress[${i}]`;
    if (rule.sent !== null) {
      use(rule.sent.workflow === workflow.id ? 'suppress.sent.own' : 'suppress.sent.any', `${at}.sent`);
    }
    if (rule.where.length > 0) use('suppress.where', `${at}.where`);
    conditionFeatures(rule.if, `${at}.if`, use, 'suppress.if');
  });
  use(`reentry.${workflow.reentry.kind}`, 'reentry');
  use('reach', 'reach');
  if (workflow.reach.consent !== null) use('reach.consent', 'reach.consent');
  const { gates } = workflow;
  if (gates !== null) {
    if (gates.unsubscribed !== null) use('gates.unsubscribed', 'gates.unsubscribed');
    gates.cap.forEach((_, i) => {
      use('gates.cap', `gates.cap[${i}]`);
    });
    if (gates.quiet !== null) use('gates.quiet', 'gates.quiet');
    if (gates.sendTime !== null) use('gates.sendTime', 'gates.sendTime');
  }
  if (workflow.globalHoldout !== null && workflow.globalHoldout.fraction > 0) use('globalHoldout', 'globalHoldout');
  if (workflow.holdout.fraction > 0) use('holdout', 'holdout');
  sequenceFeatures(workflow, use);
  use('exit.goal', 'goal');
  workflow.exit.on.forEach((match, i) => {
    const isGoal = JSON.stringify(match) === JSON.stringify(workflow.goal.match);
    if (!isGoal) use('exit.on', `exit.on[${i}]`);
  });
  const { afterMs } = workflow.exit;
  if (afterMs !== null) {
    const isEarly = stepsOf(workflow).some(({ step }) => step.delayMs > afterMs);
    use(isEarly ? 'exit.after.early' : 'exit.after', 'exit.after');
  }
  return uses;
}

type UseIt = (feature: string, at: string) => unknown;

function triggerFeatures({ trigger }: Workflow, use: UseIt): void {
  if (trigger.type === 'anyOf') {
    use('trigger.anyOf', 'trigger');
    trigger.triggers.forEach((inner, i) => {
      singleFeatures(inner, `trigger.triggers[${i}]`, use);
    });
  } else {
    singleFeatures(trigger, 'trigger', use);
  }
}

function singleFeatures(trigger: SingleTrigger, at: string, use: UseIt): void {
  switch (trigger.type) {
    case 'behavior':
      use('trigger.behavior', at);
      if (trigger.withinMs !== null) use('trigger.behavior.count', `${at}.count`);
      if (trigger.calendar !== null) use('trigger.behavior.calendar', `${at}.calendar`);
      return;
    case 'inaction':
      use('trigger.inaction', at);
      if (isCartLike(trigger.after.event)) use('trigger.cart', `${at}.after`);
      use(`trigger.rearm.${trigger.rearm}`, `${at}.rearm`);
      if (trigger.key !== null) use('trigger.key', `${at}.key`);
      return;
    case 'absence':
      use(trigger.of === null ? 'trigger.absence.any' : 'trigger.absence', at);
      if (trigger.afterActive !== null) use('trigger.absence.afterActive', `${at}.afterActive`);
      return;
    case 'property':
      use(trigger.to === undefined || trigger.from !== undefined ? 'trigger.property.from' : 'trigger.property', at);
      return;
    case 'condition':
      use('trigger.condition', at);
      conditionFeatures(trigger.condition, at, use);
      return;
    case 'date':
      use(trigger.offsetDays > 0 ? 'trigger.date.after' : 'trigger.date', at);
      return;
    default:
      use(`trigger.${trigger.type}`, at);
  }
}

function sequenceFeatures(workflow: Workflow, use: UseIt): void {
  workflow.sequence.forEach((item, i) => {
    if (item.kind !== 'branch') return;
    use('branch', `sequence[${i}]`);
    item.paths.forEach((path, p) => {
      conditionFeatures(path.if, `sequence[${i}].branch[${p}].if`, use);
    });
  });
  for (const { step, at } of stepsOf(workflow)) {
    use(step.from === 'previous' ? 'delay.previous' : 'delay', `${at}.delay`);
    conditionFeatures(step.if, `${at}.if`, use, 'step.if');
    if (/\{[{%]/.test(`${step.subject ?? ''}${step.body ?? ''}`)) use('personalization', at);
    if (step.incentive !== null) use('incentive', `${at}.incentive`);
  }
}

/** @param whole the row of the condition as a whole, where its place has one */
function conditionFeatures(condition: Condition | null, at: string, use: UseIt, whole?: string): void {
  if (condition === null) return;
  if (whole !== undefined) use(whole, at);
  switch (condition.is) {
    case 'all':
    case 'any':
      condition.of.forEach((inner, i) => {
        conditionFeatures(inner, `${at}.${condition.is}[${i}]`, use);
      });
      return;
    case 'not':
      conditionFeatures(condition.of, `${at}.not`, use);
      return;
    case 'sum':
      use(condition.property === 'value' ? 'condition.sum' : 'condition.sum.property', at);
      return;
    case 'min':
    case 'max': {
      const { op } = condition.test;
      const isOpen = condition.is === 'max' ? op === '>' || op === '>=' : op === '<' || op === '<=';
      use(isOpen ? 'condition.extreme' : 'condition.extreme.bounded', at);
      return;
    }
    default:
      use(`condition.${condition.is}`, at);
  }
}
