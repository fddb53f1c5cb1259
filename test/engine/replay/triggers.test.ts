import { describe, expect, it } from 'vitest';
import type { SingleTrigger } from '../../../engine/workflow/index.ts';
import { at, candidates, log, replayCase, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, workflow } from '../../helpers/workflow.ts';

/** Enrollments that end at once, so that every candidate shows. */
const brief = { exit: { on: [], afterMs: 0 } };

describe('inaction', () => {
  const cart = workflow(inaction({ withinMs: 60 * MIN }), brief);
  it('fires when nothing answers the anchor inside the window', () => {
    expect(candidates([at(0, 'Add'), at(30, 'Look')], cart)).toEqual([60]);
  });
  it('takes an answer at exactly the deadline as in time', () => {
    expect(candidates([at(0, 'Add'), at(60, 'Buy')], cart)).toEqual([]);
    expect(candidates([at(0, 'Add'), at(60 + 1 / MIN, 'Buy')], cart)).toEqual([60]);
  });
  it('takes an answer at the anchor itself as following, whichever row comes first', () => {
    expect(candidates([at(0, 'Add'), at(0, 'Buy')], cart)).toEqual([]);
    expect(candidates([at(0, 'Buy'), at(0, 'Add')], cart)).toEqual([]);
  });
  it('is moved by a further anchor up to and at the deadline', () => {
    expect(candidates([at(0, 'Add'), at(30, 'Add')], cart)).toEqual([90]);
    expect(candidates([at(0, 'Add'), at(60, 'Add')], cart)).toEqual([120]);
    expect(candidates([at(0, 'Add'), at(61, 'Add')], cart)).toEqual([60, 121]);
  });
  it('with rearm first is left by a further anchor, which is used up, also at the deadline', () => {
    const first = workflow(inaction({ withinMs: 60 * MIN, rearm: 'first' }), brief);
    expect(candidates([at(0, 'Add'), at(30, 'Add')], first)).toEqual([60]);
    expect(candidates([at(0, 'Add'), at(60, 'Add')], first)).toEqual([60]);
    expect(candidates([at(0, 'Add'), at(61, 'Add')], first)).toEqual([60, 121]);
  });
  it('is not answered by what came before the anchor', () => {
    expect(candidates([at(0, 'Buy'), at(1, 'Add')], cart)).toEqual([61]);
  });
  it('keeps one timer per key, answered by the same key only', () => {
    const keyed = workflow(inaction({ key: 'cart' }), brief);
    const two = [at(0, 'Add', { cart: 'a' }), at(10, 'Add', { cart: 'b' })];
    expect(candidates(two, keyed)).toEqual([60, 70]);
    expect(candidates([...two, at(20, 'Buy', { cart: 'a' })], keyed)).toEqual([70]);
    expect(candidates([...two, at(20, 'Buy')], keyed)).toEqual([60, 70]);
    expect(candidates([at(0, 'Add'), at(5, 'Add', { cart: 'a' }), at(20, 'Buy')], keyed)).toEqual([65]);
  });
  it('compares keys as text', () => {
    const keyed = workflow(inaction({ key: 'cart' }), brief);
    expect(candidates([at(0, 'Add', { cart: 7 }), at(20, 'Buy', { cart: '7' })], keyed)).toEqual([]);
  });
  it('can be keyed by the value of the event', () => {
    const keyed = workflow(inaction({ key: 'value' }), brief);
    expect(candidates([at(0, 'Add', 5), at(1, 'Add', 6), at(2, 'Buy', 5)], keyed)).toEqual([61]);
  });
  it('gives a candidate for each of two keys that fall due at one instant', () => {
    const keyed = workflow(inaction({ key: 'cart' }));
    expect(log([at(0, 'Add', { cart: 'a' }), at(0, 'Add', { cart: 'b' })], keyed).slice(0, 5)).toEqual([
      '60 candidate',
      '60 enrolled treated',
      '60 sent first',
      '60 candidate',
      '60 alreadyEnrolled',
    ]);
  });
  it('lets an event that matches both answer itself and an earlier timer', () => {
    const both = workflow(
      inaction({
        after: match('Cart', { property: 'items', op: '>', value: 0 }),
        without: match('Cart', { property: 'paid', op: '=', value: true }),
      }),
      brief,
    );
    expect(candidates([at(0, 'Cart', { items: 1 }), at(5, 'Cart', { items: 2, paid: true })], both)).toEqual([]);
    expect(candidates([at(0, 'Cart', { items: 1 })], both)).toEqual([60]);
  });
  it('is pending past observedUntil and fires at exactly it', () => {
    expect(replayCase([at(0, 'Add')], cart, { until: 59 }).totals).toMatchObject({ candidates: 0, pending: 1 });
    expect(replayCase([at(0, 'Add')], cart, { until: 60 }).totals).toMatchObject({ candidates: 1, pending: 0 });
  });
  it('has one pending timer per key', () => {
    const keyed = workflow(inaction({ key: 'cart' }));
    const events = [at(0, 'Add', { cart: 'a' }), at(1, 'Add', { cart: 'b' }), at(2, 'Add', { cart: 'a' })];
    expect(replayCase(events, keyed, { until: 50 }).totals.pending).toBe(2);
  });
  it('hands the properties of its anchor to the candidate: the last of an instant, or the first with rearm first', () => {
    const events = [at(0, 'Add', { item: 'x' }), at(0, 'Add', { item: 'y' })];
    const suppress = [
      { id: 'x', sent: null, where: [{ property: 'item', op: '=', value: 'x' } as const], if: null },
      { id: 'y', sent: null, where: [{ property: 'item', op: '=', value: 'y' } as const], if: null },
    ];
    expect(log(events, workflow(inaction(), { suppress }))).toEqual(['60 candidate', '60 suppressed y']);
    expect(log(events, workflow(inaction({ rearm: 'first' }), { suppress }))).toEqual([
      '60 candidate',
      '60 suppressed x',
    ]);
  });
  it('reads person properties of a matcher as of the event', () => {
    const pro = workflow(inaction({ after: match('Add', { property: 'person.plan', op: '=', value: 'pro' }) }), brief);
    const changes = [set(5, 'plan', 'pro'), set(20, 'plan', 'free')];
    expect(candidates([at(4, 'Add')], pro, { changes })).toEqual([]);
    expect(candidates([at(5, 'Add')], pro, { changes })).toEqual([65]);
    expect(candidates([at(20, 'Add')], pro, { changes })).toEqual([]);
  });
});

describe('behavior', () => {
  const behavior = (parts: object) =>
    workflow({ type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null, ...parts }, brief);
  it('fires at every matching event', () => {
    expect(candidates([at(1, 'Add'), at(2, 'Look'), at(3, 'Add')], behavior({}))).toEqual([1, 3]);
  });
  it('makes two candidates of two events at one instant, in input order', () => {
    expect(candidates([at(1, 'Add'), at(1, 'Add')], behavior({}))).toEqual([1, 1]);
  });
  it('completes a count inside (t - within, t] and starts anew', () => {
    const three = behavior({ count: 3, withinMs: 10 * MIN });
    expect(candidates([at(0, 'Add'), at(5, 'Add'), at(9, 'Add'), at(9.5, 'Add')], three)).toEqual([9]);
    expect(candidates([at(0, 'Add'), at(5, 'Add'), at(10, 'Add')], three)).toEqual([]);
    const six = [0, 1, 2, 3, 4, 5].map((minute) => at(minute, 'Add'));
    expect(candidates(six, three)).toEqual([2, 5]);
  });
  it('counts inside a local day, once per day', () => {
    const two = workflow(
      { type: 'behavior', match: match('Add'), count: 2, withinMs: null, calendar: 'day' },
      { ...brief, timezone: 'America/New_York' },
    );
    // Midnight in New York is 05:00 UTC in January.
    const midnight = 5 * 60;
    const events = [-2, -1, 0, 1, 2, 3, 24 * 60].map((minute) => at(midnight + minute, 'Add'));
    expect(candidates(events, two)).toEqual([midnight - 1, midnight + 1]);
  });
  it('counts weeks from Monday and months by the calendar', () => {
    const day = 24 * 60;
    // 1970-01-01 was a Thursday: the first Monday is day 4, February begins at day 31.
    const events = [0, 3, 4, 5, 11, 31].map((d) => at(d * day, 'Add'));
    const weekly = behavior({ calendar: 'week' });
    const monthly = behavior({ calendar: 'month' });
    expect(candidates(events, weekly, { until: 50 * day }).map((m) => m / day)).toEqual([0, 4, 11, 31]);
    expect(candidates(events, monthly, { until: 50 * day }).map((m) => m / day)).toEqual([0, 31]);
  });
});

describe('absence', () => {
  const silent = (parts: object = {}) =>
    workflow({ type: 'absence', of: null, forMs: DAY, afterActive: null, ...parts }, brief);
  const day = 24 * 60;
  it('fires once after the last activity, and again after the next', () => {
    expect(candidates([at(0, 'Look'), at(60, 'Add'), at(3 * day, 'Look')], silent())).toEqual([60 + day, 4 * day]);
  });
  it('takes activity at exactly the deadline as in time', () => {
    expect(candidates([at(0, 'Look'), at(day, 'Look')], silent(), { until: 2 * day })).toEqual([2 * day]);
  });
  it('does not take the own emails for activity', () => {
    expect(candidates([at(0, 'Look'), at(60, 'Email Opened')], silent())).toEqual([day]);
    expect(candidates([at(0, 'Email Sent')], silent())).toEqual([]);
  });
  it('can be of some events only', () => {
    expect(candidates([at(0, 'Look'), at(60, 'Add')], silent({ of: ['Look'] }))).toEqual([day]);
  });
  it('asks for a time between first and last activity, met at exactly that time', () => {
    const active = silent({ afterActive: { kind: 'elapsed', ms: HOUR } });
    expect(candidates([at(0, 'Look'), at(59, 'Look')], active)).toEqual([]);
    expect(candidates([at(0, 'Look'), at(60, 'Look')], active)).toEqual([60 + day]);
  });
  it('asks for distinct local days of activity up to the last', () => {
    const active = silent({ afterActive: { kind: 'activeDays', days: 2, inLastMs: 7 * DAY } });
    expect(candidates([at(0, 'Look'), at(60, 'Look')], active)).toEqual([]);
    expect(candidates([at(0, 'Look'), at(day - 1, 'Look'), at(day, 'Look')], active)).toEqual([2 * day]);
    // The first day lies exactly 7 days back, outside (t - 7d, t].
    expect(candidates([at(0, 'Look'), at(7 * day, 'Look')], active, { until: 9 * day })).toEqual([]);
  });
  it('does not arm, and leaves nothing pending, for who was not active enough', () => {
    const active = silent({ afterActive: { kind: 'elapsed', ms: HOUR } });
    expect(replayCase([at(0, 'Look')], active, { until: 10 }).totals.pending).toBe(0);
    expect(replayCase([at(0, 'Look'), at(60, 'Look')], active, { until: 70 }).totals.pending).toBe(1);
  });
});

describe('anyOf', () => {
  const either = workflow(
    {
      type: 'anyOf',
      triggers: [
        { type: 'behavior', match: match('Cancel'), count: 1, withinMs: null, calendar: null },
        { type: 'absence', of: ['Look'], forMs: DAY, afterActive: null },
        inaction({ withinMs: DAY }),
      ],
    },
    brief,
  );
  const day = 24 * 60;
  it('makes a candidate of each firing', () => {
    expect(candidates([at(0, 'Look'), at(5, 'Cancel'), at(10, 'Add')], either)).toEqual([5, day, day + 10]);
  });
  it('makes one candidate of the firings of one instant', () => {
    expect(candidates([at(0, 'Look'), at(0, 'Add'), at(day, 'Cancel'), at(day, 'Cancel')], either)).toEqual([day]);
  });
  it('is then about the first event in input order, else about the first timer listed', () => {
    const named = (name: string) => ({
      id: name,
      sent: null,
      where: [{ property: 'is', op: '=', value: name } as const],
      if: null,
    });
    const which = { ...either, suppress: ['look', 'add', 'one', 'two'].map(named) };
    const timers = [at(0, 'Add', { is: 'add' }), at(0, 'Look', { is: 'look' })];
    expect(log(timers, which)).toEqual([`${day} candidate`, `${day} suppressed look`]);
    const events = [at(day, 'Cancel', { is: 'one' }), at(day, 'Cancel', { is: 'two' })];
    expect(log([...timers, ...events], which)).toEqual([`${day} candidate`, `${day} suppressed one`]);
  });
  it('is about the first event in input order, whichever trigger is listed first', () => {
    const onEach = ['B', 'A'].map(
      (event): SingleTrigger => ({ type: 'behavior', match: match(event), count: 1, withinMs: null, calendar: null }),
    );
    const where = [{ property: 'is', op: '=', value: 'a' } as const];
    const suppress = [{ id: 'a', sent: null, where, if: null }];
    const w = workflow({ type: 'anyOf', triggers: onEach }, { ...brief, suppress });
    const [a, b] = [at(0, 'A', { is: 'a' }), at(0, 'B', { is: 'b' })];
    expect(log([a, b], w)).toEqual(['0 candidate', '0 suppressed a']);
    expect(log([b, a], w)[1]).toBe('0 enrolled treated');
  });
  it('is about no event where a run is listed before the timer of one, a change of a property never comes first', () => {
    const listed = (...triggers: SingleTrigger[]) => {
      const where = [{ property: 'is', op: '=', value: 'add' } as const];
      const w = workflow(
        { type: 'anyOf', triggers },
        { ...brief, suppress: [{ id: 'add', sent: null, where, if: null }] },
      );
      return log([at(5 * 60, 'Add', { is: 'add' })], w, { changes: [set(6 * 60, 'plan', 'pro')], until: 7 * 60 });
    };
    const run: SingleTrigger = { type: 'schedule', cron: '0 6 * * *' };
    const change = { type: 'property', property: 'plan', from: undefined, to: undefined } as SingleTrigger;
    expect(listed(inaction(), run)).toEqual(['360 candidate', '360 suppressed add']);
    expect(listed(run, inaction())[1]).toBe('360 enrolled treated');
    expect(listed(change, inaction())).toEqual(['360 candidate', '360 suppressed add']);
    expect(listed(change, run, inaction())[1]).toBe('360 enrolled treated');
  });
});
