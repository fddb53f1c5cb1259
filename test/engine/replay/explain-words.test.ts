// What `explain` says of rules, triggers and events, word by word, beside what they decide.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { type Explanation, explain } from '../../../engine/replay/index.ts';
import type { Condition, Trigger, Workflow } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, suppression, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;

/** Explains person `p` at a minute. */
function told(
  w: Workflow,
  minute: number,
  events: readonly EventRow[],
  changes: readonly PropertyRow[] = [],
): Explanation {
  return explain(buildHistory(events, changes, { observedUntil: 100 * DAY }), w, 'p', minute * MIN);
}

const notes = ({ timeline }: Explanation) =>
  timeline.flatMap((entry) => (entry.kind === 'trigger' ? [[entry.time / MIN, entry.text, entry.missedByMs]] : []));

describe('a rule in words', () => {
  const events = [at(0, 'Add'), at(30, 'Look')];
  const brief = { exit: { on: [], afterMs: MIN } };
  const rule = (parts: Partial<Workflow>, key: string, given: readonly EventRow[] = events, changes?: PropertyRow[]) =>
    told(workflow(onAdd, { ...brief, ...parts }), 30, given, changes).rules.find((one) => one.rule === key);

  it('tells of re-entry', () => {
    const cool = (ms: number) => ({ reentry: { kind: 'cooldown' as const, ms } });
    expect(rule({}, 'reentry', [at(0, 'Look')])).toEqual({
      rule: 'reentry',
      stops: false,
      text: 'never enrolled before',
      freeAt: null,
    });
    expect(rule({}, 'reentry')).toMatchObject({
      stops: false,
      text: 'last enrolled 30 min before; people may enroll again',
      freeAt: null,
    });
    expect(rule({ reentry: { kind: 'once' } }, 'reentry')).toMatchObject({
      stops: true,
      text: 'last enrolled 30 min before, and people enroll only once',
      freeAt: null,
    });
    expect(rule(cool(31 * MIN), 'reentry')).toMatchObject({
      stops: true,
      text: 'last enrolled 30 min before; the cooldown is 31 min, 1 min short',
      freeAt: 31 * MIN,
    });
    expect(rule(cool(30 * MIN), 'reentry')).toMatchObject({
      stops: false,
      text: 'last enrolled 30 min before; the cooldown is 30 min',
      freeAt: null,
    });
  });
  it('tells of the address and of consent', () => {
    const reach = { reach: { address: 'email', consent: 'ok' } };
    const unreachable = (...changes: PropertyRow[]) => rule(reach, 'unreachable', events, changes);
    expect(unreachable()).toMatchObject({ stops: false, text: 'reachable', freeAt: null });
    expect(unreachable(set(31, 'email', 'p@x.org'))).toMatchObject({
      stops: true,
      text: 'no address in "email" was known by then',
      freeAt: null,
    });
    expect(unreachable(set(30, 'email', 'p@x.org'))).toMatchObject({ stops: false });
    expect(unreachable(set(0, 'ok', false))).toMatchObject({
      stops: true,
      text: '"ok" was not true then',
      freeAt: null,
    });
    expect(unreachable(set(0, 'ok', true))).toMatchObject({ stops: false });
  });
  it('tells of those kept out of all', () => {
    const global = (fraction: number) => rule({ globalHoldout: { fraction, salt: 's' } }, 'globalHoldout');
    expect(rule({}, 'globalHoldout')).toBeUndefined();
    expect(global(0.999999)).toMatchObject({ stops: true, text: 'kept out of all workflows, for comparison' });
    expect(global(0)).toMatchObject({ stops: false, text: 'not among those kept out of all workflows' });
  });
  it('tells of the audience', () => {
    expect(rule({}, 'audience')).toMatchObject({ stops: false, text: 'everyone is in the audience', freeAt: null });
  });
  it('tells of emails, filters and conditions of a suppression, and when emails alone let go', () => {
    const suppress = (parts: object) => rule({ suppress: [suppression('r', parts)] }, 'r');
    const sent = { workflow: 'w', withinMs: HOUR, history: false };
    expect(suppress({ sent })).toEqual({
      rule: 'r',
      stops: true,
      text: 'an email of w went out 30 min before, inside 60 min',
      freeAt: HOUR,
    });
    expect(suppress({ sent: { ...sent, workflow: '*' } })?.text).toBe(
      'any email went out 30 min before, inside 60 min',
    );
    expect(suppress({ sent: { ...sent, withinMs: 30 * MIN } })).toMatchObject({
      stops: false,
      text: 'an email of w went out in the last 30 min: no',
      freeAt: null,
    });
    const where = [{ property: 'person.plan', op: '=' as const, value: 'pro' }];
    expect(suppress({ sent, where })).toMatchObject({
      stops: false,
      text: 'an email of w went out 30 min before, inside 60 min; person.plan is missing (asked: = "pro")',
      freeAt: null,
    });
    const looked: Condition = {
      is: 'count',
      match: match('Look'),
      op: '>=',
      value: 1,
      inLastMs: null,
      sinceTrigger: false,
    };
    expect(suppress({ if: looked })).toMatchObject({
      stops: true,
      text: 'Look: 1 times (asked: >= 1), 1 too many',
      freeAt: null,
    });
    expect(suppress({ where, if: looked })).toMatchObject({ stops: false });
    expect(suppress({ where: [{ ...where[0], op: '!=' }], if: looked })).toMatchObject({ stops: true });
  });
});

describe('triggers in words', () => {
  const standing = (trigger: Trigger, minute: number, events: readonly EventRow[]) => {
    const { armed, deadline, remainingMs, text } = told(workflow(trigger), minute, events).triggers[0] as never;
    return [armed, deadline, remainingMs, text];
  };
  it('say how a keyed inaction went', () => {
    const w = workflow(inaction({ key: 'k' }));
    const explained = told(w, 200, [
      at(0, 'Add', { k: 'a' }),
      at(10, 'Add', { k: 'a' }),
      at(20, 'Add'),
      at(30, 'Buy', { k: 'b' }),
      at(40, 'Buy', { k: 'a' }),
      at(50, 'Buy'),
      at(90, 'Add', { k: 'c' }),
      at(90, 'Buy', { k: 'c' }),
    ]);
    expect(notes(explained)).toEqual([
      [0, 'waits for k a for Buy until 1970-01-01 01:00:00 UTC', null],
      [10, 'deadline for k a moved by a further Add to 1970-01-01 01:10:00 UTC', null],
      [20, 'waits for Buy until 1970-01-01 01:20:00 UTC', null],
      [40, 'answered for k a by Buy 30 min before the deadline', 30 * MIN],
      [50, 'answered by Buy 30 min before the deadline', 30 * MIN],
      [90, 'answered for k c by Buy at the same instant', HOUR],
    ]);
    expect(standing(inaction(), 200, [at(0, 'Look')])).toEqual([false, null, null, 'no Add waits for Buy']);
  });
  it('take what comes at the deadline for an answer only if it is one', () => {
    const waits = [0, 'waits for Buy until 1970-01-01 01:00:00 UTC', null];
    const told60 = (name: string) => notes(told(workflow(inaction()), 100, [at(0, 'Add'), at(60, name)]));
    expect(told60('Look')).toEqual([waits]);
    const late = told(workflow(inaction()), 100, [at(0, 'Add'), at(60, 'Look'), at(61, 'Buy')]);
    expect(notes(late)).toEqual([waits]);
    expect(told60('Buy')).toEqual([waits, [60, 'answered by Buy at the very deadline', 0]]);
  });
  it('say how far a count has come', () => {
    const trigger: Trigger = { type: 'behavior', match: match('Add'), count: 3, withinMs: HOUR, calendar: null };
    const events = [at(0, 'Add'), at(1, 'Look'), at(2, 'Add'), at(3, 'Add'), at(4, 'Add')];
    expect(notes(told(workflow(trigger), 9, events))).toEqual([
      [0, '1 of 3 × Add', null],
      [2, '2 of 3 × Add', null],
      [4, '1 of 3 × Add', null],
    ]);
    expect(standing(trigger, 2, events)).toEqual([false, null, null, '2 of 3 × Add so far']);
    expect(standing(onAdd, 2, events)).toEqual([false, null, null, 'fires at every Add']);
  });
  it('say how silence stands', () => {
    const absence = (afterActive: null | { kind: 'elapsed'; ms: number } = null): Trigger => ({
      type: 'absence',
      of: ['Look'],
      forMs: DAY,
      afterActive,
    });
    const look = [at(0, 'Look')];
    expect(standing(absence(), 1, [at(0, 'Add')])).toEqual([false, null, null, 'never active']);
    expect(standing(absence(), 60, look)).toEqual([true, DAY, 23 * HOUR, 'silent, 23 h short of 24 h']);
    expect(standing(absence(), 2 * 24 * 60, look)).toEqual([false, null, null, 'waits for the next activity']);
    expect(standing(absence({ kind: 'elapsed', ms: HOUR }), 60, look)).toEqual([
      false,
      null,
      null,
      'not active enough before to count as absent',
    ]);
    // Silence that was broken in its first half was never on the way.
    const broken = (minute: number) => notes(told(workflow(absence()), 5000, [...look, at(minute, 'Look')]));
    expect(broken(12 * 60 - 1)).toEqual([]);
    expect(broken(12 * 60)).toEqual([[720, 'active again 12 h before the deadline', 12 * HOUR]]);
    expect(broken(24 * 60)).toEqual([[1440, 'active again at the very deadline', 0]]);
    expect(notes(told(workflow(absence()), 5000, [...look, at(800, 'Add')]))).toEqual([]);
  });
});

describe('a timeline', () => {
  it('says what each event is taken for', () => {
    const roles = (trigger: Trigger, event: EventRow, parts: Partial<Workflow> = {}) =>
      told(workflow(trigger, parts), 100, [event]).timeline.flatMap((entry) =>
        entry.kind === 'event' ? entry.roles : [],
      );
    const absence: Trigger = { type: 'absence', of: null, forMs: DAY, afterActive: null };
    const cron = '0 6 * * *';
    const decline: Trigger = { type: 'decline', of: ['Look'], recentMs: DAY, baselineMs: DAY, ratio: 0.5, cron };
    const days: Trigger = {
      type: 'condition',
      condition: { is: 'activeDays', op: '>=', value: 2, inLastMs: null },
      cron,
    };
    expect(roles(onAdd, at(1, 'Add'))).toEqual(['trigger']);
    expect(roles(inaction({ without: match('Look') }), at(1, 'Look'))).toEqual(['answer']);
    expect(roles(onAdd, at(1, 'Buy'))).toEqual(['goal']);
    expect(roles(onAdd, at(1, 'Leave'), { exit: { on: [match('Leave')], afterMs: null } })).toEqual(['exit']);
    expect(roles(absence, at(1, 'Look'))).toEqual(['activity']);
    expect(roles(absence, at(1, 'Email Opened'))).toEqual([]);
    expect(roles(decline, at(1, 'Look'))).toEqual(['counted']);
    expect(roles(decline, at(1, 'Add'))).toEqual([]);
    expect(roles(days, at(1, 'Look'))).toEqual(['counted']);
    expect(roles(days, at(1, 'Email Opened'))).toEqual([]);
    const looks: Trigger = {
      type: 'condition',
      condition: { is: 'count', match: match('Look'), op: '=', value: 1, inLastMs: null, sinceTrigger: false },
      cron,
    };
    expect(roles(looks, at(1, 'Look'))).toEqual(['counted']);
    expect(roles(looks, at(1, 'Add'))).toEqual([]);
    expect(roles({ type: 'schedule', cron }, at(1, 'Look'))).toEqual([]);
    expect(roles({ type: 'property', property: 'plan', from: undefined, to: 'pro' } as Trigger, at(1, 'Look'))).toEqual(
      [],
    );
  });
  it('shows each change of a property once, up to the moment', () => {
    const changes = [set(0, 'plan', 'free'), set(5, 'plan', null), set(9, 'plan', 'pro'), set(9, 'size', 3)];
    const shown = (minute: number) =>
      told(workflow(onAdd), minute, [at(0, 'Add'), at(5, 'Add')], changes).timeline.flatMap((entry) =>
        entry.kind === 'property' ? [[entry.time / MIN, entry.property, entry.value]] : [],
      );
    const all = [
      [0, 'plan', 'free'],
      [5, 'plan', null],
      [9, 'plan', 'pro'],
      [9, 'size', 3],
    ];
    expect(shown(9)).toEqual(all);
    expect(shown(8)).toEqual(all.slice(0, 2));
  });
  it('keeps its latest 500 entries, and says how many it leaves out', () => {
    const events = Array.from({ length: 600 }, (_, i) => at(i, 'Buy'));
    const explained = told(workflow(onAdd), 1000, events);
    expect(explained.timeline).toHaveLength(500);
    expect(explained.omitted).toBe(100);
    expect(explained.timeline[0]).toMatchObject({ time: 100 * MIN });
    const few = told(workflow(onAdd), 1000, events.slice(0, 500));
    expect([few.timeline.length, few.omitted]).toEqual([500, 0]);
  });
});

describe('the rules beside a decision', () => {
  const where = [{ property: 'k', op: '=' as const, value: 'a' }];
  const beside = (events: readonly EventRow[], parts: Partial<Workflow>) =>
    told(workflow(onAdd, { exit: { on: [], afterMs: MIN }, ...parts }), 100, events).timeline.flatMap((entry) =>
      entry.kind === 'decision' && entry.rules.length > 0
        ? [[entry.time / MIN, entry.decision, ...entry.rules.map(({ text }) => text)]]
        : [],
    );
  it('are about the event of each candidate, and as they stood before it enrolled', () => {
    const events = [at(0, 'Add', { k: 'a' }), at(0, 'Add', { k: 'b' }), at(30, 'Add', { k: 'a' })];
    const open = ['reachable', 'everyone is in the audience'];
    expect(beside(events, { suppress: [suppression('r', { where })] })).toEqual([
      [0, 'suppressed', 'never enrolled before', ...open, 'k is "a" (asked: = "a")'],
      [0, 'enrolled', 'never enrolled before', ...open, 'k is "b" (asked: = "a")'],
      [30, 'suppressed', 'last enrolled 30 min before; people may enroll again', ...open, 'k is "a" (asked: = "a")'],
    ]);
  });
  it('are those of the enrollment that an instant suppresses after another', () => {
    const events = [at(0, 'Add'), at(0, 'Add')];
    const parts = { exit: { on: [], afterMs: 0 }, reentry: { kind: 'once' as const } };
    expect(beside(events, parts).map((entry) => entry.slice(0, 3))).toEqual([
      [0, 'enrolled', 'never enrolled before'],
      [0, 'suppressed', 'last enrolled 0 s before, and people enroll only once'],
    ]);
  });
});

describe('a summary', () => {
  it('tells where an enrollment stands', () => {
    const w = (parts: Partial<Workflow>) =>
      told(workflow(onAdd, { sequence: [step('a', 0), step('b', DAY)], ...parts }), 60, [at(0, 'Add')]).summary;
    expect(w({})).toBe('Enrolled for 60 min; 1 of 2 steps are behind them.');
    expect(w({ holdout: { fraction: 0.999999, salt: 's' } })).toBe(
      'Enrolled for 60 min, held out; 1 of 2 steps are behind them.',
    );
  });
  it('tells how the last enrollment ended, even where the goal came later', () => {
    const w = workflow(onAdd, { exit: { on: [match('Leave')], afterMs: null } });
    expect(told(w, 60, [at(0, 'Add'), at(10, 'Leave'), at(30, 'Buy')]).summary).toBe(
      'Not enrolled now: the last enrollment ended 50 min ago (event).',
    );
    expect(told(w, 60, [at(0, 'Look')]).summary).toBe('Never a candidate: fires at every Add.');
  });
});
