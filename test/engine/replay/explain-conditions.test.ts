// What `explain` says of conditions: the figures they saw, and by how much they missed.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { explain } from '../../../engine/replay/index.ts';
import type { Comparison, Condition } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
/** How the audience would be asked of person `p` at a minute. */
const asked = (condition: Condition, minute: number, events: readonly EventRow[], changes?: readonly PropertyRow[]) =>
  explain(
    buildHistory(events, changes, { observedUntil: 100 * DAY }),
    workflow(onAdd, { audience: condition }),
    'p',
    minute * MIN,
  ).rules.find(({ rule }) => rule === 'audience');

describe('a condition in words', () => {
  const ever = { inLastMs: null, sinceTrigger: false };
  const counted = (op: Comparison, value: number, n: number) =>
    asked(
      { is: 'count', match: match('A'), op, value, ...ever },
      9,
      Array.from({ length: n }, (_, i) => at(i, i === 0 ? 'B' : 'A')),
    );
  const miss = (rule: { text: string; stops: boolean } | undefined) => [rule?.stops, rule?.text.split('), ')[1] ?? ''];

  it('says what a count saw and by how many it missed', () => {
    expect(counted('>=', 3, 2)).toEqual({
      rule: 'audience',
      stops: true,
      text: 'A: 1 times (asked: >= 3), 2 short',
      freeAt: null,
    });
    expect(counted('>=', 1, 2)).toMatchObject({ stops: false, text: 'A: 1 times (asked: >= 1)' });
    expect(miss(counted('>', 1, 2))).toEqual([true, '1 short']);
    expect(miss(counted('>', 2, 2))).toEqual([true, '2 short']);
    expect(miss(counted('=', 2, 2))).toEqual([true, '1 short']);
    expect(miss(counted('=', 1, 3))).toEqual([true, '1 too many']);
    expect(miss(counted('<=', 1, 4))).toEqual([true, '2 too many']);
    expect(miss(counted('<', 1, 2))).toEqual([true, '1 too many']);
    expect(miss(counted('<', 1, 3))).toEqual([true, '2 too many']);
    expect(miss(counted('!=', 1, 2))).toEqual([true, '']);
    expect(miss(counted('!=', 2, 2))).toEqual([false, '']);
  });
  it('says by how much a sum missed, to the digits that mean something', () => {
    const summed = (op: Comparison, value: number) =>
      miss(
        asked({ is: 'sum', match: match('A'), property: 'value', test: { op, value }, ...ever }, 9, [
          at(0, 'A', 0.1),
          at(1, 'A', 0.2),
        ]),
      );
    expect(summed('>=', 1)).toEqual([true, '0.7 short']);
    expect(summed('>', 0.1 + 0.2)).toEqual([true, 'exactly at the limit']);
    expect(summed('<', 0.1 + 0.2)).toEqual([true, 'exactly at the limit']);
    expect(summed('<', 0.25)).toEqual([true, '0.05 too many']);
    expect(summed('<=', 0.2)).toEqual([true, '0.1 too many']);
    expect(summed('=', 0.2)).toEqual([true, '0.1 too many']);
    expect(summed('=', 0.5)).toEqual([true, '0.2 short']);
    expect(summed('<', 1)).toEqual([false, '']);
  });
  it('says nothing of a miss where the figure or the limit is no number', () => {
    const last = (value: string | number, events: EventRow[]) =>
      asked({ is: 'last', match: match('A'), property: 'k', test: { op: '=', value }, ...ever }, 9, events)?.text;
    expect(last(5, [at(0, 'A')])).toBe('last of k of A: missing (asked: = 5)');
    expect(last('x', [at(0, 'A', { k: 7 })])).toBe('last of k of A: 7 (asked: = "x")');
    expect(last('x', [at(0, 'A', { k: 'y' })])).toBe('last of k of A: "y" (asked: = "x")');
    expect(last(5, [at(0, 'A', { k: 7 })])).toBe('last of k of A: 7 (asked: = 5), 2 too many');
  });
  it('says how long somebody has been seen, and how long is missing', () => {
    const tenure = (op: Comparison, minute: number) =>
      asked({ is: 'tenure', op, valueMs: HOUR }, minute, [at(0, 'A')])?.text;
    expect(tenure('>=', 59)).toBe('first seen 59 min before (asked: >= 60 min), 1 min short');
    expect(tenure('>=', 60)).toBe('first seen 60 min before (asked: >= 60 min)');
    expect(tenure('>', 60)).toBe('first seen 60 min before (asked: > 60 min), exactly at the limit');
    expect(tenure('<', 60)).toBe('first seen 60 min before (asked: < 60 min), exactly at the limit');
    expect(tenure('<', 90)).toBe('first seen 90 min before (asked: < 60 min), 30 min too long');
    expect(tenure('=', 90)).toBe('first seen 90 min before (asked: = 60 min), 30 min too long');
    expect(tenure('=', 30)).toBe('first seen 30 min before (asked: = 60 min), 30 min short');
    expect(tenure('!=', 60)).toBe('first seen 60 min before (asked: != 60 min)');
    const unseen = asked({ is: 'tenure', op: '>=', valueMs: HOUR }, 9, [], [set(0, 'plan', 'pro')]);
    expect(unseen).toMatchObject({ stops: true, text: 'not seen yet (asked: >= 60 min)' });
  });
  it('names lookbacks, kinds and days', () => {
    const events = [at(0, 'A'), at(1, 'B')];
    const back = { inLastMs: 2 * HOUR, sinceTrigger: false };
    expect(asked({ is: 'count', match: match('A'), op: '=', value: 1, ...back }, 9, events)?.text).toBe(
      'A in the last 2 h: 1 times (asked: = 1)',
    );
    expect(asked({ is: 'distinct', events: ['A', 'B', 'C'], op: '>', value: 2, ...ever }, 9, events)?.text).toBe(
      'of A, B, C: 2 kinds (asked: > 2), 1 short',
    );
    const days = (inLastMs: number | null): Condition => ({ is: 'activeDays', op: '>=', value: 2, inLastMs });
    expect(asked(days(null), 9, events)?.text).toBe('active days: 1 (asked: >= 2), 1 short');
    expect(asked(days(DAY), 9, events)?.text).toBe('active days in the last 24 h: 1 (asked: >= 2), 1 short');
  });
  it('combines, and names properties and what was asked of them', () => {
    const plan = (test: object): Condition => ({ is: 'property', property: 'plan', test }) as Condition;
    const words = (condition: Condition) => asked(condition, 9, [at(0, 'A')], [set(0, 'plan', 'pro')])?.text;
    expect(words(plan({ op: '=', value: 'free' }))).toBe('person.plan is "pro" (asked: = "free")');
    expect(words(plan({ op: 'in', value: ['a', 1] }))).toBe('person.plan is "pro" (asked: in "a", 1)');
    expect(words(plan({ op: 'exists', value: true }))).toBe('person.plan is "pro" (asked: any)');
    expect(words(plan({ op: 'exists', value: false }))).toBe('person.plan is "pro" (asked: none)');
    const pro = plan({ op: 'contains', value: 'p' });
    const is = 'person.plan is "pro" (asked: contains "p")';
    expect(words({ is: 'not', of: pro })).toBe(`not (${is})`);
    expect(words({ is: 'all', of: [pro, pro] })).toBe(`${is} and ${is}`);
    expect(words({ is: 'any', of: [pro, pro] })).toBe(`${is} or ${is}`);
    expect(words({ is: 'all', of: [] })).toBe('always');
    expect(words({ is: 'any', of: [] })).toBe('never');
  });
});
