// The workflow as Klaviyo would run it, as a workflow again, so that one and the same replay gives both. Klaviyo starts at
// the first event and waits, so the window becomes part of the delays; it asks what ended a flow when an email is due, so
// exits become conditions of the emails; it lets people in again by the length of the flow.

import { DAY_MS, HOUR_MS } from '../base/index.ts';
import type { Condition, EventMatch, SequenceItem, SingleTrigger, Step, Trigger, Workflow } from '../workflow/index.ts';
import { hashOf } from './canonical.ts';
import { enrollmentMs, lastDueMs } from './desired.ts';
import { fitOf } from './fit.ts';
import type { AsKlaviyo, Difference } from './types.ts';

/** Why a replay does not show a difference, by the row of the vocabulary. */
const NOT_SHOWN: Readonly<Record<string, string>> = {
  'trigger.absence': 'The replay shows who gets nothing more, not the hours lost by looking once a day.',
  'trigger.condition':
    'The replay looks every hour; Klaviyo looks at each event, and once a day at what only time changes.',
  'trigger.date.after': 'A date that is changed between is not followed in the replay.',
  holdout: 'The replay holds out the people Foresend would hold out; the vendor draws others, as many of them.',
  globalHoldout: 'Who arrives later is not held out of everything at Klaviyo; the replay holds them out.',
  'gates.unsubscribed': "The replay goes by the workflow's event; the account's own consent is not in the history.",
  'trigger.key':
    'The replay keeps one timer for a person, as Klaviyo does; which key an answer belongs to is lost there too.',
};
const SHOWN_TOO = new Set(['trigger.absence', 'trigger.condition', 'trigger.key']);

/** @returns `workflow: null` where the vocabulary has no words for a part of it */
export function asKlaviyo(workflow: Workflow): AsKlaviyo {
  const differences = fitOf(workflow, 'klaviyo');
  const refused = differences.filter(({ support }) => support === 'none');
  if (refused.length > 0) {
    const notReplayed = refused.map((difference) => ({ ...difference, reason: 'The workflow cannot be exported.' }));
    return { workflow: null, shiftMs: 0, replayed: [], notReplayed };
  }
  const { trigger } = workflow;
  const shiftMs = trigger.type === 'inaction' ? trigger.withinMs : 0;
  const told = differences.filter(({ support }) => support === 'differs');
  const replayed = told.filter(({ feature }) => NOT_SHOWN[feature] === undefined || SHOWN_TOO.has(feature));
  const notReplayed = told.flatMap((difference) => {
    const reason = NOT_SHOWN[difference.feature];
    return reason === undefined ? [] : [{ ...difference, reason }];
  });
  return {
    workflow: transformed(workflow, shiftMs),
    shiftMs,
    replayed,
    notReplayed: [...notReplayed, ...askedEarly(workflow, shiftMs), ...answeredLate(workflow)],
  };
}

function transformed(workflow: Workflow, shiftMs: number): Workflow {
  const { trigger, goal, gates } = workflow;
  const isMetric = trigger.type === 'behavior' || trigger.type === 'inaction';
  const lastMs = lastDueMs(workflow) + shiftMs;
  const lengthMs = Math.ceil(enrollmentMs(workflow) / HOUR_MS) * HOUR_MS;
  const gate = stillWanted(workflow);
  const next: Omit<Workflow, 'hash'> = {
    ...workflow,
    trigger: vendorTrigger(trigger),
    audience: audience(workflow),
    suppress: workflow.suppress.map((rule) => ({
      ...rule,
      sent: rule.sent === null ? null : sent(rule.sent, workflow.id),
    })),
    reentry: reentry(workflow, isMetric, lengthMs),
    gates:
      gates === null
        ? null
        : {
            unsubscribed: gates.unsubscribed,
            cap: gates.cap.map((cap) => ({ ...cap, scope: 'programme', history: true })),
            quiet: null,
            sendTime: null,
          },
    sequence: workflow.sequence.map((item) => vendorItem(item, shiftMs, gate)),
    exit: { on: [], afterMs: Math.max(isMetric ? lengthMs : HOUR_MS, lastMs) },
    goal: { ...goal, withinMs: goal.withinMs + shiftMs },
  };
  return { ...next, hash: hashOf(['as klaviyo', next]) };
}

function vendorTrigger(trigger: Trigger): Trigger {
  switch (trigger.type) {
    case 'inaction':
      return once(trigger.after);
    case 'behavior':
      return once(trigger.match);
    case 'condition':
      return { ...trigger, cron: '0 * * * *' };
    default:
      return trigger;
  }
}

function once(match: EventMatch): SingleTrigger {
  return { type: 'behavior', match, count: 1, withinMs: null, calendar: null };
}

/** A count is looked back at from each event. */
function audience({ trigger, audience: own }: Workflow): Condition | null {
  if (trigger.type !== 'behavior' || trigger.withinMs === null) return own;
  const { match, count, withinMs } = trigger;
  const counted: Condition = { is: 'count', match, op: '>=', value: count, inLastMs: withinMs, sinceTrigger: false };
  return own === null ? counted : { is: 'all', of: [counted, own] };
}

/** What is asked before every email: nothing that ends the flow has happened, and who must be a member still is one. */
function stillWanted({ trigger, exit }: Workflow): readonly Condition[] {
  const none = (match: EventMatch): Condition => ({
    is: 'count',
    match,
    op: '=',
    value: 0,
    inLastMs: null,
    sinceTrigger: true,
  });
  const ended = exit.on.map(none);
  switch (trigger.type) {
    case 'inaction':
      return [none(trigger.without), ...ended];
    case 'absence':
      return [
        ...(trigger.of ?? []).map(
          (event): Condition => ({
            is: 'count',
            match: { event, where: [] },
            op: '=',
            value: 0,
            inLastMs: trigger.forMs,
            sinceTrigger: false,
          }),
        ),
        ...ended,
      ];
    case 'condition':
      return [trigger.condition, ...ended];
    case 'property': {
      const { property, to } = trigger;
      const test =
        to === null || to === undefined ? ({ op: 'exists', value: false } as const) : ({ op: '=', value: to } as const);
      return [{ is: 'property', property, test }, ...ended];
    }
    default:
      return ended;
  }
}

function vendorItem(item: SequenceItem, shiftMs: number, gate: readonly Condition[]): SequenceItem {
  if (item.kind === 'step') return vendorStep(item, shiftMs, gate);
  const inner = (step: Step) => vendorStep(step, shiftMs, gate);
  return {
    ...item,
    paths: item.paths.map((path) => ({ ...path, steps: path.steps.map(inner) })),
    else: item.else.map(inner),
  };
}

function vendorStep(step: Step, shiftMs: number, gate: readonly Condition[]): Step {
  const asked = step.if === null ? gate : [...gate, step.if];
  const only = asked.length === 1 ? (asked[0] as Condition) : { is: 'all' as const, of: asked };
  return {
    ...step,
    delayMs: step.from === 'trigger' ? step.delayMs + shiftMs : step.delayMs,
    if: asked.length === 0 ? null : only,
  };
}

function sent(rule: { readonly workflow: string; readonly withinMs: number; readonly history: boolean }, id: string) {
  if (rule.workflow === id) return { ...rule, withinMs: Math.ceil(rule.withinMs / DAY_MS) * DAY_MS };
  return { ...rule, workflow: '*', history: true };
}

function reentry(workflow: Workflow, isMetric: boolean, lengthMs: number): Workflow['reentry'] {
  const rule = workflow.reentry;
  if (rule.kind === 'once' || (rule.kind === 'always' && !isMetric)) return rule;
  return { kind: 'cooldown', ms: rule.kind === 'cooldown' ? Math.max(rule.ms, lengthMs) : lengthMs };
}

// ---------------------------------------------------------------- what the replay does otherwise than the vendor

type NotReplayed = Difference & { readonly reason: string };

/** The vendor asks audience and suppression after the window; a replay that starts at the event asks them there. */
function askedEarly(workflow: Workflow, shiftMs: number): NotReplayed[] {
  if (shiftMs === 0) return [];
  const at = workflow.audience !== null ? 'audience' : workflow.suppress.length > 0 ? 'suppress' : null;
  if (at === null) return [];
  return [
    {
      feature: 'trigger.inaction',
      words: 'Who may enter',
      support: 'differs',
      consequence: 'Klaviyo asks who may enter at the end of the window, as the workflow does.',
      source: 'how this replay is made',
      at,
      reason: 'This replay starts at the event and asks there, so it does not see what happens inside the window.',
    },
  ];
}

/** The answer is looked for at the end of the window only; here before every email. */
function answeredLate(workflow: Workflow): NotReplayed[] {
  const { trigger } = workflow;
  if (trigger.type !== 'inaction') return [];
  const text = JSON.stringify(trigger.without);
  const ends = [workflow.goal.match, ...workflow.exit.on].some((match) => JSON.stringify(match) === text);
  if (ends) return [];
  return [
    {
      feature: 'trigger.inaction',
      words: 'The awaited event after the window',
      support: 'differs',
      consequence: 'After the window the awaited event stops nothing, here and in Klaviyo.',
      source: 'how this replay is made',
      at: 'trigger.without',
      reason: 'This replay stops emails at it, because it is neither the goal nor an exit; it shows too few emails.',
    },
  ];
}
