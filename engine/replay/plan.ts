// A workflow made ready to be replayed: what does not depend on the person is looked up once. What cannot be replayed
// is refused here, by name and place, before a single event is read.

import { type Issue, UserError } from '../base/index.ts';
import {
  ADOPTION,
  type Condition,
  ENGAGEMENT,
  LIFECYCLE,
  type SingleTrigger,
  type Workflow,
} from '../workflow/index.ts';
import { type FlatSequence, flattenSequence } from './flatten.ts';
import { type LocalTime, localTime } from './local-time.ts';

export interface Plan extends FlatSequence {
  readonly workflow: Workflow;
  readonly triggers: readonly SingleTrigger[];
  /** `anyOf`: firings at one instant are one. */
  readonly joinsFirings: boolean;
  readonly zone: LocalTime;
  /** Keys of `suppressed`: `reentry`, `unreachable`, `audience`, the entries of `suppress`, then `globalHoldout`. */
  readonly suppressionKeys: readonly string[];
}

/** @throws UserError `NOT_REPLAYABLE` with one issue for each place that cannot be replayed */
export function planOf(workflow: Workflow): Plan {
  const issues = replayIssues(workflow);
  if (issues.length > 0) {
    const list = issues.map((issue) => `${issue.at}: ${issue.message}`).join('\n');
    throw new UserError('NOT_REPLAYABLE', `${workflow.id} cannot be replayed. ${list}`, issues);
  }
  const { trigger } = workflow;
  const triggers = trigger.type === 'anyOf' ? trigger.triggers : [trigger];
  return {
    workflow,
    triggers,
    joinsFirings: trigger.type === 'anyOf',
    ...flattenSequence(workflow.sequence),
    zone: localTime(workflow.timezone),
    suppressionKeys: suppressionKeys(workflow),
  };
}

export function suppressionKeys(workflow: Workflow): string[] {
  const keys = ['reentry', 'unreachable', 'audience', ...workflow.suppress.map((rule) => rule.id)];
  return workflow.globalHoldout === null ? keys : [...keys, 'globalHoldout'];
}

/** What in a workflow is valid but cannot be replayed, each with its path in the file. Empty: all of it can. */
export function replayIssues(workflow: Workflow): Issue[] {
  const issues: Issue[] = [];
  const refuse = (at: string, message: string) =>
    issues.push({ code: 'NOT_REPLAYABLE', message, at, severity: 'error' });
  const { trigger } = workflow;
  if (trigger.type === 'anyOf') {
    trigger.triggers.forEach((inner, i) => {
      if (inner.type === 'condition') refuseCondition(inner.condition, `trigger.triggers[${i}]`, refuse);
    });
  } else if (trigger.type === 'condition') {
    refuseCondition(trigger.condition, 'trigger', refuse);
  }
  refuseCondition(workflow.audience, 'audience', refuse);
  workflow.suppress.forEach((rule, i) => {
    refuseCondition(rule.if, `suppress[${i}].if`, refuse);
  });
  workflow.sequence.forEach((item, i) => {
    if (item.kind === 'step') {
      refuseCondition(item.if, `sequence[${i}].if`, refuse);
      return;
    }
    item.paths.forEach((path, k) => {
      const at = `sequence[${i}].branch[${k}]`;
      refuseCondition(path.if, `${at}.if`, refuse);
      path.steps.forEach((step, j) => {
        refuseCondition(step.if, `${at}.steps[${j}].if`, refuse);
      });
    });
    item.else.forEach((step, j) => {
      refuseCondition(step.if, `sequence[${i}].else[${j}].if`, refuse);
    });
  });
  return issues;
}

function unknownSegment({ segment, feature }: Extract<Condition, { is: 'segment' }>): string {
  const ours = [...ENGAGEMENT, ...LIFECYCLE, ...ADOPTION].join(', ');
  if (ADOPTION.some((name) => name === segment) && feature === undefined) {
    return `the segment "${segment}" is about a feature; add "feature", or name the features under "segments.adoption.features"`;
  }
  if (feature !== undefined)
    return `the segment "${segment}" has no feature; only ${ADOPTION.join(', ')} are about one`;
  return `the segment "${segment}" is none of Foresend's (${ours}); write out its conditions`;
}

type Refuse = (at: string, message: string) => void;

function refuseCondition(condition: Condition | null, at: string, refuse: Refuse): void {
  if (condition === null) return;
  switch (condition.is) {
    case 'all':
    case 'any':
      condition.of.forEach((inner, i) => {
        refuseCondition(inner, `${at}.${condition.is}[${i}]`, refuse);
      });
      return;
    case 'not':
      refuseCondition(condition.of, `${at}.not`, refuse);
      return;
    case 'segment':
      if (condition.rules === undefined) refuse(at, unknownSegment(condition));
  }
}
