// Who is behind a stretch of the survival curve: people whose episode was answered that long after it opened.

import type { History } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { firstClock, momentClock } from './cohort.ts';
import { CONVERTED } from './episodes.ts';
import { horizonOf, studyOf } from './subject.ts';

export interface AnsweredPerson {
  readonly person: number;
  /** When the last such episode opened; ms since the epoch. */
  readonly at: number;
  /** How many of them. */
  readonly n: number;
}

/**
 * Of the episodes the curve of `calibrate` is drawn of. Cost: one pass over the events.
 * @param fromMs left out, @param toMs taken in; waits from the opening, in ms
 * @throws UserError `NOT_REPLAYABLE` for a trigger that does not wait and cannot be replayed
 */
export function peopleBetween(history: History, workflow: Workflow, fromMs: number, toMs: number): AnsweredPerson[] {
  const subject = studyOf(workflow);
  const horizonMs = horizonOf(subject, workflow);
  const { episodes } =
    subject.kind === 'moment'
      ? momentClock(history, workflow, subject, horizonMs)
      : firstClock(history, subject, horizonMs, workflow.timezone);
  const found: AnsweredPerson[] = [];
  for (let i = 0; i < episodes.n; i++) {
    const wait = episodes.durations[i] as number;
    if (episodes.status[i] !== CONVERTED || !(wait > fromMs && wait <= toMs)) continue;
    const person = episodes.persons[i] as number;
    const at = episodes.starts[i] as number;
    const last = found.at(-1);
    if (last?.person === person) found[found.length - 1] = { person, at: Math.max(last.at, at), n: last.n + 1 };
    else found.push({ person, at, n: 1 });
  }
  return found;
}
