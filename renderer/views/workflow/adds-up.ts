// "Does it add up?": for each row of the ledger the equation its figures stand in. Terms are taken over from the replay;
// a total is the replay's own figure too, so that the equation can be seen to hold.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { exactCount } from '../../../engine/base/index.ts';
import { enrolledOf, type LedgerRow } from './ledger-rows.ts';
import { skipWords } from './words.ts';

export interface Term {
  readonly name: string;
  readonly n: number;
  /** `less` is taken off, `plus` added, `total` is what stands after the terms above it. */
  readonly as: 'start' | 'less' | 'plus' | 'total';
}

export function equationOf(row: LedgerRow, replay: ReplayAnswer): readonly Term[] {
  if (row.kind === 'step') {
    const { counts } = row;
    if (counts === null) return [];
    const { due, sent, ghost, skipped, movedPastEnd, exitedBefore, pending } = counts;
    const start = row.path === null ? enrolledOf(replay) : due + exitedBefore + pending;
    return [
      { name: row.path === null ? 'Enrolled' : `On the path ${row.path}`, n: start, as: 'start' },
      less('Exited before', exitedBefore),
      less('Pending', pending),
      { name: 'Due', n: due, as: 'total' },
      ...Object.entries(skipped)
        .filter(([, n]) => n > 0)
        .map(([reason, n]) => less(`Skipped, ${skipWords(reason)}`, n)),
      ...(movedPastEnd > 0 ? [less('Moved past the end', movedPastEnd)] : []),
      less('Ghost, held out', ghost),
      { name: 'Sent', n: sent, as: 'total' },
    ];
  }
  if (row.kind === 'end') {
    const { goal, event, expired, open } = replay.exits;
    return [
      { name: 'Reached the goal', n: goal, as: 'start' },
      ...(event > 0 ? [{ name: 'Left by an event', n: event, as: 'plus' as const }] : []),
      { name: 'Ran out', n: expired, as: 'plus' },
      { name: 'Still open', n: open, as: 'plus' },
      { name: 'Enrolled', n: enrolledOf(replay), as: 'total' },
    ];
  }
  return [
    { name: 'Candidates', n: replay.candidates, as: 'start' },
    less('Already enrolled', replay.alreadyEnrolled),
    ...Object.entries(replay.suppressed)
      .filter(([, n]) => n > 0)
      .map(([id, n]) => less(SUPPRESSED[id] ?? id, n)),
    { name: 'Enrolled', n: enrolledOf(replay), as: 'total' },
    less('Held out', replay.enrolled.holdout),
    { name: 'Treated', n: replay.enrolled.treated, as: 'total' },
  ];
}

/** Whether the terms make the totals among them. */
export function holds(terms: readonly Term[]): boolean {
  let sum = 0;
  for (const { n, as } of terms) {
    if (as === 'total' && n !== sum) return false;
    if (as === 'start' || as === 'plus') sum += n;
    if (as === 'less') sum -= n;
  }
  return true;
}

export function termValue({ n, as }: Term): string {
  if (as === 'less') return exactCount(n === 0 ? 0 : -n);
  return as === 'plus' && n > 0 ? `+${exactCount(n)}` : exactCount(n);
}

const SUPPRESSED: Readonly<Record<string, string>> = {
  reentry: 'Re-entry',
  unreachable: 'Unreachable',
  audience: 'Audience not met',
  globalHoldout: 'Global holdout',
};

function less(name: string, n: number): Term {
  return { name, n, as: 'less' };
}
