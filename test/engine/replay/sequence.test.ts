import { describe, expect, it } from 'vitest';
import { at, log, replayCase, set } from '../../helpers/replay.ts';
import { DAY, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const two = { sequence: [step('a', 10 * MIN), step('b', 30 * MIN)] };
const day = 24 * 60;

describe('steps', () => {
  it('fall due at trigger + delay and are handled until the enrollment expires', () => {
    expect(log([at(0, 'Add')], workflow(onAdd, two))).toEqual([
      '0 candidate',
      '0 enrolled treated',
      '10 sent a',
      '30 sent b',
      `${day} exited expired`,
    ]);
  });
  it('can count from the send before, which a skip does not hold up', () => {
    const never = { is: 'any', of: [] } as const;
    const w = workflow(onAdd, {
      sequence: [step('a', 10 * MIN, { if: never }), step('b', 5 * MIN, { from: 'previous' })],
    });
    expect(log([at(0, 'Add')], w).slice(2, 4)).toEqual(['10 skipped a if', '15 sent b']);
  });
  it('that count from the one before at no delay are handled at the same instant', () => {
    const w = workflow(onAdd, { sequence: [step('a', 0), step('b', 0, { from: 'previous' })] });
    expect(log([at(0, 'Add')], w).slice(2, 4)).toEqual(['0 sent a', '0 sent b']);
  });
  it('ask their condition at the due time, with the rows of that instant', () => {
    const fewer = {
      is: 'count',
      match: match('Add'),
      op: '<',
      value: 2,
      inLastMs: null,
      sinceTrigger: false,
    } as const;
    const w = workflow(onAdd, { sequence: [step('a', 10 * MIN, { if: fewer })] });
    expect(log([at(0, 'Add'), at(10, 'Add')], w)[2]).toBe('10 skipped a if');
    expect(log([at(0, 'Add'), at(11, 'Add')], w)[2]).toBe('10 sent a');
    const since = workflow(onAdd, {
      sequence: [step('a', 10 * MIN, { if: { ...fewer, value: 1, sinceTrigger: true } })],
    });
    expect(log([at(0, 'Add')], since)[2]).toBe('10 sent a');
    expect(log([at(0, 'Add'), at(5, 'Add')], since)[4]).toBe('10 skipped a if');
  });
  it('always add up', () => {
    const events = ['p', 'q', 'r', 's'].flatMap((id, i) => [
      at(0, 'Add', undefined, id),
      ...(i < 3 ? [at(5 + 10 * i, 'Buy', undefined, id)] : []),
    ]);
    const { totals } = replayCase(events, workflow(onAdd, two), { until: 28 });
    expect(totals.steps).toMatchObject([
      { id: 'a', due: 3, sent: 3, ghost: 0, skipped: {}, movedPastEnd: 0, exitedBefore: 1, pending: 0 },
      { id: 'b', due: 0, sent: 0, ghost: 0, skipped: {}, movedPastEnd: 0, exitedBefore: 3, pending: 1 },
    ]);
    expect(totals.exits).toEqual({ goal: 3, event: 0, expired: 0, open: 1 });
  });
});

describe('ends', () => {
  it('by an event at the very instant of a step come before it', () => {
    expect(log([at(0, 'Add'), at(10, 'Buy')], workflow(onAdd, two)).slice(2)).toEqual([
      '10 converted treated',
      '10 exited goal',
    ]);
  });
  it('by expiry at the very instant of a step come after it', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [], afterMs: 30 * MIN } });
    expect(log([at(0, 'Add')], w).slice(3)).toEqual(['30 sent b', '30 exited expired']);
    const short = workflow(onAdd, { ...two, exit: { on: [], afterMs: 29 * MIN } });
    expect(log([at(0, 'Add')], short).slice(3)).toEqual(['29 exited expired']);
  });
  it('come at the later of the last step and the goal window, by default', () => {
    const late = workflow(onAdd, { sequence: [step('a', 2 * DAY)] });
    expect(log([at(0, 'Add')], late).slice(2)).toEqual([`${2 * day} sent a`, `${2 * day} exited expired`]);
  });
  it('take no notice of events at the trigger itself', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [match('Leave')], afterMs: null } });
    expect(log([at(0, 'Buy'), at(0, 'Add'), at(0, 'Leave'), at(0, 'Buy')], w, { until: 20 })).toEqual([
      '0 candidate',
      '0 enrolled treated',
      '10 sent a',
    ]);
  });
  it('are decided by the earlier in input order of a goal and an exit at one instant', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [match('Leave')], afterMs: null } });
    expect(log([at(0, 'Add'), at(5, 'Leave'), at(5, 'Buy')], w).slice(2)).toEqual([
      '5 converted treated',
      '5 exited event',
    ]);
    expect(log([at(0, 'Add'), at(5, 'Buy'), at(5, 'Leave')], w).slice(2)).toEqual([
      '5 converted treated',
      '5 exited goal',
    ]);
  });
  it('are so decided also in the very first rows of a history', () => {
    const trigger = { type: 'property', property: 'plan', from: undefined, to: 'pro' } as const;
    const leaves = workflow(trigger, { exit: { on: [match('Leave')], afterMs: null } });
    const ended = (...names: string[]) =>
      log(
        names.map((name) => at(5, name)),
        leaves,
        { changes: [set(0, 'plan', 'pro')] },
      ).at(-1);
    expect(ended('Leave', 'Buy')).toBe('5 exited event');
    expect(ended('Buy', 'Leave')).toBe('5 exited goal');
  });
  it('are the goal where one event is both', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [match('Buy')], afterMs: null } });
    expect(log([at(0, 'Add'), at(5, 'Buy')], w).at(-1)).toBe('5 exited goal');
  });
  it('are the goal, without a conversion, after the goal window but before exit.after', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [], afterMs: 2 * DAY } });
    const { totals, decisions } = replayCase([at(0, 'Add'), at(day + 1, 'Buy')], w);
    expect(decisions.at(-1)).toMatchObject({ kind: 'exited', reason: 'goal' });
    expect(totals.goal.treated).toMatchObject({ n: 1, converted: 0 });
  });
  it('past observedUntil are unknown', () => {
    const { totals } = replayCase([at(0, 'Add')], workflow(onAdd, two), { until: day - 1 });
    expect(totals.exits).toEqual({ goal: 0, event: 0, expired: 0, open: 1 });
    expect(replayCase([at(0, 'Add')], workflow(onAdd, two), { until: day }).totals.exits.expired).toBe(1);
  });
});

describe('the goal', () => {
  it('is looked for in (trigger, trigger + window], whatever ended the enrollment', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [match('Leave')], afterMs: null } });
    const goal = (minute: number) =>
      replayCase([at(0, 'Add'), at(1, 'Leave'), at(minute, 'Buy')], w).totals.goal.treated;
    expect(goal(day)).toMatchObject({ n: 1, converted: 1, rate: 1 });
    expect(goal(day + 1)).toMatchObject({ n: 1, converted: 0, rate: 0 });
  });
  it('is incomplete where its window ends after observedUntil, also when reached', () => {
    const { totals, enrollments } = replayCase([at(0, 'Add'), at(5, 'Buy', 7)], workflow(onAdd), { until: day - 1 });
    expect(totals.goal.treated).toMatchObject({ n: 0, incomplete: 1, converted: 0, rate: null, value: 0 });
    expect(totals.goal.treated.reason).toContain('goal window that is over yet');
    expect([...enrollments.goalTimes, ...enrollments.goalValues, ...enrollments.complete]).toEqual([5 * MIN, 7, 0]);
    expect(replayCase([at(0, 'Add'), at(5, 'Buy')], workflow(onAdd), { until: day }).totals.goal.treated.n).toBe(1);
  });
  it('has the value of its first event only: the named property, else the own value, else nothing', () => {
    const value = (goal: ReturnType<typeof at>, name: string | null) => {
      const w = workflow(onAdd, { goal: { match: match('Buy'), withinMs: DAY, value: name } });
      return replayCase([at(0, 'Add'), goal, at(9, 'Buy', 1000)], w).totals.goal.treated.value;
    };
    expect(value(at(5, 'Buy', 7), null)).toBe(7);
    expect(value(at(5, 'Buy', { revenue: 8 }), 'revenue')).toBe(8);
    expect(value(at(5, 'Buy', { revenue: ' 8.50' }), 'revenue')).toBe(8.5);
    expect(value(at(5, 'Buy', 7), 'revenue')).toBe(7);
    expect(value(at(5, 'Buy'), 'revenue')).toBe(0);
  });
  it('counts once for each enrollment whose window it lies in', () => {
    const w = workflow(onAdd, { ...two, exit: { on: [match('Leave')], afterMs: null } });
    const events = [at(0, 'Add'), at(1, 'Leave'), at(2, 'Add'), at(3, 'Buy', 5)];
    const { totals, enrollments } = replayCase(events, w);
    expect(totals.goal.treated).toMatchObject({ n: 2, converted: 2, value: 10 });
    expect([...enrollments.repeats]).toEqual([0, 1]);
  });
  it('sums values exactly', () => {
    const events = Array.from({ length: 10 }, (_, i) => [at(0, 'Add', undefined, `p${i}`), at(1, 'Buy', 0.1, `p${i}`)]);
    expect(replayCase(events.flat(), workflow(onAdd)).totals.goal.treated.value).toBe(1);
  });
});

describe('the totals', () => {
  it('have the keys of the published JSON, in its order', () => {
    const { totals } = replayCase([at(0, 'Add')], workflow(onAdd));
    expect(Object.keys(totals)).toEqual([
      'reach',
      'candidates',
      'pending',
      'alreadyEnrolled',
      'suppressed',
      'enrolled',
      'steps',
      'exits',
      'goal',
      'branches',
    ]);
    expect(totals.goal.holdout).toEqual({
      n: 0,
      incomplete: 0,
      converted: 0,
      rate: null,
      reason: 'nobody enrolled in the holdout arm',
      value: 0,
    });
  });
  it('of an empty history are zeros with reasons', () => {
    const { totals, enrollments } = replayCase([], workflow(onAdd));
    expect(totals).toMatchObject({ candidates: 0, goal: { treated: { n: 0, rate: null } } });
    expect(enrollments.n).toBe(0);
  });
});
