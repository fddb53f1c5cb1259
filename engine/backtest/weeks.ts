// Enrollments counted by the week in which they trigger, from an origin back and forth. An enrollment belongs to the
// side of the origin on which it triggers; whether it converted is known once its goal window has ended, so weeks whose
// goal windows span an origin are no part of what is known of conversions there.

import { assert, WEEK_MS } from '../base/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';

export type Segment = 'all' | 'first' | 'repeat';
export const SEGMENTS: readonly Segment[] = ['all', 'first', 'repeat'];

export interface Week {
  /** Enrollments of both arms. */
  readonly n: number;
  /** Of these, with a goal inside the goal window. */
  readonly x: number;
}

export interface WeekTable {
  /** Begin of week 0, ms. */
  readonly start: number;
  readonly count: number;
  /** Weeks from the first whole one to the last whole one of the history. */
  readonly weeks: Readonly<Record<Segment, readonly Week[]>>;
  /** Only those held out; the only ones that show what happens anyway once the workflow mails the others. */
  readonly heldOut: readonly Week[];
  /** How many whole weeks after it ends the goal windows of a week have ended too. */
  readonly lag: number;
}

/** Whole weeks that begin at `origin` plus or minus whole weeks, within [from, until). */
export function weekTable(
  columns: EnrollmentColumns,
  span: { readonly from: number; readonly until: number; readonly origin: number; readonly goalMs: number },
): WeekTable {
  const { from, until, origin, goalMs } = span;
  assert(origin >= from && origin <= until, 'an origin lies within the history');
  const before = Math.floor((origin - from) / WEEK_MS);
  const count = before + Math.floor((until - origin) / WEEK_MS);
  const start = origin - before * WEEK_MS;
  const table = (): { n: number; x: number }[] => Array.from({ length: count }, () => ({ n: 0, x: 0 }));
  const weeks = { all: table(), first: table(), repeat: table() };
  const heldOut = table();
  for (let i = 0; i < columns.n; i++) {
    const at = Math.floor(((columns.triggerTimes[i] as number) - start) / WEEK_MS);
    if (at < 0 || at >= count) continue;
    const converted = Number.isNaN(columns.goalTimes[i] as number) ? 0 : 1;
    for (const segment of ['all', columns.repeats[i] === 1 ? 'repeat' : 'first'] as const) {
      const week = weeks[segment][at] as { n: number; x: number };
      week.n++;
      week.x += converted;
    }
    if (columns.arms[i] !== 1) continue;
    const held = heldOut[at] as { n: number; x: number };
    held.n++;
    held.x += converted;
  }
  return { start, count, weeks, heldOut, lag: Math.ceil(goalMs / WEEK_MS) };
}
