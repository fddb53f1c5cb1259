// When the answer of a condition can change: at rows it takes notice of, and without any as time passes over a tenure or
// as rows leave a lookback. Between two such moments a run need not be checked, since it would find what the last found.

import { lowerBound } from '../base/index.ts';
import type { Condition, DeclineTrigger } from '../workflow/index.ts';
import type { Check } from './conditions.ts';
import type { PersonView } from './person-view.ts';
import { segmentWindows } from './segments.ts';

/** The rows a condition takes notice of. */
export interface Notice {
  /** Names of events; null: every event. */
  readonly events: ReadonlySet<string> | null;
  readonly properties: ReadonlySet<string>;
}

const known = new WeakMap<Condition, Notice>();

export function noticeOf(condition: Condition): Notice {
  let notice = known.get(condition);
  if (notice === undefined) {
    let events: Set<string> | null = new Set<string>();
    const properties = new Set<string>();
    for (const leaf of leavesOf(condition)) {
      if (leaf.is === 'property') properties.add(leaf.property);
      else if (leaf.is === 'activeDays' || leaf.is === 'segment') events = null;
      else if (leaf.is === 'distinct') for (const name of leaf.events) events?.add(name);
      else if ('match' in leaf) events?.add(leaf.match.event);
    }
    known.set(condition, (notice = { events, properties }));
  }
  return notice;
}

/**
 * The first moment after the check at which the condition can have another answer, if no row comes; Infinity where it
 * cannot. Never too late, but perhaps too early.
 */
export function mayDifferFrom(condition: Condition, check: Check): number {
  const { view, time } = check;
  switch (condition.is) {
    case 'all':
    case 'any':
      return condition.of.reduce(
        (next, inner) => Math.min(next, mayDifferFrom(inner, check)),
        Number.POSITIVE_INFINITY,
      );
    case 'not':
      return mayDifferFrom(condition.of, check);
    case 'tenure': {
      const reached = view.time(view.firstRow) + condition.valueMs;
      return reached > time ? reached : reached === time ? time + 1 : Number.POSITIVE_INFINITY;
    }
    case 'property':
      return Number.POSITIVE_INFINITY;
    case 'segment': {
      const { rules } = condition;
      const windows = rules === undefined ? [] : segmentWindows(condition.segment, rules);
      return windows.reduce(
        (next, length) => Math.min(next, oldestIn(view, time - length, time, null) + length),
        Number.POSITIVE_INFINITY,
      );
    }
    default: {
      if (condition.inLastMs === null) return Number.POSITIVE_INFINITY;
      return oldestIn(view, time - condition.inLastMs, time, noticeOf(condition).events) + condition.inLastMs;
    }
  }
}

/** The same for a decline: events leave the recent period, and then the baseline. */
export function declineMayDifferFrom({ of, recentMs, baselineMs }: DeclineTrigger, { view, time }: Check): number {
  const names = of === null ? null : new Set(of);
  return Math.min(
    oldestIn(view, time - recentMs, time, names) + recentMs,
    oldestIn(view, time - recentMs - baselineMs, time - recentMs, names) + recentMs + baselineMs,
  );
}

/** The time of the first visible row in (after, until] with one of the names; Infinity where there is none. */
function oldestIn(view: PersonView, after: number, until: number, names: ReadonlySet<string> | null): number {
  let row = lowerBound((i) => view.time(i), after + 1, view.firstRow, view.endRow);
  while (row < view.endRow && view.time(row) <= until) {
    if (names === null || names.has(view.name(row))) return view.time(row);
    row++;
  }
  return Number.POSITIVE_INFINITY;
}

type Leaf = Exclude<Condition, { of: unknown }>;

function leavesOf(condition: Condition): readonly Leaf[] {
  if (condition.is === 'all' || condition.is === 'any') return condition.of.flatMap(leavesOf);
  return condition.is === 'not' ? leavesOf(condition.of) : [condition as Leaf];
}
