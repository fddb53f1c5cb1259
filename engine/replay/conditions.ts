// Conditions over a person's past: events up to and at the moment of the check, person properties as of it. `inLast`
// is elapsed time, (t - inLast, t]; `since: "trigger"` is (trigger, t]. Over nothing a sum is 0 and min, max and last
// are missing.

import { assert, ExactSum } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { Condition, Lookback, PropertyTest } from '../workflow/index.ts';
import { compareNumbers, holds, matches, readAs, readNumber } from './filters.ts';
import type { LocalTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';
import { isInSegment, type Standing } from './segments.ts';

export interface Check {
  readonly view: PersonView;
  /** Now. */
  readonly time: number;
  readonly zone: LocalTime;
  /** Of the enrollment; null where there is none, and then nothing lies after it. */
  readonly triggerTime: number | null;
}

export function isTrue(condition: Condition, check: Check): boolean {
  switch (condition.is) {
    case 'all':
      return condition.of.every((inner) => isTrue(inner, check));
    case 'any':
      return condition.of.some((inner) => isTrue(inner, check));
    case 'not':
      return !isTrue(condition.of, check);
    case 'property':
      return holds(condition.test, check.view.personProperty(condition.property, check.time));
    case 'segment':
      assert(condition.rules !== undefined, `a segment without rules is refused before a replay: ${condition.segment}`);
      return isInSegment(standingAt(check), condition.segment, condition.feature, condition.rules);
    default:
      return testFigure(condition, figureOf(condition, check));
  }
}

export function standingAt({ view, time, zone }: Check): Standing {
  return { past: view, time, zone };
}

type FigureCondition = Exclude<Condition, { is: 'all' | 'any' | 'not' | 'property' | 'segment' }>;

/** What a condition compares: a number, a property's value, or undefined where there is none. */
export function figureOf(condition: FigureCondition, check: Check): Scalar | undefined {
  const { view, time } = check;
  switch (condition.is) {
    case 'tenure':
      return view.endRow > view.firstRow ? time - view.time(view.firstRow) : undefined;
    case 'activeDays':
      return activeDays(check, view.endRow, time, condition.inLastMs, (row) => !view.isOwnEmail(row));
    case 'count': {
      let n = 0;
      for (const row of rowsBack(check, condition)) if (matches(view, row, condition.match)) n++;
      return n;
    }
    case 'distinct': {
      const seen = new Set<string>();
      for (const row of rowsBack(check, condition)) {
        const name = view.name(row);
        if (condition.events.includes(name)) seen.add(name);
      }
      return seen.size;
    }
    case 'sum': {
      const sum = new ExactSum();
      for (const row of rowsBack(check, condition)) {
        if (!matches(view, row, condition.match)) continue;
        const value = readNumber(view.eventProperty(row, condition.property));
        if (value !== null) sum.add(value);
      }
      return sum.value;
    }
    case 'last':
      for (const row of rowsBack(check, condition)) {
        if (matches(view, row, condition.match)) return view.eventProperty(row, condition.property);
      }
      return undefined;
    case 'min':
    case 'max': {
      const like = exampleOf(condition.test);
      const order: PropertyTest['op'] = condition.is === 'min' ? '<' : '>';
      let best: Scalar | undefined;
      for (const row of rowsBack(check, condition)) {
        if (!matches(view, row, condition.match)) continue;
        const found = view.eventProperty(row, condition.property);
        const value = found === undefined ? undefined : readAs(found, like);
        if (value !== undefined && (best === undefined || holds({ op: order, value: best }, value))) best = value;
      }
      return best;
    }
  }
}

function testFigure(condition: FigureCondition, figure: Scalar | undefined): boolean {
  if ('test' in condition) return holds(condition.test, figure);
  // Only tenure can be missing here, for a person without events: it compares as what is missing does.
  if (typeof figure !== 'number') return condition.op === '!=';
  return compareNumbers(figure, condition.op, condition.is === 'tenure' ? condition.valueMs : condition.value);
}

/** Distinct local days of the rows before `endRow` that count, in (time - inLast, time]. */
export function activeDays(
  check: { readonly view: PersonView; readonly zone: LocalTime },
  endRow: number,
  time: number,
  inLastMs: number | null,
  counts: (row: number) => boolean,
): number {
  const { view, zone } = check;
  const days = new Set<number>();
  for (let row = endRow - 1; row >= view.firstRow; row--) {
    const at = view.time(row);
    if (inLastMs !== null && at <= time - inLastMs) break;
    if (counts(row)) days.add(zone.day(at));
  }
  return days.size;
}

/** The rows a lookback covers, latest first. */
function* rowsBack(check: Check, lookback: Lookback): Generator<number> {
  const { view, time, triggerTime } = check;
  const after = Math.max(
    lookback.inLastMs === null ? Number.NEGATIVE_INFINITY : time - lookback.inLastMs,
    lookback.sinceTrigger ? (triggerTime ?? time) : Number.NEGATIVE_INFINITY,
  );
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > after; row--) yield row;
}

/** A value of the type that a test compares with; numbers where it does not say. */
function exampleOf(test: PropertyTest): Scalar {
  if (test.op === 'exists') return 0;
  return test.op === 'in' ? (test.value[0] ?? 0) : test.value;
}
