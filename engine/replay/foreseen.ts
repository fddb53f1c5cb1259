// When the triggers that are about no event fire for a person, worked out from the whole of their history at once: a
// batch replay may look at rows before their time, as long as no firing depends on one that comes after it. Runs at which
// nothing can have changed are passed over. The same firings as those of the states in `triggers.ts`.

import type { History } from '../events/index.ts';
import type {
  ConditionTrigger,
  DateTrigger,
  DeclineTrigger,
  PropertyTrigger,
  SingleTrigger,
} from '../workflow/index.ts';
import { type Question, questionOf } from './asking.ts';
import type { CheckedTrigger } from './checked-triggers.ts';
import { cronRuns } from './cron-runs.ts';
import type { LocalTime } from './local-time.ts';
import { noticeOf } from './may-differ.ts';
import type { HistoryView } from './person-view.ts';
import { applyToDate, applyToProperty, type DateState, fireDate, type PropertyState } from './property-triggers.ts';

export type UnanchoredTrigger = CheckedTrigger | PropertyTrigger | DateTrigger;

/** Appends the times at which a trigger fires for the person selected, in order, none later than observedUntil. */
export type Foresee = (view: HistoryView, into: number[]) => void;

/** Whether a trigger is about no event, so that its firings can be foreseen without its state. */
export function isUnanchored(trigger: SingleTrigger): trigger is UnanchoredTrigger {
  return trigger.type !== 'behavior' && trigger.type !== 'inaction' && trigger.type !== 'absence';
}

export function foreseeing(history: History, trigger: UnanchoredTrigger, zone: LocalTime): Foresee {
  const { observedUntil: until } = history;
  switch (trigger.type) {
    case 'property':
      return (view, into) => foreseeProperty(trigger, view, until, into);
    case 'date':
      return (view, into) => foreseeDate(trigger, zone, view, until, into);
    case 'schedule': {
      const runs = runsOf(history, trigger.cron, zone);
      return (view, into) => foreseeSchedule(runs, view, into);
    }
    default: {
      const runs = runsOf(history, trigger.cron, zone);
      const notice = noticeIn(history, trigger);
      const question = questionOf(history, trigger, zone);
      return (view, into) => foreseeChecked(question, runs, notice, view, into);
    }
  }
}

/** Every run from the first row of a history to its end. */
function runsOf(history: History, cron: string, zone: LocalTime): Float64Array {
  const { times, changes, observedUntil } = history;
  let first = times.length === 0 ? Number.POSITIVE_INFINITY : times.base;
  for (let i = 0; i < changes.times.length; i++) first = Math.min(first, changes.times[i] as number);
  return first > observedUntil ? new Float64Array(0) : cronRuns(cron, zone).between(first, observedUntil);
}

function foreseeProperty(trigger: PropertyTrigger, view: HistoryView, until: number, into: number[]): void {
  const state: PropertyState = { type: 'property', value: null };
  forEachChange(view, until, (time) => {
    for (let n = applyToProperty(trigger, state, view, time); n > 0; n--) into.push(time);
  });
}

function foreseeDate(trigger: DateTrigger, zone: LocalTime, view: HistoryView, until: number, into: number[]): void {
  const state: DateState = { type: 'date', value: null, next: null };
  const fireBefore = (end: number) => {
    while (state.next !== null && state.next < end) {
      into.push(state.next);
      fireDate(trigger, state, zone, state.next);
    }
  };
  forEachChange(view, until, (time) => {
    fireBefore(time);
    applyToDate(trigger, state, view, zone, time);
  });
  fireBefore(until + 1);
}

function foreseeSchedule(runs: Float64Array, view: HistoryView, into: number[]): void {
  const { times, changes } = view.history;
  let first = Number.POSITIVE_INFINITY;
  if (view.firstRow < view.lastRow) first = times.at(view.firstRow);
  if (view.firstChange < view.lastChange) first = Math.min(first, changes.times[view.firstChange] as number);
  for (let i = firstAt(runs, first, 0); i < runs.length; i++) into.push(runs[i] as number);
}

/** Checks the first run, and then each at which something may have changed since the last that was checked. */
function foreseeChecked(
  question: Question,
  runs: Float64Array,
  notice: NoticeCodes,
  view: HistoryView,
  into: number[],
): void {
  if (view.firstRow === view.lastRow) return;
  const { times } = view.history;
  let held = false;
  view.endRow = view.firstRow;
  view.endChange = view.firstChange;
  for (let i = firstAt(runs, times.at(view.firstRow), 0); i < runs.length; ) {
    const time = runs[i] as number;
    while (view.endRow < view.lastRow && times.at(view.endRow) <= time) view.endRow++;
    const holds = question.holds(view, time);
    if (holds && !held) into.push(time);
    held = holds;
    i = firstAt(runs, Math.min(question.next, nextNoticed(notice, view, time)), i + 1);
  }
}

/** The first place from `low` on whose run is not earlier than `time`. */
function firstAt(runs: Float64Array, time: number, low: number): number {
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((runs[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows a trigger takes notice of, in the codes of one history. */
interface NoticeCodes {
  /** By the code of the event's name. */
  readonly events: Uint8Array;
  /** By the code of the property. */
  readonly properties: Uint8Array | null;
}

function noticeIn(history: History, trigger: ConditionTrigger | DeclineTrigger): NoticeCodes {
  const { names, changes } = history;
  const isNoticed = (wanted: ReadonlySet<string> | null) => (name: string) => Number(wanted?.has(name) ?? true);
  if (trigger.type === 'decline') {
    return {
      events: Uint8Array.from(names, isNoticed(trigger.of === null ? null : new Set(trigger.of))),
      properties: null,
    };
  }
  const { events, properties } = noticeOf(trigger.condition);
  const byProperty = Uint8Array.from(changes.propertyNames, isNoticed(properties));
  return { events: Uint8Array.from(names, isNoticed(events)), properties: byProperty.includes(1) ? byProperty : null };
}

/** The time of the next row after `time`, of those not visible at it, that the trigger takes notice of; else Infinity. */
function nextNoticed({ events, properties }: NoticeCodes, view: HistoryView, time: number): number {
  const { nameCodes, times, changes } = view.history;
  let row = view.endRow;
  while (row < view.lastRow && events[nameCodes[row] as number] === 0) row++;
  let next = row < view.lastRow ? times.at(row) : Number.POSITIVE_INFINITY;
  if (properties === null) return next;
  for (; view.endChange < view.lastChange; view.endChange++) {
    const at = changes.times[view.endChange] as number;
    if (at <= time || properties[changes.properties[view.endChange] as number] === 0) continue;
    next = Math.min(next, at);
    break;
  }
  return next;
}

/** Shows the view each instant by `until` at which properties of the person change. */
function forEachChange(view: HistoryView, until: number, see: (time: number) => void): void {
  const { times } = view.history.changes;
  view.endChange = view.firstChange;
  while (view.endChange < view.lastChange) {
    const time = times[view.endChange] as number;
    if (time > until) return;
    while (view.endChange < view.lastChange && times[view.endChange] === time) view.endChange++;
    see(time);
  }
}
