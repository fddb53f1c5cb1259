// What a fault moves, as rows for people; those that stay as they are are left out.

import { count, humanDuration, orNotKnown, percent, rounded } from '../base/index.ts';
import type { FindingMoves, MovedFigures } from './finding.ts';

export interface MoveRow {
  readonly key: keyof MovedFigures;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** The window first. @returns at least one row: the window, also where it stays */
export function moveRows({ before, after, windowMs, goal }: FindingMoves): MoveRow[] {
  const row = (
    key: keyof MovedFigures,
    name: string,
    show: (value: number) => string,
    absent = 'too few',
  ): MoveRow => ({
    key,
    name,
    before: orNotKnown(before[key], show, absent),
    after: orNotKnown(after[key], show, absent),
  });
  const rows = [
    row('recommendedMs', 'recommended window', humanDuration, 'not settled'),
    row('p90Ms', '90% of those who answer have by', humanDuration),
    row('candidates', `candidates at ${humanDuration(windowMs)}`, count),
    row('anywayRate', 'of these, come anyway', (rate) => percent(rate, 2)),
    row('goals', `"${goal}"`, count),
    row('goalValue', 'their value', (value) => rounded(value, 6)),
    row('persons', 'people', count),
    row('events', 'events', count),
  ];
  return rows.filter(({ key, before: a, after: b }) => key === 'recommendedMs' || a !== b);
}
