// What becomes of one enrollment. Its end by an event is looked up first, in the finished history; then steps and branches
// are taken in order of time until that end. It pauses before each moment at which it acts, so that several workflows can
// take turns.

import { conditionHolds, type Moment, matches } from './conditions.ts';
import { quietUntil } from './local-time.ts';
import { bestMinute, nextOccurrence, type SendTime, zoneAt } from './send-time.ts';
import type { BranchText, OracleEvent, Person, StepText, WorkflowText } from './shapes.ts';
import type { Firing } from './triggers.ts';
import { ms } from './values.ts';

export interface StepFate {
  id: string;
  fate: 'sent' | 'ghost' | 'skipped' | 'movedPastEnd' | 'exitedBefore' | 'pending';
  reason: string | null;
  /** The gate that put it off, if any did. */
  movedBy: string | null;
}

export interface BranchFate {
  id: string;
  /** Index of the path, or of `else` after the last; null while not decided. */
  taken: number | null;
}

export interface Enrollment {
  anchor: OracleEvent | null;
  trigger: number;
  arm: 'treated' | 'holdout';
  /** In file order; null for those of paths not taken. */
  steps: (StepFate | null)[];
  branches: BranchFate[];
  exit: 'goal' | 'event' | 'expired' | 'open';
  /** Infinity while open. */
  endedAt: number;
  /** Whether the goal window ends by the end of observation. */
  complete: boolean;
  /** The first one in the goal window. */
  goal: OracleEvent | null;
  isClear: boolean;
}

export type Note = (time: number, kind: string, step: string | null, reason: string | null) => void;

/** A send or ghost send. */
export interface Send {
  workflow: string;
  time: number;
}

/** What all enrollments of a person in a workflow rest on. */
export interface Setting {
  workflow: WorkflowText;
  person: Person;
  until: number;
  /** Of this person and all workflows so far; an enrollment adds its own. */
  sends: Send[];
  /** Null without personal send times. */
  sendTime: SendTime | null;
  note: Note;
}

interface Place {
  /** Null for a branch. */
  step: StepText | null;
  branch: BranchText | null;
  id: string;
  /** Of a step inside a branch: the branch's place, and which path it is on. */
  inside: { branch: Place; path: number } | null;
  /** What stands before it, as known so far; the trigger where nothing does. */
  previous: () => number | null;
  due: number | null;
  movedTo: number | null;
  movedBy: string | null;
  /** Sent, skipped or, of a branch, decided. */
  handledAt: number | null;
  fate: 'sent' | 'ghost' | 'skipped' | 'decided' | null;
  reason: string | null;
  taken: number | null;
}

/** @yields the next moment at which it acts, always before its end */
export function* course(
  setting: Setting,
  { time: trigger, anchor }: Pick<Firing, 'time' | 'anchor'>,
  arm: 'treated' | 'holdout',
): Generator<number, Enrollment, void> {
  const { workflow, person, until, sends, note } = setting;
  const goalEnd = trigger + ms(workflow.goal.within);
  const isGoal = (event: OracleEvent) => matches(workflow.goal, event, person);
  const isExit = (event: OracleEvent) => (workflow.exit?.on ?? []).some((match) => matches(match, event, person));
  const later = person.events.filter((event) => event.time > trigger);
  const ending = later.find((event) => isGoal(event) || isExit(event));
  const endingAt = ending?.time ?? Number.POSITIVE_INFINITY;
  const after = workflow.exit?.after;
  const fixedEnd = after === undefined ? Number.POSITIVE_INFINITY : trigger + ms(after);
  const places = placesOf(workflow, trigger);
  const isOn = ({ inside }: Place) => inside === null || inside.branch.taken === inside.path;
  let isClear = true;

  const settle = (place: Place, time: number, fate: 'sent' | 'ghost' | 'skipped', reason: string | null) => {
    Object.assign(place, { handledAt: time, fate, reason });
    if (fate !== 'skipped') sends.push({ workflow: workflow.id, time });
    note(time, fate, place.id, reason);
  };
  const act = (place: Place, time: number) => {
    const moment: Moment = { person, time, zone: zoneOf(workflow), trigger, segments: workflow.segments };
    if (place.branch !== null) {
      const paths = place.branch.branch;
      const found = paths.findIndex((path) => conditionHolds(path.if, moment));
      Object.assign(place, { handledAt: time, fate: 'decided', taken: found === -1 ? paths.length : found });
      note(time, 'branched', place.id, paths[found]?.id ?? 'else');
      return;
    }
    const stopped = gate(workflow, person, time, sends);
    const send = arm === 'treated' ? 'sent' : 'ghost';
    const asks = (place.step as StepText).if;
    if (place.movedTo === null && asks !== undefined && !conditionHolds(asks, moment))
      settle(place, time, 'skipped', 'if');
    else if (stopped !== null) settle(place, time, 'skipped', stopped);
    else if (place.movedTo !== null) settle(place, time, send, null);
    else {
      const { quiet, sendTime } = workflow.gates ?? {};
      const zone = zoneAt(person, time, zoneOf(workflow));
      const quietEnd = quiet === undefined ? null : quietUntil(time, zone, quiet.from, quiet.to);
      if (quietEnd !== null && quiet?.else === 'drop') {
        settle(place, time, 'skipped', 'quiet');
        return;
      }
      const allowed = quietEnd ?? time;
      let at = allowed;
      if (setting.sendTime !== null && (sendTime?.personal ?? true)) {
        const best = bestMinute(person, time, setting.sendTime);
        if (best?.isClear === false) isClear = false;
        const personal = best === null ? at : nextOccurrence(best.minute, sendTime?.lead ?? '15m', allowed, zone);
        if (personal <= time + ms(sendTime?.within ?? '24h')) at = personal;
      }
      if (at === time) settle(place, time, send, null);
      else {
        const by = at > allowed ? 'sendTime' : 'quiet';
        Object.assign(place, { movedTo: at, movedBy: by });
        note(time, 'moved', place.id, by);
      }
    }
  };

  for (;;) {
    for (const place of places) {
      if (!isOn(place) || place.due !== null) continue;
      const start = place.step === null || place.step.from === 'previous' ? place.previous() : trigger;
      if (start === null) continue;
      // A step of a path that is taken after its delay had passed falls due at once.
      const from = place.inside?.branch.handledAt ?? trigger;
      place.due = Math.max(start + (place.step === null ? 0 : ms(place.step.delay)), from);
    }
    const open = places.filter((place) => place.fate === null && place.due !== null);
    const when = (place: Place) => place.movedTo ?? (place.due as number);
    const time = Math.min(...open.map(when));
    const next = open.find((place) => when(place) === time);
    if (next === undefined || time > until || time >= endingAt || time > fixedEnd) break;
    yield time;
    act(next, time);
  }

  const handled = places.filter(isOn).map((place) => place.handledAt ?? Number.POSITIVE_INFINITY);
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
  const steps = places.filter((place) => place.step !== null);
  const fates = steps.map((place): StepFate | null => {
    const { id, fate, reason, movedBy } = place;
    if (!isOn(place)) return null;
    if (fate !== null && fate !== 'decided') return { id, fate, reason, movedBy };
    if (movedBy === null) return { id, fate: exit === 'open' ? 'pending' : 'exitedBefore', reason: null, movedBy };
    note(Math.min(endedAt, until), 'movedPastEnd', id, null);
    return { id, fate: 'movedPastEnd', reason: null, movedBy };
  });
  if (exit !== 'open') note(endedAt, 'exited', null, exit);
  const goal = later.find((event) => event.time <= goalEnd && isGoal(event)) ?? null;
  if (goal !== null) note(goal.time, 'converted', null, arm);
  const branches = places.filter((place) => place.branch !== null).map(({ id, taken }) => ({ id, taken }));
  return { anchor, trigger, arm, steps: fates, branches, exit, endedAt, complete: goalEnd <= until, goal, isClear };
}

/** Everything in the sequence in file order: a branch, then its paths, then `else`. */
function placesOf(workflow: WorkflowText, trigger: number): Place[] {
  const places: Place[] = [];
  const put = (
    item: StepText | BranchText,
    at: number,
    inside: Place['inside'],
    previous: Place['previous'],
  ): Place => {
    const branch = 'branch' in item ? item : null;
    const step = branch === null ? (item as StepText) : null;
    const none = { due: null, movedTo: null, movedBy: null, handledAt: null, fate: null, reason: null, taken: null };
    const place = { step, branch, id: item.id ?? `sequence[${at}]`, inside, previous, ...none };
    places.push(place);
    return place;
  };
  let previous: Place['previous'] = () => trigger;
  workflow.sequence.forEach((item, at) => {
    const place = put(item, at, null, previous);
    previous = () => place.handledAt;
    if (place.branch === null) return;
    const ways = [...place.branch.branch.map((path) => path.steps), place.branch.else ?? []];
    const lasts = ways.map((steps, path) => {
      let before: Place['previous'] = () => place.handledAt;
      for (const step of steps) {
        const inner = put(step, at, { branch: place, path }, before);
        before = () => inner.handledAt;
      }
      return before;
    });
    previous = () => (place.taken === null ? null : (lasts[place.taken]?.() ?? null));
  });
  return places;
}

export function zoneOf(workflow: WorkflowText): string {
  return workflow.timezone ?? 'UTC';
}

/** How many emails lie in (time - within, time], with those the history records if asked. */
export function emailsWithin(
  person: Person,
  sends: readonly Send[],
  time: number,
  within: string,
  history: boolean | undefined,
): number {
  const recorded = history ? person.events.filter((event) => event.name === 'Email Sent') : [];
  return [...sends, ...recorded].filter((sent) => sent.time <= time && sent.time > time - ms(within)).length;
}

function gate(workflow: WorkflowText, person: Person, time: number, sends: readonly Send[]): string | null {
  const left = workflow.gates?.unsubscribed;
  if (left && person.events.some((event) => event.time <= time && matches(left, event, person))) return 'unsubscribed';
  const isFull = (workflow.gates?.cap ?? []).some((cap) => {
    const counted = cap.scope === 'programme' ? sends : sends.filter((send) => send.workflow === workflow.id);
    return emailsWithin(person, counted, time, cap.within, cap.history) >= cap.n;
  });
  return isFull ? 'cap' : null;
}
