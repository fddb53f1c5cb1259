import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { explain, replayIssues, replayWorkflow } from '../../../engine/replay/index.ts';
import { type Condition, checkWorkflow, type Trigger } from '../../../engine/workflow/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, suppression, workflow } from '../../helpers/workflow.ts';

const H = 60;
const D = 24 * H;

function told(trigger: Trigger, events: EventRow[], changes: PropertyRow[], minute: number, parts = {}) {
  const history = buildHistory(events, changes, { observedUntil: 100 * DAY });
  const explained = explain(history, workflow(trigger, parts), 'p', minute * MIN);
  const notes = explained.timeline.flatMap((entry) =>
    entry.kind === 'trigger' ? [[entry.time / MIN, entry.text, entry.missedByMs]] : [],
  );
  return { ...explained, notes, stands: explained.triggers[0] };
}

const logins = (n: number): Condition => ({
  is: 'count',
  match: match('Login'),
  op: '>=',
  value: n,
  inLastMs: 7 * DAY,
  sinceTrigger: false,
});
const condition = (...of: Condition[]): Trigger => ({
  type: 'condition',
  condition: { is: 'all', of },
  cron: '0 6 * * *',
});

describe('explain, of a condition', () => {
  it('says what is short at a run, and when the next run is', () => {
    const { notes, stands } = told(condition(logins(3)), [at(1 * H, 'Login'), at(2 * H, 'Login')], [], 10 * H);
    expect(notes).toEqual([
      [6 * H, 'checked, not yet true: Login in the last 7 d: 2 times (asked: >= 3), 1 short', null],
    ]);
    expect(stands).toEqual({
      type: 'condition',
      armed: false,
      deadline: null,
      remainingMs: null,
      text: 'not true: Login in the last 7 d: 2 times (asked: >= 3), 1 short; next run at 1970-01-02 06:00:00 UTC, 20 h left',
    });
  });
  it('says by how long a tenure was too short', () => {
    const tenure: Condition = { is: 'tenure', op: '>=', valueMs: DAY };
    const { notes } = told(condition(tenure), [at(6 * H + 11, 'Login')], [], 3 * D);
    expect(notes[0]).toEqual([
      D + 6 * H,
      'checked, not yet true: first seen 23.8 h before (asked: >= 24 h), 11 min short',
      11 * MIN,
    ]);
    expect(notes[1]?.[1]).toMatch(/^checked and true/);
    // More than a day is asked, and it is a day to the millisecond: short by nothing, which is not the same as no answer.
    const exact = told(condition({ ...tenure, op: '>' }), [at(6 * H, 'Login')], [], 3 * D).notes;
    expect(exact.map(([minute, , missedBy]) => [minute, missedBy])).toContainEqual([D + 6 * H, 0]);
  });
  it('is armed where it has become true since the last run', () => {
    const { stands } = told(condition(logins(1)), [at(7 * H, 'Login')], [], 8 * H);
    expect(stands).toMatchObject({ armed: true, deadline: 30 * HOUR, remainingMs: 22 * HOUR });
    const held = told(condition(logins(1)), [at(5 * H, 'Login')], [], 8 * H);
    expect(held.stands).toMatchObject({ armed: false });
    expect(held.stands?.text).toMatch(/^true since an earlier run, fires once it has been false/);
  });
});

describe('explain, of a decline', () => {
  it('says how many too many', () => {
    const decline: Trigger = {
      type: 'decline',
      of: ['Login'],
      recentMs: DAY,
      baselineMs: 2 * DAY,
      ratio: 0.5,
      cron: '0 6 * * *',
    };
    const events = [at(0, 'Login'), at(1, 'Login'), at(20 * H, 'Login')];
    expect(told(decline, events, [], D + 6 * H + 1).notes.at(-1)?.[1]).toBe(
      'checked, not yet true: Login: 1 times in the last 24 h, 2 in the 2 d before (asked: fewer than 0.5), 1 too many',
    );
  });
});

describe('explain, of properties and dates', () => {
  it('says why a change did not fire', () => {
    const trigger: Trigger = { type: 'property', property: 'plan', from: 'trial', to: 'pro' };
    const changes = [set(1, 'plan', 'free'), set(2, 'plan', 'free'), set(3, 'plan', 'trial'), set(4, 'plan', 'basic')];
    const { notes, stands } = told(trigger, [], changes, 10);
    expect(notes.map(([, text]) => text)).toEqual([
      'plan changed from missing, not from "trial"',
      'plan set to "free", which it was: no change',
      'plan changed from "free", not from "trial"',
      'plan changed to "basic", not to "pro"',
    ]);
    expect(stands?.text).toBe('plan is "basic"; fires when it changes from "trial" to "pro"');
  });
  it('says by how much a date was set too late, and when it fires', () => {
    const trigger: Trigger = { type: 'date', property: 'due', offsetDays: 0, atMinute: 0, yearly: false };
    const late = told(trigger, [], [set(11, 'due', '1970-01-01')], 20);
    expect(late.notes).toEqual([
      [11, 'due is "1970-01-01": its moment 1970-01-01 00:00:00 UTC was not later than the change', 11 * MIN],
    ]);
    const ahead = told(trigger, [], [set(11, 'due', '1970-01-03')], D);
    expect(ahead.stands).toMatchObject({ armed: true, deadline: 2 * DAY, remainingMs: DAY });
    expect(told(trigger, [], [set(11, 'due', 'soon')], 20).stands?.text).toBe('due is "soon", which is no date');
  });
  it('names the next run of a schedule', () => {
    const { stands } = told({ type: 'schedule', cron: '0 9 * * 2' }, [at(0, 'Login')], [], 1);
    expect(stands).toMatchObject({ armed: true, deadline: 5 * DAY + 9 * HOUR });
  });
});

describe('explain, of what is not on its way', () => {
  const stands = (trigger: Trigger, minute: number, changes: PropertyRow[] = [], events: EventRow[] = []) => {
    const { armed, deadline, remainingMs, text } = told(trigger, events, changes, minute).stands ?? {};
    return [armed, deadline, remainingMs, text];
  };
  const date = (parts = {}): Trigger => ({
    type: 'date',
    property: 'due',
    offsetDays: 0,
    atMinute: 0,
    yearly: false,
    ...parts,
  });
  it('tells of dates', () => {
    expect(stands(date(), D, [set(11, 'other', 1)])).toEqual([
      false,
      null,
      null,
      'due is missing, so there is no date',
    ]);
    expect(stands(date(), D, [set(11, 'due', '1970-01-01')])[3]).toBe('due is "1970-01-01": its moment is over');
    expect(stands(date(), D, [set(11, 'due', '1970-01-03')])[3]).toBe(
      'due is "1970-01-03": fires at 1970-01-03 00:00:00 UTC, 24 h left',
    );
    const notes = (trigger: Trigger, ...changes: PropertyRow[]) => told(trigger, [], changes, 5 * D).notes;
    expect(notes(date(), set(11, 'due', 'soon'))).toEqual([[11, 'due is "soon", which is no date', null]]);
    expect(notes(date(), set(D + 11, 'due', '1970-01-02'))).toEqual([
      [D + 11, 'due is "1970-01-02": its moment 1970-01-02 00:00:00 UTC was not later than the change', 11 * MIN],
    ]);
    expect(notes(date(), set(11, 'due', null))).toEqual([]);
    expect(notes(date(), set(11, 'other', '1970-01-01'))).toEqual([]);
    expect(notes(date(), set(11, 'due', '1970-01-02'), set(2 * D, 'due', '1970-01-02'))).toEqual([]);
    expect(notes(date({ yearly: true }), set(11, 'due', '1970-01-01'))).toEqual([]);
    // Of several changes at one instant the last counts; a moment at the very change is too late.
    expect(notes(date(), set(0, 'due', '1970-01-09'), set(0, 'due', '1970-01-01'))).toEqual([
      [0, 'due is "1970-01-01": its moment 1970-01-01 00:00:00 UTC was not later than the change', 0],
    ]);
  });
  it('tells of properties', () => {
    const plan = (parts: { from?: string | null; to?: string | null }): Trigger =>
      ({ type: 'property', property: 'plan', ...parts }) as Trigger;
    const changes = [set(1, 'plan', 'free'), set(1, 'other', 'x')];
    expect(stands(plan({}), 5, changes)).toEqual([false, null, null, 'plan is "free"; fires when it changes']);
    expect(stands(plan({ to: 'pro' }), 5, changes)[3]).toBe('plan is "free"; fires when it changes to "pro"');
    expect(stands(plan({ from: null }), 5, [set(1, 'other', 'x')])[3]).toBe(
      'plan is missing; fires when it changes from missing',
    );
    const notes = (trigger: Trigger) => told(trigger, [], changes, 5).notes.map(([, text]) => text);
    expect(notes(plan({}))).toEqual([]);
    expect(notes(plan({ to: null }))).toEqual(['plan changed to "free", not to missing']);
    expect(notes(plan({ from: null, to: 'free' }))).toEqual([]);
  });
  it('tells of runs', () => {
    const cron = '0 6 * * *';
    expect(stands({ type: 'schedule', cron }, 7 * H, [], [at(0, 'Login')])).toEqual([
      true,
      30 * HOUR,
      23 * HOUR,
      'runs next at 1970-01-02 06:00:00 UTC, 23 h left',
    ]);
    expect(stands({ type: 'schedule', cron: '0 0 30 2 *' }, 7 * H, [], [at(0, 'Login')])[3]).toBe('no run is in sight');
    expect(stands(condition(logins(1)), 7 * H, [set(0, 'plan', 'x')])[3]).toBe('checked from the first event on');
    const never = { type: 'condition', condition: logins(1), cron: '0 0 30 2 *' } as const;
    expect(stands(never, 7 * H, [], [at(0, 'Login')])).toEqual([
      false,
      null,
      null,
      'true: Login in the last 7 d: 1 times (asked: >= 1); no run is in sight',
    ]);
  });
  it('notes runs that became true or false, and near misses alone', () => {
    const texts = (trigger: Trigger, ...events: EventRow[]) =>
      told(trigger, events, [], 3 * D).notes.map(([minute, text, by]) => [
        minute,
        (text as string).replace(/:.*/, ''),
        by,
      ]);
    const lately = { ...logins(1), inLastMs: DAY };
    expect(texts(condition(lately as Condition), at(6 * H, 'Login'))).toEqual([
      [6 * H, 'checked and true', null],
      [30 * H, 'checked and no longer true', null],
    ]);
    // Two conditions that both fail are far from true.
    expect(texts(condition(logins(2), logins(3)), at(5 * H, 'Login'))).toEqual([]);
    expect(texts(condition(logins(1), logins(3)), at(5 * H, 'Login'))).toEqual([
      [6 * H, 'checked, not yet true', null],
    ]);
  });
});

describe('explain, of a decline that is none', () => {
  const decline = (parts = {}): Trigger => ({
    type: 'decline',
    of: null,
    recentMs: DAY,
    baselineMs: 2 * DAY,
    ratio: 1,
    cron: '0 6 * * *',
    ...parts,
  });
  it('says what there was before, and what was asked', () => {
    const text = (trigger: Trigger, ...events: EventRow[]) => told(trigger, events, [], 3 * D + 7 * H).stands?.text;
    const run = 'next run at 1970-01-05 06:00:00 UTC, 23 h left';
    expect(text(decline(), at(3 * D, 'A'))).toBe(
      `not true: activity: 1 times in the last 24 h, 0 in the 2 d before (asked: some before); ${run}`,
    );
    // Two in two days are one a day: fewer than one was asked.
    expect(text(decline(), at(D, 'A'), at(D, 'B'), at(3 * D, 'A'))).toBe(
      `not true: activity: 1 times in the last 24 h, 2 in the 2 d before (asked: fewer than 1), 1 too many; ${run}`,
    );
    expect(text(decline({ of: ['A', 'B'] }), at(D, 'A'), at(D, 'C'), at(3 * D, 'A'), at(3 * D, 'B'))).toBe(
      `not true: A, B: 2 times in the last 24 h, 1 in the 2 d before (asked: fewer than 0.5), 2 too many; ${run}`,
    );
    expect(text(decline(), at(2 * D, 'A'), at(2 * D + 8 * H, 'Email Opened'))).toMatch(
      /^true since an earlier run, fires once it has been false: activity: 0 times in the last 24 h, 1 in the 2 d before \(asked: fewer than 0.5\); next run/,
    );
  });
  it('is no near miss without anything before', () => {
    expect(told(decline(), [at(3 * D, 'A')], [], 3 * D + 7 * H).notes).toEqual([]);
  });
});

describe('explain, of several triggers', () => {
  it('asks the rules about the anchor of what fired, not of what is armed', () => {
    const trigger: Trigger = { type: 'anyOf', triggers: [{ type: 'schedule', cron: '0 6 * * *' }, inaction()] };
    const where = [{ property: 'k', op: '=', value: 'a' } as const];
    const events = [at(5 * H + 30, 'Add', { k: 'a' })];
    const { timeline } = told(trigger, events, [], 7 * H, { suppress: [suppression('a', { where })] });
    const rules = timeline.flatMap((entry) =>
      entry.kind === 'decision' && entry.rules.length > 0 ? [entry.rules] : [],
    );
    expect(rules[0]?.at(-1)).toMatchObject({ rule: 'a', stops: false, text: 'k is missing (asked: = "a")' });
  });
});

describe('the templates', () => {
  it.each(['cart-recovery', 'feature-adoption', 'win-back'])('%s replays in full', (name) => {
    const file = JSON.parse(readFileSync(new URL(`../../../fixtures/workflows/${name}.json`, import.meta.url), 'utf8'));
    const { workflow: checked } = checkWorkflow(file);
    if (checked === null) throw new Error(`${name} is not valid`);
    expect(replayIssues(checked)).toEqual([]);
    const day = (n: number, event: string, value?: number) => at(n * D, event, value);
    const events = [
      day(0, 'Created Dashboard'),
      day(1, 'Invited Teammate'),
      day(2, 'Added to Cart', 50),
      day(18, 'Created Report'),
      day(30, 'Canceled Subscription'),
    ];
    const history = buildHistory(events, [], { observedUntil: 200 * DAY });
    const { totals } = replayWorkflow(history, { ...checked, holdout: { fraction: 0, salt: 'x' } });
    const sent = totals.steps.map((step) => [step.id, step.sent, step.exitedBefore]);
    // Adoption is checked at six in New York: true on day 14, tutorial due on day 19, the report on day 18.
    const expected: Record<string, unknown> = {
      'cart-recovery': [
        ['reminder', 1, 0],
        ['social-proof', 1, 0],
        ['incentive', 1, 0],
      ],
      'feature-adoption': [
        ['education', 1, 0],
        ['tutorial', 0, 1],
        ['personal-note', 0, 1],
      ],
      'win-back': [
        ['feedback', 1, 0],
        ['whats-new', 1, 0],
        ['offer', 1, 0],
      ],
    };
    expect(sent).toEqual(expected[name]);
  });
});
