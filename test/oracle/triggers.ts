// When a trigger fires for a person, each rule read off the finished history: an inaction asks whether any B lies in
// [anchor, deadline], instead of keeping a timer.

import { EMAIL_EVENTS, eventProperty, matches } from './conditions.ts';
import { calendarPeriod, localDay } from './local-time.ts';
import { becomesTrue, date, schedule } from './runs.ts';
import type { MatchText, OracleEvent, Person, Plain, SegmentsText, TriggerText } from './shapes.ts';
import { ms, passes } from './values.ts';

export interface Firing {
  time: number;
  /** The event it reads its properties from. */
  anchor: OracleEvent | null;
  /** Whether it fires at an event or at a deadline. */
  by: 'event' | 'timer';
}

export interface Firings {
  /** By time; those of one instant in the order they are candidates. */
  fired: Firing[];
  /** Deadlines past the end of observation. */
  pending: number;
}

/** @param segments of the workflow that the trigger is of */
export function firings(
  trigger: TriggerText,
  person: Person,
  zone: string,
  until: number,
  segments: SegmentsText | undefined,
): Firings {
  switch (trigger.type) {
    case 'behavior':
      return behavior(trigger, person, zone);
    case 'inaction':
      return inaction(trigger, person, until);
    case 'absence':
      return absence(trigger, person, zone, until);
    case 'property':
      return property(trigger, person);
    case 'schedule':
      return { fired: schedule(trigger, person, zone, until), pending: 0 };
    case 'condition':
    case 'decline':
      return { fired: becomesTrue(trigger, person, zone, until, segments), pending: 0 };
    case 'date':
      return { fired: date(trigger, person, zone, until), pending: 0 };
    case 'anyOf':
      return anyOf(trigger, person, zone, until, segments);
    default:
      throw new Error(`no trigger: ${trigger.type}`);
  }
}

function behavior(trigger: TriggerText, person: Person, zone: string): Firings {
  const match: MatchText = { event: trigger.event as string, where: trigger.where ?? [] };
  const hits = person.events.filter((event) => matches(match, event, person));
  const wanted = trigger.count ?? 1;
  const fired: OracleEvent[] = [];
  if (trigger.calendar !== undefined) {
    const periodOf = (event: OracleEvent) => calendarPeriod(event.time, zone, trigger.calendar as string);
    for (const period of new Set(hits.map(periodOf))) {
      const completing = hits.filter((event) => periodOf(event) === period)[wanted - 1];
      if (completing) fired.push(completing);
    }
  } else {
    const within = trigger.within === undefined ? Number.POSITIVE_INFINITY : ms(trigger.within);
    let from = 0;
    hits.forEach((event, i) => {
      const counted = hits.slice(from, i + 1).filter((earlier) => earlier.time > event.time - within);
      if (counted.length < wanted) return;
      fired.push(event);
      from = i + 1;
    });
  }
  return { fired: fired.map((anchor) => ({ time: anchor.time, anchor, by: 'event' })), pending: 0 };
}

function inaction(trigger: TriggerText, person: Person, until: number): Firings {
  const within = ms(trigger.within as string);
  const keyOf = (event: OracleEvent) => {
    const value = trigger.key === undefined ? undefined : eventProperty(event, trigger.key);
    return value === undefined ? 'no key' : `key ${String(value)}`;
  };
  const anchors = person.events.filter((event) => matches(trigger.after as MatchText, event, person));
  const answers = person.events.filter((event) => matches(trigger.without as MatchText, event, person));
  const armed: OracleEvent[] = [];
  for (const key of new Set(anchors.map(keyOf))) {
    const A = anchors.filter((event) => keyOf(event) === key);
    const B = answers.filter((event) => keyOf(event) === key);
    const answer = (a: OracleEvent) => B.find((b) => b.time >= a.time && b.time <= a.time + within);
    if (trigger.rearm === 'first') {
      let next = A[0];
      while (next !== undefined) {
        const answered = answer(next);
        if (answered === undefined) armed.push(next);
        const closed = answered === undefined ? next.time + within : answered.time;
        next = A.find((a) => a.time > closed);
      }
    } else {
      A.forEach((a, i) => {
        const moved = A.slice(i + 1).some((later) => later.time <= a.time + within);
        if (!moved && answer(a) === undefined) armed.push(a);
      });
    }
  }
  return timers(person, armed, within, until);
}

function absence(trigger: TriggerText, person: Person, zone: string, until: number): Firings {
  const silence = ms(trigger.for as string);
  const activity = person.events.filter(
    (event) => !EMAIL_EVENTS.includes(event.name) && (trigger.of === undefined || trigger.of.includes(event.name)),
  );
  const armed = activity.filter((last, i) => {
    if (activity.slice(i + 1).some((later) => later.time <= last.time + silence)) return false;
    const needs = trigger.afterActive;
    if (needs === undefined) return true;
    if (typeof needs === 'string') return last.time - (activity[0] as OracleEvent).time >= ms(needs);
    const recent = activity.filter((event) => event.time <= last.time && event.time > last.time - ms(needs.inLast));
    return new Set(recent.map((event) => localDay(event.time, zone))).size >= needs.activeDays;
  });
  return timers(person, armed, silence, until);
}

/** Deadlines of armed anchors: those by the end of observation fire, in time and row order, the rest are pending. */
function timers(person: Person, armed: readonly OracleEvent[], wait: number, until: number): Firings {
  const ordered = person.events.filter((event) => armed.includes(event));
  const due = ordered.filter((event) => event.time + wait <= until);
  return {
    fired: due.map((anchor) => ({ time: anchor.time + wait, anchor, by: 'timer' })),
    pending: ordered.length - due.length,
  };
}

function property(trigger: TriggerText, person: Person): Firings {
  const fired: Firing[] = [];
  const changes = person.changes.filter((change) => change.property === trigger.property);
  changes.forEach((change, i) => {
    const before = changes[i - 1]?.value ?? null;
    if (change.value === before) return;
    if (!isValue(before, trigger.from) || !isValue(change.value, trigger.to)) return;
    fired.push({ time: change.time, anchor: null, by: 'timer' });
  });
  return { fired, pending: 0 };
}

/** A text is read as the type of what it is compared with; null is no value. */
function isValue(value: Plain | null, wanted: Plain | null | undefined): boolean {
  if (wanted === undefined || wanted === null || value === null) return wanted === undefined || value === wanted;
  return passes(value, '=', wanted);
}

function anyOf(
  trigger: TriggerText,
  person: Person,
  zone: string,
  until: number,
  segments: SegmentsText | undefined,
): Firings {
  const parts = (trigger.triggers ?? []).map((one) => firings(one, person, zone, until, segments));
  const all = parts.flatMap((part) => part.fired);
  const instants = [...new Set(all.map((firing) => firing.time))].sort((a, b) => a - b);
  const fired = instants.map((time) => {
    const together = all.filter((firing) => firing.time === time);
    const first = person.events.find((event) => together.some((f) => f.by === 'event' && f.anchor === event));
    return together.find((f) => f.by === 'event' && f.anchor === first) ?? (together[0] as Firing);
  });
  return { fired, pending: parts.reduce((sum, part) => sum + part.pending, 0) };
}
