// Silences: from one activity to the next, or to the end of observation. Every activity opens one; several at one instant
// count once. Sampled by activity, never by "who is silent today", which would favour long silences.

import type { History } from '../events/index.ts';
import { localTime } from '../replay/index.ts';
import type { AbsenceTrigger } from '../workflow/index.ts';
import { CENSORED, CONVERTED, type Episodes, LAPSED } from './episodes.ts';

export interface Gaps {
  readonly n: number;
  readonly persons: Uint32Array;
  /** Time of the activity that opens the silence. */
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
  /** 1 where the next activity ended it, 0 where observation did. */
  readonly ended: Uint8Array;
  /** 1 where the person had been active enough for the trigger before it. */
  readonly qualified: Uint8Array;
}

export type Activity = Pick<AbsenceTrigger, 'of' | 'afterActive'>;

/** Ordered by person and start. @param timezone of local days, where `afterActive` counts them */
export function buildGaps(history: History, activity: Activity, timezone: string): Gaps {
  const counts = activityCodes(history, activity.of);
  const zone = localTime(timezone);
  const persons: number[] = [];
  const starts: number[] = [];
  const lengths: number[] = [];
  const ended: number[] = [];
  const qualified: number[] = [];
  const { personStart, nameCodes, times, observedUntil } = history;
  for (let person = 0; person < history.nPersons; person++) {
    const first = starts.length;
    for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
      if (counts[nameCodes[row] as number] === 0) continue;
      const time = times.at(row);
      if (time > observedUntil) break;
      const last = starts.length - 1;
      if (last >= first) {
        if (starts[last] === time) continue;
        lengths[last] = time - (starts[last] as number);
        ended[last] = 1;
      }
      persons.push(person);
      starts.push(time);
      lengths.push(observedUntil - time);
      ended.push(0);
    }
    for (let i = first; i < starts.length; i++)
      qualified.push(isActiveEnough(activity, starts, first, i, zone) ? 1 : 0);
  }
  return {
    n: starts.length,
    persons: Uint32Array.from(persons),
    starts: Float64Array.from(starts),
    lengths: Float64Array.from(lengths),
    ended: Uint8Array.from(ended),
    qualified: Uint8Array.from(qualified),
  };
}

/**
 * Only the silences that outlast a local day: several activities of one day are one visit, whose breaks say nothing of
 * dormancy but would outnumber everything that does.
 */
export function silencesBeyondDay(gaps: Gaps, timezone: string): Gaps {
  const { day } = localTime(timezone);
  const rows: number[] = [];
  for (let i = 0; i < gaps.n; i++) {
    const start = gaps.starts[i] as number;
    if (gaps.ended[i] === 0 || day(start) !== day(start + (gaps.lengths[i] as number))) rows.push(i);
  }
  const of = (column: ArrayLike<number>) => rows.map((i) => column[i] as number);
  return {
    n: rows.length,
    persons: new Uint32Array(of(gaps.persons)),
    starts: new Float64Array(of(gaps.starts)),
    lengths: new Float64Array(of(gaps.lengths)),
    ended: new Uint8Array(of(gaps.ended)),
    qualified: new Uint8Array(of(gaps.qualified)),
  };
}

/** Silences of people active enough, as episodes whose answer is the return. */
export function gapEpisodes(gaps: Gaps, windowMs: number, horizonMs: number, observedUntil: number): Episodes {
  const kept: number[] = [];
  for (let i = 0; i < gaps.n; i++) if (gaps.qualified[i] === 1) kept.push(i);
  const length = (i: number) => gaps.lengths[i] as number;
  const start = (i: number) => gaps.starts[i] as number;
  const status = (i: number) =>
    length(i) > horizonMs || (gaps.ended[i] === 0 && length(i) === horizonMs)
      ? LAPSED
      : gaps.ended[i] === 1
        ? CONVERTED
        : CENSORED;
  return {
    n: kept.length,
    persons: Uint32Array.from(kept, (i) => gaps.persons[i] as number),
    starts: Float64Array.from(kept, start),
    status: Uint8Array.from(kept, status),
    closedAt: Float64Array.from(kept, (i) => start(i) + Math.min(length(i), horizonMs)),
    durations: Float64Array.from(kept, (i) => (status(i) === CONVERTED ? length(i) : Number.NaN)),
    firstFires: Float64Array.from(kept, (i) =>
      length(i) > windowMs || (gaps.ended[i] === 0 && length(i) === windowMs) ? start(i) + windowMs : Number.NaN,
    ),
    horizonMs,
    rearm: 'first',
    observedUntil,
  };
}

/** Per name code, 1 where such events are activity. The product's own emails never are. */
function activityCodes(history: History, of: readonly string[] | null): Uint8Array {
  return Uint8Array.from(history.names, (name) =>
    !history.emailEvents.has(name) && (of === null || of.includes(name)) ? 1 : 0,
  );
}

function isActiveEnough(
  activity: Activity,
  times: readonly number[],
  first: number,
  i: number,
  zone: ReturnType<typeof localTime>,
): boolean {
  const rule = activity.afterActive;
  if (rule === null) return true;
  const time = times[i] as number;
  if (rule.kind === 'elapsed') return time - (times[first] as number) >= rule.ms;
  const days = new Set<number>();
  for (let j = i; j >= first && (times[j] as number) > time - rule.inLastMs; j--)
    days.add(zone.day(times[j] as number));
  return days.size >= rule.days;
}

/** Silences longer than a length (those still running included), and how many of them ended by a return. */
export function silencesBeyond(gaps: Gaps, ms: number): { readonly longer: number; readonly returned: number } {
  let longer = 0;
  let returned = 0;
  for (let i = 0; i < gaps.n; i++) {
    if ((gaps.lengths[i] as number) <= ms) continue;
    longer++;
    returned += gaps.ended[i] as number;
  }
  return { longer, returned };
}
