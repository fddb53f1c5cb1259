// What becomes of one enrollment. Its end by an event is looked up first, in the finished history; then the steps are
// taken in order of time until that end.

import { conditionHolds, matches, personProperty } from './conditions.ts';
import { isZone, quietUntil } from './local-time.ts';
import type { OracleEvent, Person, StepText, WorkflowText } from './shapes.ts';
import type { Firing } from './triggers.ts';
import { ms } from './values.ts';

export interface StepFate {
  id: string;
  fate: 'sent' | 'ghost' | 'skipped' | 'movedPastEnd' | 'exitedBefore' | 'pending';
  reason: string | null;
}

export interface Enrollment {
  anchor: OracleEvent | null;
  trigger: number;
  arm: 'treated' | 'holdout';
  steps: StepFate[];
  exit: 'goal' | 'event' | 'expired' | 'open';
  /** Infinity while open. */
  endedAt: number;
  /** Whether the goal window ends by the end of observation. */
  complete: boolean;
  /** The first one in the goal window. */
  goal: OracleEvent | null;
}

export type Note = (time: number, kind: string, step: string | null, reason: string | null) => void;

interface Place {
  step: StepText;
  due: number | null;
  movedTo: number | null;
  handledAt: number | null;
  fate: StepFate['fate'] | null;
  reason: string | null;
}

/** @param sends times of this person's sends and ghost sends so far; those of this enrollment are added */
export function enroll(
  workflow: WorkflowText,
  person: Person,
  { time: trigger, anchor }: Pick<Firing, 'time' | 'anchor'>,
  arm: 'treated' | 'holdout',
  sends: number[],
  until: number,
  note: Note,
): Enrollment {
  const goalEnd = trigger + ms(workflow.goal.within);
  const isGoal = (event: OracleEvent) => matches(workflow.goal, event, person);
  const isExit = (event: OracleEvent) => (workflow.exit?.on ?? []).some((match) => matches(match, event, person));
  const later = person.events.filter((event) => event.time > trigger);
  const ending = later.find((event) => isGoal(event) || isExit(event));
  const endingAt = ending?.time ?? Number.POSITIVE_INFINITY;
  const after = workflow.exit?.after;
  const fixedEnd = after === undefined ? Number.POSITIVE_INFINITY : trigger + ms(after);

  const places: Place[] = workflow.sequence.map((step) => ({
    step,
    due: null,
    movedTo: null,
    handledAt: null,
    fate: null,
    reason: null,
  }));
  const settle = (place: Place, time: number, fate: 'sent' | 'ghost' | 'skipped', reason: string | null) => {
    Object.assign(place, { handledAt: time, fate, reason });
    if (fate !== 'skipped') sends.push(time);
    note(time, fate, place.step.id, reason);
  };

  for (;;) {
    places.forEach((place, i) => {
      const before = i > 0 && place.step.from === 'previous' ? (places[i - 1] as Place).handledAt : trigger;
      if (place.due === null && before !== null) place.due = before + ms(place.step.delay);
    });
    const open = places.filter((place) => place.fate === null && place.due !== null);
    const when = (place: Place) => place.movedTo ?? (place.due as number);
    const time = Math.min(...open.map(when));
    const next = open.find((place) => when(place) === time);
    if (next === undefined || time > until || time >= endingAt || time > fixedEnd) break;

    const stopped = gate(workflow, person, time, sends);
    const send = arm === 'treated' ? 'sent' : 'ghost';
    if (next.movedTo !== null) {
      if (stopped !== null) settle(next, time, 'skipped', stopped);
      else settle(next, time, send, null);
      continue;
    }
    const asks = next.step.if;
    if (asks !== undefined && !conditionHolds(asks, { person, time, zone: zoneOf(workflow), trigger })) {
      settle(next, time, 'skipped', 'if');
      continue;
    }
    if (stopped !== null) {
      settle(next, time, 'skipped', stopped);
      continue;
    }
    const quiet = workflow.gates?.quiet;
    const own = personProperty(person, 'timezone', time);
    const quietEnd = quiet && quietUntil(time, isZone(own) ? own : zoneOf(workflow), quiet.from, quiet.to);
    if (quiet === undefined || quietEnd === null || quietEnd === undefined) settle(next, time, send, null);
    else if (quiet.else === 'drop') settle(next, time, 'skipped', 'quiet');
    else {
      next.movedTo = quietEnd;
      note(time, 'moved', next.step.id, 'quiet');
    }
  }

  const handled = places.map((place) => place.handledAt ?? Number.POSITIVE_INFINITY);
  const expiry = after === undefined ? Math.max(goalEnd, ...handled) : fixedEnd;
  let exit: Enrollment['exit'] = 'open';
  let endedAt = Number.POSITIVE_INFINITY;
  if (ending !== undefined && endingAt <= expiry) {
    exit = isGoal(ending) ? 'goal' : 'event';
    endedAt = endingAt;
  } else if (expiry <= until) {
    exit = 'expired';
    endedAt = expiry;
  }
  const steps = places.map((place): StepFate => {
    if (place.fate !== null) return { id: place.step.id, fate: place.fate, reason: place.reason };
    if (place.movedTo !== null) {
      note(Math.min(endedAt, until), 'movedPastEnd', place.step.id, null);
      return { id: place.step.id, fate: 'movedPastEnd', reason: null };
    }
    return { id: place.step.id, fate: exit === 'open' ? 'pending' : 'exitedBefore', reason: null };
  });
  if (exit !== 'open') note(endedAt, 'exited', null, exit);
  const goal = later.find((event) => event.time <= goalEnd && isGoal(event)) ?? null;
  if (goal !== null) note(goal.time, 'converted', null, arm);
  return { anchor, trigger, arm, steps, exit, endedAt, complete: goalEnd <= until, goal };
}

export function zoneOf(workflow: WorkflowText): string {
  return workflow.timezone ?? 'UTC';
}

/** How many emails lie in (time - within, time], with those the history records if asked. */
export function emailsWithin(
  person: Person,
  sends: readonly number[],
  time: number,
  within: string,
  history: boolean | undefined,
): number {
  const recorded = history
    ? person.events.filter((event) => event.name === 'Email Sent').map((event) => event.time)
    : [];
  return [...sends, ...recorded].filter((sent) => sent <= time && sent > time - ms(within)).length;
}

function gate(workflow: WorkflowText, person: Person, time: number, sends: readonly number[]): string | null {
  const left = workflow.gates?.unsubscribed;
  if (left && person.events.some((event) => event.time <= time && matches(left, event, person))) return 'unsubscribed';
  const caps = workflow.gates?.cap ?? [];
  if (caps.some((cap) => emailsWithin(person, sends, time, cap.within, cap.history) >= cap.n)) return 'cap';
  return null;
}
