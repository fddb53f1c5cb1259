// Recency: whether a send or a ghost send lies in (now - D, now]. The emails a history itself records count only where
// the rule says so.

import type { SentRule } from '../workflow/index.ts';
import type { PersonView } from './person-view.ts';
import type { PersonState } from './state.ts';

/**
 * The names under which a history records that an email went out: ours, whose `workflow` property may name which, and
 * Klaviyo's. Deliveries are no second email.
 */
const RECORDED_SENDS: ReadonlySet<string> = new Set(['Email Sent', 'Received Email']);

export function hasRecentSend(rule: SentRule, person: PersonState, view: PersonView, time: number): boolean {
  return lastSend(rule, person, view, time) !== null;
}

/** The latest send in (time - within, time] that a rule counts, or null. */
export function lastSend(rule: SentRule, person: PersonState, view: PersonView, time: number): number | null {
  const after = time - rule.withinMs;
  let latest: number | null = null;
  for (let i = person.sends.length - 1; i >= 0; i--) {
    const send = person.sends[i] as PersonState['sends'][number];
    if (send.time <= after) break;
    if (rule.workflow !== '*' && send.workflow !== rule.workflow) continue;
    latest = send.time;
    break;
  }
  if (!rule.history) return latest;
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > after; row--) {
    if (isRecordedSend(view, row, rule.workflow)) return Math.max(latest ?? view.time(row), view.time(row));
  }
  return latest;
}

/** Whether a row records a send of a workflow (`*`: of any); one that names no workflow counts for each. */
export function isRecordedSend(view: PersonView, row: number, workflow: string): boolean {
  if (!RECORDED_SENDS.has(view.name(row)) || !view.isOwnEmail(row)) return false;
  if (workflow === '*') return true;
  const named = view.eventProperty(row, 'workflow');
  return named === undefined || String(named) === workflow;
}
