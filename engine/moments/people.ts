// Who is behind the counts of a moment: the people themselves, counted by the same walk as the moment, so that every count
// opens as many people as it says.

import type { History } from '../events/index.ts';
import { foundRules } from '../segments/index.ts';
import { firstDeclines } from './declines.ts';
import { repeatDropOff, settledDropOff, settledRepeat } from './drop-offs.ts';
import { type EarlyOutcome, earlyPeople } from './early.ts';
import type { MomentKind } from './moment.ts';

/** One count of a moment, or several together. */
export interface MomentPart {
  readonly kind: MomentKind;
  /** As the moment names them. */
  readonly events: readonly string[];
  /** Who did it or started it, or who did not (of drop-offs nobody); null: both. */
  readonly did: boolean | null;
  /** With the outcome (completed, active again, stayed, bought) or without it; null: both. */
  readonly hasOutcome: boolean | null;
}

export interface MomentPerson {
  readonly person: number;
  /**
   * When they started, came to be at risk, or first did it; of those who did not do it, the end of the time they had for
   * it. Ms since the epoch.
   */
  readonly at: number;
}

/** @returns in the history's order of people; null for events that no moment of the kind has */
export function peopleOfMoment(history: History, part: MomentPart): MomentPerson[] | null {
  const all = everybody(history, part);
  if (all === null) return null;
  const { did, hasOutcome } = part;
  return all
    .filter((one) => (did === null || did === one.did) && (hasOutcome === null || hasOutcome === one.hasOutcome))
    .map(({ person, at }) => ({ person, at }));
}

interface One extends MomentPerson {
  readonly did: boolean;
  readonly hasOutcome: boolean;
}

function everybody(history: History, { kind, events }: MomentPart): readonly One[] | null {
  const [event, goal] = events;
  const started = (person: number, at: number, hasOutcome: boolean): One => ({ person, at, did: true, hasOutcome });
  if (kind === 'dropOff') {
    if (event === undefined) {
      const { each } = firstDeclines(history, foundRules(history).rules);
      return each.map(({ person, at, hasRecovered }) => started(person, at, hasRecovered));
    }
    const { each } = goal !== undefined ? settledDropOff(history, event, goal) : again(history, event);
    return each.map(({ person, at, hasCompleted }) => started(person, at, hasCompleted));
  }
  if (event === undefined || (kind === 'beforeRevenue') !== (goal !== undefined)) return null;
  const { payment, end } = foundRules(history).rules.lifecycle;
  const outcome: EarlyOutcome = kind === 'retention' ? 'stays' : { buys: payment };
  return earlyPeople(history, outcome, new Set(end), event);
}

/** What is paid for is looked for again for longer than what is used. */
function again(history: History, event: string) {
  const { payment } = foundRules(history).rules.lifecycle;
  return payment.includes(event) ? settledRepeat(history, event) : repeatDropOff(history, event);
}
