// How people left before they left: how many weeks of falling activity came before the last one, and how long a silence
// would be long for each person by their own habit. Where a decline takes weeks, a long silence is a better sign than a
// short one; the personal gap lengthens first.

import { DAY_MS, WEEK_MS } from '../base/index.ts';
import { localTime } from '../replay/index.ts';
import { quantileType7 } from '../stats/index.ts';
import type { Gaps } from './gaps.ts';

export interface Spread {
  readonly people: number;
  readonly median: number;
  readonly q1: number;
  readonly q3: number;
}

export interface DeclineProfile {
  /** Weeks up to the last activity with fewer than half as many active days as the person's baseline; null: nobody. */
  readonly weeks: Spread | null;
  /** FACTOR × the person's median gap, in ms, for people with at least FEWEST_GAPS; null: nobody has as many. */
  readonly personalSilence: Spread | null;
}

const WEEKS = 8;
const FACTOR = 3;
const FEWEST_GAPS = 5;

/** @param churnMs a silence at least this long counts as gone @param timezone of active days */
export function declineProfile(gaps: Gaps, churnMs: number, timezone: string): DeclineProfile {
  const zone = localTime(timezone);
  const lengths: number[] = [];
  const silences: number[] = [];
  for (let from = 0; from < gaps.n; ) {
    let end = from;
    while (end < gaps.n && gaps.persons[end] === gaps.persons[from]) end++;
    // The first silence of a person that counts as gone; what came before it is their decline.
    for (let i = from; i < end; i++) {
      if ((gaps.lengths[i] as number) < churnMs) continue;
      const weeks = declineOf(gaps, from, i, zone.day);
      if (weeks !== null) lengths.push(weeks);
      break;
    }
    const ended = Array.from(gaps.lengths.subarray(from, end)).filter((_, k) => gaps.ended[from + k] === 1);
    if (ended.length >= FEWEST_GAPS) silences.push(FACTOR * median(ended));
    from = end;
  }
  return { weeks: spreadOf(lengths), personalSilence: spreadOf(silences) };
}

/** @returns null where the person was not there for all eight weeks, or inactive in the first four */
function declineOf(gaps: Gaps, from: number, last: number, day: (time: number) => number): number | null {
  const end = gaps.starts[last] as number;
  if (end - (gaps.starts[from] as number) < WEEKS * WEEK_MS - DAY_MS) return null;
  const active = Array.from({ length: WEEKS }, () => new Set<number>());
  for (let i = last; i >= from; i--) {
    const back = Math.floor((end - (gaps.starts[i] as number)) / WEEK_MS);
    if (back >= WEEKS) break;
    active[back]?.add(day(gaps.starts[i] as number));
  }
  const days = active.map((set) => set.size);
  const baseline = median(days.slice(4));
  if (baseline === 0) return null;
  let weeks = 0;
  while (weeks < WEEKS && (days[weeks] as number) < baseline / 2) weeks++;
  return weeks;
}

function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (p: number) => quantileType7(sorted, p);
  return { people: values.length, median: at(0.5), q1: at(0.25), q3: at(0.75) };
}

function median(values: readonly number[]): number {
  return quantileType7(Float64Array.from(values).sort(), 0.5);
}
