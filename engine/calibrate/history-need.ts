// How long a history must be for a horizon, and what a short one still allows. Known before anything is computed: it
// depends on lengths only, never on outcomes.

import { DAY_MS, humanDuration } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { RUNGS_MS } from './ladder.ts';

/** A week of entries, so that every weekday is seen. */
const ENTRY_MS = 7 * DAY_MS;

export interface HistoryNeed {
  readonly neededMs: number;
  readonly heldMs: number;
  /** Length of the stretch in which mature episodes can begin. */
  readonly entrySpanMs: number;
  readonly status: 'none' | 'short' | 'enough';
  /** Largest rung that leaves a stretch of min(7 d, held/4); null where none does. */
  readonly largestHorizonMs: number | null;
  /** One sentence, or null where the history is long enough. */
  readonly reason: string | null;
}

/** @param washIn whether episodes may have begun unseen, before observation did */
export function historyNeed(input: {
  readonly heldMs: number;
  readonly horizonMs: number;
  readonly rearm: 'first' | 'reset';
  readonly washIn: boolean;
}): HistoryNeed {
  const { heldMs, horizonMs, washIn } = input;
  const reaches = (input.rearm === 'reset' ? 2 : 1) + (washIn ? 1 : 0);
  const neededMs = reaches * horizonMs + ENTRY_MS;
  const entrySpanMs = Math.max(0, heldMs - reaches * horizonMs);
  const status = entrySpanMs === 0 ? 'none' : entrySpanMs < ENTRY_MS ? 'short' : 'enough';
  const enough = Math.min(ENTRY_MS, heldMs / 4);
  const largestHorizonMs = RUNGS_MS.findLast((rung) => heldMs - reaches * rung >= enough) ?? null;
  const offer =
    largestHorizonMs === null
      ? 'No shorter horizon helps: a longer history is needed.'
      : `The longest horizon it allows is ${humanDuration(largestHorizonMs)}.`;
  const facts = `The history holds ${humanDuration(heldMs)}; a horizon of ${humanDuration(horizonMs)} needs ${humanDuration(neededMs)}.`;
  const reason =
    status === 'enough'
      ? null
      : status === 'none'
        ? `No mature episode is possible with this horizon. ${facts} ${offer}`
        : `The history is short: not every weekday is seen. ${facts} ${offer}`;
  return { neededMs, heldMs, entrySpanMs, status, largestHorizonMs, reason };
}

/**
 * When observation began: as given at import, else the 0.1 % quantile of event times, so that a few stray early rows do
 * not fake a long history. @returns null for a history without events
 */
export function observationStart(history: History): number | null {
  if (history.observedFrom !== null) return history.observedFrom;
  let start = starts.get(history);
  if (start === undefined) starts.set(history, (start = lowQuantile(history)));
  return start;
}

/** A history never changes, so this is worked out once. */
const starts = new WeakMap<History, number | null>();

/** A histogram narrows the place down to one bin, which is then sorted: no sort of all times. */
function lowQuantile(history: History): number | null {
  const n = history.nEvents;
  if (n === 0) return null;
  const { times } = history;
  const low = times.base;
  const bins = 4096;
  const width = (history.observedUntil - low) / bins || 1;
  const binOf = (time: number) => Math.max(0, Math.min(bins - 1, Math.floor((time - low) / width)));
  const counts = new Uint32Array(bins);
  for (let row = 0; row < n; row++) {
    const bin = binOf(times.at(row));
    counts[bin] = (counts[bin] as number) + 1;
  }
  let rank = Math.ceil(n / 1000) - 1;
  let bin = 0;
  while (rank >= (counts[bin] as number)) rank -= counts[bin++] as number;
  const inside = new Float64Array(counts[bin] as number);
  let used = 0;
  for (let row = 0; row < n; row++) {
    const time = times.at(row);
    if (binOf(time) === bin) inside[used++] = time;
  }
  return inside.sort()[rank] as number;
}
