// Gates: what stops or moves one email. Asked in this order: unsubscribed, cap, quiet hours, send time; at a moved time
// only unsubscribed and cap again. Quiet hours are the stretches from one local time to another, [from, to), in the
// person's zone; a local time that the clock skips is reached at the end of the gap, one that it repeats the first time.

import { DAY_MS, MINUTE_MS } from '../base/index.ts';
import type { CapGate, Gates } from '../workflow/index.ts';
import { isZone, type LocalTime, localTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';
import { isRecordedSend } from './recency.ts';
import { nextTimeOfDay, preferredMinute } from './send-time.ts';

export interface Send {
  readonly workflow: string;
  readonly time: number;
}

/**
 * The gate that stops an email of `workflow` at `time`, or null.
 * @param sends in order of time, none after it
 * @param hasUnsubscribed by an event at or before it
 */
export function stoppedBy(
  gates: Gates,
  workflow: string,
  sends: readonly Send[],
  hasUnsubscribed: boolean,
  view: PersonView,
  time: number,
): 'unsubscribed' | 'cap' | null {
  if (hasUnsubscribed) return 'unsubscribed';
  return gates.cap.some((cap) => isCapReached(cap, workflow, sends, view, time)) ? 'cap' : null;
}

export function isCapReached(
  cap: CapGate,
  workflow: string,
  sends: readonly Send[],
  view: PersonView,
  time: number,
): boolean {
  const after = time - cap.withinMs;
  const counts = (of: string) => cap.scope === 'programme' || of === workflow;
  let n = 0;
  for (let i = sends.length - 1; i >= 0 && (sends[i] as Send).time > after; i--) {
    if (counts((sends[i] as Send).workflow)) n++;
  }
  if (cap.history) n += recordedSends(cap, workflow, view, after);
  return n >= cap.n;
}

/** How many of the sends that the history itself records count under a cap, later than `after`. */
export function recordedSends(cap: CapGate, workflow: string, view: PersonView, after: number): number {
  const of = cap.scope === 'programme' ? '*' : workflow;
  let n = 0;
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > after; row--) {
    if (isRecordedSend(view, row, of)) n++;
  }
  return n;
}

/**
 * Where quiet hours and the send time put an email that is due at `time`: a later time and the gate that chose it, `drop`
 * where quiet hours drop it, or null where it goes out now. The send time is the first one not before the end of the quiet
 * hours that `time` lies in, and at most `within` after `time`; else the email goes out when the quiet hours end.
 * @param zone of the workflow, whose name is `zoneName`
 */
export function laterTime(
  { quiet, sendTime }: Gates,
  view: PersonView,
  zone: LocalTime,
  zoneName: string,
  time: number,
): { readonly time: number; readonly gate: 'quiet' | 'sendTime' } | 'drop' | null {
  const quietEnd = quiet === null ? null : quietUntil(quiet, view, zone, time);
  if (quietEnd !== null && quiet?.else === 'drop') return 'drop';
  const earliest = quietEnd ?? time;
  if (sendTime !== null) {
    const local = zoneOf(view, zone, time);
    const preferred = preferredMinute(view, local, view.activeMinutes(zoneName));
    if (preferred !== null) {
      const wanted = preferred * MINUTE_MS - sendTime.leadMs;
      const sent = nextTimeOfDay(local, wanted - Math.floor(wanted / DAY_MS) * DAY_MS, earliest);
      if (sent > earliest && sent - time <= sendTime.withinMs) return { time: sent, gate: 'sendTime' };
    }
  }
  return quietEnd === null ? null : { time: quietEnd, gate: 'quiet' };
}

/** The zone named by the person's property `timezone` as of `time`, if it names one; else the workflow's. */
export function zoneOf(view: PersonView, zone: LocalTime, time: number): LocalTime {
  const own = view.personProperty('timezone', time);
  return isZone(own) ? localTime(own) : zone;
}

/**
 * The end of the quiet hours that `time` lies in, or null where it lies in none.
 * @param zone of the workflow; a person's property `timezone` that names one comes before it
 */
export function quietUntil(
  quiet: { readonly fromMinute: number; readonly toMinute: number },
  view: PersonView,
  zone: LocalTime,
  time: number,
): number | null {
  const local = zoneOf(view, zone, time);
  const today = local.day(time);
  for (const day of [today - 1, today, today + 1]) {
    const begins = local.instantOf(day, quiet.fromMinute);
    const ends = local.instantOf(quiet.toMinute > quiet.fromMinute ? day : day + 1, quiet.toMinute);
    if (begins <= time && time < ends) return ends;
  }
  return null;
}
