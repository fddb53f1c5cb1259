// How tightly emails come to one person: the most that anybody gets within a window of time, for several windows, of the
// workflow without one of its caps. A cap lets at most n into (t - window, t], so whoever gets more than n without it is
// whom it would hold back; what it then does to every later email only a replay with it says.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';

export interface CrowdingWithin {
  readonly withinMs: number;
  /** People whose most emails within the window are 1, 2, …; the last are those with `CROWDING_MOST` or more. */
  readonly people: readonly number[];
}

export interface Crowding {
  /** People who get an email at all. */
  readonly mailed: number;
  /** By length, ascending: the ladder, and the windows of the workflow's own caps. */
  readonly windows: readonly CrowdingWithin[];
}

export const CROWDING_MOST = 12;
export const CROWDING_LADDER_MS: readonly number[] = [1, 2, 3, 5, 7, 10, 14, 21, 30].map((days) => days * DAY_MS);

/**
 * Emails that were sent by the replay, of the treated arm; those that the history itself records are not among them.
 * @param without index of the cap in `gates.cap` that is left out; null: none is
 * @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted
 */
export function crowdingOf(
  history: History,
  workflow: Workflow,
  without: number | null,
  signal?: AbortSignal,
): Crowding {
  const { gates } = workflow;
  const caps = gates?.cap ?? [];
  const lengths = [...new Set([...CROWDING_LADDER_MS, ...caps.map(({ withinMs }) => withinMs)])].sort((a, b) => a - b);
  const windows = lengths.map((withinMs) => ({ withinMs, people: new Array<number>(CROWDING_MOST).fill(0) }));
  let mailed = 0;
  let times: number[] = [];
  let current: string | null = null;
  const finish = () => {
    if (times.length === 0) return;
    mailed++;
    times.sort((a, b) => a - b);
    for (const { withinMs, people } of windows) {
      const at = Math.min(mostWithin(times, withinMs), CROWDING_MOST) - 1;
      people[at] = (people[at] as number) + 1;
    }
    times = [];
  };
  const asked =
    gates === null ? workflow : { ...workflow, gates: { ...gates, cap: caps.filter((_, i) => i !== without) } };
  replayWorkflow(history, asked, {
    enrollments: 'none',
    onDecision: ({ person, kind, time }) => {
      if (kind !== 'sent') return;
      if (person !== current) finish();
      current = person;
      times.push(time);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  finish();
  return { mailed, windows };
}

/** The most of them in any (t - within, t]. @param times ascending, ms, not empty */
function mostWithin(times: readonly number[], within: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < times.length; last++) {
    while ((times[first] as number) <= (times[last] as number) - within) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
