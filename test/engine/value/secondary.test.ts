import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { assignArm } from '../../../engine/holdout/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { wilsonInterval } from '../../../engine/stats/index.ts';
import { type SecondaryFigure, secondaryFigures, secondaryTitle } from '../../../engine/value/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const END = 200 * DAY_MS;

function workflow(secondary: readonly object[], more: object = {}): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '1h' },
    holdout: { fraction: 0.4, salt: 's' },
    sequence: [{ id: 'one', delay: '0s' }],
    goal: { event: 'Buy', within: '2d' },
    secondary,
    ...more,
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

function figures(rows: readonly EventRow[], checked: Workflow, until = END, from?: number): SecondaryFigure[] {
  const history = buildHistory(rows, [], { observedUntil: until });
  const { enrollments } = replayWorkflow(history, checked);
  return secondaryFigures(history, checked, enrollments, { seed: 1, ...(from === undefined ? {} : { from }) });
}

const row = (person: string, day: number, name: string, value?: number): EventRow => ({
  person,
  name,
  time: Math.round(day * DAY_MS),
  value,
});

const STAYED = { id: 'stay', metric: 'retention', within: '90d', of: 'converted' };

describe('a secondary goal', () => {
  it('counts who stays from day 1 to the last moment of the last day after their conversion, and no day 0', () => {
    const buys = 10 + 2 / 24;
    const stays = (...days: readonly number[]) =>
      figures(
        [row('p', 10, 'Add'), row('p', buys, 'Buy'), ...days.map((day) => row('p', buys + day, 'Visit'))],
        workflow([STAYED]),
      )[0]?.treated.x;
    expect(stays(0.5)).toBe(0);
    expect(stays(1)).toBe(1);
    expect(stays(90)).toBe(1);
    expect(stays(90.0001)).toBe(0);
    expect(stays(0.99, 91)).toBe(0);
  });

  it('does not take the business’s own emails for activity, and counts only the event it names', () => {
    const rows = [row('p', 10, 'Add'), row('p', 10.1, 'Buy'), row('p', 12, 'Email Sent'), row('p', 13, 'Visit')];
    const of = (more: object) => figures(rows, workflow([{ ...STAYED, ...more }]))[0]?.treated.x;
    expect(of({})).toBe(1);
    expect(of({ event: 'Visit' })).toBe(1);
    expect(of({ event: 'Email Sent' })).toBe(1);
    expect(figures(rows.slice(0, 3), workflow([STAYED]))[0]?.treated.x).toBe(0);
  });

  it('leaves out who cannot be followed to the end, and counts each person once', () => {
    const rows = [
      ...[row('p', 10, 'Add'), row('p', 10.1, 'Buy'), row('p', 15, 'Visit')],
      // A second run of the same person, which says nothing new.
      ...[row('p', 40, 'Add'), row('p', 40.1, 'Buy')],
      ...[row('late', 120, 'Add'), row('late', 120.1, 'Buy'), row('late', 125, 'Visit')],
    ];
    const [stay] = figures(rows, workflow([STAYED], { holdout: { fraction: 0 } }));
    expect(stay?.treated).toMatchObject({ n: 1, x: 1, rate: 1, incomplete: 1 });
    expect(stay?.holdout).toMatchObject({
      n: 0,
      rate: null,
      reason: expect.stringMatching(/Nobody converted and was watched for 90 d/),
    });
    const exactly = figures(rows, workflow([STAYED], { holdout: { fraction: 0 } }), 120.1 * DAY_MS + 90 * DAY_MS);
    expect(exactly[0]?.treated).toMatchObject({ n: 2, incomplete: 0 });
    const short = figures(rows, workflow([STAYED], { holdout: { fraction: 0 } }), 120.1 * DAY_MS + 90 * DAY_MS - 1);
    expect(short[0]?.treated).toMatchObject({ n: 1, incomplete: 1 });
  });

  it('adds up what those who converted bring later by the goal’s own amounts, their conversion apart', () => {
    const rows = [
      ...[row('p', 10, 'Add', 500), row('p', 10.1, 'Buy', 20), row('p', 30, 'Buy', 0.1), row('p', 31, 'Buy', 0.2)],
      ...[row('q', 10, 'Add', 500), row('q', 10.1, 'Buy', 20), row('q', 101, 'Buy', 900)],
    ];
    const value = { id: 'later', metric: 'value', within: '90d', of: 'converted' };
    const [later] = figures(rows, workflow([value], { holdout: { fraction: 0 } }));
    expect(later).toMatchObject({ events: ['Buy'], from: 'conversion' });
    expect(later?.treated).toMatchObject({
      n: 2,
      x: 1,
      value: 0.30000000000000004 / 1,
      perPerson: 0.15000000000000002,
    });
  });

  it('finds what carries amounts where the goal does not, and never what a trigger waits after', () => {
    const rows = [
      ...[row('p', 10, 'Add', 500), row('p', 10.1, 'Buy'), row('p', 20, 'Invoice', 30), row('p', 21, 'Add', 70)],
    ];
    const value = { id: 'later', metric: 'value', within: '90d', of: 'converted' };
    const [later] = figures(rows, workflow([value], { holdout: { fraction: 0 } }));
    expect(later?.events).toEqual(['Invoice']);
    expect(later?.treated.value).toBe(30);
    const none = figures(rows.slice(0, 2), workflow([value]));
    expect(none[0]?.reason).toMatch(/No event of the history carries an amount/);
    expect(figures(rows, workflow([{ ...value, event: 'Ivoice' }]))[0]?.reason).toMatch(/no event "Ivoice"/);
  });

  it('adds up no two events that may be one payment, unless one of them is named', () => {
    const rows = [
      ...[row('p', 10, 'Add'), row('p', 10.1, 'Buy'), row('p', 20, 'Checkout Started', 30), row('p', 21, 'Order', 30)],
      row('p', 19, 'Added to Basket', 30),
    ];
    const value = { id: 'later', metric: 'value', within: '90d', of: 'converted' };
    const [asked] = figures(rows, workflow([value], { holdout: { fraction: 0 } }));
    expect(asked?.reason).toMatch(/"Checkout Started" and "Order" carry some.*name one as its "event"/);
    expect(asked?.treated).toMatchObject({ value: null, perPerson: null, rate: null });
    const [named] = figures(rows, workflow([{ ...value, event: 'Order' }], { holdout: { fraction: 0 } }));
    expect(named?.treated.value).toBe(30);
    const alone = rows.filter(({ name }) => name !== 'Checkout Started');
    const [order] = figures(alone, workflow([value], { holdout: { fraction: 0 } }));
    expect(order).toMatchObject({ events: ['Order'], treated: { value: 30 } });
  });

  it('says so where the time is too short for a first day of staying', () => {
    const [stay] = figures([row('p', 1, 'Add')], workflow([{ ...STAYED, within: '1d' }]));
    expect(stay?.reason).toMatch(/more than a day/);
    expect(stay?.treated.rate).toBeNull();
  });
});

describe('secondary goals of all', () => {
  const until = 60 * DAY_MS;
  const random = seededRandom(4, 'secondary');
  const rows: EventRow[] = [];
  const people = Array.from({ length: 1500 }, (_, i) => {
    const person = `p${i}`;
    const start = random.uniform() * 55 * DAY_MS;
    const trigger = Math.round(start) + HOUR_MS;
    const arm = assignArm('s', person, 0.4);
    rows.push({ person, name: 'Add', time: Math.round(start) });
    const bought = random.uniform() < 0.3 ? trigger + Math.round(random.uniform() * 2 * DAY_MS) : null;
    if (bought !== null) rows.push({ person, name: 'Buy', time: bought + 1 });
    const visit =
      random.uniform() < (bought === null ? 0.2 : 0.6) ? trigger + Math.round(random.uniform() * 12 * DAY_MS) : null;
    if (visit !== null)
      rows.push({ person, name: 'Visit', time: visit, value: Math.round(random.uniform() * 1000) / 100 });
    return { arm, trigger, bought: bought !== null && bought + 1 <= trigger + 2 * DAY_MS, visit };
  });
  const asked = [
    { id: 'stay', metric: 'retention', event: 'Visit', within: '9d' },
    { id: 'visit', metric: 'event', event: 'Visit', within: '5d' },
    { id: 'worth', metric: 'value', event: 'Visit', within: '5d' },
  ];
  const [stay, visit, worth] = figures(rows, workflow(asked), until) as [
    SecondaryFigure,
    SecondaryFigure,
    SecondaryFigure,
  ];

  it('are those of a naive count, by arm from the trigger', () => {
    for (const arm of ['treated', 'holdout'] as const) {
      const known = people.filter((one) => one.arm === arm && one.trigger + 5 * DAY_MS <= until);
      const hit = known.filter(
        (one) => one.visit !== null && one.visit > one.trigger && one.visit <= one.trigger + 5 * DAY_MS,
      );
      expect(visit[arm]).toMatchObject({ n: known.length, x: hit.length, rate: hit.length / known.length });
      expect(visit[arm].rateInterval).toEqual(wilsonInterval({ n: known.length, x: hit.length }, 0.05));
      expect(worth[arm].n).toBe(known.length);
      const [low, high] = worth[arm].perPersonInterval as [number, number];
      expect(low).toBeLessThan(worth[arm].perPerson as number);
      expect(high).toBeGreaterThan(worth[arm].perPerson as number);
    }
    expect(visit.reached).toBeNull();
  });

  it('who stays is told apart by the goal from the end of the goal window on, one clock for both', () => {
    for (const [name, bought] of [
      ['reached', true],
      ['notReached', false],
    ] as const) {
      const settled = (one: (typeof people)[number]) => one.trigger + 2 * DAY_MS;
      const known = people.filter((one) => one.bought === bought && settled(one) + 9 * DAY_MS <= until);
      const hit = known.filter(
        (one) => one.visit !== null && one.visit >= settled(one) + DAY_MS && one.visit <= settled(one) + 9 * DAY_MS,
      );
      expect(stay[name]).toMatchObject({ n: known.length, x: hit.length });
    }
    expect(secondaryTitle(stay)).toBe('Stayed: “Visit” from day 1 to 9 d after the end of the goal window');
  });

  it('compares the arms only once emails go out by them, and never those who converted', () => {
    expect(visit).not.toHaveProperty('difference');
    const live = figures(rows, workflow([...asked, { ...STAYED, id: 'stayers', within: '9d' }]), until, 0);
    const t = visit.treated;
    const c = visit.holdout;
    expect(live[1]?.difference?.expected).toBeCloseTo((t.rate as number) - (c.rate as number), 12);
    expect(live[2]?.difference?.expected).toBeCloseTo(
      (worth.treated.perPerson as number) - (worth.holdout.perPerson as number),
      12,
    );
    expect(live[3]).toMatchObject({ difference: null, differenceReason: expect.stringMatching(/no effect/) });
  });
});
