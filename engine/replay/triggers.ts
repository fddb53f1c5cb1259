// Triggers as state machines over one person. `applyRows` shows a trigger all rows of an instant and returns the
// candidates those rows make at once; `fireDue` returns those of timers whose deadline is that instant, rows of the
// instant already applied, so that an event at exactly a deadline is in time. States are plain JSON, advanced in place.

import { assertUnreachable } from '../base/index.ts';
import type {
  AbsenceTrigger,
  BehaviorTrigger,
  DateTrigger,
  InactionTrigger,
  SingleTrigger,
} from '../workflow/index.ts';
import {
  applyToChecked,
  type CheckedState,
  type CheckedTrigger,
  fireChecked,
  initialChecked,
} from './checked-triggers.ts';
import { activeDays } from './conditions.ts';
import { matches, propertyAt } from './filters.ts';
import type { LocalTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';
import { applyToDate, applyToProperty, type DateState, fireDate, type PropertyState } from './property-triggers.ts';

export interface Timer {
  /** Null: the timer of the events without the key. */
  readonly key: string | null;
  readonly anchorRow: number;
  readonly deadline: number;
}

export type TriggerState =
  | { readonly type: 'behavior'; times: number[]; period: number | null; firedInPeriod: boolean }
  /** By deadline, which is the order of their anchors. */
  | { readonly type: 'inaction'; readonly timers: Timer[] }
  | { readonly type: 'absence'; firstTime: number | null; lastRow: number | null; lastTime: number; armed: boolean }
  | CheckedState
  | PropertyState
  | DateState
  | ForeseenState;

/** In place of the states of a workflow's triggers: when they fire, worked out before, those of one instant joined. */
export interface ForeseenState {
  readonly type: 'foreseen';
  /** In order; a time stands as often as it fires then. */
  readonly times: readonly number[];
  /** Beside them the rows they are about; null: none. */
  readonly anchorRows: readonly (number | null)[];
  /** How many of them are behind. */
  passed: number;
}

/** A moment at which a trigger fires, and the row it is about. */
export interface Firing {
  /** Null: it is about no event. */
  readonly anchorRow: number | null;
  /** What fires: the event itself, a timer, or a change of a property. */
  readonly by: 'event' | 'timer' | 'change';
}

/** @param everyRun whether a trigger that is checked is checked at every run */
export function initialTriggerState(trigger: SingleTrigger, everyRun: boolean): TriggerState {
  switch (trigger.type) {
    case 'behavior':
      return { type: 'behavior', times: [], period: null, firedInPeriod: false };
    case 'inaction':
      return { type: 'inaction', timers: [] };
    case 'absence':
      return { type: 'absence', firstTime: null, lastRow: null, lastTime: 0, armed: false };
    case 'condition':
    case 'decline':
    case 'schedule':
      return initialChecked(trigger, everyRun);
    case 'property':
      return { type: 'property', value: null };
    case 'date':
      return { type: 'date', value: null, next: null };
    default:
      return assertUnreachable(trigger);
  }
}

export function copyTriggerState(state: TriggerState): TriggerState {
  switch (state.type) {
    case 'behavior':
      return { ...state, times: [...state.times] };
    case 'inaction':
      return { ...state, timers: [...state.timers] };
    default:
      return { ...state };
  }
}

/** Shows a trigger the rows [from, to) and the changes of the instant `time`; there may be none. @returns what they fire at once, in input order */
export function applyRows(
  trigger: SingleTrigger,
  state: TriggerState,
  view: PersonView,
  zone: LocalTime,
  from: number,
  to: number,
  time: number,
): Firing[] {
  if (state.type === 'foreseen') return NOTHING;
  switch (trigger.type) {
    case 'behavior':
      return applyToBehavior(trigger, stateOf(state, 'behavior'), view, zone, from, to, time);
    case 'inaction':
      applyToInaction(trigger, stateOf(state, 'inaction'), view, from, to, time);
      return NOTHING;
    case 'absence':
      applyToAbsence(trigger, stateOf(state, 'absence'), view, from, to, time);
      return NOTHING;
    case 'condition':
    case 'decline':
    case 'schedule':
      applyToChecked(trigger, stateOf(state, 'checked'), view, zone, from, to, time);
      return NOTHING;
    case 'property':
      return Array.from({ length: applyToProperty(trigger, stateOf(state, 'property'), view, time) }, () => BY_CHANGE);
    case 'date':
      applyToDate(trigger, stateOf(state, 'date'), view, zone, time);
      return NOTHING;
  }
}

/** The earliest deadline of a trigger's timers; Infinity where none is armed. */
export function nextDeadline(trigger: SingleTrigger, state: TriggerState): number {
  switch (state.type) {
    case 'behavior':
    case 'property':
      return Number.POSITIVE_INFINITY;
    case 'checked':
    case 'date':
      return state.next ?? Number.POSITIVE_INFINITY;
    case 'foreseen':
      return state.times[state.passed] ?? Number.POSITIVE_INFINITY;
    case 'inaction':
      return state.timers[0]?.deadline ?? Number.POSITIVE_INFINITY;
    case 'absence':
      return state.armed ? state.lastTime + (trigger as AbsenceTrigger).forMs : Number.POSITIVE_INFINITY;
  }
}

/** Takes the timers due at `time` off and returns their firings, in input order of the anchors. */
export function fireDue(
  trigger: SingleTrigger,
  state: TriggerState,
  view: PersonView,
  zone: LocalTime,
  time: number,
): Firing[] {
  if (nextDeadline(trigger, state) > time) return NOTHING;
  if (state.type === 'inaction') {
    let due = 0;
    while (due < state.timers.length && (state.timers[due] as Timer).deadline <= time) due++;
    const rows = state.timers.splice(0, due).map((timer) => timer.anchorRow);
    return rows.sort((a, b) => a - b).map((anchorRow) => ({ anchorRow, by: 'timer' }));
  }
  if (state.type === 'absence') {
    state.armed = false;
    if (wasActiveEnough(trigger as AbsenceTrigger, state, view, zone)) {
      return [{ anchorRow: state.lastRow as number, by: 'timer' }];
    }
    return NOTHING;
  }
  if (state.type === 'foreseen') {
    const first = state.passed;
    while ((state.times[state.passed] ?? Number.POSITIVE_INFINITY) <= time) state.passed++;
    return state.anchorRows.slice(first, state.passed).map((anchorRow) => ({ anchorRow, by: 'timer' }));
  }
  if (state.type === 'date') {
    fireDate(trigger as DateTrigger, state, zone, time);
    return [BY_TIMER];
  }
  if (state.type === 'checked') {
    return fireChecked(trigger as CheckedTrigger, state, view, zone, time) ? [BY_TIMER] : NOTHING;
  }
  return NOTHING;
}

/** Timers still armed, all of them past what is known. */
export function pendingTimers(trigger: SingleTrigger, state: TriggerState, view: PersonView, zone: LocalTime): number {
  if (state.type === 'inaction') return state.timers.length;
  if (state.type !== 'absence' || !state.armed) return 0;
  return wasActiveEnough(trigger as AbsenceTrigger, state, view, zone) ? 1 : 0;
}

const NOTHING: Firing[] = [];
const BY_TIMER: Firing = { anchorRow: null, by: 'timer' };
const BY_CHANGE: Firing = { anchorRow: null, by: 'change' };

function stateOf<T extends TriggerState['type']>(state: TriggerState, type: T): Extract<TriggerState, { type: T }> {
  if (state.type !== type) throw new Error(`a ${type} trigger was given the state of a ${state.type} trigger`);
  return state as Extract<TriggerState, { type: T }>;
}

// ---------------------------------------------------------------- behavior

function applyToBehavior(
  trigger: BehaviorTrigger,
  state: Extract<TriggerState, { type: 'behavior' }>,
  view: PersonView,
  zone: LocalTime,
  from: number,
  to: number,
  time: number,
): Firing[] {
  let firings = NOTHING;
  for (let row = from; row < to; row++) {
    if (!matches(view, row, trigger.match) || !completesCount(trigger, state, zone, time)) continue;
    if (firings === NOTHING) firings = [];
    firings.push({ anchorRow: row, by: 'event' });
  }
  return firings;
}

/** Counts one matching event and says whether it completes the count. */
function completesCount(
  trigger: BehaviorTrigger,
  state: Extract<TriggerState, { type: 'behavior' }>,
  zone: LocalTime,
  time: number,
): boolean {
  if (trigger.calendar !== null) {
    const period = zone.period(time, trigger.calendar);
    if (period !== state.period) {
      state.period = period;
      state.firedInPeriod = false;
      state.times = [];
    }
    if (state.firedInPeriod) return false;
    state.times.push(time);
    if (state.times.length < trigger.count) return false;
    state.firedInPeriod = true;
    state.times = [];
    return true;
  }
  if (trigger.count === 1) return true;
  const after = trigger.withinMs === null ? Number.NEGATIVE_INFINITY : time - trigger.withinMs;
  state.times = state.times.filter((earlier) => earlier > after);
  state.times.push(time);
  if (state.times.length < trigger.count) return false;
  state.times = [];
  return true;
}

// ---------------------------------------------------------------- inaction

/** All anchors of an instant come before all answers of it, so an event that is both answers itself. */
function applyToInaction(
  trigger: InactionTrigger,
  state: Extract<TriggerState, { type: 'inaction' }>,
  view: PersonView,
  from: number,
  to: number,
  time: number,
): void {
  const { timers } = state;
  for (let row = from; row < to; row++) {
    if (!matches(view, row, trigger.after)) continue;
    const key = keyOf(trigger, view, row);
    const armed = timers.findIndex((timer) => timer.key === key);
    if (armed >= 0) {
      if (trigger.rearm === 'first') continue;
      timers.splice(armed, 1);
    }
    timers.push({ key, anchorRow: row, deadline: time + trigger.withinMs });
  }
  if (timers.length === 0) return;
  for (let row = from; row < to; row++) {
    if (!matches(view, row, trigger.without)) continue;
    const key = keyOf(trigger, view, row);
    const answered = timers.findIndex((timer) => timer.key === key);
    if (answered >= 0) timers.splice(answered, 1);
  }
}

export function keyOf(trigger: InactionTrigger, view: PersonView, row: number): string | null {
  if (trigger.key === null) return null;
  const value = propertyAt(view, row, trigger.key, view.time(row));
  return value === undefined ? null : String(value);
}

// ---------------------------------------------------------------- absence

function applyToAbsence(
  trigger: AbsenceTrigger,
  state: Extract<TriggerState, { type: 'absence' }>,
  view: PersonView,
  from: number,
  to: number,
  time: number,
): void {
  for (let row = from; row < to; row++) {
    if (!isActivity(trigger, view, row)) continue;
    state.firstTime ??= time;
    state.lastRow = row;
    state.lastTime = time;
    state.armed = true;
  }
}

/** Of a trigger on activity: of the names it gives, else any; never the product's own emails. */
export function isActivity(trigger: Pick<AbsenceTrigger, 'of'>, view: PersonView, row: number): boolean {
  return !view.isOwnEmail(row) && (trigger.of === null || trigger.of.includes(view.name(row)));
}

/** `afterActive`, asked of the person's activity up to the last one. */
function wasActiveEnough(
  trigger: AbsenceTrigger,
  state: Extract<TriggerState, { type: 'absence' }>,
  view: PersonView,
  zone: LocalTime,
): boolean {
  const wanted = trigger.afterActive;
  if (wanted === null) return true;
  if (wanted.kind === 'elapsed') return state.lastTime - (state.firstTime as number) >= wanted.ms;
  const counts = (row: number) => isActivity(trigger, view, row);
  const endRow = (state.lastRow as number) + 1;
  return activeDays({ view, zone }, endRow, state.lastTime, wanted.inLastMs, counts) >= wanted.days;
}
