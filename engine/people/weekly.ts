// How many emails people get in a week: weeks of seven days back from the end of the history, and in each how many people
// got one, two, and so on. Nobody who got none is counted.

import { DAY_MS } from '../base/index.ts';

export interface WeekOfEmails {
  /** (from, to], ms. */
  readonly from: number;
  readonly to: number;
  readonly emails: number;
  /** People with 1, 2, 3, 4 emails, and with 5 or more. */
  readonly people: readonly number[];
}

export const MOST_EMAILS = 5;
const WEEK_MS = 7 * DAY_MS;

export class WeeklyEmails {
  readonly #until: number;
  /** By week, counted back from the end. */
  readonly #weeks: { emails: number; people: number[] }[] = [];

  constructor(observedUntil: number) {
    this.#until = observedUntil;
  }

  /** @param times of all emails to one person, at or before the end */
  add(times: readonly number[]): void {
    const counts = new Map<number, number>();
    for (const time of times) {
      const week = Math.floor((this.#until - time) / WEEK_MS);
      counts.set(week, (counts.get(week) ?? 0) + 1);
    }
    for (const [week, n] of counts) {
      while (this.#weeks.length <= week) this.#weeks.push({ emails: 0, people: new Array(MOST_EMAILS).fill(0) });
      const of = this.#weeks[week] as { emails: number; people: number[] };
      const at = Math.min(n, MOST_EMAILS) - 1;
      of.emails += n;
      of.people[at] = (of.people[at] as number) + 1;
    }
  }

  /** The earliest first, from the first with an email. */
  weeks(): WeekOfEmails[] {
    return this.#weeks
      .map(({ emails, people }, i) => {
        const to = this.#until - i * WEEK_MS;
        return { from: to - WEEK_MS, to, emails, people };
      })
      .reverse();
  }
}
