// Triggers on a property of the person: `property` fires as it changes, `date` at whole local days from the date it
// holds. Neither is about an event. Setting a property to the value it has changes nothing.

import { DAY_MS } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { DateTrigger, PropertyTrigger } from '../workflow/index.ts';
import { holds, readNumber } from './filters.ts';
import type { LocalTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';

export interface PropertyState {
  readonly type: 'property';
  /** Null: not set. */
  value: Scalar | null;
}

export interface DateState {
  readonly type: 'date';
  value: Scalar | null;
  /** When it fires next; null where it does not. */
  next: number | null;
}

/** @returns how many of the changes at `time` the trigger fires at */
export function applyToProperty(
  trigger: PropertyTrigger,
  state: PropertyState,
  view: PersonView,
  time: number,
): number {
  let fired = 0;
  for (const { property, value } of view.changesAt(time)) {
    if (property !== trigger.property || value === state.value) continue;
    if (isSide(trigger.from, state.value) && isSide(trigger.to, value)) fired++;
    state.value = value;
  }
  return fired;
}

/** @param side a value, null for "not set", undefined for "whatever" */
export function isSide(side: Scalar | null | undefined, actual: Scalar | null): boolean {
  if (side === undefined) return true;
  if (side === null || actual === null) return side === actual;
  return holds({ op: '=', value: side }, actual);
}

export function applyToDate(
  trigger: DateTrigger,
  state: DateState,
  view: PersonView,
  zone: LocalTime,
  time: number,
): void {
  for (const { property, value } of view.changesAt(time)) {
    if (property !== trigger.property || value === state.value) continue;
    state.value = value;
    state.next = momentAfter(trigger, value, zone, time);
  }
}

/** Its moment at `time` has come. */
export function fireDate(trigger: DateTrigger, state: DateState, zone: LocalTime, time: number): void {
  state.next = momentAfter(trigger, state.value, zone, time);
}

/** The first moment later than `after` at which the trigger fires about a date; null where there is none. */
export function momentAfter(
  { offsetDays, atMinute, yearly }: DateTrigger,
  value: Scalar | null,
  zone: LocalTime,
  after: number,
): number | null {
  const date = value === null ? null : dayOf(value, zone);
  if (date === null) return null;
  const momentOf = (day: number) => zone.instantOf(day + offsetDays, atMinute);
  if (!yearly) return momentOf(date) > after ? momentOf(date) : null;
  const first = new Date(date * DAY_MS);
  const begin = new Date((zone.day(after) - offsetDays) * DAY_MS).getUTCFullYear() - 1;
  for (let year = Math.max(first.getUTCFullYear(), begin); year < LAST_YEAR; year++) {
    const moment = momentOf(dayInYear(first, year));
    if (moment > after) return moment;
  }
  return null;
}

/** The moment about the date a value names, in its own year; null where it names none. */
export function momentOn({ offsetDays, atMinute }: DateTrigger, value: Scalar, zone: LocalTime): number | null {
  const date = dayOf(value, zone);
  return date === null ? null : zone.instantOf(date + offsetDays, atMinute);
}

/** Dates beyond it are taken for mistakes: they are no dates. */
const LAST_YEAR = 10_000;
const DATE =
  /^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?\s*$/i;

/**
 * The local day a value names, in days since 1970-01-01; null where it names none. A date, or a date and a time without
 * zone, is a local date as it stands; a time with its zone, and a number of ms since the epoch, is an instant.
 */
export function dayOf(value: Scalar, zone: LocalTime): number | null {
  const match = typeof value === 'string' ? DATE.exec(value) : null;
  if (match === null) {
    const instant = readNumber(value);
    return instant === null || Math.abs(instant) > LAST_INSTANT ? null : zone.day(Math.floor(instant));
  }
  const [, year, month, day, clock, offset] = match as unknown as [string, string, string, string, string?, string?];
  const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  if (clock === undefined || offset === undefined) return date.getTime() / DAY_MS;
  const instant = Date.parse(`${year}-${month}-${day}T${clock.replace(',', '.')}${zoneOf(offset)}`);
  return Number.isNaN(instant) ? null : zone.day(instant);
}

/** The end of the year 9999. */
const LAST_INSTANT = 253_402_300_799_999;

function zoneOf(offset: string): string {
  if (offset.toUpperCase() === 'Z') return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The same day of another year; 29 February falls on the 28th where the year has none. */
function dayInYear(date: Date, year: number): number {
  const same = new Date(0);
  same.setUTCFullYear(year, date.getUTCMonth(), date.getUTCDate());
  if (same.getUTCMonth() !== date.getUTCMonth()) same.setUTCFullYear(year, date.getUTCMonth() + 1, 0);
  return same.getTime() / DAY_MS;
}
