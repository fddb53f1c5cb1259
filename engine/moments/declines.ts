// Who was engaged and came to be at risk: the first week in which it shows, and whether they are regular again in the four
// weeks after it.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { HistoryView, lifecycleOf, localTime } from '../replay/index.ts';
import type { SegmentRules } from '../workflow/index.ts';

export interface Declines {
  /** People with a first decline that can be followed for four weeks. */
  readonly people: number;
  /** Of these, who had as many active days in them as a regular person has. */
  readonly recovered: number;
  /** Each of them: when they came to be at risk, ms since the epoch; in the history's order of people. */
  readonly each: readonly { readonly person: number; readonly at: number; readonly hasRecovered: boolean }[];
}

const WEEK = 7 * DAY_MS;

/** Asked once a week from each person's first event on. */
export function firstDeclines(history: History, rules: SegmentRules): Declines {
  const zone = localTime('UTC');
  const view = new HistoryView(history);
  const { inLastMs, regular } = rules.engagement;
  const each: { person: number; at: number; hasRecovered: boolean }[] = [];
  for (let person = 0; person < history.nPersons; person++) {
    view.select(person);
    if (view.lastRow === view.firstRow) continue;
    const first = view.time(view.firstRow);
    const last = view.time(view.lastRow - 1);
    let wasEngaged = false;
    for (let time = first + WEEK; time + inLastMs <= history.observedUntil && time <= last + inLastMs; time += WEEK) {
      while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
      const stage = lifecycleOf({ past: view, time, zone }, rules);
      if (stage === 'engaged') wasEngaged = true;
      if (!wasEngaged || stage !== 'at-risk') continue;
      const days = new Set<number>();
      for (let row = view.endRow; row < view.lastRow && view.time(row) <= time + inLastMs; row++) {
        if (!view.isOwnEmail(row)) days.add(zone.day(view.time(row)));
      }
      each.push({ person, at: time, hasRecovered: days.size >= regular });
      break;
    }
  }
  return { people: each.length, recovered: each.filter(({ hasRecovered }) => hasRecovered).length, each };
}
