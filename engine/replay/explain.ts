// Why one person got, or did not get, an email: their timeline as the replay saw it, each trigger with what it came to
// and by how much it missed, each rule with its figures. Made by replaying the person up to a moment, so nothing later
// than the moment can show.

import { humanDuration, UserError } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type ExplainedRule, explainRules } from './explain-rules.ts';
import { type ExplainedTrigger, standingOf, triggerNotes } from './explain-triggers.ts';
import { matches } from './filters.ts';
import { HistoryView } from './person-view.ts';
import { type Plan, planOf } from './plan.ts';
import { nextInstant } from './replay.ts';
import { initialState, openEnrollment, type PersonState, type WorkflowState } from './state.ts';
import { transition } from './transition.ts';
import { isActivity } from './triggers.ts';
import type { Decision } from './types.ts';

/** One thing that happened, in the order of the replay. */
export type ExplainedMoment =
  | {
      readonly kind: 'event';
      readonly time: number;
      readonly name: string;
      readonly value: number | null;
      /** What the workflow takes it for: `trigger`, `answer`, `activity`, `goal`, `exit`. Never empty. */
      readonly roles: readonly string[];
    }
  | { readonly kind: 'property'; readonly time: number; readonly property: string; readonly value: Scalar | null }
  | {
      readonly kind: 'trigger';
      readonly time: number;
      readonly text: string;
      /** How much earlier or later it would have had to be for the trigger to fire, ms; null where it is no miss. */
      readonly missedByMs: number | null;
    }
  | {
      readonly kind: 'decision';
      readonly time: number;
      readonly decision: Decision['kind'];
      readonly step: string | null;
      readonly reason: string | null;
      /** Of a candidate that enrolled or was suppressed: every rule, in the order asked. Else empty. */
      readonly rules: readonly ExplainedRule[];
    };

export interface Explanation {
  readonly person: string;
  /** The moment explained, at most observedUntil. */
  readonly moment: number;
  /** How things stand for this person at the moment, in a sentence. */
  readonly summary: string;
  /** At most 500 entries, the latest. */
  readonly timeline: readonly ExplainedMoment[];
  /** Earlier entries that are left out. */
  readonly omitted: number;
  readonly triggers: readonly ExplainedTrigger[];
  /** What each rule would say to a candidate at the moment that is about no event. */
  readonly rules: readonly ExplainedRule[];
}

const MOST_ENTRIES = 500;

/**
 * @param at ms since the epoch; null: the end of the history
 * @throws UserError `UNKNOWN_PERSON`, `NOT_REPLAYABLE`
 */
export function explain(history: History, workflow: Workflow, personId: string, at: number | null): Explanation {
  const person = history.personIndex(personId);
  if (person < 0) {
    throw new UserError('UNKNOWN_PERSON', `There is no person "${personId}" in this history; ids are case-sensitive.`);
  }
  const plan = planOf(workflow);
  const programme = [plan];
  const moment = Math.min(at ?? history.observedUntil, history.observedUntil);
  const view = new HistoryView(history);
  view.select(person);
  const timeline: ExplainedMoment[] = [];
  let changeTime = Number.NEGATIVE_INFINITY;
  let state = initialState(programme);
  for (;;) {
    const instant = nextInstant(programme, view, state, moment);
    const now = instant?.time ?? moment;
    timeline.push(...changesIn(history, person, changeTime, now));
    changeTime = now;
    if (instant === null) break;
    for (let row = instant.from; row < instant.to; row++) timeline.push(...eventAt(plan, view, row));
    const before = state;
    const step = transition(programme, state, view, instant);
    state = step.state;
    timeline.push(...triggerNotes(plan, workflowOf(before), workflowOf(state), view, instant));
    timeline.push(...step.decisions.map((decision) => explainDecision(plan, before, state, view, decision)));
  }
  const omitted = Math.max(0, timeline.length - MOST_ENTRIES);
  const triggers = standingOf(plan, workflowOf(state), view, moment);
  return {
    person: personId,
    moment,
    summary: summarise(plan, workflowOf(state), timeline, triggers, moment),
    timeline: timeline.slice(omitted),
    omitted,
    triggers,
    rules: explainRules(plan, state, workflowOf(state), view, moment, null),
  };
}

function workflowOf(state: PersonState): WorkflowState {
  return state.workflows[0] as WorkflowState;
}

/** Property changes in (after, until]. */
function changesIn(history: History, person: number, after: number, until: number): ExplainedMoment[] {
  const { changes } = history;
  const found: ExplainedMoment[] = [];
  for (let i = changes.personStart[person] as number; i < (changes.personStart[person + 1] as number); i++) {
    const time = changes.times[i] as number;
    if (time <= after || time > until) continue;
    const code = changes.valueCodes[i] as number;
    const property = changes.propertyNames[changes.properties[i] as number] as string;
    found.push({ kind: 'property', time, property, value: code === 0 ? null : (changes.values[code] as Scalar) });
  }
  return found;
}

function eventAt(plan: Plan, view: HistoryView, row: number): ExplainedMoment[] {
  const { goal, exit } = plan.workflow;
  const roles = new Set<string>();
  for (const trigger of plan.triggers) {
    if (trigger.type === 'behavior' && matches(view, row, trigger.match)) roles.add('trigger');
    if (trigger.type === 'inaction' && matches(view, row, trigger.after)) roles.add('trigger');
    if (trigger.type === 'inaction' && matches(view, row, trigger.without)) roles.add('answer');
    if (trigger.type === 'absence' && isActivity(trigger, view, row)) roles.add('activity');
  }
  if (matches(view, row, goal.match)) roles.add('goal');
  if (exit.on.some((match) => matches(view, row, match))) roles.add('exit');
  if (roles.size === 0) return [];
  const value = view.value(row);
  return [
    {
      kind: 'event',
      time: view.time(row),
      name: view.name(row),
      value: Number.isNaN(value) ? null : value,
      roles: [...roles],
    },
  ];
}

/** A decision, with the rules as they stood when it was taken. */
function explainDecision(
  plan: Plan,
  before: PersonState,
  after: PersonState,
  view: HistoryView,
  { time, kind, step, reason }: Decision,
): ExplainedMoment {
  let rules: ExplainedRule[] = [];
  if (kind === 'suppressed') {
    rules = explainRules(plan, after, workflowOf(after), view, time, anchorAt(plan, before, view, time));
  } else if (kind === 'enrolled') {
    rules = explainRules(plan, before, workflowOf(before), view, time, anchorAt(plan, before, view, time));
  }
  return { kind: 'decision', time, decision: kind, step, reason, rules };
}

/** The row a candidate at `time` is about: the matching event of the instant, else that of the timer due. */
function anchorAt(plan: Plan, before: PersonState, view: HistoryView, time: number): number | null {
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) === time; row--) {
    for (const trigger of plan.triggers) {
      if (trigger.type === 'behavior' && matches(view, row, trigger.match)) return row;
    }
  }
  for (const state of workflowOf(before).triggers) {
    if (state.type === 'absence' && state.armed) return state.lastRow;
    if (state.type !== 'inaction') continue;
    const timer = state.timers.find(({ deadline }) => deadline === time);
    if (timer !== undefined) return timer.anchorRow;
  }
  return null;
}

function summarise(
  plan: Plan,
  workflow: WorkflowState,
  timeline: readonly ExplainedMoment[],
  triggers: readonly ExplainedTrigger[],
  moment: number,
): string {
  const open = openEnrollment(workflow);
  if (open !== null) {
    const handled = open.steps.filter((step) => step.outcome !== null).length;
    const since = humanDuration(moment - open.triggerTime);
    const arm = open.arm === 'holdout' ? ', held out' : '';
    return `Enrolled for ${since}${arm}; ${handled} of ${plan.steps.length} steps are behind them.`;
  }
  const last = timeline.findLast((entry) => entry.kind === 'decision' && entry.decision !== 'converted');
  if (last?.kind === 'decision') {
    const ago = `${humanDuration(moment - last.time)} ago`;
    if (last.decision === 'suppressed') {
      const why = last.rules.find((rule) => rule.rule === last.reason)?.text ?? '';
      return `Not enrolled: suppressed by ${last.reason} ${ago} (${why}).`;
    }
    return `Not enrolled now: the last enrollment ended ${ago} (${last.reason}).`;
  }
  return `Never a candidate: ${triggers.map((trigger) => trigger.text).join('; ')}.`;
}
