// Every email a replay would send, with the event that started it: the moments at which an email is filled in. Held-out
// people get none. In the order of people and, for one person, of sending.

import { upperBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { HistoryView, matches, replayWorkflow } from '../replay/index.ts';
import { type EventMatch, stepsOf, type Workflow } from '../workflow/index.ts';
import type { SendMoment } from './computed.ts';

export interface Sends {
  readonly n: number;
  readonly persons: Uint32Array;
  /** Index into `stepIds`. */
  readonly steps: Uint16Array;
  /** Ms since the epoch. */
  readonly times: Float64Array;
  /** Row of the event that started the enrollment; -1 where no event does. */
  readonly anchorRows: Int32Array;
  /** In file order. */
  readonly stepIds: readonly string[];
}

export interface FollowOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export function sendsOf(history: History, workflow: Workflow, options: FollowOptions = {}): Sends {
  const stepIds = stepsOf(workflow).map(({ step }) => step.id);
  const persons: number[] = [];
  const steps: number[] = [];
  const times: number[] = [];
  const triggers: number[] = [];
  let id: string | null = null;
  let person = -1;
  let triggerTime = 0;
  const { enrollments } = replayWorkflow(history, workflow, {
    ...options,
    onDecision: (decision) => {
      if (decision.kind === 'enrolled') triggerTime = decision.time;
      if (decision.kind !== 'sent') return;
      if (decision.person !== id) {
        id = decision.person;
        person = history.personIndex(id);
      }
      persons.push(person);
      steps.push(stepIds.indexOf(decision.step));
      times.push(decision.time);
      triggers.push(triggerTime);
    },
  });
  const started = startingMatch(workflow);
  const anchorRows = new Int32Array(persons.length).fill(-1);
  if (started !== null) {
    const view = new HistoryView(history);
    let e = 0;
    for (let i = 0; i < persons.length; i++) {
      const p = persons[i] as number;
      const trigger = triggers[i] as number;
      while (
        e < enrollments.n &&
        ((enrollments.persons[e] as number) < p ||
          (enrollments.persons[e] === p && (enrollments.triggerTimes[e] as number) < trigger))
      ) {
        e++;
      }
      anchorRows[i] = anchorRow(view, p, enrollments.anchorTimes[e] as number, started);
    }
  }
  return {
    n: persons.length,
    persons: Uint32Array.from(persons),
    steps: Uint16Array.from(steps),
    times: Float64Array.from(times),
    anchorRows,
    stepIds,
  };
}

/** The event an enrollment starts with; null for triggers without one. */
export function startingMatch({ trigger }: Workflow): EventMatch | null {
  if (trigger.type === 'behavior') return trigger.match;
  return trigger.type === 'inaction' ? trigger.after : null;
}

/** A send with what the view shows at its moment. */
export function momentOf(view: HistoryView, sends: Sends, send: number): SendMoment {
  const time = sends.times[send] as number;
  view.select(sends.persons[send] as number);
  view.endRow = upperBound((row) => view.time(row), time, view.firstRow, view.lastRow);
  return { view, time, anchorRow: sends.anchorRows[send] as number };
}

/** The last matching row of a person at an instant; -1 without one. */
function anchorRow(view: HistoryView, person: number, time: number, match: EventMatch): number {
  view.select(person);
  view.endRow = upperBound((row) => view.time(row), time, view.firstRow, view.lastRow);
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) === time; row--) {
    if (matches(view, row, match)) return row;
  }
  return -1;
}
