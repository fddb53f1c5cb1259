// Which settings of a sweep are as good as the best in practice: behind it by less than one percent of what the best is
// worth. Where windows never differ in what they add, a saved email makes one better in every draw, so that "beyond
// chance" alone would make a choice of a few pence.

import { isSameSetting, type Settings, type Sweep, type SweepRow } from './sweep-result.ts';

/** Of what the best is worth. */
export const PRACTICALLY_NOTHING = 0.01;

/** Settings that are told apart from the best, and the whole interval of the difference is under 1 % of it. */
export function asGood(sweep: Pick<Sweep, 'rows' | 'best' | 'by' | 'indistinguishable'>): Settings[] {
  const { rows, best, by } = sweep;
  const worth = (row: SweepRow) => (by === 'net' ? row.net.expected : row.projected.incremental);
  const bestRow = best === null ? undefined : rows.find((row) => isSameSetting(row.set, best));
  const most = bestRow === undefined ? null : worth(bestRow);
  if (most === null) return [];
  return rows
    .filter(({ behind }) => behind !== null && behind.low > 0 && behind.high <= PRACTICALLY_NOTHING * Math.abs(most))
    .map(({ set }) => set);
}
