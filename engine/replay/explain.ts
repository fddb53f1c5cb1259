// Why one person got, or did not get, an email: their timeline as the replay saw it, each trigger with what it came to
// and by how much it missed, each rule with its figures. Made by replaying the person up to a moment, so nothing later
// than the moment can show.

import { humanDuration, UserError } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import type { SingleTrigger, Workflow } from '../workflow/index.ts';
import { type ExplainedRule, explainRules } from './explain-rules.ts';
import { stepWords } from './explain-steps.ts';
import { type ExplainedTrigger, standingOf, triggerNotes } from './explain-triggers.ts';
import { matches } from './filters.ts';
import { noticeOf } from './may-differ.ts';
import { HistoryView } from './person-view.ts';
import { type Plan, planOf } from './plan.ts';
import { nextInstant } from './replay.ts';
import {
  copyState,
  type Enrollment,
  initialState,
  openEnrollment,
  type PersonState,
  type WorkflowState,
} from './state.ts';
import { firingsAt, type Instant, transition } from './transition.ts';
import { isActivity } from './triggers.ts';
import type { Decision } from './types.ts';

/** One thing that happened, in the order of the replay. */
export type ExplainedMoment =
  | {
      readonly kind: 'event';
      readonly time: number;
      readonly name: string;
      readonly value: number | null;
      /** What the workflow takes it for: `trigger`, `answer`, `activity`, `counted`, `goal`, `exit`. Never empty. */
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
      /** Why a branch went its way, a step was skipped or moved, and where to; null where the reason says all. */
      readonly text: string | null;
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
  return explainProgramme(history, [workflow], personId, at)[0] as Explanation;
}

/**
 * The same for several workflows that share caps and recency: one explanation for each, in their order.
 * @throws UserError `UNKNOWN_PERSON`, `NOT_REPLAYABLE`
 */
export function explainProgramme(
  history: History,
  workflows: readonly Workflow[],
  personId: string,
  at: number | null,
): Explanation[] {
  const person = history.personIndex(personId);
  if (person < 0) {
    throw new UserError('UNKNOWN_PERSON', `There is no person "${personId}" in this history; ids are case-sensitive.`);
  }
  const programme = workflows.map(planOf);
  const moment = Math.min(at ?? history.observedUntil, history.observedUntil);
  const view = new HistoryView(history);
  view.select(person);
  const timelines: ExplainedMoment[][] = programme.map(() => []);
  let changeTime = Number.NEGATIVE_INFINITY;
  let state = initialState(programme, 'changed');
  for (;;) {
    const instant = nextInstant(programme, view, state, moment);
    const now = instant?.time ?? moment;
    const changes = changesIn(history, person, changeTime, now);
    for (const timeline of timelines) timeline.push(...changes);
    changeTime = now;
    if (instant === null) break;
    const before = state;
    const step = transition(programme, state, view, instant);
    state = step.state;
    programme.forEach((plan, w) => {
      const timeline = timelines[w] as ExplainedMoment[];
      const own = step.decisions.filter((decision) => decision.workflow === plan.workflow.id);
      for (let row = instant.from; row < instant.to; row++) timeline.push(...eventAt(plan, view, row));
      timeline.push(...triggerNotes(plan, workflowOf(before, w), workflowOf(state, w), view, instant));
      const anchors = anchorsAt(plan, before, w, view, instant);
      let nth = -1;
      let current = openEnrollment(workflowOf(before, w));
      // The enrollment itself is no reason to stop it; one that came earlier in the instant is.
      let asked = workflowOf(before, w);
      for (const decision of own) {
        if (decision.kind === 'candidate') nth++;
        if (decision.kind === 'enrolled') current = null;
        const enrollment = asOf(workflowOf(state, w), current);
        timeline.push(explainDecision(plan, asked, before, state, view, decision, anchors[nth] ?? null, enrollment));
        if (decision.kind === 'enrolled') asked = workflowOf(state, w);
      }
    });
  }
  return programme.map((plan, w) => {
    const timeline = timelines[w] as ExplainedMoment[];
    const omitted = Math.max(0, timeline.length - MOST_ENTRIES);
    const triggers = standingOf(plan, workflowOf(state, w), view, moment);
    return {
      person: personId,
      moment,
      summary: summarise(plan, workflowOf(state, w), timeline, triggers, moment),
      timeline: timeline.slice(omitted),
      omitted,
      triggers,
      rules: explainRules(plan, state, workflowOf(state, w), view, moment, null),
    };
  });
}

function workflowOf(state: PersonState, w: number): WorkflowState {
  return state.workflows[w] as WorkflowState;
}

/** An enrollment of before (null: the one begun since) as it stands after; what has been forgotten, as it stood before. */
function asOf({ enrollments }: WorkflowState, before: Enrollment | null): Enrollment | null {
  if (before === null) return enrollments.at(-1) ?? null;
  return enrollments.find(({ triggerTime }) => triggerTime === before.triggerTime) ?? before;
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
    if (isCounted(trigger, view, row)) roles.add('counted');
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

/** Whether a trigger that is checked at runs adds the event up. */
function isCounted(trigger: SingleTrigger, view: HistoryView, row: number): boolean {
  if (trigger.type === 'decline') return isActivity(trigger, view, row);
  if (trigger.type !== 'condition') return false;
  const { events } = noticeOf(trigger.condition);
  return events === null ? !view.isOwnEmail(row) : events.has(view.name(row));
}

/**
 * A decision, with the rules as they stood when it was taken.
 * @param asked the workflow's state as the rules saw it
 */
function explainDecision(
  plan: Plan,
  asked: WorkflowState,
  before: PersonState,
  after: PersonState,
  view: HistoryView,
  decision: Decision,
  anchor: number | null,
  enrollment: Enrollment | null,
): ExplainedMoment {
  const { time, kind, step, reason } = decision;
  const text = enrollment === null ? null : stepWords(plan, after, enrollment, view, decision);
  let rules: ExplainedRule[] = [];
  if (kind === 'suppressed' || kind === 'enrolled') {
    // Emails that others sent at this instant are a reason to stop; those of the enrollment itself are none.
    rules = explainRules(plan, kind === 'suppressed' ? after : before, asked, view, time, anchor);
  }
  return { kind: 'decision', time, decision: kind, step, reason, text, rules };
}

/** The rows that the candidates of an instant are about, in their order; null: about none. */
function anchorsAt(
  plan: Plan,
  before: PersonState,
  w: number,
  view: HistoryView,
  instant: Instant,
): readonly (number | null)[] {
  return firingsAt(plan, workflowOf(copyState(before), w), view, instant).map(({ anchorRow }) => anchorRow);
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
    const onPath = open.steps.filter((step) => step.outcome !== 'offPath');
    const handled = onPath.filter((step) => step.outcome !== null).length;
    const since = humanDuration(moment - open.triggerTime);
    const arm = open.arm === 'holdout' ? ', held out' : '';
    const toDecide = plan.branches.filter((_, b) => open.branches[b]?.path === null).map(({ id }) => id);
    const undecided = toDecide.length === 0 ? '' : `; ${toDecide.join(', ')} still to be decided`;
    return `Enrolled for ${since}${arm}; ${handled} of ${onPath.length} steps are behind them${undecided}.`;
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
