// A launch against the second interpreter, which knows nothing of launches: what it says fires is what is found and what
// comes; switched on before anybody is known, the week is that of a plain replay.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { type LaunchSettings, launchPlan, planOf } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { accepted } from '../../oracle/compare.ts';
import { generateCase } from '../../oracle/generate.ts';
import { interpret } from '../../oracle/oracle.ts';

const CASES = 150;
const CHECKED = new Set(['condition', 'decline', 'schedule']);

function settings(at: number, more: Partial<LaunchSettings> = {}): LaunchSettings {
  return { at, perDay: null, order: 'newest', maxAgeMs: 1000 * DAY_MS, ...more };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

describe('a launch on random histories', () => {
  it('finds those the second interpreter has fired for, and brings its candidates day by day', () => {
    let compared = 0;
    let waiting = 0;
    let held = 0;
    let days = 0;
    for (let seed = 1; compared < CASES; seed++) {
      const { data, workflow: file } = generateCase(seed);
      const workflow = accepted(file);
      if (workflow === null || planOf(workflow).triggers.some(({ type }) => CHECKED.has(type))) continue;
      compared++;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const fired = interpret(data, file).decisions.filter(({ kind }) => kind === 'candidate');
      const times = data.events.map(({ time }) => time);
      const at = Math.floor((Math.min(...times) + data.observedUntil) / 2);
      const perDay = seed % 3 === 0 ? null : seed % 3;
      const plan = launchPlan(history, workflow, settings(at, { perDay, order: seed % 2 === 0 ? 'oldest' : 'newest' }));
      const { backlog } = plan;
      const before = new Set(fired.filter(({ time }) => time <= at).map(({ person }) => person));
      expect(backlog.triggered, `seed ${seed}`).toBe(before.size);
      expect(backlog.answered + backlog.tooOld + sumOf(backlog.suppressed) + backlog.waiting).toBe(backlog.triggered);
      expect(backlog.arms.treated + backlog.arms.holdout).toBe(backlog.waiting);
      waiting += backlog.waiting;
      for (const day of plan.days) {
        if (!day.known || day.backlog === null) continue;
        days++;
        const inDay = fired.filter(({ time }) => time > at && time >= day.from && time < day.to);
        expect(day.candidates, `seed ${seed}, from ${day.from}`).toBe(inDay.length);
        const { turns, entered, heldOut, gone, stopped } = day.backlog;
        expect(entered + gone + stopped).toBe(turns);
        if (perDay !== null) expect(turns).toBeLessThanOrEqual(perDay);
        // All at once: each in the arm that was foretold.
        else if (day === plan.days[0]) expect([entered, heldOut]).toEqual([backlog.waiting, backlog.arms.holdout]);
        else expect(turns).toBe(0);
        held += heldOut;
      }
    }
    expect(waiting).toBeGreaterThan(50);
    expect(days).toBeGreaterThan(50);
    expect(held).toBeGreaterThan(0);
  }, 60_000);

  it('before anybody is known is a plain replay', () => {
    let emails = 0;
    for (let seed = 500; seed < 1000; seed++) {
      const { data, workflow: file } = generateCase(seed);
      const workflow = accepted(file);
      if (workflow === null || data.events.length === 0) continue;
      const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const first = Math.min(...data.events.map(({ time }) => time), ...data.changes.map(({ time }) => time));
      const plan = launchPlan(history, workflow, settings(first - 1));
      expect(plan.backlog.triggered).toBe(0);
      const { decisions } = interpret(data, file);
      for (const day of plan.days.filter(({ known }) => known)) {
        const inDay = decisions.filter(({ time }) => time >= day.from && time < day.to);
        const sent = (id: string) => inDay.filter(({ kind, step }) => kind === 'sent' && step === id).length;
        expect(day.sent, `seed ${seed}`).toEqual(plan.steps.map((id) => ({ id, n: sent(id) })));
        expect(day.enrolled?.treated).toBe(
          inDay.filter(({ kind, reason }) => kind === 'enrolled' && reason === 'treated').length,
        );
        emails += day.emails ?? 0;
      }
    }
    expect(emails).toBeGreaterThan(50);
  }, 60_000);
});

const T = 100 * DAY_MS;

function cart(more: Record<string, unknown> = {}): Workflow {
  const { workflow, issues } = checkWorkflow({
    foresend: 1,
    id: 'cart',
    timezone: 'UTC',
    trigger: { type: 'inaction', after: { event: 'Cart' }, without: { event: 'Bought' }, within: '1h' },
    suppress: [{ id: 'small', where: [{ property: 'value', op: '<', value: 10 }] }],
    sequence: [
      { id: 'one', delay: '0s' },
      { id: 'two', delay: '1d' },
    ],
    exit: { on: [{ event: 'Left' }] },
    goal: { event: 'Bought', within: '3d' },
    ...more,
  });
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

/** `p` put something into the cart so many hours before the launch. */
function added(person: string, hours: number, value = 50): EventRow {
  return { person, name: 'Cart', time: T - hours * HOUR_MS, value };
}

describe('a launch', () => {
  const rows: EventRow[] = [
    added('a', 2),
    added('b', 30),
    added('bought', 20),
    { person: 'bought', name: 'Bought', time: T - 2 * HOUR_MS },
    added('later', 40),
    { person: 'later', name: 'Bought', time: T + 30 * HOUR_MS },
    added('left', 20),
    { person: 'left', name: 'Left', time: T - HOUR_MS },
    added('old', 24 * 10),
    added('small', 5, 9),
    // Triggered by the launch's own hour, so a candidate like any other.
    { person: 'new', name: 'Cart', time: T - 0.5 * HOUR_MS, value: 30 },
    { person: 'z', name: 'Seen', time: T + 9 * DAY_MS },
  ];
  const history = buildHistory(rows, [], { observedUntil: T + 9 * DAY_MS });

  it('counts once everybody it finds, by what became of them', () => {
    const { backlog, days, steps } = launchPlan(history, cart(), settings(T, { maxAgeMs: 7 * DAY_MS }));
    expect(backlog).toMatchObject({ triggered: 7, answered: 2, tooOld: 1, waiting: 3, medianAgeMs: 29 * HOUR_MS });
    expect(backlog.suppressed).toEqual({ unreachable: 0, audience: 0, small: 1 });
    expect(steps).toEqual(['one', 'two']);
    // The three at once, and the one that comes by itself; their second email a day later.
    expect(days.map(({ emails }) => emails)).toEqual([4, 4, 0, 0, 0, 0, 0]);
    expect(days[0]).toMatchObject({ candidates: 1, enrolled: { treated: 1 }, backlog: { turns: 3, entered: 3 } });
  });

  it('lets in so many a day, the newest or the oldest first, and asks again when their turn comes', () => {
    const newest = launchPlan(history, cart(), settings(T, { maxAgeMs: 7 * DAY_MS, perDay: 1 }));
    // a, then b, then the one who by then has bought.
    expect(newest.days.slice(0, 4).map(({ backlog }) => backlog)).toEqual([
      { turns: 1, entered: 1, heldOut: 0, gone: 0, stopped: 0 },
      { turns: 1, entered: 1, heldOut: 0, gone: 0, stopped: 0 },
      { turns: 1, entered: 0, heldOut: 0, gone: 1, stopped: 0 },
      { turns: 0, entered: 0, heldOut: 0, gone: 0, stopped: 0 },
    ]);
    expect(newest.days.map(({ emails }) => emails)).toEqual([2, 3, 1, 0, 0, 0, 0]);
    expect(newest.rampDays).toBe(3);
    const oldest = launchPlan(history, cart(), settings(T, { maxAgeMs: 7 * DAY_MS, perDay: 1, order: 'oldest' }));
    expect(oldest.days.slice(0, 3).map(({ backlog }) => backlog?.entered)).toEqual([1, 1, 1]);
  });

  it('takes the newest and the oldest in their order, whoever they are', () => {
    // In the order of names neither comes out: by the day of their turn, each has bought or not.
    const four = [added('a', 20), added('b', 5), added('c', 40), added('d', 11)];
    const bought = (person: string, day: number) => ({ person, name: 'Bought', time: T + day * DAY_MS - HOUR_MS });
    const end = { person: 'z', name: 'Seen', time: T + 9 * DAY_MS };
    const goneBy = (order: 'newest' | 'oldest', person: string) => {
      const days = [1, 2, 3].map((day) => {
        const rows = buildHistory([...four, bought(person, day), end], [], { observedUntil: T + 9 * DAY_MS });
        return launchPlan(rows, cart(), settings(T, { perDay: 1, order })).days.findIndex(
          ({ backlog }) => backlog?.gone === 1,
        );
      });
      return Math.max(...days);
    };
    expect(['b', 'd', 'a', 'c'].map((person) => goneBy('newest', person))).toEqual([-1, 1, 2, 3]);
    expect(['c', 'a', 'd', 'b'].map((person) => goneBy('oldest', person))).toEqual([-1, 1, 2, 3]);
    const { backlog } = launchPlan(buildHistory([...four, end], []), cart(), settings(T));
    expect(backlog.medianAgeMs).toBe(10 * HOUR_MS);
  });

  it('stops who has come in by themselves by their turn', () => {
    const again = { person: 'b', name: 'Cart', time: T + 2 * HOUR_MS, value: 50 };
    const end = { person: 'z', name: 'Seen', time: T + 9 * DAY_MS };
    const rows = buildHistory([added('a', 2), added('b', 30), again, end], [], { observedUntil: T + 9 * DAY_MS });
    const { days } = launchPlan(rows, cart(), settings(T, { perDay: 1 }));
    expect(days[0]).toMatchObject({ enrolled: { treated: 1 }, backlog: { turns: 1, entered: 1, stopped: 0 } });
    expect(days[1]?.backlog).toEqual({ turns: 1, entered: 0, heldOut: 0, gone: 0, stopped: 1 });
  });

  it('takes for answered who has changed back since, and says of whom nobody waits', () => {
    const trigger = { type: 'property', property: 'plan', to: 'trial' };
    const set = (person: string, hours: number, value: string) => {
      return { person, property: 'plan', time: T + hours * HOUR_MS, value };
    };
    const seen = ['a', 'b', 'c'].map((person) => ({ person, name: 'Seen', time: T - 9 * DAY_MS }));
    const end = { person: 'a', name: 'Seen', time: T + 9 * DAY_MS };
    const changes = [set('a', -20, 'trial'), set('b', -20, 'trial'), set('b', -2, 'pro'), set('c', -20, 'trial')];
    const history = buildHistory([...seen, end], changes, { observedUntil: T + 9 * DAY_MS });
    const { backlog } = launchPlan(history, cart({ trigger, suppress: [] }), settings(T));
    expect(backlog).toMatchObject({ triggered: 3, answered: 1, waiting: 2, notes: [] });
    // Runs before the launch have found them, but with the launch these begin anew.
    const noted = (checked: object) => {
      const found = launchPlan(history, cart({ trigger: checked, suppress: [] }), settings(T)).backlog;
      expect(found).toMatchObject({ triggered: 0, waiting: 0 });
      return found.notes.join();
    };
    const halved = { of: ['Seen'], recent: '7d', baseline: '21d', ratio: 0.5 };
    expect(noted({ type: 'decline', ...halved, cron: '0 6 * * *' })).toMatch(/candidate there; nobody waits before/);
    expect(noted({ type: 'schedule', cron: '0 6 * * *' })).toMatch(/everyone at its next run/);
  });

  it('takes for answered who was silent and has come back', () => {
    const silent = cart({ trigger: { type: 'absence', of: ['Seen'], for: '10d' }, suppress: [] });
    const seen = (person: string, days: number) => ({ person, name: 'Seen', time: T - days * DAY_MS });
    const rows = [seen('gone', 20), seen('back', 20), seen('back', 5), added('other', 5 * 24), seen('other', 20)];
    const { backlog } = launchPlan(buildHistory([...rows, seen('z', -9)], []), silent, settings(T));
    expect(backlog).toMatchObject({ triggered: 3, answered: 1, waiting: 2 });
  });

  it('lets in nobody where that is asked, and says what is not known of days past the end', () => {
    const none = launchPlan(history, cart(), settings(T, { perDay: 0 }));
    expect(none.days[0]).toMatchObject({ emails: 1, backlog: { turns: 0 } });
    expect(none.rampDays).toBeNull();
    const late = launchPlan(history, cart(), settings(T + 7 * DAY_MS));
    expect(late.days.map(({ known }) => known)).toEqual([true, true, false, false, false, false, false]);
    expect(late.days[2]).toMatchObject({
      emails: null,
      candidates: null,
      reason: expect.stringMatching(/ends before/),
    });
    expect(launchPlan(history, cart(), settings(T + 9 * DAY_MS)).peak).toBeNull();
  });

  it('takes whoever meets a condition at the first run after it', () => {
    const workflow = cart({
      trigger: { type: 'condition', all: [{ is: 'count', event: 'Cart', op: '>=', value: 1 }], cron: '0 6 * * *' },
      suppress: [],
    });
    const { backlog, days } = launchPlan(history, workflow, settings(T));
    expect(backlog.triggered).toBe(0);
    expect(backlog.notes).toHaveLength(1);
    // Everybody who ever had a cart; those who bought before as well, since the condition says nothing of it.
    expect(days[0]?.candidates).toBe(8);
    expect(days[1]?.candidates).toBe(0);
    // A property that changes later is noticed by the first run behind the change.
    const pro = { is: 'property', property: 'plan', op: '=', value: 'pro' };
    const asks = cart({ trigger: { type: 'condition', all: [pro], cron: '0 6 * * *' }, suppress: [] });
    const changed = buildHistory(rows, [{ person: 'a', property: 'plan', time: T + 31 * HOUR_MS, value: 'pro' }], {
      observedUntil: T + 9 * DAY_MS,
    });
    expect(launchPlan(changed, asks, settings(T)).days.map(({ candidates }) => candidates)).toEqual([
      0, 0, 1, 0, 0, 0, 0,
    ]);
  });

  it('takes its usual day from the days of the history, not from stray rows years before them', () => {
    // Ten days, a cart at each noon, so that an email goes out an hour later; the launch is at a midnight.
    const days = (each: number) =>
      Array.from({ length: 10 * each }, (_, i): EventRow => {
        return {
          person: `p${i}`,
          name: 'Cart',
          time: T - 10 * DAY_MS + (Math.floor(i / each) + 0.5) * DAY_MS,
          value: 50,
        };
      });
    const stray = (k: number): EventRow => ({ person: `x${k}`, name: 'Cart', time: T - 2000 * DAY_MS + k, value: 50 });
    const usual = (rows: EventRow[], more: { observedFrom?: number } = {}) => {
      const { usualPerDay, usualDays } = launchPlan(buildHistory(rows, [], more), cart(), settings(T));
      return [usualPerDay, usualDays];
    };
    const later: EventRow = { person: 'later', name: 'Cart', time: T + 5 * DAY_MS, value: 50 };
    const once = [...days(1), later];
    // From the first noon to the launch nine whole days; second emails go out a day after the first.
    expect(usual(once)).toEqual([(9 + 9) / 9, 9]);
    expect(usual([...once, stray(1)])).toEqual(usual(once));
    const many = [...days(250), later];
    expect(usual([...many, stray(1), stray(2)])).toEqual([(250 * 18) / 9, 9]);
    expect(usual(once, { observedFrom: T - 20 * DAY_MS })).toEqual([(10 + 9) / 20, 20]);
    // Two rows years apart are all there is: neither is stray.
    expect(usual([stray(1), { person: 'a', name: 'Cart', time: T - 1900 * DAY_MS, value: 50 }])[1]).toBe(28);
    expect(usual([later])).toEqual([null, 0]);
  });
});
