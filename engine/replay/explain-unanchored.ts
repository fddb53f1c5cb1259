// Triggers that are about no event in words: what a run or a change came to, by how much it missed, when the next run is.
// Read off the states before and after a transition.

import { exactInstant, humanDuration } from '../base/index.ts';
import type { ConditionTrigger, DateTrigger, DeclineTrigger, PropertyTrigger } from '../workflow/index.ts';
import { activityOf, asks, type CheckedState } from './checked-triggers.ts';
import type { Check } from './conditions.ts';
import { cronRuns } from './cron-runs.ts';
import type { ExplainedMoment } from './explain.ts';
import { describeCondition, failing, show, waitsMs } from './explain-conditions.ts';
import type { UnanchoredTrigger } from './foreseen.ts';
import type { LocalTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';
import { dayOf, isSide, momentOn } from './property-triggers.ts';
import type { Instant } from './transition.ts';
import type { TriggerState } from './triggers.ts';

/** What an instant did to a trigger. */
export function unanchoredNotes(
  trigger: UnanchoredTrigger,
  was: TriggerState,
  is: TriggerState,
  view: PersonView,
  zone: LocalTime,
  { time }: Instant,
): ExplainedMoment[] {
  switch (trigger.type) {
    case 'schedule':
      return [];
    case 'property':
      return was.type === 'property' ? propertyNotes(trigger, was.value, view, time) : [];
    case 'date':
      return was.type === 'date' ? dateNotes(trigger, was.value, view, zone, time) : [];
    default:
      return was.type === 'checked' && is.type === 'checked' ? runNotes(trigger, was, is, view, zone, time) : [];
  }
}

function runNotes(
  trigger: ConditionTrigger | DeclineTrigger,
  was: CheckedState,
  is: CheckedState,
  view: PersonView,
  zone: LocalTime,
  time: number,
): ExplainedMoment[] {
  // The first run may be due at the very instant that makes the person known.
  const runs = cronRuns(trigger.cron, zone);
  const isRun = was.next === time || (is.held !== was.held && runs.atOrAfter(time) === time);
  if (!isRun) return [];
  const check: Check = { view, time, zone, triggerTime: null };
  const words = checkedWords(trigger, check);
  if (is.held) return was.held ? [] : [note(time, null, `checked and true: ${words}`)];
  if (was.held) return [note(time, null, `checked and no longer true: ${words}`)];
  if (trigger.type === 'decline') {
    return activityOf(trigger, check).baseline > 0 ? [note(time, null, `checked, not yet true: ${words}`)] : [];
  }
  // Far from true is no near miss; listing each run would bury the rest.
  const [only, ...others] = failing(trigger.condition, check);
  if (only === undefined || others.length > 0) return [];
  return [note(time, waitsMs(only, check), `checked, not yet true: ${describeCondition(only, check)}`)];
}

function propertyNotes(
  { property: wanted, from, to }: PropertyTrigger,
  before: PropertyTriggerValue,
  view: PersonView,
  time: number,
): ExplainedMoment[] {
  const notes: ExplainedMoment[] = [];
  let current = before;
  for (const { property, value } of view.changesAt(time)) {
    if (property !== wanted) continue;
    if (value === current) notes.push(note(time, null, `${property} set to ${show(value)}, which it was: no change`));
    else if (!isSide(from, current)) {
      notes.push(note(time, null, `${property} changed from ${show(current)}, not from ${show(from)}`));
    } else if (!isSide(to, value)) {
      notes.push(note(time, null, `${property} changed to ${show(value)}, not to ${show(to)}`));
    }
    current = value;
  }
  return notes;
}

type PropertyTriggerValue = Extract<TriggerState, { type: 'property' }>['value'];

function dateNotes(
  trigger: DateTrigger,
  before: PropertyTriggerValue,
  view: PersonView,
  zone: LocalTime,
  time: number,
): ExplainedMoment[] {
  const change = view.changesAt(time).findLast(({ property }) => property === trigger.property);
  if (change === undefined || change.value === before || change.value === null) return [];
  if (dayOf(change.value, zone) === null) {
    return [note(time, null, `${trigger.property} is ${show(change.value)}, which is no date`)];
  }
  const moment = momentOn(trigger, change.value, zone);
  if (trigger.yearly || moment === null || moment > time) return [];
  const late = `its moment ${exactInstant(moment)} was not later than the change`;
  return [note(time, time - moment, `${trigger.property} is ${show(change.value)}: ${late}`)];
}

export interface Standing {
  readonly armed: boolean;
  readonly deadline: number | null;
  readonly text: string;
}

/** How a trigger stands at `moment`, up to which the view shows all rows. */
export function unanchoredStanding(
  trigger: UnanchoredTrigger,
  state: TriggerState,
  view: PersonView,
  zone: LocalTime,
  moment: number,
): Standing {
  switch (trigger.type) {
    case 'schedule': {
      if (state.type !== 'checked' || state.next === null) return standing(null, 'no run is in sight');
      return standing(state.next, `runs next at ${exactInstant(state.next)}, ${left(state.next, moment)}`);
    }
    case 'property': {
      const value = state.type === 'property' ? state.value : null;
      const from = trigger.from === undefined ? '' : ` from ${show(trigger.from)}`;
      const to = trigger.to === undefined ? '' : ` to ${show(trigger.to)}`;
      return standing(null, `${trigger.property} is ${show(value)}; fires when it changes${from}${to}`);
    }
    case 'date': {
      const value = state.type === 'date' ? state.value : null;
      const next = state.type === 'date' ? state.next : null;
      const is = `${trigger.property} is ${show(value)}`;
      if (next !== null) return standing(next, `${is}: fires at ${exactInstant(next)}, ${left(next, moment)}`);
      if (value === null) return standing(null, `${is}, so there is no date`);
      return standing(null, dayOf(value, zone) === null ? `${is}, which is no date` : `${is}: its moment is over`);
    }
    default: {
      if (state.type !== 'checked' || !state.isKnown) return standing(null, 'checked from the first event on');
      const check: Check = { view, time: moment, zone, triggerTime: null };
      const next = cronRuns(trigger.cron, zone).after(moment);
      const isAhead = next < Number.POSITIVE_INFINITY;
      const run = isAhead ? `next run at ${exactInstant(next)}, ${left(next, moment)}` : 'no run is in sight';
      const words = checkedWords(trigger, check);
      const holds = asks(trigger, check);
      if (holds && state.held)
        return standing(null, `true since an earlier run, fires once it has been false: ${words}; ${run}`);
      return standing(holds && isAhead ? next : null, `${holds ? 'true' : 'not true'}: ${words}; ${run}`);
    }
  }
}

function standing(deadline: number | null, text: string): Standing {
  return { armed: deadline !== null, deadline, text };
}

function checkedWords(trigger: ConditionTrigger | DeclineTrigger, check: Check): string {
  if (trigger.type === 'condition') return describeCondition(trigger.condition, check);
  const { recent, baseline } = activityOf(trigger, check);
  const { of, recentMs, baselineMs, ratio } = trigger;
  const what = of === null ? 'activity' : of.join(', ');
  const limit = ratio * (recentMs / baselineMs) * baseline;
  const seen = `${what}: ${recent} times in the last ${humanDuration(recentMs)}, ${baseline} in the ${humanDuration(baselineMs)} before`;
  if (baseline === 0) return `${seen} (asked: some before)`;
  const over = Math.floor(recent - limit) + 1;
  const miss = asks(trigger, check) ? '' : `, ${over} too many`;
  return `${seen} (asked: fewer than ${Number(limit.toPrecision(4))})${miss}`;
}

function note(time: number, missedByMs: number | null, text: string): ExplainedMoment {
  return { kind: 'trigger', time, text, missedByMs };
}

function left(at: number, moment: number): string {
  return `${humanDuration(at - moment)} left`;
}
