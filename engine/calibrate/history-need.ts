// How long a history must be for a horizon, and what a short one still allows. Known before anything is computed: it
// depends on lengths only, never on outcomes.

import { DAY_MS, humanDuration } from '../base/index.ts';
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
