// What is true of a person at a moment, counted anew from all their rows each time it is asked.

import { localDay } from './local-time.ts';
import { isIn } from './segments.ts';
import type { ConditionText, FilterText, MatchText, OracleEvent, Person, Plain, SegmentsText } from './shapes.ts';
import { allPass, exactly, ms, numeric, passes } from './values.ts';

export const EMAIL_EVENTS = [
  'Email Sent',
  'Email Delivered',
  'Email Opened',
  'Email Clicked',
  'Email Unsubscribed',
  'Unsubscribed',
];

export interface Moment {
  person: Person;
  time: number;
  zone: string;
  /** Of the enrollment whose step asks; null elsewhere. */
  trigger: number | null;
  /** Of the workflow that asks. */
  segments: SegmentsText | undefined;
}

/** The last value set at or before a moment; undefined where none is, or it was removed. */
export function personProperty(person: Person, property: string, time: number): Plain | undefined {
  const set = person.changes.filter((change) => change.property === property && change.time <= time);
  return set.at(-1)?.value ?? undefined;
}

export function eventProperty(event: OracleEvent, property: string): Plain | undefined {
  return property === 'value' ? event.value : event.properties?.[property];
}

/** Filters on an event (null: there is none, so its properties are missing), `person.` as of a moment. */
export function filtersHold(
  filters: readonly FilterText[] | undefined,
  event: OracleEvent | null,
  person: Person,
  time: number,
): boolean {
  return allPass(filters, (name) => {
    if (name.startsWith('person.')) return personProperty(person, name.slice('person.'.length), time);
    return event === null ? undefined : eventProperty(event, name);
  });
}

export function matches(match: MatchText, event: OracleEvent, person: Person): boolean {
  return event.name === match.event && filtersHold(match.where, event, person, event.time);
}

export function conditionHolds(condition: ConditionText, at: Moment): boolean {
  if (Array.isArray(condition)) return condition.every((one) => conditionHolds(one, at));
  if (condition.all) return condition.all.every((one) => conditionHolds(one, at));
  if (condition.any) return condition.any.some((one) => conditionHolds(one, at));
  if (condition.not) return !conditionHolds(condition.not, at);

  const { person, time, zone } = at;
  const op = condition.op as string;
  const test = (actual: Plain | undefined) => passes(actual, op, condition.value);
  const past = person.events.filter((event) => event.time <= time);
  const seen = past.filter((event) => {
    if (condition.inLast !== undefined && event.time <= time - ms(condition.inLast)) return false;
    return condition.since !== 'trigger' || event.time > (at.trigger as number);
  });
  const matching = () =>
    seen.filter((event) => matches({ event: condition.event as string, where: condition.where ?? [] }, event, person));
  const read = (event: OracleEvent) => eventProperty(event, condition.property as string);
  const numbers = () =>
    matching()
      .map((event) => numeric(read(event)))
      .filter((value) => value !== undefined);

  switch (condition.is) {
    case 'tenure': {
      const first = past[0];
      return passes(first && time - first.time, op, ms(condition.value as string));
    }
    case 'activeDays': {
      const active = seen.filter((event) => !EMAIL_EVENTS.includes(event.name));
      return test(new Set(active.map((event) => localDay(event.time, zone))).size);
    }
    case 'count':
      return test(matching().length);
    case 'distinct':
      return test((condition.events ?? []).filter((name) => seen.some((event) => event.name === name)).length);
    case 'sum':
      return test(exactly(numbers()));
    case 'min': {
      const all = numbers();
      return test(all.length === 0 ? undefined : Math.min(...all));
    }
    case 'max': {
      const all = numbers();
      return test(all.length === 0 ? undefined : Math.max(...all));
    }
    case 'last': {
      const last = matching().at(-1);
      return test(last && read(last));
    }
    case 'property':
      return test(personProperty(person, condition.property as string, time));
    case 'segment': {
      const isActivity = (event: OracleEvent) => !EMAIL_EVENTS.includes(event.name);
      return isIn(condition.segment as string, condition.feature, past, at, at.segments, isActivity);
    }
    default:
      throw new Error(`no condition: ${condition.is}`);
  }
}
