// A workflow made of a moment: trigger, goal and a plain sequence. A draft to be looked at and tuned; the window is the
// rule's rung (twice the time in which nine of ten complete), and subjects are left to be written.

import { DAY_MS, formatDuration, MINUTE_MS } from '../base/index.ts';
import { rungOf } from '../calibrate/index.ts';
import { tallyHistory } from '../describe/index.ts';
import type { History } from '../events/index.ts';
import { type SegmentRules, segmentRulesFile, type WorkflowFile } from '../workflow/index.ts';

const STEPS = [
  { id: 'reminder', delay: '1h' },
  { id: 'help', delay: '24h' },
  { id: 'last', delay: '72h' },
];
const SLOW_STEPS = [
  { id: 'first', delay: '0d' },
  { id: 'second', delay: '5d' },
  { id: 'third', delay: '10d' },
];
const WIN_BACK_STEPS = [
  { id: 'feedback', delay: '7d' },
  { id: 'whats-new', delay: '21d' },
  { id: 'offer', delay: '45d' },
];
const HOLDOUT = { fraction: 0.15 };
const FEWEST_CONVERTERS = 20;

/**
 * Later than half of the horizon hardly anybody is left who would still come by an email.
 * @param waits times to completion, ascending
 */
function draftWindow(waits: readonly number[], horizonMs: number): string {
  // Too few to recommend a window: a day, to be calibrated.
  const p90 = waits.length < FEWEST_CONVERTERS ? DAY_MS / 2 : (waits[Math.ceil(0.9 * waits.length) - 1] as number);
  return formatDuration(Math.min(rungOf(Math.max(MINUTE_MS, 2 * p90)), rungOf(horizonMs / 2)));
}

/** @param waits times to completion, ascending */
export function dropOffWorkflow(
  anchor: string,
  goal: string,
  waits: readonly number[],
  horizonMs: number,
): WorkflowFile {
  return {
    foresend: 1,
    id: idOf(`${anchor} without ${goal}`),
    name: `${anchor} without ${goal}`,
    trigger: {
      type: 'inaction',
      after: { event: anchor },
      without: { event: goal },
      within: draftWindow(waits, horizonMs),
    },
    holdout: HOLDOUT,
    sequence: STEPS,
    exit: { on: [{ event: goal }] },
    goal: { event: goal, within: formatDuration(horizonMs) },
  };
}

/** Who left, until they come back. Nobody is written to at once: the first email asks, a later one may offer. */
export function winBackWorkflow(left: string, back: string, horizonMs: number): WorkflowFile {
  return {
    foresend: 1,
    id: idOf(`${left} win back`),
    name: `Back after ${left}`,
    trigger: { type: 'behavior', event: left },
    holdout: HOLDOUT,
    sequence: WIN_BACK_STEPS,
    exit: { on: [{ event: back }] },
    goal: { event: back, within: formatDuration(Math.max(horizonMs, 60 * DAY_MS)) },
  };
}

/** Who bought once, until they buy again. @param waits until the second time, ascending */
export function onceWorkflow(payment: string, waits: readonly number[], horizonMs: number): WorkflowFile {
  return {
    foresend: 1,
    id: idOf(`${payment} once`),
    name: `${payment} once, not again`,
    trigger: { type: 'absence', of: [payment], for: draftWindow(waits, horizonMs) },
    audience: [{ is: 'count', event: payment, op: '=', value: 1 }],
    reentry: 'once',
    holdout: HOLDOUT,
    sequence: SLOW_STEPS,
    goal: { event: payment, within: formatDuration(Math.min(horizonMs, 60 * DAY_MS)) },
  };
}

export function discoveryWorkflow(feature: string): WorkflowFile {
  return {
    foresend: 1,
    id: idOf(`${feature} discovered`),
    name: `${feature} tried once`,
    trigger: { type: 'absence', of: [feature], for: '7d' },
    audience: [{ is: 'segment', segment: 'discovered', feature }],
    reentry: 'once',
    holdout: HOLDOUT,
    sequence: SLOW_STEPS,
    goal: { event: feature, within: '30d' },
  };
}

/** Who has not done something by the end of the early window. */
export function missingWorkflow(event: string, goal: string, earlyMs: number): WorkflowFile {
  return {
    foresend: 1,
    id: idOf(`${event} missing`),
    name: `Not yet ${event}`,
    trigger: {
      type: 'condition',
      all: [
        { is: 'tenure', op: '>=', value: formatDuration(earlyMs) },
        { is: 'count', event, op: '=', value: 0 },
      ],
    },
    reentry: 'once',
    holdout: HOLDOUT,
    sequence: SLOW_STEPS.map((step) => ({ ...step, if: { is: 'count', event, op: '=', value: 0 } })),
    goal: { event: goal, within: '30d' },
  };
}

/** At risk, until they do what most people do. */
export function declineWorkflow(history: History, rules: SegmentRules): WorkflowFile | null {
  const { end, payment } = rules.lifecycle;
  const byPeople = tallyHistory(history)
    .names.filter(({ name, ownEmail }) => !ownEmail && !end.includes(name))
    .sort((a, b) => b.persons - a.persons);
  const goal = rules.adoption.features[0] ?? payment[0] ?? byPeople[0]?.name;
  if (goal === undefined) return null;
  // Whoever becomes at risk by falling silent was last engaged before the silence.
  const wasEngagedMs = rules.engagement.inLastMs + rules.engagement.dormantMs;
  const { adoption: _features, ...asked } = segmentRulesFile(rules);
  return {
    foresend: 1,
    id: 'at-risk',
    name: 'Becoming less active',
    segments: asked,
    trigger: {
      type: 'condition',
      all: [
        { is: 'segment', segment: 'at-risk' },
        { is: 'activeDays', op: '>=', value: rules.engagement.regular, inLast: formatDuration(wasEngagedMs) },
      ],
    },
    reentry: { cooldown: '60d' },
    holdout: HOLDOUT,
    sequence: SLOW_STEPS,
    goal: { event: goal, within: '28d' },
  };
}

function idOf(text: string): string {
  const id = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return id === '' ? 'moment' : id;
}
