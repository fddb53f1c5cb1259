// Corners of the fast path that random cases seldom reach. What it gives is written out, and is what the transition gives.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, History, type PropertyRow } from '../../../engine/events/index.ts';
import { isCompilable } from '../../../engine/replay/compiled.ts';
import { planOf, type ReplayResult, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Comparison, Condition, Workflow } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { HOUR, inaction, MIN, match, step, sum, suppression, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const brief = { exit: { on: [], afterMs: MIN } };

interface More {
  readonly changes?: readonly PropertyRow[];
  /** In minutes. */
  readonly until?: number;
  /** The property that an event's value stands for. */
  readonly valueName?: string;
}

function both(
  events: readonly EventRow[],
  w: Workflow,
  { changes, until = 10_000, valueName }: More = {},
): ReplayResult {
  expect(isCompilable(planOf(w))).toBe(true);
  const built = buildHistory(events, changes, { observedUntil: until * MIN });
  const history = new History({ ...built, valueName: valueName ?? null });
  const fast = replayWorkflow(history, w);
  const defined = replayWorkflow(history, w, { path: 'transition' });
  expect(fast.totals).toEqual(defined.totals);
  expect(fast.enrollments).toEqual(defined.enrollments);
  expect(fast.buckets).toEqual(defined.buckets);
  return fast;
}

const enrolled = (...given: Parameters<typeof both>) => both(...given).totals.enrolled.treated;
const count = (event: string, op: Comparison, value: number, inLastMs: number | null = null): Condition => ({
  is: 'count',
  match: match(event),
  op,
  value,
  inLastMs,
  sinceTrigger: false,
});

describe('rules of the fast path', () => {
  it('keep out only where both the filters and the condition of a suppression hold', () => {
    const where = [{ property: 'k', op: '=', value: 'a' } as const];
    const w = workflow(onAdd, { suppress: [suppression('r', { where, if: count('Look', '>=', 1) })] });
    expect(enrolled([at(0, 'Look'), at(1, 'Add', { k: 'b' })], w)).toBe(1);
    expect(enrolled([at(1, 'Add', { k: 'a' })], w)).toBe(1);
    expect(both([at(0, 'Look'), at(1, 'Add', { k: 'a' })], w).totals.suppressed['r']).toBe(1);
  });
  it('take an email for a reason to keep out only where it is of the workflow named', () => {
    const enrolledUnder = (of: string) =>
      enrolled(
        [at(0, 'Add'), at(5, 'Add'), at(60, 'Add')],
        workflow(onAdd, {
          ...brief,
          suppress: [suppression('r', { sent: { workflow: of, withinMs: HOUR, history: false } })],
        }),
      );
    expect([enrolledUnder('w'), enrolledUnder('*'), enrolledUnder('other')]).toEqual([2, 2, 3]);
  });
  it('take an email of the history for one too, where asked', () => {
    const first = (minute: number, more?: object) =>
      enrolled(
        [at(0, 'Email Sent', { workflow: 'x' }), at(minute, 'Add')],
        workflow(onAdd, {
          suppress: [suppression('r', { sent: { workflow: '*', withinMs: HOUR, history: true, ...more } })],
        }),
      );
    expect([first(59), first(60), first(59, { workflow: 'w' }), first(59, { workflow: 'x' })]).toEqual([0, 1, 1, 0]);
  });
  it.each(['=', '!=', '<', '<=', '>', '>='] as const)('compare sums by %s exactly', (op) => {
    const tenths = Array.from({ length: 10 }, (_, i) => at(i, 'Pay', 0.1));
    const events = [...tenths, at(20, 'Add')];
    const asked = (limit: number) =>
      enrolled(
        events,
        workflow(onAdd, { audience: { ...sum('Pay', '<', limit, null), test: { op, value: limit } } as Condition }),
      );
    const holds = { '=': [0, 1, 0], '!=': [1, 0, 1], '<': [0, 0, 1], '<=': [0, 1, 1], '>': [1, 0, 0], '>=': [1, 1, 0] };
    // Ten tenths are exactly 1; one by one, binary fractions come to a little less.
    expect([0.9999999999999999, 1, 1.0000000000000002].map(asked)).toEqual(holds[op]);
  });
  it('add up what is below 0, and leave out what is no number or too old', () => {
    const asked = (events: EventRow[], inLastMs: number | null = null) =>
      enrolled([...events, at(100, 'Add')], workflow(onAdd, { audience: sum('Pay', '>=', 5, inLastMs) }));
    expect(asked([at(0, 'Pay', 9), at(1, 'Pay', -4)])).toBe(1);
    expect(asked([at(0, 'Pay', -4), at(1, 'Pay', 9)])).toBe(1);
    expect(asked([at(0, 'Pay', -5), at(1, 'Pay', 9)])).toBe(0);
    expect(asked([at(0, 'Pay', 5), at(1, 'Pay')])).toBe(1);
    expect(asked([at(40, 'Pay', 5)], HOUR)).toBe(0);
    expect(asked([at(41, 'Pay', 5)], HOUR)).toBe(1);
    expect(asked([at(41, 'Look', 5)], HOUR)).toBe(0);
  });
  it('tell the sums of two properties, and of two events, apart', () => {
    const of = (event: string, property: string) =>
      ({ ...sum(event, '>=', 5, null), property, test: { op: '=', value: 5 } }) as Condition;
    const w = (...asked: Condition[]) => workflow(onAdd, { audience: { is: 'all', of: asked } });
    const events = [at(0, 'Pay', { a: 5, b: 6 }), at(1, 'Owe', { a: 7 }), at(2, 'Add')];
    expect(enrolled(events, w(of('Pay', 'a')))).toBe(1);
    expect(enrolled(events, w(of('Pay', 'a'), of('Pay', 'b')))).toBe(0);
    expect(enrolled(events, w(of('Pay', 'a'), of('Owe', 'a')))).toBe(0);
    expect(enrolled(events, w(of('Pay', 'a'), of('Pay', 'a')))).toBe(1);
  });
  it('count in (t - inLast, t], of each person by themselves', () => {
    const w = workflow(onAdd, { audience: count('Look', '=', 1, HOUR) });
    const events = [at(0, 'Look'), at(1, 'Look'), at(60, 'Add'), at(59, 'Look', {}, 'q'), at(59, 'Add', {}, 'q')];
    expect(enrolled(events, w)).toBe(2);
  });
  it('count more kinds of events than the stream has room for', () => {
    const kinds = ['A', 'B', 'C', 'D', 'E'];
    const w = workflow(onAdd, { audience: { is: 'all', of: kinds.map((kind) => count(kind, '=', 1)) } });
    const events = kinds.map((kind, i) => at(i, kind));
    expect(enrolled([...events, at(9, 'Add')], w)).toBe(1);
    for (const kind of kinds) {
      expect(enrolled([...events.filter(({ name }) => name !== kind), at(9, 'Add')], w), kind).toBe(0);
    }
  });
  it('ask for consent where the history tracks it', () => {
    const w = workflow(onAdd, { reach: { address: 'email', consent: 'ok' } });
    const given = (...changes: PropertyRow[]) => both([at(5, 'Add')], w, { changes }).totals;
    expect(given().enrolled.treated).toBe(1);
    expect(given(set(5, 'ok', true)).enrolled.treated).toBe(1);
    expect(given(set(5, 'ok', false)).suppressed['unreachable']).toBe(1);
    expect(given(set(6, 'ok', true)).suppressed['unreachable']).toBe(1);
    expect(given(set(6, 'ok', true, 'q')).suppressed['unreachable']).toBe(1);
  });
});

describe('ends on the fast path', () => {
  it('complete a goal window that ends with the history', () => {
    const w = workflow(onAdd, { goal: { match: match('Buy'), withinMs: HOUR, value: null } });
    const goal = (until: number) => both([at(0, 'Add')], w, { until }).totals.goal.treated;
    expect(goal(59)).toMatchObject({ n: 0, incomplete: 1 });
    expect(goal(60)).toMatchObject({ n: 1, incomplete: 0 });
  });
  it('convert in (trigger, trigger + goal window], whatever ended the enrollment', () => {
    const goal = { match: match('Buy'), withinMs: HOUR, value: null };
    const converted = (minute: number, parts = {}) =>
      both([at(0, 'Add'), at(minute, 'Buy')], workflow(onAdd, { goal, ...parts })).totals.goal.treated.converted;
    expect([0, 1, 60, 61].map((minute) => converted(minute))).toEqual([0, 1, 1, 0]);
    expect(converted(30, brief)).toBe(1);
    expect(converted(30, { exit: { on: [match('Buy')], afterMs: null } })).toBe(1);
  });
  it('handle a step at the very expiry, but none at the event that ends the enrollment', () => {
    const w = workflow(onAdd, {
      sequence: [step('a', HOUR)],
      exit: { on: [match('Leave')], afterMs: HOUR },
    });
    const first = (events: EventRow[], until?: number) =>
      both([at(0, 'Add'), ...events], w, until === undefined ? {} : { until }).totals.steps[0];
    expect(first([])).toMatchObject({ sent: 1 });
    expect(first([], 60)).toMatchObject({ sent: 1 });
    expect(first([], 59)).toMatchObject({ sent: 0, pending: 1 });
    expect(first([at(60, 'Leave')])).toMatchObject({ sent: 0, exitedBefore: 1 });
    expect(first([at(61, 'Leave')])).toMatchObject({ sent: 1, exitedBefore: 0 });
  });
  it('tell exits apart', () => {
    const w = workflow(onAdd, { exit: { on: [match('Leave')], afterMs: HOUR } });
    const exit = (events: EventRow[], until?: number) =>
      Object.entries(both([at(0, 'Add'), ...events], w, until === undefined ? {} : { until }).totals.exits).find(
        ([, n]) => n > 0,
      )?.[0];
    expect(exit([at(60, 'Buy')])).toBe('goal');
    expect(exit([at(60, 'Leave')])).toBe('event');
    expect(exit([at(60, 'Leave'), at(60, 'Buy')])).toBe('event');
    expect(exit([at(60, 'Buy'), at(60, 'Leave')])).toBe('goal');
    expect(exit([at(61, 'Leave')])).toBe('expired');
    expect(exit([], 60)).toBe('expired');
    expect(exit([], 59)).toBe('open');
  });
  it('let a person enroll again at the very end, and after the whole cooldown', () => {
    const times = [0, 59, 60, 61].map((minute) => at(minute, 'Add'));
    const w = workflow(onAdd, { exit: { on: [], afterMs: HOUR } });
    expect(both(times, w).totals).toMatchObject({ enrolled: { treated: 2 }, alreadyEnrolled: 2 });
    const cool = workflow(onAdd, { ...brief, reentry: { kind: 'cooldown', ms: HOUR } });
    const { totals, enrollments } = both(times, cool);
    expect(totals).toMatchObject({ enrolled: { treated: 2 }, suppressed: { reentry: 2 } });
    expect([...enrollments.triggerTimes]).toEqual([0, HOUR]);
    expect([...enrollments.repeats]).toEqual([0, 1]);
    const once = workflow(onAdd, { ...brief, reentry: { kind: 'once' } });
    expect(both(times, once).totals).toMatchObject({ enrolled: { treated: 1 }, suppressed: { reentry: 3 } });
  });
});

describe('what a goal is worth on the fast path', () => {
  const worth = (buy: EventRow, value: string | null, more: More = {}) =>
    both([at(0, 'Add'), buy], workflow(onAdd, { goal: { match: match('Buy'), withinMs: HOUR, value } }), more).totals
      .goal.treated.value;
  it('is the named property, else the own value, else 0', () => {
    expect(worth(at(1, 'Buy', 7), null)).toBe(7);
    expect(worth(at(1, 'Buy'), null)).toBe(0);
    expect(worth({ ...at(1, 'Buy', 7), properties: { revenue: 9 } }, 'revenue')).toBe(9);
    expect(worth({ ...at(1, 'Buy', 7), properties: { revenue: 'much' } }, 'revenue')).toBe(7);
    expect(worth({ ...at(1, 'Buy', 7), properties: { other: 9 } }, 'revenue')).toBe(7);
    expect(worth(at(1, 'Buy', 7), 'revenue')).toBe(7);
    expect(worth(at(1, 'Buy', 7), null, { valueName: 'revenue' })).toBe(7);
    expect(worth(at(1, 'Buy', 7), 'revenue', { valueName: 'revenue' })).toBe(7);
    expect(worth(at(1, 'Buy', 7), 'other', { valueName: 'revenue' })).toBe(7);
  });
  it('is not the own value in a sum over a property that nobody has', () => {
    const w = (property: string) =>
      workflow(onAdd, { audience: { ...sum('Pay', '>=', 5, null), property } as Condition });
    expect(enrolled([at(0, 'Pay', 5), at(1, 'Add')], w('value'))).toBe(1);
    expect(enrolled([at(0, 'Pay', 5), at(1, 'Add')], w('revenue'))).toBe(0);
    expect(enrolled([at(0, 'Pay', 5), at(1, 'Add')], w('revenue'), { valueName: 'revenue' })).toBe(1);
  });
});

describe('silences on the fast path', () => {
  it('fire at the deadline, and wait where it lies behind the end', () => {
    const w = workflow(inaction());
    const { totals } = both([at(0, 'Add'), at(0, 'Add', {}, 'q'), at(60, 'Buy', {}, 'q')], w, { until: 60 });
    expect(totals).toMatchObject({ candidates: 1, pending: 0 });
    expect(both([at(0, 'Add')], w, { until: 59 }).totals).toMatchObject({ candidates: 0, pending: 1 });
  });
  it('fire once for a first anchor that keeps its deadline', () => {
    const w = workflow(inaction({ rearm: 'first' }), brief);
    const fires = (...rows: (readonly [number, string])[]) =>
      [
        ...both(
          rows.map(([minute, name]) => at(minute, name)),
          w,
        ).enrollments.triggerTimes,
      ].map((time) => time / MIN);
    expect(fires([0, 'Add'], [30, 'Add'])).toEqual([60]);
    expect(fires([0, 'Add'], [60, 'Add'])).toEqual([60]);
    expect(fires([0, 'Add'], [61, 'Add'])).toEqual([60, 121]);
    expect(fires([0, 'Add'], [60, 'Buy'])).toEqual([]);
    expect(fires([0, 'Add'], [61, 'Buy'])).toEqual([60]);
    expect(fires([0, 'Buy'], [0, 'Add'])).toEqual([]);
    expect(fires([0, 'Add'], [10, 'Buy'], [10, 'Add'], [20, 'Add'])).toEqual([80]);
  });
});

it('what joins its firings is not for the fast path, even with one trigger', () => {
  const w = workflow({ type: 'anyOf', triggers: [onAdd] });
  expect(isCompilable(planOf(w))).toBe(false);
  const history = buildHistory([at(0, 'Add'), at(0, 'Add')], [], { observedUntil: MIN });
  expect(replayWorkflow(history, w).totals).toMatchObject({ candidates: 1, alreadyEnrolled: 0 });
  expect(replayWorkflow(history, workflow(onAdd)).totals).toMatchObject({ candidates: 2, alreadyEnrolled: 1 });
});
