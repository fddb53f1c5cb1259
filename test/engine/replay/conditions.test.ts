import { describe, expect, it } from 'vitest';
import type { Scalar } from '../../../engine/columns/index.ts';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { isTrue } from '../../../engine/replay/conditions.ts';
import { holds } from '../../../engine/replay/filters.ts';
import { HistoryView, localTime } from '../../../engine/replay/index.ts';
import type { Comparison, Condition, PropertyTest } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match } from '../../helpers/workflow.ts';

/** A condition checked of person `p` at a minute. */
function check(
  condition: Condition,
  minute: number,
  events: readonly EventRow[],
  more: { changes?: readonly PropertyRow[]; trigger?: number; zone?: string } = {},
): boolean {
  const history = buildHistory(events, more.changes);
  const view = new HistoryView(history);
  view.select(history.personIndex('p'));
  while (view.endRow < view.lastRow && view.time(view.endRow) <= minute * MIN) view.endRow++;
  const triggerTime = more.trigger === undefined ? null : more.trigger * MIN;
  return isTrue(condition, { view, time: minute * MIN, zone: localTime(more.zone ?? 'UTC'), triggerTime });
}

const ever = { inLastMs: null, sinceTrigger: false };
const count = (op: Comparison, value: number, parts: object = {}): Condition => ({
  is: 'count',
  match: match('A'),
  op,
  value,
  ...ever,
  ...parts,
});
const aggregate = (is: 'sum' | 'min' | 'max' | 'last', test: PropertyTest, parts: object = {}): Condition => ({
  is,
  match: match('A'),
  property: 'value',
  test,
  ...ever,
  ...parts,
});
const day = 24 * 60;

describe('conditions', () => {
  it('count events up to and at the moment, in (t - inLast, t]', () => {
    const events = [at(0, 'A'), at(60, 'A'), at(61, 'A')];
    expect(check(count('=', 2), 60, events)).toBe(true);
    expect(check(count('=', 1, { inLastMs: HOUR }), 60, events)).toBe(true);
    expect(check(count('=', 2, { inLastMs: HOUR + 1 }), 60, events)).toBe(true);
  });
  it('count after the trigger only, where asked', () => {
    const events = [at(0, 'A'), at(5, 'A'), at(9, 'A')];
    expect(check(count('=', 1, { sinceTrigger: true }), 9, events, { trigger: 5 })).toBe(true);
    expect(check(count('=', 0, { sinceTrigger: true }), 9, events, { trigger: 9 })).toBe(true);
  });
  it('count what passes the filters, person properties as of each event', () => {
    const pro = count('=', 1, { match: match('A', { property: 'person.plan', op: '=', value: 'pro' }) });
    expect(check(pro, 9, [at(1, 'A'), at(5, 'A')], { changes: [set(3, 'plan', 'pro'), set(7, 'plan', 'free')] })).toBe(
      true,
    );
  });
  it('know how long somebody has been seen', () => {
    const tenure = (op: Comparison, valueMs: number): Condition => ({ is: 'tenure', op, valueMs });
    expect(check(tenure('>=', HOUR), 60, [at(0, 'A')])).toBe(true);
    expect(check(tenure('>=', HOUR), 59, [at(0, 'A')])).toBe(false);
    expect(check(tenure('<', HOUR), 0, [at(5, 'A')])).toBe(false);
  });
  it('count distinct local days of activity, the own emails not among them', () => {
    const days = (value: number, inLastMs: number | null = null): Condition => ({
      is: 'activeDays',
      op: '=',
      value,
      inLastMs,
    });
    const events = [at(1, 'A'), at(day - 1, 'A'), at(day, 'A'), at(2 * day, 'Email Opened')];
    expect(check(days(2), 2 * day, events)).toBe(true);
    expect(check(days(1, DAY + 1), 2 * day, events)).toBe(true);
    expect(check(days(0, DAY), 2 * day, events)).toBe(true);
    // In New York all of them lie on two other dates: 19:01 and 18:59, and 19:00.
    expect(check(days(2), 2 * day, events, { zone: 'America/New_York' })).toBe(true);
    expect(check(days(1), 2 * day, [at(1, 'A'), at(4 * 60, 'A')], { zone: 'America/New_York' })).toBe(true);
    expect(check(days(2), 2 * day, [at(1, 'A'), at(5 * 60, 'A')], { zone: 'America/New_York' })).toBe(true);
  });
  it('count the kinds of events that occurred', () => {
    const distinct: Condition = { is: 'distinct', events: ['A', 'B', 'C'], op: '=', value: 2, ...ever };
    expect(check(distinct, 9, [at(0, 'A'), at(1, 'B'), at(2, 'A'), at(3, 'X'), at(10, 'C')])).toBe(true);
  });
  it('take the sum of nothing for 0 and min, max and last of nothing for missing', () => {
    expect(check(aggregate('sum', { op: '=', value: 0 }), 9, [at(0, 'B', 5)])).toBe(true);
    for (const is of ['min', 'max', 'last'] as const) {
      expect(check(aggregate(is, { op: '<', value: 10 }), 9, [at(0, 'B', 5)])).toBe(false);
      expect(check(aggregate(is, { op: '!=', value: 10 }), 9, [at(0, 'B', 5)])).toBe(true);
    }
  });
  it('sum exactly, skipping what is no number', () => {
    const tenths = Array.from({ length: 10 }, (_, i) => at(i, 'A', 0.1));
    expect(check(aggregate('sum', { op: '=', value: 1 }), 20, tenths)).toBe(true);
    const texts = [at(0, 'A', { n: '2.5' }), at(1, 'A', { n: 'two' }), at(2, 'A', { n: 1 })];
    expect(check(aggregate('sum', { op: '=', value: 3.5 }, { property: 'n' }), 9, texts)).toBe(true);
  });
  it('find the least, the greatest and the last', () => {
    const events = [at(0, 'A', 5), at(1, 'A', 9), at(2, 'A', 7)];
    expect(check(aggregate('min', { op: '=', value: 5 }), 9, events)).toBe(true);
    expect(check(aggregate('max', { op: '=', value: 9 }), 9, events)).toBe(true);
    expect(check(aggregate('last', { op: '=', value: 7 }), 9, events)).toBe(true);
    expect(check(aggregate('last', { op: '=', value: 9 }), 1, events)).toBe(true);
  });
  it('find them among values read as the type they are compared with', () => {
    const events = ['10', '9', 'x', '2'].map((k, i) => at(i, 'A', { k }));
    const found = (is: 'min' | 'max', test: PropertyTest) => check(aggregate(is, test, { property: 'k' }), 9, events);
    expect(found('min', { op: '=', value: 2 })).toBe(true);
    expect(found('max', { op: '=', value: 10 })).toBe(true);
    expect(found('min', { op: '=', value: '10' })).toBe(true);
    expect(found('max', { op: '=', value: 'x' })).toBe(true);
    expect(found('max', { op: 'in', value: [10, 3] })).toBe(true);
    expect(found('max', { op: 'in', value: ['10', 'x'] })).toBe(true);
    expect(found('min', { op: 'in', value: ['10', 'x'] })).toBe(true);
    expect(found('min', { op: 'in', value: ['2', 'x'] })).toBe(false);
    expect(found('max', { op: 'exists', value: true })).toBe(true);
    const flags = ['false', 'true', 'maybe'].map((k, i) => at(i, 'A', { k }));
    const flag = (is: 'min' | 'max', value: boolean) =>
      check(aggregate(is, { op: '=', value }, { property: 'k' }), 9, flags);
    expect([flag('max', true), flag('max', false), flag('min', false)]).toEqual([true, false, true]);
  });
  it('take the property of the last matching event, missing where that one lacks it', () => {
    const events = [at(0, 'A', { n: 1 }), at(1, 'A')];
    expect(check(aggregate('last', { op: 'exists', value: false }, { property: 'n' }), 9, events)).toBe(true);
  });
  it('read a person as of the moment, changes of it included', () => {
    const plan: Condition = { is: 'property', property: 'plan', test: { op: '=', value: 'pro' } };
    const changes = [set(5, 'plan', 'pro'), set(9, 'plan', null)];
    expect([4, 5, 8, 9].map((minute) => check(plan, minute, [at(0, 'A')], { changes }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
  it('combine', () => {
    const yes = count('=', 1);
    const no = count('=', 2);
    const events = [at(0, 'A')];
    expect(check({ is: 'all', of: [yes, no] }, 1, events)).toBe(false);
    expect(check({ is: 'any', of: [yes, no] }, 1, events)).toBe(true);
    expect(check({ is: 'not', of: no }, 1, events)).toBe(true);
    expect(check({ is: 'all', of: [] }, 1, events)).toBe(true);
    expect(check({ is: 'any', of: [] }, 1, events)).toBe(false);
  });
});

describe('filters', () => {
  const test = (op: Comparison, value: Scalar, actual: Scalar | undefined) => holds({ op, value }, actual);
  it('take every comparison with a missing property for false, except !=', () => {
    for (const op of ['=', '<', '<=', '>', '>='] as const) expect(test(op, 1, undefined)).toBe(false);
    expect(test('!=', 1, undefined)).toBe(true);
    expect(holds({ op: 'in', value: [1] }, undefined)).toBe(false);
    expect(holds({ op: 'contains', value: '' }, undefined)).toBe(false);
    expect(holds({ op: 'exists', value: false }, undefined)).toBe(true);
    expect(holds({ op: 'exists', value: true }, undefined)).toBe(false);
  });
  it('read a text as the type of their value', () => {
    expect(test('=', 10, '10.0')).toBe(true);
    expect(test('<', 9, '10')).toBe(false);
    expect(test('=', true, 'true')).toBe(true);
    expect(test('=', 5, '')).toBe(false);
    expect(test('=', false, 'false')).toBe(true);
    expect(test('=', false, 'no')).toBe(false);
    expect(test('=', false, 'true')).toBe(false);
    expect(holds({ op: 'in', value: [1, 2] }, '2')).toBe(true);
  });
  it('look for a part of a text, letter by letter', () => {
    const contains = (value: string, actual: Scalar) => holds({ op: 'contains', value }, actual);
    expect([contains('ro', 'pro'), contains('', ''), contains('RO', 'pro'), contains('true', true)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
  it('order texts by their bytes', () => {
    expect(test('<', 'b', 'a')).toBe(true);
    expect(test('<', 'a', 'a')).toBe(false);
    expect(test('<=', 'a', 'a')).toBe(true);
    expect(test('>', 'Z', 'a')).toBe(true);
    expect(test('>', '\u{ffee}', '\u{1f600}')).toBe(true);
    expect(test('!=', 'a', 'b')).toBe(true);
  });
  it('read a text as a number where all of it is one', () => {
    const numbers = { '+5': 5, '-5': -5, ' 5 ': 5, '5.': 5, '.5': 0.5, '-.5': -0.5, '12.25': 12.25 };
    for (const [text, number] of Object.entries(numbers)) expect(test('=', number, text), text).toBe(true);
    const powers = { '1e3': 1000, '1E3': 1000, '1e+3': 1000, '5e-10': 5e-10, '.5e1': 5, '2.5e1': 25 };
    for (const [text, number] of Object.entries(powers)) expect(test('=', number, text), text).toBe(true);
    for (const text of [
      'x5',
      '5x',
      '5 6',
      '1e',
      'e3',
      '.',
      '+',
      '--5',
      '0x10',
      '1,5',
      'Infinity',
      'NaN',
      ' ',
      '1e3.5',
    ]) {
      for (const op of ['=', '<', '>', '<=', '>='] as const) expect(test(op, 5, text), text).toBe(false);
      expect(test('!=', 5, text), text).toBe(true);
    }
  });
  it('take other values of differing types for unequal and unordered', () => {
    expect(test('=', '10', 10)).toBe(false);
    expect(test('!=', '10', 10)).toBe(true);
    expect(test('<', 'z', 10)).toBe(false);
    expect(test('>', 'a', 10)).toBe(false);
    expect(test('!=', 10, 'ten')).toBe(true);
    expect(test('>=', 0, true)).toBe(false);
    expect(holds({ op: 'contains', value: '1' }, 10)).toBe(false);
  });
});
