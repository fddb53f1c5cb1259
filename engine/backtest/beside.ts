// What stands beside a projection: whether forecasts from this history would have held in it. A projection says what
// the sample would have given; only a backtest says whether one stretch of it foretold the next (methods K).

import { exactCount, listed, percent, WEEK_MS } from '../base/index.ts';
import { type History, observationStart } from '../events/index.ts';
import type { ReplayResult } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type Backtest, backtest, MEASURE_WORDS, type Measure } from './backtest.ts';

export interface ForetoldBefore {
  readonly verdict: Backtest['verdict'];
  /** Forecasts a week ahead, of all entries: how many, and the share of 95 % intervals that held. */
  readonly held: readonly { readonly measure: Measure; readonly weeks: number; readonly p95: number }[];
  readonly text: string;
}

/** @returns null where the history is too short to foretell any week of it from those before */
export function foretoldBefore(history: History, workflow: Workflow, replayed: ReplayResult): ForetoldBefore | null {
  const start = observationStart(history);
  if (start === null || history.observedUntil - start < WEEK_MS) return null;
  const { nextWeek, verdict } = backtest(history, workflow, { split: null, replayed });
  if (nextWeek.length === 0) return null;
  const shares = nextWeek.map(({ measure, p95 }) => `${MEASURE_WORDS[measure]} in ${percent(p95, 0)}`);
  const weeks = Math.max(...nextWeek.map((one) => one.weeks));
  return {
    verdict,
    held: nextWeek,
    text: `Backtest: of up to ${exactCount(weeks)} weeks foretold from those before them, the 95% interval held for ${listed(shares)}${ENDINGS[verdict]}`,
  };
}

const ENDINGS: Readonly<Record<Backtest['verdict'], string>> = {
  holds: '.',
  fails:
    ': coverage is below nominal. Weeks of this history do not foretell the next; keep only weeks like those to come, and see "foresend backtest".',
  'too few': '; too few to judge by.',
};
