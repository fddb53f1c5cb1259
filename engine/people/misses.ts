// By how much waiting triggers were missed: the answer that came before the email, and how long before. A walk of its
// own over the anchors and answers of each person, cheaper than explaining everybody, and held equal to that by a test.

import { humanDuration } from '../base/index.ts';
import { CONVERTED, firstClock, horizonOf, type RowMatcher, rowMatcher, subjectOf } from '../calibrate/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import type { InactionTrigger, SingleTrigger, Workflow } from '../workflow/index.ts';

const PERSON = 'person.';

export interface Miss {
  /** Index of the person. */
  readonly person: number;
  /** When the answer came, ms since the epoch. */
  readonly at: number;
  /** How much later the trigger would have fired, ms; 0: the answer came at the very deadline. */
  readonly shortMs: number;
  /** Words, made where they are wanted. */
  readonly why: () => string;
}

/** Whether any trigger of a workflow waits for something not to happen. */
export function waits({ trigger }: Workflow): boolean {
  return singlesOf(trigger).some(({ type }) => type === 'inaction' || type === 'absence');
}

/** Every miss of every waiting trigger, by trigger and person, each person's in the order of time. */
export function missesOf(
  history: History,
  workflow: Workflow,
  onMiss: (miss: Miss) => void,
  look: (person: number) => void,
): void {
  for (const trigger of singlesOf(workflow.trigger)) {
    look(0);
    if (trigger.type === 'inaction') inactionMisses(history, trigger, onMiss, look);
    else if (trigger.type === 'absence') absenceMisses(history, { ...workflow, trigger }, onMiss);
  }
}

function singlesOf(trigger: Workflow['trigger']): readonly SingleTrigger[] {
  return trigger.type === 'anyOf' ? trigger.triggers : [trigger];
}

function inactionMisses(
  history: History,
  trigger: InactionTrigger,
  onMiss: (miss: Miss) => void,
  look: (person: number) => void,
): void {
  const { withinMs, key, rearm } = trigger;
  const after = rowMatcher(history, trigger.after);
  const without = rowMatcher(history, trigger.without);
  if (!after.isKnown || !without.isKnown) return;
  const { personStart, times, observedUntil } = history;
  for (let person = 0; person < history.nPersons; person++) {
    if (person % 4096 === 0) look(person);
    const end = personStart[person + 1] as number;
    const deadlines = new Map<string | null, number>();
    for (let row = personStart[person] as number; row < end; ) {
      const time = times.at(row);
      if (time > observedUntil) break;
      const from = row;
      while (row < end && times.at(row) === time) row++;
      const { anchored, answered } = keysOf(history, person, from, row, key, after, without);
      for (const [of, deadline] of deadlines) {
        if (deadline < time) deadlines.delete(of);
        else if (answered.has(of)) {
          deadlines.delete(of);
          anchored.delete(of);
          onMiss(missed(trigger, person, time, deadline - time, of));
        }
      }
      for (const of of anchored) {
        if (answered.has(of)) onMiss(missed(trigger, person, time, withinMs, of));
        else if (rearm === 'reset' || !deadlines.has(of)) deadlines.set(of, time + withinMs);
      }
    }
  }
}

function keysOf(
  history: History,
  person: number,
  from: number,
  to: number,
  key: string | null,
  after: RowMatcher,
  without: RowMatcher,
) {
  const anchored = new Set<string | null>();
  const answered = new Set<string | null>();
  for (let row = from; row < to; row++) {
    const isAnchor = after.matches(person, row);
    const isAnswer = without.matches(person, row);
    if (!isAnchor && !isAnswer) continue;
    const value = key === null ? undefined : keyAt(history, person, row, key);
    const of = value === undefined ? null : String(value);
    if (isAnchor) anchored.add(of);
    if (isAnswer) answered.add(of);
  }
  return { anchored, answered };
}

/** Of the person as of the event where the key says so, else the event's own. */
function keyAt(history: History, person: number, row: number, key: string): Scalar | undefined {
  if (!key.startsWith(PERSON)) return history.eventProperty(row, key);
  return history.personProperty(person, key.slice(PERSON.length), history.times.at(row));
}

function missed({ without }: InactionTrigger, person: number, at: number, shortMs: number, key: string | null): Miss {
  const of = key === null ? '' : ` of ${key}`;
  return { person, at, shortMs, why: () => `${without.event}${of} ${beforeWords(shortMs)}` };
}

function absenceMisses(history: History, workflow: Workflow, onMiss: (miss: Miss) => void): void {
  const subject = subjectOf(workflow);
  if (subject.kind !== 'absence') return;
  const { episodes } = firstClock(history, subject, horizonOf(subject, workflow), workflow.timezone);
  for (let i = 0; i < episodes.n; i++) {
    const waited = episodes.durations[i] as number;
    if (episodes.status[i] !== CONVERTED || !(waited <= subject.windowMs)) continue;
    const shortMs = subject.windowMs - waited;
    const person = episodes.persons[i] as number;
    onMiss({ person, at: episodes.closedAt[i] as number, shortMs, why: () => `Active again ${beforeWords(shortMs)}` });
  }
}

function beforeWords(ms: number): string {
  return ms === 0 ? 'at the moment of the trigger' : `${humanDuration(ms)} before the trigger`;
}
