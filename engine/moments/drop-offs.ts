// What people start and do not complete, each person once: their first start that can be followed for the whole horizon,
// and whether the answer came within it.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';

export interface DropOff {
  /** People with a first start that can be followed. */
  readonly people: number;
  /** Of these, who completed it within the horizon. */
  readonly completed: number;
  /** Times to completion, ms, ascending. */
  readonly waits: readonly number[];
  /** Each of them, when they started, and whether they completed it; in the history's order of people. */
  readonly each: readonly { readonly person: number; readonly at: number; readonly hasCompleted: boolean }[];
}

const HORIZON_DAYS = [7, 14, 30, 60, 90] as const;
/** People buy again after longer than they take to buy once. */
const AGAIN_DAYS = [30, 60, 90, 180, 365] as const;

export interface SettledDropOff extends DropOff {
  readonly horizonMs: number;
}

/**
 * With the shortest horizon in which most of those complete it who do at all, as far as the history can tell: four in five
 * of the longest that still leaves half of the people.
 */
export function settledDropOff(history: History, anchor: string, goal: string): SettledDropOff {
  return settled(HORIZON_DAYS, (horizonMs) => dropOff(history, anchor, goal, horizonMs));
}

/** Who does something for the first time and does not do it again a day or more later, with a horizon as above. */
export function settledRepeat(history: History, event: string): SettledDropOff {
  return settled(AGAIN_DAYS, (horizonMs) => dropOff(history, event, null, horizonMs, DAY_MS));
}

function settled(days: readonly number[], within: (horizonMs: number) => DropOff): SettledDropOff {
  const [shortest, ...longer] = days.map((n) => n * DAY_MS) as [number, ...number[]];
  const first = within(shortest);
  const known = [{ ...first, horizonMs: shortest }];
  for (const horizonMs of longer) {
    const found = within(horizonMs);
    if (found.people * 2 < first.people) break;
    known.push({ ...found, horizonMs });
  }
  const last = known.at(-1) as SettledDropOff;
  const completedBy = (horizonMs: number) => last.waits.filter((wait) => wait <= horizonMs).length;
  return known.find(({ horizonMs }) => completedBy(horizonMs) >= 0.8 * last.completed) ?? last;
}

export const REPEAT_HORIZON_MS = 28 * DAY_MS;

/** Who does something once, and does not come back to it a day or more later. */
export function repeatDropOff(history: History, event: string): DropOff {
  return dropOff(history, event, null, REPEAT_HORIZON_MS, DAY_MS);
}

/** @param goal another event; `null`: the same one again on a later day, at least `apartMs` after */
export function dropOff(
  history: History,
  anchor: string,
  goal: string | null,
  horizonMs: number,
  apartMs = 0,
): DropOff {
  const { nameCodes, personStart, times, nPersons, observedUntil } = history;
  const from = history.nameCode(anchor);
  const to = goal === null ? from : history.nameCode(goal);
  const waits: number[] = [];
  const each: { person: number; at: number; hasCompleted: boolean }[] = [];
  if (from < 0) return { people: 0, completed: 0, waits, each };
  for (let person = 0; person < nPersons; person++) {
    const end = personStart[person + 1] as number;
    let row = personStart[person] as number;
    while (row < end && nameCodes[row] !== from) row++;
    if (row === end) continue;
    const start = times.at(row);
    if (start + horizonMs > observedUntil) continue;
    const before = waits.length;
    // An answer at the same instant may stand in an earlier row.
    let next = goal === null ? row + 1 : firstAt(history, personStart[person] as number, row);
    for (; next < end; next++) {
      const wait = times.at(next) - start;
      if (wait > horizonMs) break;
      if (nameCodes[next] === to && wait >= apartMs && next !== row) {
        waits.push(wait);
        break;
      }
    }
    each.push({ person, at: start, hasCompleted: waits.length > before });
  }
  return { people: each.length, completed: waits.length, waits: waits.sort((a, b) => a - b), each };
}

function firstAt({ times }: History, first: number, row: number): number {
  let at = row;
  while (at > first && times.at(at - 1) === times.at(row)) at--;
  return at;
}
