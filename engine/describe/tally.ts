// What one pass over the rows can count: per event name and per day. Everything else in this folder is made from it.
// Days are UTC days.

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../base/index.ts';
import type { ValueColumn } from '../columns/index.ts';
import type { History } from '../events/index.ts';

export interface NameSummary {
  readonly name: string;
  readonly count: number;
  /** People with at least one. */
  readonly persons: number;
  /** ms since the epoch. */
  readonly first: number;
  readonly last: number;
  /** How many carry a value. */
  readonly withValue: number;
  /** The product's own email events: never activity, trigger or goal. */
  readonly ownEmail: boolean;
}

/** Times that stand on a round boundary, by event name. */
export interface RoundTimes {
  readonly midnight: number;
  readonly hour: number;
  readonly minute: number;
}

export interface Tally {
  /** By descending count, then by name. */
  readonly names: readonly NameSummary[];
  /** By name. */
  readonly round: ReadonlyMap<string, RoundTimes>;
  /** First and last event; null without events. */
  readonly from: number | null;
  readonly to: number | null;
  /**
   * The days that hold all but 0.1 % of the events (other than own email) at either end, as UTC day numbers since the
   * epoch, both included; null without such events.
   */
  readonly mainDays: { readonly first: number; readonly last: number } | null;
  /** Events before the first main day. */
  readonly strays: number;
}

export function tallyHistory(history: History): Tally {
  const { nPersons, nEvents, names, nameCodes, personStart, times } = history;
  const n = names.length;
  const count = new Float64Array(n);
  const persons = new Float64Array(n);
  const first = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const last = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const midnight = new Float64Array(n);
  const hour = new Float64Array(n);
  const minute = new Float64Array(n);
  const seenBy = new Int32Array(n).fill(-1);
  for (let p = 0; p < nPersons; p++) {
    for (let row = personStart[p] as number; row < (personStart[p + 1] as number); row++) {
      const code = nameCodes[row] as number;
      const time = times.at(row);
      count[code] = (count[code] as number) + 1;
      if (seenBy[code] !== p) {
        seenBy[code] = p;
        persons[code] = (persons[code] as number) + 1;
      }
      if (time < (first[code] as number)) first[code] = time;
      if (time > (last[code] as number)) last[code] = time;
      if (time % MINUTE_MS !== 0) continue;
      minute[code] = (minute[code] as number) + 1;
      if (time % HOUR_MS === 0) hour[code] = (hour[code] as number) + 1;
      if (time % DAY_MS === 0) midnight[code] = (midnight[code] as number) + 1;
    }
  }
  const withValue = new Float64Array(n);
  forEachValue(history.values, nEvents, (row) => {
    const code = nameCodes[row] as number;
    withValue[code] = (withValue[code] as number) + 1;
  });
  const used = names.map((_, code) => code).filter((code) => (count[code] as number) > 0);
  const summaries = used.map((code) => ({
    name: names[code] as string,
    count: count[code] as number,
    persons: persons[code] as number,
    first: first[code] as number,
    last: last[code] as number,
    withValue: withValue[code] as number,
    ownEmail: history.emailEvents.has(names[code] as string),
  }));
  // Stable: names are in the order of their bytes already.
  summaries.sort((a, b) => b.count - a.count);
  const round = used.map((code): [string, RoundTimes] => [
    names[code] as string,
    { midnight: midnight[code] as number, hour: hour[code] as number, minute: minute[code] as number },
  ]);
  return {
    names: summaries,
    round: new Map(round),
    from: used.length === 0 ? null : Math.min(...summaries.map((s) => s.first)),
    to: used.length === 0 ? null : Math.max(...summaries.map((s) => s.last)),
    ...mainSpan(history, summaries),
  };
}

/** Calls with every row that has a value, in row order. */
export function forEachValue(values: ValueColumn, nRows: number, use: (row: number, value: number) => void): void {
  const e = values.encoding;
  if (e.kind === 'none') return;
  if (e.kind === 'sparse') {
    for (let i = 0; i < e.rows.length; i++) use(e.rows[i] as number, e.values[i] as number);
    return;
  }
  for (let row = 0; row < nRows; row++) {
    const value = values.at(row);
    if (!Number.isNaN(value)) use(row, value);
  }
}

const STRAY_SHARE = 0.001;

function mainSpan(history: History, names: readonly NameSummary[]): Pick<Tally, 'mainDays' | 'strays'> {
  const own = names.filter((name) => !name.ownEmail);
  if (own.length === 0) return { mainDays: null, strays: 0 };
  const firstDay = dayOf(Math.min(...own.map((name) => name.first)));
  const lastDay = dayOf(Math.max(...own.map((name) => name.last)));
  const counts = dailyCounts(history, new Set(own.map((name) => name.name)), firstDay, lastDay);
  const total = own.reduce((sum, name) => sum + name.count, 0);
  let first = 0;
  let before = 0;
  while (before + (counts[first] as number) <= STRAY_SHARE * total) before += counts[first++] as number;
  let last = counts.length - 1;
  let after = 0;
  while (after + (counts[last] as number) <= STRAY_SHARE * total) after += counts[last--] as number;
  return { mainDays: { first: firstDay + first, last: firstDay + last }, strays: before };
}

/** UTC day number since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** Events of the names per day, index 0 = firstDay; what lies outside is left out. */
export function dailyCounts(
  history: History,
  names: ReadonlySet<string>,
  firstDay: number,
  lastDay: number,
): Float64Array {
  const wanted = Uint8Array.from(history.names, (name) => (names.has(name) ? 1 : 0));
  const counts = new Float64Array(lastDay - firstDay + 1);
  for (let row = 0; row < history.nEvents; row++) {
    if (wanted[history.nameCodes[row] as number] === 0) continue;
    const day = dayOf(history.times.at(row)) - firstDay;
    if (day >= 0 && day < counts.length) counts[day] = (counts[day] as number) + 1;
  }
  return counts;
}
