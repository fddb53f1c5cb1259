// What `explain` says of conditions: the figures they saw, and by how much they missed.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { explain } from '../../../engine/replay/index.ts';
import {
  type Comparison,
  type Condition,
  DEFAULT_SEGMENT_RULES,
  type Suppression,
} from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match, suppression, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
/** How the audience would be asked of person `p` at a minute. */
const asked = (condition: Condition, minute: number, events: readonly EventRow[], changes?: readonly PropertyRow[]) =>
  explain(
    buildHistory(events, changes, { observedUntil: 100 * DAY }),
    workflow(onAdd, { audience: condition }),
    'p',
    minute * MIN,
  ).rules.find(({ rule }) => rule === 'audience');

describe('a segment in words', () => {
  const rules = DEFAULT_SEGMENT_RULES;
  const daily = Array.from({ length: 5 }, (_, day) => at((day * DAY) / MIN, 'Use'));

  it('says which it is, and the days it is told by', () => {
    const regular = asked({ is: 'segment', segment: 'power', rules }, (5 * DAY) / MIN, daily);
    expect(regular?.text).toContain('segment regular, 5 active days in the last 28 d (asked: power)');
    const engaged = asked({ is: 'segment', segment: 'engaged', rules }, (5 * DAY) / MIN, daily);
    expect(engaged).toMatchObject({ stops: false });
  });

  it('says what is made of a feature', () => {
    const condition: Condition = { is: 'segment', segment: 'never', feature: 'Use', rules };
    expect(asked(condition, (5 * DAY) / MIN, daily)?.text).toContain('segment used of Use (asked: never)');
  });
});

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
    expect(summed('<', 0.25)).toEqual([true, '0.05 too high']);
    expect(summed('<=', 0.2)).toEqual([true, '0.1 too high']);
    expect(summed('=', 0.2)).toEqual([true, '0.1 too high']);
    expect(summed('=', 0.5)).toEqual([true, '0.2 short']);
    expect(summed('<', 1)).toEqual([false, '']);
  });
  it('says nothing of a miss where the figure or the limit is no number', () => {
    const last = (value: string | number, events: EventRow[]) =>
      asked({ is: 'last', match: match('A'), property: 'k', test: { op: '=', value }, ...ever }, 9, events)?.text;
    expect(last(5, [at(0, 'A')])).toBe('last of k of A: missing (asked: = 5)');
    expect(last('x', [at(0, 'A', { k: 7 })])).toBe('last of k of A: 7 (asked: = "x")');
    expect(last('x', [at(0, 'A', { k: 'y' })])).toBe('last of k of A: "y" (asked: = "x")');
    expect(last(5, [at(0, 'A', { k: 7 })])).toBe('last of k of A: 7 (asked: = 5), 2 too high');
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

describe('by how much a rule missed letting somebody pass', () => {
  const ever = { inLastMs: null, sinceTrigger: false };
  const count = (op: Comparison, value: number): Condition => ({ is: 'count', match: match('A'), op, value, ...ever });
  const sum = (op: Comparison, value: number): Condition => ({
    is: 'sum',
    match: match('A'),
    property: 'value',
    test: { op, value },
    ...ever,
  });
  const FOUND = 26.99;
  const rule = (condition: Condition, parts: Partial<Suppression> = {}) =>
    explain(
      buildHistory([at(0, 'A', 20), at(1, 'A', FOUND - 20)], [], { observedUntil: 100 * DAY }),
      workflow(onAdd, { suppress: [suppression('r', { if: condition, ...parts })] }),
      'p',
      90 * MIN,
    ).rules.find((one) => one.rule === 'r');
  const said = (...given: Parameters<typeof rule>) => {
    const { stops, text } = rule(...given) ?? {};
    return [stops, text?.replace(/^.*?\(asked: /, '') ?? ''];
  };

  it('is said of a suppression that stops them, from its own side', () => {
    expect(said(sum('<', 30))).toEqual([true, '< 30), 3.01 short']);
    expect(said(sum('<=', 30))).toEqual([true, '<= 30), 3.01 short']);
    expect(said(sum('>', 20))).toEqual([true, '> 20), 6.99 too high']);
    expect(said(sum('>=', FOUND))).toEqual([true, `>= ${FOUND}), exactly at the limit`]);
    expect(said(sum('!=', 20))).toEqual([true, '!= 20), 6.99 too high']);
    expect(said(sum('!=', 30))).toEqual([true, '!= 30), 3.01 short']);
    expect(said(sum('=', FOUND))).toEqual([true, `= ${FOUND})`]);
    expect(said(count('>=', 2))).toEqual([true, '>= 2), 1 too many']);
    expect(said(count('>', 1))).toEqual([true, '> 1), 1 too many']);
    expect(said(count('<', 4))).toEqual([true, '< 4), 2 short']);
    expect(said(count('<=', 2))).toEqual([true, '<= 2), 1 short']);
    expect(said({ is: 'tenure', op: '<', valueMs: 2 * HOUR })).toEqual([true, '< 2 h), 30 min short']);
    expect(said({ is: 'tenure', op: '>', valueMs: HOUR })).toEqual([true, '> 60 min), 30 min too long']);
    expect(said({ is: 'not', of: sum('>=', 30) })).toEqual([true, '>= 30), 3.01 short)']);
  });
  it('is not said of a rule that lets them pass, whatever its figures', () => {
    expect(said(sum('<', 20))).toEqual([false, '< 20)']);
    expect(said(sum('>', 30))).toEqual([false, '> 30)']);
    expect(said(count('<', 2))).toEqual([false, '< 2)']);
    expect(said({ is: 'tenure', op: '>', valueMs: 2 * HOUR })).toEqual([false, '> 2 h)']);
    expect(said({ is: 'all', of: [sum('>', 20), count('>', 9)] })[1]).toBe('> 20) and A: 2 times (asked: > 9)');
    expect(said({ is: 'any', of: [sum('<', 20), count('>', 9)] })[1]).toBe('< 20) or A: 2 times (asked: > 9)');
    const where = [{ property: 'person.plan', op: '=' as const, value: 'pro' }];
    expect(rule(sum('>', 20), { where })?.text).not.toMatch(/too|short|limit/);
    const audience = (condition: Condition) => asked(condition, 9, [at(0, 'A', FOUND)]);
    expect(audience({ is: 'any', of: [sum('<', 20), count('=', 1)] })).toMatchObject({
      stops: false,
      text: 'sum of value of A: 26.99 (asked: < 20) or A: 1 times (asked: = 1)',
    });
  });
  it('counts as short or as too much only where the rule stops, by every operator', () => {
    const ops: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];
    for (const op of ops) {
      for (const limit of [0, 1, 2, 3, 20, FOUND, 30]) {
        for (const condition of [sum(op, limit), count(op, limit)]) {
          const { stops, text } = rule(condition) ?? {};
          const { stops: isOut, text: words } = asked(condition, 90, [at(0, 'A', 20), at(1, 'A', FOUND - 20)]) ?? {};
          expect(isOut).toBe(!stops);
          for (const [is, said] of [
            [stops, text],
            [isOut, words],
          ] as const) {
            if (is !== true) expect(said).not.toMatch(/too|short|limit/);
            else expect(said).toMatch(/\), (.* too (high|many)|.* short|exactly at the limit)$|: !?= [\d.]+\)$/);
          }
        }
      }
    }
  });
});
