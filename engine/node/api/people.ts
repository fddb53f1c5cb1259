// People to look at: one replay, read decision by decision, for those who were emailed most and those a cap held back;
// and from the episodes of the trigger those who missed it most narrowly. A few of each, never a list of everybody.

import type { PersonFound, WindowPeople } from '../../api.ts';
import { UserError } from '../../base/index.ts';
import { buildEpisodes, CONVERTED, firstClock, horizonOf, type Subject, subjectOf } from '../../calibrate/index.ts';
import type { History } from '../../events/index.ts';
import { type Decision, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';

/** Of each kind. */
const MOST = 3;

/** @param signal looked at while the history is replayed; what it throws ends it */
export function peopleOf(history: History, workflow: Workflow, signal?: AbortSignal): WindowPeople {
  const mailed = best();
  const capped = best();
  let person = '';
  let sent = 0;
  let skipped = 0;
  let lastSent = 0;
  let lastSkipped = 0;
  const finish = () => {
    if (sent > 0) mailed.offer({ person, at: lastSent, n: sent });
    if (skipped > 0) capped.offer({ person, at: lastSkipped, n: skipped });
    sent = 0;
    skipped = 0;
  };
  const onDecision = (decision: Decision) => {
    if (decision.person !== person) {
      finish();
      person = decision.person;
    }
    if (decision.kind === 'sent') {
      sent++;
      lastSent = decision.time;
    } else if (decision.kind === 'skipped' && decision.reason === 'cap') {
      skipped++;
      lastSkipped = decision.time;
    }
  };
  replayWorkflow(history, workflow, {
    onDecision,
    enrollments: 'none',
    ...(signal === undefined ? {} : { signal }),
  });
  finish();
  signal?.throwIfAborted();
  return {
    mostEmailed: mailed.list,
    nearestMiss: nearestMisses(history, workflow),
    atCap: (workflow.gates?.cap.length ?? 0) === 0 ? null : capped.list,
  };
}

/** The most of something, the first in the history's order where several have as much. */
function best() {
  const list: PersonFound[] = [];
  return {
    list,
    offer(one: PersonFound) {
      const at = list.findIndex(({ n }) => n < one.n);
      if (at < 0 && list.length >= MOST) return;
      list.splice(at < 0 ? list.length : at, 0, one);
      list.length = Math.min(list.length, MOST);
    },
  };
}

/** Those whose answer came last before the email would have gone; null for triggers that wait for nothing. */
function nearestMisses(history: History, workflow: Workflow): PersonFound[] | null {
  const subject = waitingSubject(workflow);
  if (subject === null) return null;
  const horizonMs = horizonOf(subject, workflow);
  const episodes =
    subject.kind === 'absence'
      ? firstClock(history, subject, horizonMs, workflow.timezone).episodes
      : buildEpisodes(history, { ...subject, horizonMs });
  const longest = new Map<number, { at: number; waited: number }>();
  for (let i = 0; i < episodes.n; i++) {
    const waited = episodes.durations[i] as number;
    if (episodes.status[i] !== CONVERTED || !(waited <= subject.windowMs)) continue;
    const person = episodes.persons[i] as number;
    if ((longest.get(person)?.waited ?? -1) < waited)
      longest.set(person, { at: episodes.closedAt[i] as number, waited });
  }
  return [...longest]
    .sort(([a, one], [b, other]) => other.waited - one.waited || a - b)
    .slice(0, MOST)
    .map(([person, { at, waited }]) => ({ person: history.personIds.at(person), at, n: subject.windowMs - waited }));
}

function waitingSubject(workflow: Workflow): Subject | null {
  try {
    const subject = subjectOf(workflow);
    return subject.kind === 'behavior' ? null : subject;
  } catch (error) {
    if (error instanceof UserError && error.code === 'NOT_CALIBRATABLE') return null;
    throw error;
  }
}
