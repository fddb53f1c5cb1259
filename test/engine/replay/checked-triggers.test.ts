import { describe, expect, it } from 'vitest';
import type { EventRow, PropertyRow } from '../../../engine/events/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { type Decision, replayWorkflow } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { match, workflow } from '../../helpers/workflow.ts';

const on = (time: string, name: string, properties?: Record<string, string | number>): EventRow => ({
  person: 'p',
  name,
  time: Date.parse(time),
  properties,
});
const set = (time: string, property: string, value: string | number | boolean | null): PropertyRow => ({
  person: 'p',
  time: Date.parse(time),
  property,
  value,
});

/** A workflow from its trigger as it stands in a file. */
function triggered(trigger: object, more: object = {}): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'w',
    timezone: 'UTC',
    trigger,
    sequence: [{ id: 'first', delay: '0d' }],
    goal: { event: 'Goal', within: '1d' },
    ...more,
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

interface Rest {
  readonly changes?: PropertyRow[];
  readonly until?: string;
  readonly more?: object;
}

/** The candidates' moments, without seconds; both paths must agree on them. */
function fired(
  trigger: object,
  events: EventRow[],
  { changes = [], until = '2024-12-31T00:00Z', more = {} }: Rest = {},
) {
  const history = buildHistory(events, changes, { observedUntil: Date.parse(until) });
  const of = (path: 'auto' | 'transition') => {
    const found: Decision[] = [];
    const { totals } = replayWorkflow(history, triggered(trigger, more), { path, onDecision: (d) => found.push(d) });
    expect(totals.pending).toBe(0);
    return found
      .filter((d) => d.kind === 'candidate')
      .map((d) => new Date(d.time).toISOString().replace(/:00\.000Z$/, 'Z'));
  };
  expect(of('auto')).toEqual(of('transition'));
  return of('auto');
}

const count = (event: string, op: string, value: number, more: object = {}) => ({
  is: 'count',
  event,
  op,
  value,
  ...more,
});

describe('a condition', () => {
  const twice = { type: 'condition', all: [count('Use', '>=', 2, { inLast: '3d' })] };
  it('fires at the run at which it becomes true, by default daily at six', () => {
    const events = [on('2024-01-01T10:00Z', 'Use'), on('2024-01-02T10:00Z', 'Use')];
    expect(fired(twice, events)).toEqual(['2024-01-03T06:00Z']);
  });
  it('fires again only once it has been false at a run', () => {
    const uses = ['01T10:00Z', '02T05:00Z', '06T10:00Z', '06T11:00Z'].map((day) => on(`2024-01-${day}`, 'Use'));
    expect(fired(twice, uses)).toEqual(['2024-01-02T06:00Z', '2024-01-07T06:00Z']);
    // False in between, but at no run: 3d after the first it is still true, by the third.
    const close = ['01T10:00Z', '02T05:00Z', '03T05:00Z'].map((day) => on(`2024-01-${day}`, 'Use'));
    expect(fired(twice, close)).toEqual(['2024-01-02T06:00Z']);
  });
  it('sees the events up to and at the run', () => {
    expect(fired(twice, [on('2024-01-01T10:00Z', 'Use'), on('2024-01-02T06:00Z', 'Use')])).toEqual([
      '2024-01-02T06:00Z',
    ]);
  });
  it('leaves out what is exactly `inLast` old', () => {
    const events = [on('2024-01-01T06:00Z', 'Use'), on('2024-01-04T05:00Z', 'Use')];
    expect(fired(twice, events)).toEqual([]);
    expect(fired(twice, [on('2024-01-01T06:01Z', 'Use'), on('2024-01-04T05:00Z', 'Use')])).toEqual([
      '2024-01-04T06:00Z',
    ]);
  });
  it('is checked from the first event on, its run included, not from the first property', () => {
    const never = { type: 'condition', all: [count('Nothing', '=', 0)] };
    const changes = [set('2024-01-01T00:00Z', 'plan', 'pro')];
    expect(fired(never, [on('2024-01-05T06:00Z', 'Use')], { changes })).toEqual(['2024-01-05T06:00Z']);
    expect(fired(never, [on('2024-01-05T06:01Z', 'Use')], { changes })).toEqual(['2024-01-06T06:00Z']);
    expect(fired(never, [], { changes })).toEqual([]);
  });
  it('becomes true by a property, as of the run', () => {
    const pro = { type: 'condition', all: [{ is: 'property', property: 'plan', op: '=', value: 'pro' }] };
    const changes = [
      set('2024-01-03T06:00Z', 'plan', 'pro'),
      set('2024-01-03T07:00Z', 'plan', 'free'),
      set('2024-01-05T05:00Z', 'plan', 'pro'),
      set('2024-01-05T05:30Z', 'plan', null),
      set('2024-01-08T00:00Z', 'plan', 'pro'),
    ];
    expect(fired(pro, [on('2024-01-01T00:00Z', 'Use')], { changes })).toEqual([
      '2024-01-03T06:00Z',
      '2024-01-08T06:00Z',
    ]);
  });
  it('does not run past observedUntil, and is never pending', () => {
    const events = [on('2024-01-01T10:00Z', 'Use'), on('2024-01-02T10:00Z', 'Use')];
    expect(fired(twice, events, { until: '2024-01-03T06:00Z' })).toEqual(['2024-01-03T06:00Z']);
    expect(fired(twice, events, { until: '2024-01-03T05:59Z' })).toEqual([]);
  });
  it('holds for tenure from the very moment on', () => {
    const tenure = (op: string) => ({ type: 'condition', all: [{ is: 'tenure', op, value: '14d' }] });
    expect(fired(tenure('>='), [on('2024-01-01T06:00Z', 'Use')])).toEqual(['2024-01-15T06:00Z']);
    expect(fired(tenure('>'), [on('2024-01-01T06:00Z', 'Use')])).toEqual(['2024-01-16T06:00Z']);
    expect(fired(tenure('='), [on('2024-01-01T06:00Z', 'Use')])).toEqual(['2024-01-15T06:00Z']);
    expect(fired(tenure('>='), [on('2024-01-01T06:01Z', 'Use')])).toEqual(['2024-01-16T06:00Z']);
  });
  it('runs in the zone of the workflow', () => {
    const more = { timezone: 'America/New_York' };
    const events = [on('2024-03-09T10:00Z', 'Use'), on('2024-03-09T11:00Z', 'Use')];
    const half = { ...twice, cron: '30 2 * * *' };
    expect(fired(half, events, { more })).toEqual(['2024-03-10T07:00Z']);
  });
});

describe('the sentences of the guide', () => {
  it('third login this week', () => {
    const third = { type: 'behavior', event: 'Login', count: 3, calendar: 'week' };
    // Sunday, then Monday to Wednesday twice over.
    const days = ['07', '08', '09', '10', '11', '15', '16', '17'];
    const logins = days.map((day) => on(`2024-01-${day}T10:00Z`, 'Login'));
    expect(fired(third, logins)).toEqual(['2024-01-10T10:00Z', '2024-01-17T10:00Z']);
  });
  it('no login for 14 days after being active for at least 30', () => {
    const silent = { type: 'absence', of: ['Login'], for: '14d', afterActive: '30d' };
    const logins = ['2024-01-01', '2024-01-20', '2024-01-31'].map((day) => on(`${day}T00:00Z`, 'Login'));
    expect(fired(silent, logins)).toEqual(['2024-02-14T00:00Z']);
    expect(fired(silent, logins.slice(1))).toEqual([]);
  });
  it('pricing page visited and not bought', () => {
    const trigger = {
      type: 'inaction',
      after: { event: 'Viewed Page', where: [{ property: 'path', op: '=', value: '/pricing' }] },
      without: { event: 'Purchased' },
      within: '2d',
    };
    const visit = (day: string, path: string) => on(`2024-01-${day}T00:00Z`, 'Viewed Page', { path });
    expect(fired(trigger, [visit('01', '/pricing'), visit('02', '/docs')])).toEqual(['2024-01-03T00:00Z']);
    expect(fired(trigger, [visit('01', '/pricing'), on('2024-01-03T00:00Z', 'Purchased')])).toEqual([]);
  });
  it('signed up and not activated', () => {
    const trigger = { type: 'inaction', after: { event: 'Signed Up' }, without: { event: 'Activated' }, within: '3d' };
    expect(fired(trigger, [on('2024-01-01T12:00Z', 'Signed Up'), on('2024-01-04T12:00Z', 'Activated')])).toEqual([]);
    expect(fired(trigger, [on('2024-01-01T12:00Z', 'Signed Up'), on('2024-01-04T12:01Z', 'Activated')])).toEqual([
      '2024-01-04T12:00Z',
    ]);
  });
  it('tried a feature once and never returned to it', () => {
    const trigger = {
      type: 'condition',
      all: [count('Used Export', '=', 1), count('Used Export', '=', 0, { inLast: '14d' })],
    };
    const events = [on('2024-01-01T12:00Z', 'Login'), on('2024-01-02T12:00Z', 'Used Export')];
    expect(fired(trigger, events)).toEqual(['2024-01-17T06:00Z']);
    expect(fired(trigger, [...events, on('2024-01-16T12:00Z', 'Used Export')])).toEqual([]);
  });
  it('milestone reached', () => {
    const trigger = {
      type: 'condition',
      all: [{ is: 'sum', event: 'Order', property: 'amount', op: '>=', value: 100 }],
    };
    const order = (day: string, amount: number) => on(`2024-01-${day}T12:00Z`, 'Order', { amount });
    expect(fired(trigger, [order('01', 60), order('03', 40), order('05', 500)])).toEqual(['2024-01-04T06:00Z']);
  });
  it('`activation_status` from pending to activated', () => {
    const trigger = { type: 'property', property: 'activation_status', from: 'pending', to: 'activated' };
    const status = (day: string, value: string | null) => set(`2024-01-${day}T00:00Z`, 'activation_status', value);
    const changes = [status('01', 'pending'), status('02', 'activated'), status('03', 'activated'), status('04', null)];
    expect(fired(trigger, [], { changes: [...changes, status('05', 'activated')] })).toEqual(['2024-01-02T00:00Z']);
  });
  it('every Tuesday at 9, for everyone known by then', () => {
    const trigger = { type: 'schedule', cron: '0 9 * * 2' };
    const rest = { until: '2024-01-16T09:00Z' };
    expect(fired(trigger, [on('2024-01-02T09:00Z', 'Use')], rest)).toEqual([
      '2024-01-02T09:00Z',
      '2024-01-09T09:00Z',
      '2024-01-16T09:00Z',
    ]);
    const changes = [set('2024-01-08T00:00Z', 'plan', 'pro')];
    const known = fired(trigger, [on('2024-01-12T00:00Z', 'Use')], { ...rest, changes });
    expect(known).toEqual(['2024-01-09T09:00Z', '2024-01-16T09:00Z']);
  });
  it('the first of the month', () => {
    const trigger = { type: 'schedule', cron: '0 9 1 * *' };
    expect(fired(trigger, [on('2024-01-02T09:00Z', 'Use')], { until: '2024-03-31T00:00Z' })).toEqual([
      '2024-02-01T09:00Z',
      '2024-03-01T09:00Z',
    ]);
  });
  it('three days after signup', () => {
    const trigger = { type: 'date', property: 'signed_up', offset: '3d', at: '09:00' };
    const changes = [set('2024-01-01T15:00Z', 'signed_up', '2024-01-01')];
    expect(fired(trigger, [], { changes })).toEqual(['2024-01-04T09:00Z']);
  });
  it('annual renewal', () => {
    const trigger = { type: 'date', property: 'renewal', offset: '-14d', at: '09:00', yearly: true };
    const changes = [set('2023-02-01T00:00Z', 'renewal', '2023-03-01')];
    expect(fired(trigger, [], { changes, until: '2025-12-31T00:00Z' })).toEqual([
      '2023-02-15T09:00Z',
      '2024-02-16T09:00Z',
      '2025-02-15T09:00Z',
    ]);
  });
});

describe('a decline', () => {
  const trigger = { type: 'decline', of: ['Use'], recent: '7d', baseline: '28d', ratio: 0.5 };
  const uses = (...days: string[]) => days.map((day) => on(`2024-${day}T12:00Z`, 'Use'));
  it('fires when recent activity falls below the share of what it was', () => {
    // Eight in the baseline make two expected in 7 days; half of that is one, so none at all fires.
    const busy = uses('01-02', '01-04', '01-06', '01-08', '01-10', '01-12', '01-14', '01-16');
    expect(fired(trigger, busy)).toEqual(['2024-01-24T06:00Z']);
    // Exactly at the share is no decline.
    expect(fired(trigger, [...busy, ...uses('01-20')])).toEqual(['2024-01-28T06:00Z']);
  });
  it('needs a baseline', () => {
    expect(fired(trigger, uses('01-02'))).toEqual(['2024-01-10T06:00Z']);
    expect(fired(trigger, [on('2024-01-02T12:00Z', 'Other')])).toEqual([]);
  });
  it('takes any activity where it names none, but not our own emails', () => {
    const any = { type: 'decline', recent: '7d', baseline: '28d', ratio: 0.5 };
    const events = [on('2024-01-02T12:00Z', 'Other'), on('2024-01-05T12:00Z', 'Email Opened')];
    expect(fired(any, events)).toEqual(['2024-01-10T06:00Z']);
  });
  it('fires again after it has recovered', () => {
    const twice = fired(trigger, uses('01-02', '01-12', '01-13'));
    expect(twice).toEqual(['2024-01-10T06:00Z', '2024-01-21T06:00Z']);
  });
});

describe('a property', () => {
  const plan = (day: string, value: string | number | null) => set(`2024-01-${day}T00:00Z`, 'plan', value);
  it('fires on setting and removing, not on setting an equal value', () => {
    const changes = [plan('01', null), plan('02', 'a'), plan('03', 'a'), plan('04', 'b'), plan('05', null)];
    expect(fired({ type: 'property', property: 'plan' }, [], { changes })).toEqual(
      ['02', '04', '05'].map((day) => `2024-01-${day}T00:00Z`),
    );
  });
  it('asks for "not set" with null', () => {
    const changes = [plan('02', 'a'), plan('04', 'b'), plan('05', null), plan('06', 'c')];
    const at = (trigger: object) => fired({ type: 'property', property: 'plan', ...trigger }, [], { changes });
    expect(at({ from: null })).toEqual(['2024-01-02T00:00Z', '2024-01-06T00:00Z']);
    expect(at({ to: null })).toEqual(['2024-01-05T00:00Z']);
    expect(at({ from: 'a' })).toEqual(['2024-01-04T00:00Z']);
  });
  it('reads a text as the type it is compared with', () => {
    expect(fired({ type: 'property', property: 'plan', to: 2 }, [], { changes: [plan('02', '2')] })).toHaveLength(1);
  });
});

describe('a date', () => {
  const due = (time: string, value: string | number | null) => set(time, 'due', value);
  const date = (more: object = {}) => ({ type: 'date', property: 'due', offset: '0d', ...more });
  it('fires at local midnight by default, in the zone of the workflow', () => {
    const changes = [due('2024-01-01T00:00Z', '2024-06-01')];
    const more = { timezone: 'America/New_York' };
    expect(fired(date(), [], { changes, more })).toEqual(['2024-06-01T04:00Z']);
    expect(fired(date({ offset: '-2w', at: '08:30' }), [], { changes, more })).toEqual(['2024-05-18T12:30Z']);
  });
  it('does not fire at a moment that is not later than the change that set it', () => {
    expect(fired(date(), [], { changes: [due('2024-06-01T00:00Z', '2024-06-01')] })).toEqual([]);
    expect(fired(date(), [], { changes: [due('2024-05-31T23:59Z', '2024-06-01')] })).toEqual(['2024-06-01T00:00Z']);
  });
  it('fires about the date that stands then', () => {
    const moved = [due('2024-01-01T00:00Z', '2024-06-01'), due('2024-06-01T00:00Z', '2024-07-01')];
    expect(fired(date(), [], { changes: moved })).toEqual(['2024-07-01T00:00Z']);
    expect(fired(date(), [], { changes: [...moved, due('2024-06-15T00:00Z', null)] })).toEqual([]);
    const again = [due('2024-01-01T00:00Z', '2024-06-01'), due('2024-06-01T00:00Z', '2024-06-01')];
    expect(fired(date(), [], { changes: again })).toEqual(['2024-06-01T00:00Z']);
  });
  it('takes an instant for the local day it falls on', () => {
    const more = { timezone: 'America/New_York' };
    for (const value of ['2024-06-01T02:00:00Z', '2024-06-01 04:00+02:00', Date.parse('2024-06-01T02:00Z')]) {
      expect(fired(date(), [], { changes: [due('2024-01-01T00:00Z', value)], more })).toEqual(['2024-05-31T04:00Z']);
    }
    expect(fired(date(), [], { changes: [due('2024-01-01T00:00Z', '2024-06-01T23:30')], more })).toEqual([
      '2024-06-01T04:00Z',
    ]);
  });
  it('does not fire about what is no date', () => {
    for (const value of ['soon', '2024-02-30', '2024-13-01', '', 1e300]) {
      expect(fired(date(), [], { changes: [due('2024-01-01T00:00Z', value)] })).toEqual([]);
    }
  });
  it('has 29 February fall on the 28th in other years', () => {
    const changes = [due('2024-01-01T00:00Z', '2024-02-29')];
    const rest = { changes, until: '2028-12-31T00:00Z' };
    const days = ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'];
    expect(fired(date({ yearly: true }), [], rest)).toEqual(days.map((day) => `${day}T00:00Z`));
    const ahead = ['2024-02-28', '2025-02-27', '2026-02-27', '2027-02-27', '2028-02-28'];
    expect(fired(date({ yearly: true, offset: '-1d' }), [], rest)).toEqual(ahead.map((day) => `${day}T00:00Z`));
  });
  it('follows the clock: at the end of a gap, and at the first of two', () => {
    const more = { timezone: 'America/New_York' };
    const changes = [due('2024-01-01T00:00Z', '2024-03-10')];
    expect(fired(date({ at: '02:30' }), [], { changes, more })).toEqual(['2024-03-10T07:00Z']);
    const back = [due('2024-01-01T00:00Z', '2024-11-03')];
    expect(fired(date({ at: '01:30' }), [], { changes: back, more })).toEqual(['2024-11-03T05:30Z']);
  });
});

describe('several triggers in one', () => {
  const buy = { type: 'behavior', event: 'Buy' };
  const six = { type: 'schedule', cron: '0 6 * * *' };
  it('fire once at an instant they share, about the event', () => {
    const events = [on('2024-01-01T06:00Z', 'Buy', { k: 'a' })];
    const more = { suppress: [{ id: 'a', where: [{ property: 'k', op: '=', value: 'a' }] }] };
    const history = buildHistory(events, [], { observedUntil: Date.parse('2024-01-02T05:00Z') });
    const run = (trigger: object) => replayWorkflow(history, triggered(trigger, more)).totals;
    expect(run({ type: 'anyOf', triggers: [six, buy] }).candidates).toBe(1);
    expect(run({ type: 'anyOf', triggers: [six, buy] }).suppressed['a']).toBe(1);
    // Without an anchor there is no such property.
    expect(run(six).suppressed['a']).toBe(0);
  });
  it('are unfolded where one holds others', () => {
    const inner = { type: 'anyOf', triggers: [buy, { type: 'property', property: 'plan' }] };
    const changes = [set('2024-01-01T06:00Z', 'plan', 'pro'), set('2024-01-03T00:00Z', 'plan', 'free')];
    const rest = { changes, until: '2024-01-03T00:00Z' };
    expect(fired({ type: 'anyOf', triggers: [inner, six] }, [on('2024-01-01T06:00Z', 'Buy')], rest)).toEqual([
      '2024-01-01T06:00Z',
      '2024-01-02T06:00Z',
      '2024-01-03T00:00Z',
    ]);
  });
});

describe('a trigger about no event', () => {
  it('knows the properties of the person alone, and its anchor time is its own', () => {
    const more = {
      suppress: [
        { id: 'pro', where: [{ property: 'person.plan', op: '=', value: 'pro' }] },
        { id: 'missing', where: [{ property: 'k', op: '!=', value: 'a' }] },
      ],
    };
    const events = [on('2024-01-01T00:00Z', 'Use', { k: 'a' })];
    const changes = [set('2024-01-02T06:00Z', 'plan', 'pro')];
    const history = buildHistory(events, changes, { observedUntil: Date.parse('2024-01-02T12:00Z') });
    const daily = { type: 'schedule', cron: '0 6 * * *' };
    expect(replayWorkflow(history, triggered(daily, more)).totals.suppressed).toMatchObject({ missing: 1, pro: 1 });
    const { enrollments } = replayWorkflow(history, triggered(daily));
    expect([...enrollments.anchorTimes]).toEqual([...enrollments.triggerTimes]);
    // The first is over by the second run: an end and a candidate share the instant.
    expect(enrollments.n).toBe(2);
  });
  it('is refused only where it asks for a segment', () => {
    const segment = workflow({
      type: 'condition',
      condition: { is: 'segment', segment: 'at-risk' },
      cron: '0 6 * * *',
    });
    const goal = { ...segment.goal, match: match('Goal') };
    expect(() => replayWorkflow(buildHistory([]), { ...segment, goal })).toThrow(/trigger: the segment "at-risk"/);
  });
});
