// Triggers that are checked at the runs of a cron line: `condition` and `decline` fire where what they ask becomes true,
// `schedule` at each run. A person's runs begin with what makes them known; a run sees the rows up to and at it.

import type { ConditionTrigger, DeclineTrigger, ScheduleTrigger } from '../workflow/index.ts';
import { type Check, isTrue } from './conditions.ts';
import { type CronRuns, cronRuns } from './cron-runs.ts';
import type { LocalTime } from './local-time.ts';
import { declineMayDifferFrom, mayDifferFrom, noticeOf } from './may-differ.ts';
import type { PersonView } from './person-view.ts';

export type CheckedTrigger = ConditionTrigger | DeclineTrigger | ScheduleTrigger;

export interface CheckedState {
  readonly type: 'checked';
  /** Every run is checked, instead of those alone at which the answer may have changed. The firings are the same. */
  readonly everyRun: boolean;
  /** Whether the person is known, so that their runs have begun. */
  isKnown: boolean;
  /** The next run to be checked; null where none is in sight. */
  next: number | null;
  /** What the last run found. */
  held: boolean;
}

export function initialChecked(trigger: CheckedTrigger, everyRun: boolean): CheckedState {
  return {
    type: 'checked',
    everyRun: everyRun || trigger.type === 'schedule',
    isKnown: false,
    next: null,
    held: false,
  };
}

/** Shows the trigger an instant: the rows [from, to) and the properties changed. */
export function applyToChecked(
  trigger: CheckedTrigger,
  state: CheckedState,
  view: PersonView,
  zone: LocalTime,
  from: number,
  to: number,
  time: number,
): void {
  if (!state.isKnown) {
    if (trigger.type !== 'schedule' && view.endRow === view.firstRow) return;
    state.isKnown = true;
  } else if (state.everyRun || !takesNotice(trigger, view, from, to, time)) return;
  // A run that was due anyway is not later than this one, unless it is further on.
  state.next = runAt(cronRuns(trigger.cron, zone), time, state.next);
}

/** Checks the run at `time`. @returns whether the trigger fires */
export function fireChecked(
  trigger: CheckedTrigger,
  state: CheckedState,
  view: PersonView,
  zone: LocalTime,
  time: number,
) {
  const runs = cronRuns(trigger.cron, zone);
  if (trigger.type === 'schedule') {
    state.next = finite(runs.after(time));
    return true;
  }
  const check: Check = { view, time, zone, triggerTime: null };
  const holds = asks(trigger, check);
  const fires = holds && !state.held;
  state.held = holds;
  state.next = finite(state.everyRun ? runs.after(time) : runs.atOrAfter(nextDifference(trigger, check)));
  return fires;
}

/** Whether what the trigger asks is true. */
export function asks(trigger: ConditionTrigger | DeclineTrigger, check: Check): boolean {
  return trigger.type === 'condition' ? isTrue(trigger.condition, check) : hasDeclined(trigger, check);
}

/** The first moment after the check at which the answer can be another without a row. */
export function nextDifference(trigger: ConditionTrigger | DeclineTrigger, check: Check): number {
  return trigger.type === 'condition' ? mayDifferFrom(trigger.condition, check) : declineMayDifferFrom(trigger, check);
}

function hasDeclined(trigger: DeclineTrigger, check: Check): boolean {
  const { recent, baseline } = activityOf(trigger, check);
  return baseline > 0 && isFewer(trigger, recent, baseline);
}

/** recent < ratio × recent span / baseline span × baseline, multiplied out so that nothing is rounded on the way. */
export function isFewer({ recentMs, baselineMs, ratio }: DeclineTrigger, recent: number, baseline: number): boolean {
  return recent * baselineMs < ratio * (recentMs * baseline);
}

/** Activity in (t - recent, t] and in (t - recent - baseline, t - recent]. */
export function activityOf(
  { of, recentMs, baselineMs }: DeclineTrigger,
  { view, time }: Check,
): { readonly recent: number; readonly baseline: number } {
  let recent = 0;
  let baseline = 0;
  for (let row = view.endRow - 1; row >= view.firstRow; row--) {
    const at = view.time(row);
    if (at <= time - recentMs - baselineMs) break;
    if (view.isOwnEmail(row) || (of !== null && !of.includes(view.name(row)))) continue;
    if (at > time - recentMs) recent++;
    else baseline++;
  }
  return { recent, baseline };
}

function takesNotice(trigger: CheckedTrigger, view: PersonView, from: number, to: number, time: number): boolean {
  if (trigger.type === 'schedule') return false;
  if (trigger.type === 'decline') return from < to;
  const { events, properties } = noticeOf(trigger.condition);
  for (let row = from; row < to; row++) if (events === null || events.has(view.name(row))) return true;
  return properties.size > 0 && view.changesAt(time).some(({ property }) => properties.has(property));
}

function runAt(runs: CronRuns, time: number, scheduled: number | null): number | null {
  return finite(Math.min(runs.atOrAfter(time), scheduled ?? Number.POSITIVE_INFINITY));
}

/** As states hold it. */
function finite(time: number): number | null {
  return time === Number.POSITIVE_INFINITY ? null : time;
}
