// The oracle must be right before it can judge: hand-worked cases, one rule each.

import { describe, expect, it } from 'vitest';
import { calendarPeriod, instantOf, quietUntil } from './local-time.ts';
import { interpret } from './oracle.ts';
import type { ConditionText, TriggerText, WorkflowText } from './shapes.ts';
import { behavior, dataset, fires, MINUTE, told, workflow } from './story.ts';
import { exactly, ms, passes } from './values.ts';

describe('values', () => {
  it('reads durations with their units', () => {
    expect([ms('45s'), ms('1h30m'), ms('2w'), ms('0d')]).toEqual([45_000, 90 * MINUTE, 14 * 86_400_000, 0]);
    expect(() => ms('60')).toThrow();
  });

  it('sums exactly and rounds once, ties to even', () => {
    expect(exactly([])).toBe(0);
    expect(exactly([0.1, 0.1, 0.1])).toBe(0.30000000000000004);
    expect(exactly([1e308, 1, -1e308])).toBe(1);
    expect(exactly([0.1, 0.2, -0.3])).toBe(2.7755575615628914e-17);
    expect(exactly([2 ** 53, 1])).toBe(2 ** 53);
    expect(exactly([2 ** 53, 1, 2 ** -50])).toBe(2 ** 53 + 2);
    expect(exactly([-19.99, -0.01])).toBe(-20);
  });

  it('reads a text as the type of the filter, and leaves other types unequal and unordered', () => {
    expect(passes('20', '=', 20)).toBe(true);
    expect(passes('20', '>=', 19.5)).toBe(true);
    expect(passes('', '<', 1)).toBe(false);
    expect(passes('abc', '!=', 1)).toBe(true);
    expect(passes('true', '=', true)).toBe(true);
    expect(passes(20, '=', '20')).toBe(false);
    expect(passes(20, '>', '1')).toBe(false);
    expect(passes('7', 'in', ['x', 7])).toBe(true);
    expect(passes(7, 'contains', '7')).toBe(false);
  });

  it('makes every comparison with a missing property false, except !=', () => {
    for (const op of ['=', '<', '<=', '>', '>=']) expect(passes(undefined, op, 1)).toBe(false);
    expect(passes(undefined, '!=', 1)).toBe(true);
    expect(passes(undefined, 'in', [1])).toBe(false);
    expect(passes(undefined, 'contains', '')).toBe(false);
    expect(passes(undefined, 'exists', undefined)).toBe(false);
    expect(passes(undefined, 'exists', false)).toBe(true);
  });
});

describe('local time', () => {
  const at = (iso: string) => Date.parse(iso);
  it('counts weeks from Monday in the zone', () => {
    const sundayNight = at('2026-03-09T03:59:00Z');
    expect(calendarPeriod(sundayNight, 'America/New_York', 'week')).not.toBe(
      calendarPeriod(sundayNight + MINUTE, 'America/New_York', 'week'),
    );
    expect(calendarPeriod(sundayNight, 'UTC', 'week')).toBe(calendarPeriod(sundayNight + MINUTE, 'UTC', 'week'));
  });

  it('ends a quiet period at its end of the same or the next day', () => {
    expect(quietUntil(at('2026-01-10T21:00:00Z'), 'UTC', '21:00', '08:00')).toBe(at('2026-01-11T08:00:00Z'));
    expect(quietUntil(at('2026-01-10T07:59:59Z'), 'UTC', '21:00', '08:00')).toBe(at('2026-01-10T08:00:00Z'));
    expect(quietUntil(at('2026-01-10T08:00:00Z'), 'UTC', '21:00', '08:00')).toBe(null);
    expect(quietUntil(at('2026-01-10T20:59:59Z'), 'UTC', '21:00', '08:00')).toBe(null);
    expect(quietUntil(at('2026-01-10T12:00:00Z'), 'UTC', '12:00', '13:00')).toBe(at('2026-01-10T13:00:00Z'));
  });

  it('takes the end of a gap and the first of an overlap', () => {
    const day = (date: string) => at(`${date}T00:00:00Z`) / 86_400_000;
    expect(instantOf(day('2026-03-08'), 150, 'America/New_York')).toBe(at('2026-03-08T07:00:00Z'));
    expect(instantOf(day('2026-11-01'), 90, 'America/New_York')).toBe(at('2026-11-01T05:30:00Z'));
    expect(instantOf(day('2026-06-01'), 18 * 60 + 45, 'Asia/Kolkata')).toBe(at('2026-06-01T13:15:00Z'));
  });
});

describe('inaction', () => {
  it('treats an event at exactly the deadline as in time', () => {
    expect(fires('0 A; 60 B', {})).toEqual([]);
    expect(fires('0 A; 61 B', {})).toEqual([60]);
    expect(fires('0 A; 60 A', {})).toEqual([120]);
    expect(fires('0 A; 60 A', { rearm: 'first' })).toEqual([60]);
    expect(fires('0 A; 60 A; 61 A', { rearm: 'first' })).toEqual([60, 121]);
  });

  it('lets a B at the anchor instant answer in either input order', () => {
    expect(fires('0 B; 0 A', {})).toEqual([]);
    expect(fires('0 A; 0 B', { rearm: 'first' })).toEqual([]);
  });

  it('compares keys as text and lets events without the key share one timer', () => {
    const key = { key: 'cart' };
    expect(fires('0 A cart=7; 10 B cart="7"', key)).toEqual([]);
    expect(fires('0 A cart=7; 10 B', key)).toEqual([60]);
    expect(fires('0 A; 5 A cart=x; 10 A', key)).toEqual([65, 70]);
    expect(fires('0 A cart=x; 0 A cart=y', key)).toEqual([60, 60]);
    expect(fires('0 A value=0.1; 0 B value=0.1', { key: 'value' })).toEqual([]);
  });

  it('counts a deadline past the end of observation as pending, and one at it as fired', () => {
    expect(interpret(dataset('0 A', 59), workflow({})).totals).toMatchObject({ candidates: 0, pending: 1 });
    expect(interpret(dataset('0 A', 60), workflow({})).totals).toMatchObject({ candidates: 1, pending: 0 });
    expect(interpret(dataset('0 A; 59 B', 59), workflow({})).totals.pending).toBe(0);
  });

  it('lets an event that matches both answer itself', () => {
    const both = { without: { event: 'A', where: [{ property: 'paid', op: '=', value: true }] } };
    expect(fires('0 A; 30 A paid=true', both)).toEqual([]);
    expect(fires('0 A; 30 A paid=false', both)).toEqual([90]);
  });
});

describe('behavior', () => {
  it('counts anew after the event that completes the count', () => {
    const three = behavior({ count: 2, within: '10m' });
    expect(fires('0 A; 9 A; 10 A; 18 A', three)).toEqual([9, 18]);
    expect(fires('0 A; 10 A', three)).toEqual([]);
    expect(fires('0 A; 0 A; 0 A; 0 A', three)).toEqual([0, 0]);
  });

  it('fires once per calendar period', () => {
    const daily = behavior({ count: 2, calendar: 'day' });
    expect(fires('0 A; 1439 A; 1439 A; 1440 A; 1441 A', daily)).toEqual([1439, 1441]);
    // 1970-01-05 was the first Monday.
    const weekly = behavior({ calendar: 'week' });
    expect(fires('0 A; 5759 A; 5760 A', weekly, 50_000)).toEqual([0, 5760]);
  });
});

describe('absence and anyOf', () => {
  it('ignores own emails, re-arms on activity and asks for a past', () => {
    const absence = { type: 'absence', for: '60m' };
    expect(fires('0 X; 30 Email Opened; 61 Y; 121 Z', absence)).toEqual([60, 181]);
    expect(fires('0 X; 61 X', { ...absence, afterActive: '61m' })).toEqual([121]);
    expect(fires('0 X; 61 X', { ...absence, afterActive: '62m' })).toEqual([]);
    const days = { ...absence, afterActive: { activeDays: 2, inLast: '1d' } };
    expect(fires('1430 X; 1450 X; 2870 X', days)).toEqual([1510]);
  });

  it('makes firings of one instant one, anchored at the first event, else the first timer listed', () => {
    const anyOf: Partial<TriggerText> = {
      type: 'anyOf',
      triggers: [
        { type: 'absence', for: '60m', of: ['A'] },
        { type: 'inaction', after: { event: 'C' }, without: { event: 'B' }, within: '30m' },
        behavior({ event: 'D' }),
      ],
    };
    const seen = (rows: string) =>
      told(
        dataset(rows),
        workflow(anyOf, { suppress: [{ id: 'fromA', where: [{ property: 'tag', op: '=', value: 'a' }] }] }),
        ['suppressed', 'enrolled', 'candidate'],
      );
    expect(seen('0 A tag=a; 30 C')).toEqual(['60 candidate', '60 suppressed:fromA']);
    expect(seen('0 A tag=a; 30 C; 60 D')).toEqual(['60 candidate', '60 enrolled:treated']);
  });
});

describe('from candidate to exit', () => {
  it('ends by an event at the instant of a step before the step, by expiry after it', () => {
    const file = workflow(behavior(), {
      sequence: [{ id: 's', delay: '10m' }],
      exit: { after: '10m', on: [{ event: 'X' }] },
    });
    expect(told(dataset('0 A; 10 X'), file)).toEqual(['0 candidate', '0 enrolled:treated', '10 exited:event']);
    expect(told(dataset('0 A'), file)).toEqual(['0 candidate', '0 enrolled:treated', '10 sent:s', '10 exited:expired']);
  });

  it('lets a goal event at the trigger itself do nothing', () => {
    const totals = interpret(dataset('0 A; 0 B'), workflow(behavior())).totals;
    expect(totals.goal.treated).toEqual({ n: 1, incomplete: 0, converted: 0, rate: 0, value: 0 });
    expect(totals.exits.expired).toBe(1);
  });

  it('tells goal from exit by input order, and takes an event that is both as goal', () => {
    const file = workflow(behavior(), { exit: { on: [{ event: 'B' }, { event: 'X' }] } });
    expect(interpret(dataset('0 A; 5 X; 5 B'), file).totals).toMatchObject({
      exits: { event: 1, goal: 0 },
      goal: { treated: { converted: 1 } },
    });
    expect(interpret(dataset('0 A; 5 B; 5 X'), file).totals.exits.goal).toBe(1);
  });

  it('converts at the end of the goal window, ends without converting after it', () => {
    const file = workflow(behavior(), { exit: { after: '200m' } });
    expect(interpret(dataset('0 A; 100 B'), file).totals.goal.treated.converted).toBe(1);
    expect(interpret(dataset('0 A; 101 B'), file).totals).toMatchObject({
      exits: { goal: 1 },
      goal: { treated: { converted: 0 } },
    });
  });

  it('looks for the goal after an exit too', () => {
    const file = workflow(behavior(), { exit: { on: [{ event: 'X' }] } });
    expect(told(dataset('0 A; 5 X; 50 B'), file, ['exited', 'converted'])).toEqual([
      '5 exited:event',
      '50 converted:treated',
    ]);
  });

  it('shows what is not known yet as open, incomplete and pending', () => {
    const file = workflow(behavior(), {
      sequence: [
        { id: 's', delay: '10m' },
        { id: 'l', delay: '50m' },
      ],
    });
    expect(interpret(dataset('0 A', 49), file).totals).toMatchObject({
      exits: { open: 1 },
      goal: { treated: { n: 0, incomplete: 1, converted: 0, rate: null } },
      steps: [{ sent: 1 }, { pending: 1, due: 0 }],
    });
    expect(interpret(dataset('0 A', 100), file).totals).toMatchObject({
      exits: { expired: 1 },
      goal: { treated: { n: 1, incomplete: 0, rate: 0 } },
    });
  });

  it('takes a candidate at the instant an enrollment ends, not one before', () => {
    expect(told(dataset('0 A; 99 A; 100 A'), workflow(behavior()), ['alreadyEnrolled', 'enrolled'])).toEqual([
      '0 enrolled:treated',
      '99 alreadyEnrolled',
      '100 enrolled:treated',
    ]);
  });

  it('allows re-entry at exactly the cooldown', () => {
    const file = (cooldown: string) => workflow(behavior(), { reentry: { cooldown } });
    const again = '0 A; 5 B; 120 A';
    expect(told(dataset(again), file('2h'), ['suppressed'])).toEqual([]);
    expect(told(dataset(again), file('121m'), ['suppressed'])).toEqual(['120 suppressed:reentry']);
    expect(told(dataset(again), workflow(behavior(), { reentry: 'once' }), ['suppressed'])).toEqual([
      '120 suppressed:reentry',
    ]);
  });

  it('knows an address from its moment on, and everyone where nobody has one', () => {
    const rows = '0 A; 200 A';
    expect(told(dataset(rows, 10_000, '200 email=x@y.z'), workflow(behavior()), ['suppressed'])).toEqual([
      '0 suppressed:unreachable',
    ]);
    expect(interpret(dataset(rows), workflow(behavior())).totals.reach).toBe('unknown');
    const late = interpret(dataset(rows, 300, '301 email=x@y.z'), workflow(behavior())).totals;
    expect(late).toMatchObject({ reach: 'unknown', suppressed: { unreachable: 0 } });
  });

  it('asks for consent as of the moment where it is tracked', () => {
    const file = workflow(behavior(), { reach: { consent: 'ok' } });
    const rows = '0 A; 200 A; 400 A';
    const changes = '200 ok=true; 300 ok=false';
    expect(told(dataset(rows, 10_000, changes), file, ['suppressed'])).toEqual([
      '0 suppressed:unreachable',
      '400 suppressed:unreachable',
    ]);
    expect(told(dataset(rows), file, ['suppressed'])).toEqual([]);
  });

  it('counts a send in (now - D, now] as recent, ghosts included', () => {
    const file = (fraction: number) =>
      workflow(behavior(), {
        holdout: { fraction },
        suppress: [{ id: 'recent', sent: { workflow: '*', within: '100m' } }],
        exit: { on: [{ event: 'X' }] },
      });
    const rows = '0 A; 1 X; 99 A; 100 A';
    for (const fraction of [0, 0.999999]) {
      expect(told(dataset(rows), file(fraction), ['suppressed'])).toEqual(['99 suppressed:recent']);
    }
  });

  it('needs every kind of one suppression to hold and takes the first entry that does', () => {
    const cheap: ConditionText = { is: 'sum', event: 'A', property: 'value', op: '<', value: 20, inLast: '24h' };
    const file = workflow(behavior(), {
      suppress: [
        { id: 'both', where: [{ property: 'tag', op: '=', value: 'x' }], if: cheap },
        { id: 'cheap', if: cheap },
      ],
    });
    const reason = (properties: string) => told(dataset(`0 A ${properties}`), file, ['suppressed']);
    expect(reason('value=5 tag=x')).toEqual(['0 suppressed:both']);
    expect(reason('value=5')).toEqual(['0 suppressed:cheap']);
    expect(reason('value=20 tag=x')).toEqual([]);
  });

  it('counts a delay from the previous send', () => {
    const file = workflow(behavior(), {
      sequence: [
        { id: 'a', delay: '10m', if: { is: 'count', event: 'C', op: '>', value: 0, since: 'trigger' } },
        { id: 'b', delay: '20m', from: 'previous' },
      ],
    });
    expect(told(dataset('0 C; 0 A'), file, ['sent', 'skipped'])).toEqual(['10 skipped:a:if', '30 sent:b']);
    expect(told(dataset('0 A; 10 C'), file, ['sent', 'skipped'])).toEqual(['10 sent:a', '30 sent:b']);
  });

  it('moves a step out of quiet hours and counts what is sent past the end', () => {
    const file = (exit: WorkflowText['exit']) =>
      workflow(behavior(), {
        gates: { quiet: { from: '00:30', to: '02:00' } },
        sequence: [{ id: 's', delay: '40m' }],
        ...(exit ? { exit } : {}),
      });
    expect(told(dataset('0 A'), file(undefined)).slice(2)).toEqual([
      '40 moved:s:quiet',
      '120 sent:s',
      '120 exited:expired',
    ]);
    expect(interpret(dataset('0 A'), file({ after: '119m' })).totals.steps[0]).toMatchObject({
      due: 1,
      movedPastEnd: 1,
    });
    expect(interpret(dataset('0 A; 120 B'), file(undefined)).totals.steps[0]).toMatchObject({ movedPastEnd: 1 });
    expect(interpret(dataset('0 A', 119), file(undefined)).totals).toMatchObject({
      steps: [{ due: 1, movedPastEnd: 1 }],
      exits: { open: 1 },
    });
  });

  it('asks unsubscribed and cap again at the moved time', () => {
    const file = workflow(behavior(), {
      gates: {
        quiet: { from: '00:30', to: '02:00' },
        unsubscribed: { event: 'Unsubscribed' },
        cap: [{ n: 1, within: '30m' }],
      },
      sequence: [
        { id: 'a', delay: '10m' },
        { id: 'b', delay: '20m' },
        { id: 'c', delay: '40m' },
      ],
    });
    expect(told(dataset('0 A; 120 Unsubscribed'), file, ['sent', 'skipped', 'moved'])).toEqual([
      '10 sent:a',
      '20 skipped:b:cap',
      '40 moved:c:quiet',
      '120 skipped:c:unsubscribed',
    ]);
  });

  it('reads the value of the first goal event only, by the named property or its own value', () => {
    const value = (properties: string, named?: string) =>
      interpret(
        dataset(`0 A; 5 B ${properties}; 6 B value=100`),
        workflow(behavior(), { goal: { event: 'B', within: '100m', ...(named ? { value: named } : {}) } }),
      ).totals.goal.treated.value;
    expect(value('value=3 revenue=4')).toBe(3);
    expect(value('value=3 revenue=4', 'revenue')).toBe(4);
    expect(value('value=3', 'revenue')).toBe(3);
    expect(value('', 'revenue')).toBe(0);
  });

  it('reads the person as of the moment, the rows of the instant included', () => {
    const rows = '0 A; 200 A';
    const pro: ConditionText = { is: 'property', property: 'plan', op: '=', value: 'pro' };
    const changes = '200 plan=pro; 300 plan=free';
    expect(
      told(dataset(rows, 10_000, changes), workflow(behavior(), { audience: pro }), ['suppressed', 'enrolled']),
    ).toEqual(['0 suppressed:audience', '200 enrolled:treated']);
  });
});

describe('conditions', () => {
  const holds = (condition: ConditionText, rows: string, at = 100) =>
    told(dataset(`${rows}; ${at} Now`), workflow(behavior({ event: 'Now' }), { audience: condition }), ['enrolled'])
      .length === 1;

  it('looks back over (t - inLast, t]', () => {
    const one: ConditionText = { is: 'count', event: 'C', op: '=', value: 1, inLast: '50m' };
    expect(holds(one, '50 C')).toBe(false);
    expect(holds(one, '51 C')).toBe(true);
    expect(holds(one, '100 C')).toBe(true);
  });

  it('gives 0 for a sum over nothing and nothing for min, max and last', () => {
    expect(holds({ is: 'sum', event: 'C', property: 'value', op: '=', value: 0 }, '')).toBe(true);
    for (const is of ['min', 'max', 'last']) {
      expect(holds({ is, event: 'C', property: 'value', op: '<=', value: 0 }, '')).toBe(false);
      expect(holds({ is, event: 'C', property: 'value', op: '!=', value: 0 }, '')).toBe(true);
    }
  });

  it('takes the property of the last matching event, missing or not', () => {
    const last: ConditionText = { is: 'last', event: 'C', property: 'tag', op: 'exists' };
    expect(holds(last, '1 C tag=x')).toBe(true);
    expect(holds(last, '1 C tag=x; 1 C')).toBe(false);
  });

  it('counts days with activity, names and tenure', () => {
    expect(holds({ is: 'activeDays', op: '=', value: 1 }, '1 C; 2 Email Opened')).toBe(true);
    expect(holds({ is: 'distinct', events: ['C', 'D', 'E'], op: '=', value: 2 }, '1 C; 2 C; 3 D')).toBe(true);
    expect(holds({ is: 'tenure', op: '>=', value: '100m' }, '0 C')).toBe(true);
    expect(holds({ is: 'tenure', op: '>', value: '100m' }, '0 C')).toBe(false);
  });

  it('nests all, any, not and lists', () => {
    const yes: ConditionText = { is: 'tenure', op: '>=', value: '0m' };
    expect(holds([yes, { any: [{ not: [yes] }, { all: [yes, yes] }] }], '')).toBe(true);
    expect(holds([yes, { not: [yes, { not: yes }] }], '')).toBe(true);
    expect(holds([yes, { not: yes }], '')).toBe(false);
  });
});
