// How long people fall silent and whether they come back, as counts. Activity is any event but the product's own email.
// Silences are counted from each activity on, never by taking those who are silent today: that would favour long ones.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';

export interface SilenceStep {
  /** Silent for longer than this, ms. */
  readonly silentMs: number;
  /** Silences that lasted longer, whether or not they ended. */
  readonly reached: number;
  /** Of these, the ones that ended with a return. */
  readonly returnedLater: number;
  /** Of these, the ones that could be followed for `followMs` more … */
  readonly followed: number;
  /** … and ended within it. */
  readonly returnedWithinFollow: number;
  /** People whose last activity lies longer than this before the end of the history. */
  readonly silentNow: number;
}

export interface Silence {
  /** People with activity. */
  readonly persons: number;
  /** Silences that ended with another activity. */
  readonly ended: number;
  readonly followMs: number;
  /** By rising length. */
  readonly steps: readonly SilenceStep[];
}

const STEP_DAYS = [1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 365] as const;

/** @param followMs how long a silent person is watched for a return; default 14 days */
export function silence(history: History, followMs = 14 * DAY_MS): Silence {
  const { personStart, nameCodes, times, observedUntil } = history;
  const isActivity = Uint8Array.from(history.names, (name) => (history.emailEvents.has(name) ? 0 : 1));
  const steps = STEP_DAYS.map((days) => ({
    silentMs: days * DAY_MS,
    reached: 0,
    returnedLater: 0,
    followed: 0,
    returnedWithinFollow: 0,
    silentNow: 0,
  }));
  let persons = 0;
  let ended = 0;
  /** A silence from `at` on, ended by a return or (null) still running. */
  const count = (at: number, until: number | null) => {
    const lasted = (until ?? observedUntil) - at;
    for (const step of steps) {
      if (lasted <= step.silentMs) return;
      step.reached++;
      if (until === null) step.silentNow++;
      else step.returnedLater++;
      if (at + step.silentMs + followMs > observedUntil) continue;
      step.followed++;
      if (until !== null && lasted <= step.silentMs + followMs) step.returnedWithinFollow++;
    }
  };
  for (let p = 0; p < history.nPersons; p++) {
    let last: number | null = null;
    for (let row = personStart[p] as number; row < (personStart[p + 1] as number); row++) {
      if (isActivity[nameCodes[row] as number] === 0) continue;
      const time = times.at(row);
      if (last !== null) {
        ended++;
        count(last, time);
      }
      last = time;
    }
    if (last === null) continue;
    persons++;
    count(last, null);
  }
  return { persons, ended, followMs, steps: steps.filter((step) => step.reached > 0) };
}
