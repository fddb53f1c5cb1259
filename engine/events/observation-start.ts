// When observation of a history began, so that a few stray early rows stretch no span: an order dated to 1970, a test
// event from years before the rest. Methods A: as given at import, else the 0.1 % quantile of the event times.

import type { TimeColumn } from '../columns/index.ts';
import type { History } from './history.ts';

/** @returns null for a history without events */
export function observationStart(history: History): number | null {
  if (history.observedFrom !== null) return history.observedFrom;
  let start = starts.get(history);
  if (start === undefined) starts.set(history, (start = earlyQuantile(history.times, history.nEvents, Infinity)));
  return start;
}

/** A history never changes, so this is worked out once. */
const starts = new WeakMap<History, number | null>();

/**
 * The same as known at `until`, for what counts days: no later row is read. A thousandth of a small history is no row at
 * all, so where the first row lies farther from the second than all others span, the second begins.
 * @returns null where nothing is known by then
 */
export function firstLastingMoment(history: History, until: number): number | null {
  if (history.observedFrom !== null) return history.observedFrom <= until ? history.observedFrom : null;
  const { times, nEvents } = history;
  const start = earlyQuantile(times, nEvents, until);
  if (start === null) return null;
  let next = Number.POSITIVE_INFINITY;
  let last = start;
  let sharing = 0;
  for (let row = 0; row < nEvents; row++) {
    const time = times.at(row);
    if (time > until || time < start) continue;
    if (time === start) sharing++;
    else next = Math.min(next, time);
    last = Math.max(last, time);
  }
  return sharing === 1 && last > next && next - start > last - next ? next : start;
}

/** The 0.1 % quantile of times up to `until`. @returns null for none */
export function earlyQuantile(times: Pick<TimeColumn, 'at'>, n: number, until: number): number | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let known = 0;
  for (let row = 0; row < n; row++) {
    const time = times.at(row);
    if (time > until) continue;
    known++;
    low = Math.min(low, time);
    high = Math.max(high, time);
  }
  if (known === 0) return null;
  // A histogram narrows the place down to one bin, which is then sorted: no sort of all times.
  const width = (high - low) / BINS || 1;
  const binOf = (time: number) => Math.min(BINS - 1, Math.floor((time - low) / width));
  const counts = new Uint32Array(BINS);
  for (let row = 0; row < n; row++) {
    const time = times.at(row);
    if (time > until) continue;
    const bin = binOf(time);
    counts[bin] = (counts[bin] as number) + 1;
  }
  let rank = Math.ceil(known / 1000) - 1;
  let bin = 0;
  while (rank >= (counts[bin] as number)) rank -= counts[bin++] as number;
  const inside = new Float64Array(counts[bin] as number);
  let used = 0;
  for (let row = 0; row < n; row++) {
    const time = times.at(row);
    if (time <= until && binOf(time) === bin) inside[used++] = time;
  }
  return inside.sort()[rank] as number;
}

const BINS = 4096;
