// What of a workflow can be calibrated: an anchor, what answers it, and on which clock. Triggers without a waiting time
// have no window to choose; of them the time from the trigger to the goal can be studied.

import { HOUR_MS, UserError } from '../base/index.ts';
import type { AbsenceTrigger, EventMatch, SingleTrigger, Workflow } from '../workflow/index.ts';

export interface AnsweredSubject {
  readonly kind: 'inaction' | 'behavior';
  readonly after: EventMatch;
  readonly without: EventMatch;
  readonly rearm: 'first' | 'reset';
  readonly key: string | null;
  readonly windowMs: number;
  readonly notes: readonly string[];
}

export interface SilenceSubject {
  readonly kind: 'absence';
  readonly trigger: AbsenceTrigger;
  readonly rearm: 'first';
  readonly windowMs: number;
  readonly notes: readonly string[];
}

export type Subject = AnsweredSubject | SilenceSubject;

/** A trigger that does not wait: each moment at which it fires opens an episode, and the goal answers it. */
export interface MomentSubject {
  readonly kind: 'moment';
  readonly without: EventMatch;
  readonly rearm: 'first';
  readonly windowMs: 0;
  readonly notes: readonly string[];
  /** Why there is no window, in a sentence. */
  readonly noWindow: string;
}

/** What is studied of any workflow. */
export function studyOf(workflow: Workflow): Subject | MomentSubject {
  const { trigger, goal } = workflow;
  const singles = trigger.type === 'anyOf' ? trigger.triggers : [trigger];
  if (singles.some((one) => singleSubject(one, goal.match) !== null)) return subjectOf(workflow);
  const fires = [...new Set(singles.map(({ type }) => FIRES[type]))].join(', or ');
  return {
    kind: 'moment',
    without: goal.match,
    rearm: 'first',
    windowMs: 0,
    notes: [
      `An episode opens where the trigger fires and none is open; what is studied is the time from it to the goal.`,
    ],
    noWindow: `There is no window to choose: the trigger does not wait, it fires ${fires}.`,
  };
}

const FIRES: Readonly<Record<SingleTrigger['type'], string>> = {
  behavior: 'at the event that completes its count',
  inaction: 'at its deadline',
  absence: 'at its deadline',
  condition: 'at the run at which its condition is found to have become true',
  decline: 'at the run at which the decline is found',
  schedule: 'at each run',
  property: 'as the property changes',
  date: 'at its date',
};

/** @throws UserError `NOT_CALIBRATABLE` */
export function subjectOf(workflow: Workflow): Subject {
  const { trigger, goal } = workflow;
  if (trigger.type !== 'anyOf') {
    const subject = singleSubject(trigger, goal.match);
    if (subject !== null) return subject;
    throw notCalibratable(trigger.type);
  }
  const timed = trigger.triggers.filter((t) => t.type === 'inaction' || t.type === 'absence');
  const chosen = timed[0] ?? trigger.triggers.find((t) => singleSubject(t, goal.match) !== null);
  const subject = chosen === undefined ? null : singleSubject(chosen, goal.match);
  if (chosen === undefined || subject === null) throw notCalibratable('anyOf');
  const place = trigger.triggers.indexOf(chosen) + 1;
  return {
    ...subject,
    notes: [`Of the triggers in anyOf, number ${place} (${chosen.type}) is studied here.`, ...subject.notes],
  };
}

function singleSubject(trigger: SingleTrigger, goal: EventMatch): Subject | null {
  switch (trigger.type) {
    case 'inaction': {
      const { after, without, rearm, key, withinMs } = trigger;
      const notes =
        without.event === goal.event
          ? []
          : [`The answer studied is ${without.event}, which the trigger waits for; the goal is ${goal.event}.`];
      return { kind: 'inaction', after, without, rearm, key, windowMs: withinMs, notes };
    }
    case 'absence':
      return {
        kind: 'absence',
        trigger,
        rearm: 'first',
        windowMs: trigger.forMs,
        notes: ['An anchor is an activity, and its answer the next activity: each silence is one episode.'],
      };
    case 'behavior':
      if (trigger.count !== 1 || trigger.calendar !== null) return null;
      return {
        kind: 'behavior',
        after: trigger.match,
        without: goal,
        rearm: 'first',
        key: null,
        windowMs: 0,
        notes: [`The trigger fires at ${trigger.match.event} itself: what is studied is the time from it to the goal.`],
      };
    default:
      return null;
  }
}

function notCalibratable(type: string): UserError {
  return new UserError(
    'NOT_CALIBRATABLE',
    `calibrate needs a trigger with an anchor event and a waiting time: inaction, absence, or behavior with a single event; this workflow's trigger is ${type}${type === 'behavior' ? ' with a count' : ''}. To study a waiting time anyway, write the anchor as an inaction trigger (after, without, within) in a copy of the workflow.`,
  );
}

/** Horizon from the anchor: window + goal window. */
export function horizonOf(subject: Subject | MomentSubject, workflow: Workflow): number {
  return Math.max(subject.windowMs + workflow.goal.withinMs, HOUR_MS / 60);
}
