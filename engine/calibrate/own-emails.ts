// Emails the history itself contains, around a trigger: whether they answer it, so that nobody is left who shows what
// happens without them, or come as they would anyway.

import { DAY_MS, upperBound } from '../base/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';

export interface MailedShare {
  /** Triggered people (episodes, enrollments) who got an own email inside the goal window, out of all. */
  readonly mailed: number;
  readonly all: number;
  /** Of the mailed: converted before that email, and after it. */
  readonly convertedBefore: number;
  readonly convertedAfter: number;
  /** The same three by bucket of people. */
  readonly byBucket: {
    readonly mailed: Uint32Array;
    readonly convertedBefore: Uint32Array;
    readonly convertedAfter: Uint32Array;
  };
  /**
   * Whether emails answer the trigger. Broadcasts come as often before it as after; they go on whatever the workflow
   * does, and what happens without the workflow is then seen, given the broadcasts.
   */
  readonly answersTrigger: boolean;
  /** Emails per triggered one in the first days after the trigger, less those in as many days before the anchor. */
  readonly excess: number | null;
}

/** From this share on, where before and after cannot be compared, the history counts as already mailed. */
const MAILED_FROM = 0.01;
/** How far around the trigger emails are compared. */
const LOOK_MS = 3 * DAY_MS;
const FEWEST_COMPARED = 20;
const LEAST_EXCESS = 0.02;
const LEAST_Z = 3;

/** What was triggered, one row each; goal times NaN where there is none. Rows of one person stand together. */
export interface Triggered {
  readonly n: number;
  readonly persons: ArrayLike<number>;
  readonly anchorTimes: ArrayLike<number>;
  readonly triggerTimes: ArrayLike<number>;
  readonly goalTimes: ArrayLike<number>;
}

/** Whether a row counts as an email that went out. */
export type IsEmail = (row: number) => boolean;

/**
 * Cost: nothing where the history has no own emails.
 * @param withinMs the goal window, from the trigger
 * @param isMail default: every own email; null: none
 * @param isCalendar whether the trigger is a moment of the calendar: nobody does anything at it that an email could
 *   answer, and a broadcast of the next weekday would always come after it and never before
 */
export function mailedShare(
  history: History,
  triggered: Triggered,
  withinMs: number,
  isMail: IsEmail | null = sentEmails(history),
  isCalendar = false,
): MailedShare {
  const { times, personStart } = history;
  const at = (row: number) => times.at(row);
  const column = () => new Uint32Array(N_BUCKETS);
  const byBucket = { mailed: column(), convertedBefore: column(), convertedAfter: column() };
  const total = (counts: Uint32Array) => counts.reduce((sum, n) => sum + n, 0);
  let compared = 0;
  let sum = 0;
  let squares = 0;
  const n = isMail === null ? 0 : triggered.n;
  const firstMailTimes = n === 0 ? [] : firstMails(history, triggered, withinMs, isMail);
  for (let i = 0; i < n; i++) {
    const trigger = triggered.triggerTimes[i] as number;
    const anchor = triggered.anchorTimes[i] as number;
    const goal = triggered.goalTimes[i] as number;
    const first = personStart[triggered.persons[i] as number] as number;
    const end = personStart[(triggered.persons[i] as number) + 1] as number;
    const mailsIn = (from: number, to: number) => {
      let count = 0;
      for (let row = upperBound(at, from, first, end); row < end && times.at(row) <= to; row++) {
        count += isMail?.(row) === true ? 1 : 0;
      }
      return count;
    };
    // Up to the goal only: what is written to buyers is no answer to the trigger.
    const stop = Math.min(trigger + LOOK_MS, trigger + withinMs, Number.isNaN(goal) ? Number.POSITIVE_INFINITY : goal);
    if (anchor - (stop - trigger) >= times.at(first)) {
      const difference = mailsIn(trigger, stop) - mailsIn(anchor - (stop - trigger), anchor);
      compared++;
      sum += difference;
      squares += difference * difference;
    }
    const firstMail = firstMailTimes[i] as number;
    if (Number.isNaN(firstMail)) continue;
    const bucket = history.buckets[triggered.persons[i] as number] as number;
    const count = (counts: Uint32Array) => {
      counts[bucket] = (counts[bucket] as number) + 1;
    };
    count(byBucket.mailed);
    if (goal <= firstMail) count(byBucket.convertedBefore);
    else if (!Number.isNaN(goal)) count(byBucket.convertedAfter);
  }
  const mailed = total(byBucket.mailed);
  const excess = compared >= FEWEST_COMPARED ? sum / compared : null;
  const se = excess === null ? 0 : Math.sqrt(Math.max(0, squares / compared - excess * excess) / compared);
  const answersTrigger =
    !isCalendar &&
    mailed > 0 &&
    (excess === null ? mailed >= MAILED_FROM * triggered.n : excess >= LEAST_EXCESS && excess > LEAST_Z * se);
  return {
    mailed,
    all: triggered.n,
    convertedBefore: total(byBucket.convertedBefore),
    convertedAfter: total(byBucket.convertedAfter),
    byBucket,
    answersTrigger,
    excess,
  };
}

/** When each got the first own email after the trigger and inside the goal window; NaN for those who got none. */
export function firstMails(
  history: History,
  triggered: Triggered,
  withinMs: number,
  isMail: IsEmail | null = sentEmails(history),
): Float64Array {
  const found = new Float64Array(triggered.n).fill(Number.NaN);
  if (isMail === null) return found;
  const { times, personStart } = history;
  const at = (row: number) => times.at(row);
  for (let i = 0; i < triggered.n; i++) {
    const trigger = triggered.triggerTimes[i] as number;
    const end = personStart[(triggered.persons[i] as number) + 1] as number;
    let row = upperBound(at, trigger, personStart[triggered.persons[i] as number] as number, end);
    while (row < end && times.at(row) <= trigger + withinMs && !isMail(row)) row++;
    if (row < end && times.at(row) <= trigger + withinMs) found[i] = times.at(row);
  }
  return found;
}

/** By names that say an email went out; where none does, by any own email event but unsubscriptions. Null: there is none. */
export function sentEmails(history: History): IsEmail | null {
  const own = history.names.filter((name) => history.emailEvents.has(name) && !/unsubscrib/i.test(name));
  const sent = own.filter((name) => /sent|deliver|receiv/i.test(name));
  const kept = new Set(sent.length > 0 ? sent : own);
  const codes = Uint8Array.from(history.names, (name) => (kept.has(name) ? 1 : 0));
  const { nameCodes } = history;
  return codes.includes(1) ? (row) => codes[nameCodes[row] as number] === 1 : null;
}
