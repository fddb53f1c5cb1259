// Workflows in their checked form from the few parts a test is about.

import type {
  Branch,
  Condition,
  EventMatch,
  Filter,
  InactionTrigger,
  Step,
  Suppression,
  Trigger,
  Workflow,
} from '../../engine/workflow/index.ts';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
export const DAY = 24 * HOUR;

export function match(event: string, ...where: Filter[]): EventMatch {
  return { event, where };
}

export function inaction(parts: Partial<Omit<InactionTrigger, 'type'>> = {}): InactionTrigger {
  return {
    type: 'inaction',
    after: match('Add'),
    without: match('Buy'),
    withinMs: HOUR,
    rearm: 'reset',
    key: null,
    ...parts,
  };
}

export function step(id: string, delayMs: number, parts: Partial<Step> = {}): Step {
  return {
    kind: 'step',
    id,
    delayMs,
    from: 'trigger',
    if: null,
    subject: null,
    body: null,
    template: null,
    incentive: null,
    ...parts,
  };
}

/** @param paths each with its id, condition and steps */
export function branch(
  id: string | null,
  paths: readonly (readonly [id: string, condition: Condition, steps: readonly Step[]])[],
  rest: readonly Step[] = [],
): Branch {
  return { kind: 'branch', id, paths: paths.map(([way, on, steps]) => ({ id: way, if: on, steps })), else: rest };
}

export function suppression(id: string, parts: Partial<Suppression>): Suppression {
  return { id, sent: null, where: [], if: null, ...parts };
}

export function sum(event: string, op: '<' | '<=' | '>' | '>=', value: number, inLastMs: number | null): Condition {
  return { is: 'sum', match: match(event), property: 'value', test: { op, value }, inLastMs, sinceTrigger: false };
}

/** A workflow with one step at once, nothing suppressed, nobody held out, a goal of `Buy` within a day. */
export function workflow(trigger: Trigger, parts: Partial<Workflow> = {}): Workflow {
  const id = parts.id ?? 'w';
  return {
    id,
    name: id,
    timezone: 'UTC',
    trigger,
    audience: null,
    suppress: [],
    reentry: { kind: 'always' },
    reach: { address: 'email', consent: null },
    gates: null,
    holdout: { fraction: 0, salt: id },
    globalHoldout: null,
    sequence: [step('first', 0)],
    exit: { on: [], afterMs: null },
    goal: { match: match('Buy'), withinMs: DAY, value: null },
    secondary: [],
    attribution: null,
    economics: {
      margin: null,
      costPerSend: null,
      orderValue: null,
      organicRedemption: null,
      unsubscribeRate: null,
      subscriberValue: null,
    },
    hash: id,
    ...parts,
  };
}
