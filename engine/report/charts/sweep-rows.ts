// The rows of a sweep as a reader tells them apart: their name, whether one is the setting in force, the best, or
// cannot be told from it.

import { humanDuration } from '../../base/index.ts';
import type { Settings, Sweep, SweepRow } from '../../projection/index.ts';

/** A window by its length, any other setting by its values. */
export function rowName(row: Pick<SweepRow, 'set' | 'window'>): string {
  return row.window === null ? Object.values(row.set).join(', ') : humanDuration(row.window);
}

export function isBest(row: SweepRow, sweep: Sweep): boolean {
  return sweep.best !== null && isSame(row.set, sweep.best);
}

/** The best is in its own company. */
export function isNearBest(row: SweepRow, sweep: Sweep): boolean {
  return isBest(row, sweep) || sweep.indistinguishable.some((set) => isSame(set, row.set));
}

function isSame(a: Settings, b: Settings): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
