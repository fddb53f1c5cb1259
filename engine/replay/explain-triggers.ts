// Triggers in words: what each instant did to them, by how much they missed, and how they stand at a moment. Read off
// the states before and after a transition.

import { exactInstant, humanDuration } from '../base/index.ts';
import type { SingleTrigger } from '../workflow/index.ts';
import type { ExplainedMoment } from './explain.ts';
import { unanchoredNotes, unanchoredStanding } from './explain-unanchored.ts';
import { matches } from './filters.ts';
import type { AnchoredTrigger } from './firings.ts';
import { isUnanchored } from './foreseen.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { WorkflowState } from './state.ts';
import type { Instant } from './transition.ts';
import { keyOf, nextDeadline, pendingTimers, type Timer, type TriggerState } from './triggers.ts';

export interface ExplainedTrigger {
  readonly type: SingleTrigger['type'];
  /** Armed: it fires at `deadline` unless something comes in between. */
  readonly armed: boolean;
  /** The next moment at which it fires by itself; null where none is set. */
  readonly deadline: number | null;
  /** Until the deadline, ms; null where there is none. */
  readonly remainingMs: number | null;
  readonly text: string;
}

/** What an instant did to the triggers, short of making a candidate. */
export function triggerNotes(
  plan: Plan,
  before: WorkflowState,
  after: WorkflowState,
  view: PersonView,
  instant: Instant,
): ExplainedMoment[] {
  return plan.triggers.flatMap((trigger, k) => {
    const was = before.triggers[k] as TriggerState;
    const is = after.triggers[k] as TriggerState;
    if (isUnanchored(trigger)) return unanchoredNotes(trigger, was, is, view, plan.zone, instant);
    if (instant.from === instant.to) return [];
    if (trigger.type === 'inaction' && was.type === 'inaction' && is.type === 'inaction') {
      return inactionNotes(trigger, was.timers, is.timers, view, instant);
    }
    if (trigger.type === 'absence' && was.type === 'absence' && is.type === 'absence' && was.armed) {
      if (is.lastTime === was.lastTime) return [];
      // Shorter silences were never on the way to firing; listing each would bury the rest.
      if (instant.time - was.lastTime < trigger.forMs / 2) return [];
      const deadline = was.lastTime + trigger.forMs;
      return [note(instant.time, deadline - instant.time, `active again ${untilDeadline(deadline, instant.time)}`)];
    }
    if (trigger.type === 'behavior' && is.type === 'behavior' && is.times.length > 0) {
      if (!hasMatch(trigger, view, instant)) return [];
      return [note(instant.time, null, `${is.times.length} of ${trigger.count} × ${trigger.match.event}`)];
    }
    return [];
  });
}

function inactionNotes(
  trigger: Extract<SingleTrigger, { type: 'inaction' }>,
  was: readonly Timer[],
  is: readonly Timer[],
  view: PersonView,
  { time, from, to }: Instant,
): ExplainedMoment[] {
  const notes: ExplainedMoment[] = [];
  const { event: answer } = trigger.without;
  const find = (timers: readonly Timer[], key: string | null) => timers.find((timer) => timer.key === key);
  for (const timer of was) {
    const now = find(is, timer.key);
    const of = timer.key === null ? '' : ` for ${trigger.key} ${timer.key}`;
    if (now !== undefined && now.anchorRow !== timer.anchorRow) {
      notes.push(
        note(time, null, `deadline${of} moved by a further ${trigger.after.event} to ${exactInstant(now.deadline)}`),
      );
    } else if (now === undefined && hasAnswer(trigger, view, from, to, timer.key)) {
      const text = `answered${of} by ${answer} ${untilDeadline(timer.deadline, time)}`;
      notes.push(note(time, timer.deadline - time, text));
    }
  }
  const seen = new Set(was.map((timer) => timer.key));
  for (let row = from; row < to; row++) {
    if (!matches(view, row, trigger.after)) continue;
    const key = keyOf(trigger, view, row);
    if (seen.has(key)) continue;
    seen.add(key);
    const of = key === null ? '' : ` for ${trigger.key} ${key}`;
    const armed = find(is, key);
    if (armed === undefined) notes.push(note(time, trigger.withinMs, `answered${of} by ${answer} at the same instant`));
    else notes.push(note(time, null, `waits${of} for ${answer} until ${exactInstant(armed.deadline)}`));
  }
  return notes;
}

/** How each trigger stands at `moment`. */
export function standingOf(plan: Plan, workflow: WorkflowState, view: PersonView, moment: number): ExplainedTrigger[] {
  return plan.triggers.map((trigger, k) => {
    const state = workflow.triggers[k] as TriggerState;
    if (isUnanchored(trigger)) {
      const stands = unanchoredStanding(trigger, state, view, plan.zone, moment);
      const remainingMs = stands.deadline === null ? null : stands.deadline - moment;
      return { type: trigger.type, ...stands, remainingMs };
    }
    const armed = pendingTimers(trigger, state, view, plan.zone) > 0;
    const deadline = armed ? nextDeadline(trigger, state) : null;
    const remainingMs = deadline === null ? null : deadline - moment;
    return { type: trigger.type, armed, deadline, remainingMs, text: standing(trigger, state, armed, remainingMs) };
  });
}

function standing(trigger: AnchoredTrigger, state: TriggerState, armed: boolean, remainingMs: number | null): string {
  const left = remainingMs === null ? '' : humanDuration(remainingMs);
  switch (trigger.type) {
    case 'behavior': {
      const counted = state.type === 'behavior' ? state.times.length : 0;
      if (trigger.count === 1) return `fires at every ${trigger.match.event}`;
      return `${counted} of ${trigger.count} × ${trigger.match.event} so far`;
    }
    case 'inaction':
      if (!armed) return `no ${trigger.after.event} waits for ${trigger.without.event}`;
      return `${trigger.after.event} waits for ${trigger.without.event}, ${left} left`;
    case 'absence': {
      if (armed) return `silent, ${left} short of ${humanDuration(trigger.forMs)}`;
      if (state.type !== 'absence' || state.lastRow === null) return 'never active';
      return state.armed ? 'not active enough before to count as absent' : 'waits for the next activity';
    }
  }
}

function hasMatch(
  trigger: Extract<SingleTrigger, { type: 'behavior' }>,
  view: PersonView,
  { from, to }: Instant,
): boolean {
  for (let row = from; row < to; row++) if (matches(view, row, trigger.match)) return true;
  return false;
}

function hasAnswer(
  trigger: Extract<SingleTrigger, { type: 'inaction' }>,
  view: PersonView,
  from: number,
  to: number,
  key: string | null,
): boolean {
  for (let row = from; row < to; row++) {
    if (matches(view, row, trigger.without) && keyOf(trigger, view, row) === key) return true;
  }
  return false;
}

function untilDeadline(deadline: number, time: number): string {
  return time === deadline ? 'at the very deadline' : `${humanDuration(deadline - time)} before the deadline`;
}

function note(time: number, missedByMs: number | null, text: string): ExplainedMoment {
  return { kind: 'trigger', time, text, missedByMs };
}
