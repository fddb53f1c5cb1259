// Everybody's segments at several moments: person by person, the moments in order, nothing later than each read.

import type { History } from '../events/index.ts';
import { adoptionOf, engagementOf, HistoryView, type LocalTime, lifecycleOf, type Standing } from '../replay/index.ts';
import { ADOPTION, ENGAGEMENT, LIFECYCLE, type SegmentRules } from '../workflow/index.ts';

export type KindName = 'engagement' | 'lifecycle' | 'adoption';

export const KINDS = { engagement: ENGAGEMENT, lifecycle: LIFECYCLE, adoption: ADOPTION } as const satisfies Record<
  KindName,
  readonly string[]
>;

/** Indices into `KINDS`. */
export type Codes = Readonly<Record<KindName, number>>;

export function codesAt(at: Standing, rules: SegmentRules): Codes {
  return {
    engagement: ENGAGEMENT.indexOf(engagementOf(at, rules)),
    lifecycle: LIFECYCLE.indexOf(lifecycleOf(at, rules)),
    adoption: ADOPTION.indexOf(adoptionOf(at, rules.adoption.features, rules.adoption.used)),
  };
}

export interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const BATCH = 4096;

/**
 * Visits each person at each moment from which on the history knows them (their first event or property).
 * @param times in rising order
 * @param watch its signal is looked at between people, and what that throws ends it; it is told how many people are done
 */
export function visitStandings(
  history: History,
  times: readonly number[],
  zone: LocalTime,
  visit: (person: number, moment: number, at: Standing) => void,
  { signal, onProgress }: Watch = {},
): void {
  const view = new HistoryView(history);
  for (let person = 0; person < history.nPersons; person++) {
    if (person % BATCH === 0) {
      signal?.throwIfAborted();
      onProgress?.(person, history.nPersons);
    }
    view.select(person);
    const since = knownSince(history, view);
    for (let moment = 0; moment < times.length; moment++) {
      const time = times[moment] as number;
      if (time < since) continue;
      while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
      visit(person, moment, { past: view, time, zone });
    }
  }
}

/** The first event or property; Infinity where there is neither. */
function knownSince(history: History, view: HistoryView): number {
  const event = view.lastRow > view.firstRow ? view.time(view.firstRow) : Number.POSITIVE_INFINITY;
  const change =
    view.lastChange > view.firstChange ? (history.changes.times[view.firstChange] as number) : Number.POSITIVE_INFINITY;
  return Math.min(event, change);
}
