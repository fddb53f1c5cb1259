// Branches: when they are decided, what their steps count from, what the totals say of them.

import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../engine/events/index.ts';
import { explain, type ReplayTotals } from '../../../engine/replay/index.ts';
import type { Condition, Gates, SequenceItem } from '../../../engine/workflow/index.ts';
import { at, log, replayCase, set } from '../../helpers/replay.ts';
import { branch, DAY, HOUR, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const looks = (value: number): Condition => ({
  is: 'count',
  match: match('Look'),
  op: '>=',
  value,
  inLastMs: null,
  sinceTrigger: true,
});
const pro: Condition = { is: 'property', property: 'plan', test: { op: '=', value: 'pro' } };
const never: Condition = { is: 'any', of: [] };
const branching = (sequence: SequenceItem[], parts = {}) => workflow(onAdd, { sequence, ...parts });
/** Without the candidate and the enrollment, which every case begins with. */
const course = (...args: Parameters<typeof log>) => log(...args).slice(2);

describe('a branch', () => {
  const w = branching([
    step('a', 10 * MIN),
    branch('split', [['keen', looks(1), [step('k', HOUR)]]], [step('rest', 2 * HOUR)]),
  ]);
  it('is decided when its place falls due, with what is known by then and at that moment', () => {
    expect(course([at(0, 'Add')], w).slice(0, 3)).toEqual(['10 sent a', '10 branched split else', '120 sent rest']);
    for (const minute of [1, 10]) {
      expect(course([at(0, 'Add'), at(minute, 'Look')], w).slice(0, 3)).toEqual([
        '10 sent a',
        '10 branched split keen',
        '60 sent k',
      ]);
    }
    expect(course([at(0, 'Add'), at(11, 'Look')], w)[1]).toBe('10 branched split else');
  });
  it('sees only what came after the trigger where a condition says so', () => {
    expect(course([at(-1, 'Look'), at(0, 'Look'), at(0, 'Add')], w)[1]).toBe('10 branched split else');
  });
  it('goes the first way whose condition holds', () => {
    const two = branching([
      branch('b', [
        ['none', never, [step('x', 0)]],
        ['one', looks(0), [step('y', 0)]],
        ['two', looks(0), [step('z', 0)]],
      ]),
    ]);
    expect(course([at(0, 'Add')], two).slice(0, 2)).toEqual(['0 branched b one', '0 sent y']);
  });
  it('that comes first is decided at the trigger', () => {
    const first = branching([branch('b', [['pro', pro, [step('x', HOUR)]]], [step('y', HOUR)])]);
    const at0 = (minute: number) => course([at(0, 'Add')], first, { changes: [set(minute, 'plan', 'pro')] })[0];
    expect(at0(0)).toBe('0 branched b pro');
    expect(at0(1)).toBe('0 branched b else');
  });
  it('is named by its place where it has no id', () => {
    const w2 = branching([step('a', 0), branch(null, [['x', never, []]])]);
    expect(course([at(0, 'Add')], w2)[1]).toBe('0 branched sequence[1] else');
  });
});

describe('steps inside', () => {
  it('run from the trigger like all others; a delay that was over by then is due at once', () => {
    const w = branching([
      step('a', HOUR),
      branch('b', [['x', looks(0), [step('late', 90 * MIN), step('early', MIN)]]]),
    ]);
    expect(course([at(0, 'Add')], w).slice(0, 4)).toEqual([
      '60 sent a',
      '60 branched b x',
      '60 sent early',
      '90 sent late',
    ]);
  });
  it('count from what stands before them where they say so, across the borders of the branch', () => {
    const previous = { from: 'previous' as const };
    const w = branching([
      step('a', 10 * MIN),
      branch('b', [['x', looks(1), [step('x1', 5 * MIN, previous), step('x2', 7 * MIN, previous)]]]),
      step('z', MIN, previous),
    ]);
    expect(course([at(0, 'Add'), at(1, 'Look')], w).slice(0, 5)).toEqual([
      '10 sent a',
      '10 branched b x',
      '15 sent x1',
      '22 sent x2',
      '23 sent z',
    ]);
    // A way without steps: what follows counts from what stands before the branch.
    expect(course([at(0, 'Add')], w).slice(0, 3)).toEqual(['10 sent a', '10 branched b else', '11 sent z']);
  });
  it('count from the trigger where nothing stands before', () => {
    const w = branching([branch('b', [['x', looks(0), [step('x1', 5 * MIN, { from: 'previous' })]]])]);
    expect(course([at(0, 'Add')], w).slice(0, 2)).toEqual(['0 branched b x', '5 sent x1']);
  });
  it('count from a step that was skipped as from one that was sent', () => {
    const w = branching([
      step('a', 10 * MIN, { if: never }),
      branch('b', [['x', looks(0), [step('x1', MIN, { from: 'previous', if: never })]]]),
      step('z', MIN, { from: 'previous' }),
    ]);
    expect(course([at(0, 'Add')], w).slice(0, 4)).toEqual([
      '10 skipped a if',
      '10 branched b x',
      '11 skipped x1 if',
      '12 sent z',
    ]);
  });
  it('lead on to the next branch', () => {
    const w = branching([
      branch('b', [['x', looks(0), [step('x1', 5 * MIN)]]]),
      branch('c', [['y', looks(1), []]], [step('z', 6 * MIN)]),
    ]);
    expect(course([at(0, 'Add')], w).slice(0, 4)).toEqual([
      '0 branched b x',
      '5 sent x1',
      '5 branched c else',
      '6 sent z',
    ]);
    expect(course([at(0, 'Add'), at(4, 'Look')], w)[2]).toBe('5 branched c y');
  });
});

describe('ends and gates', () => {
  const sequence = [step('a', 10 * MIN), branch('b', [['x', looks(0), [step('x1', 20 * MIN)]]])];
  it('an event that ends the enrollment comes before the branch of its instant', () => {
    const w = branching(sequence);
    expect(course([at(0, 'Add'), at(10, 'Buy')], w)).toEqual(['10 converted treated', '10 exited goal']);
    expect(course([at(0, 'Add'), at(15, 'Buy')], w)).toEqual([
      '10 sent a',
      '10 branched b x',
      '15 converted treated',
      '15 exited goal',
    ]);
  });
  it('an expiry comes after the branch and the steps of its instant', () => {
    const w = branching(sequence, { exit: { on: [], afterMs: 10 * MIN } });
    expect(course([at(0, 'Add')], w)).toEqual(['10 sent a', '10 branched b x', '10 exited expired']);
  });
  it('the last step of the way taken decides when the enrollment ends', () => {
    const goal = { match: match('Buy'), withinMs: 15 * MIN, value: null };
    const w = branching([step('a', 0), branch('b', [['x', pro, [step('x1', DAY)]]], [step('y', HOUR)])], { goal });
    expect(course([at(0, 'Add')], w).at(-1)).toBe('60 exited expired');
    expect(course([at(0, 'Add')], w, { changes: [set(0, 'plan', 'pro')] }).at(-1)).toBe('1440 exited expired');
  });
  it('a step that quiet hours move is where it was moved to, and the branch behind it too', () => {
    const gates: Gates = {
      unsubscribed: null,
      cap: [],
      quiet: { fromMinute: 5, toMinute: 30, else: 'defer' },
      sendTime: null,
    };
    const w = branching([step('a', 10 * MIN), branch('b', [['x', looks(1), [step('x1', HOUR)]]])], { gates });
    expect(course([at(0, 'Add'), at(29, 'Look')], w).slice(0, 4)).toEqual([
      '10 moved a quiet',
      '30 sent a',
      '30 branched b x',
      '60 sent x1',
    ]);
  });
});

describe('the totals', () => {
  const w = branching([
    step('a', 10 * MIN),
    branch('b', [['keen', looks(1), [step('k1', 20 * MIN), step('k2', 40 * MIN)]]], [step('r', 30 * MIN)]),
    step('z', HOUR),
  ]);
  const people = [
    ...['p1', 'p2', 'p3'].flatMap((p) => [at(0, 'Add', undefined, p), at(5, 'Look', undefined, p)]),
    at(0, 'Add', undefined, 'p4'),
    // Ends before the branch, on its path, and is still before the branch at the end.
    at(0, 'Add', undefined, 'p5'),
    at(7, 'Buy', undefined, 'p5'),
    at(25, 'Buy', undefined, 'p2'),
    at(45, 'Add', undefined, 'p6'),
  ];
  const totalsOf = () => replayCase(people, w, { until: 50 }).totals;

  it('list inner steps in file order and count only those who took their way', () => {
    const totals = totalsOf();
    const by = (id: string) => totals.steps.find((s) => s.id === id) as ReplayTotals['steps'][number];
    expect(totals.steps.map(({ id }) => id)).toEqual(['a', 'k1', 'k2', 'r', 'z']);
    expect(by('a')).toMatchObject({ due: 4, exitedBefore: 1, pending: 1 });
    expect(by('k1')).toMatchObject({ due: 3, sent: 3, exitedBefore: 0, pending: 0 });
    expect(by('k2')).toMatchObject({ due: 2, sent: 2, exitedBefore: 1, pending: 0 });
    expect(by('r')).toMatchObject({ due: 1, sent: 1, exitedBefore: 0, pending: 0 });
    expect(by('z')).toMatchObject({ due: 0, exitedBefore: 2, pending: 4 });
  });
  it('count who went which way, of those for whom it was decided', () => {
    expect(totalsOf().branches).toEqual([
      {
        id: 'b',
        paths: [{ id: 'keen', taken: 3, share: 0.75 }],
        else: { taken: 1, share: 0.25 },
        pending: 1,
        exitedBefore: 1,
      },
    ]);
  });
  it('give no share where nobody came that far', () => {
    const none = replayCase([at(0, 'Look')], w).totals.branches[0];
    expect(none).toMatchObject({ else: { taken: 0, share: null }, reason: 'this branch was decided for nobody' });
  });
});

it('is explained with what was asked and the emails it leads to', () => {
  const w = branching([
    step('a', 10 * MIN),
    branch('b', [['keen', looks(1), [step('k', HOUR)]]], [step('r', 2 * HOUR)]),
  ]);
  const { history } = replayCase([at(0, 'Add'), at(5, 'Look')], w, { until: 30 });
  const before = explain(history, w, 'p', 5 * MIN);
  expect(before.summary).toContain('b still to be decided');
  const { timeline, summary } = explain(history, w, 'p', null);
  expect(timeline.at(-1)).toMatchObject({
    decision: 'branched',
    step: 'b',
    reason: 'keen',
    text: expect.stringMatching(/^keen: Look since the trigger: 1 times .*; goes on with k$/),
  });
  expect(summary).toContain('1 of 2 steps');
});

it('is explained by what was asked up to the way taken, and by no way behind it', () => {
  const bought: Condition = { ...looks(1), match: match('Buy') } as Condition;
  const ways = branch('b', [
    ['buyer', bought, []],
    ['keen', looks(1), []],
    ['seen', looks(0), []],
  ]);
  const text = (...rows: EventRow[]) => {
    const { history } = replayCase([at(0, 'Add'), ...rows], branching([step('a', 10 * MIN), ways]), { until: 30 });
    const decided = explain(history, branching([step('a', 10 * MIN), ways]), 'p', null).timeline.find(
      (entry) => entry.kind === 'decision' && entry.decision === 'branched',
    );
    return decided?.kind === 'decision' ? decided.text : null;
  };
  const none = 'buyer: Buy since the trigger: 0 times (asked: >= 1), 1 short';
  expect(text(at(5, 'Look'))).toBe(
    `${none}; keen: Look since the trigger: 1 times (asked: >= 1); no email on this path`,
  );
});

it('and skipped steps are explained with what stopped them', () => {
  const gates: Gates = {
    unsubscribed: null,
    cap: [{ n: 1, withinMs: HOUR, scope: 'workflow', history: false }],
    quiet: null,
    sendTime: null,
  };
  // The condition of b holds; what stops it is the cap.
  const w = branching([step('a', 0), step('b', MIN, { if: looks(0) }), step('c', HOUR, { if: looks(1) })], { gates });
  const { history } = replayCase([at(0, 'Add')], w);
  const skipped = explain(history, w, 'p', null).timeline.filter(
    (entry) => entry.kind === 'decision' && entry.decision === 'skipped',
  );
  expect(skipped).toMatchObject([
    { step: 'b', reason: 'cap', text: 'at most 1 of w within 60 min' },
    { step: 'c', reason: 'if', text: expect.stringContaining('Look since the trigger: 0 times') },
  ]);
});

it('says which emails a way leads to, or that it leads to none', () => {
  const w = branching([
    step('a', 0),
    branch('b', [['keen', looks(1), [step('k1', HOUR), step('k2', 2 * HOUR)]]], []),
    step('z', 3 * HOUR),
  ]);
  const words = (...rows: Parameters<typeof replayCase>[0]) => {
    const { history } = replayCase([at(0, 'Add'), at(0, 'Look', undefined, 'q'), ...rows], w, { until: 30 });
    const decision = explain(history, w, 'p', null).timeline.findLast(
      (entry) => entry.kind === 'decision' && entry.decision === 'branched',
    );
    return decision?.kind === 'decision' ? [decision.reason, decision.text] : null;
  };
  // Decided with the first email, at the trigger: nothing lies after it yet.
  expect(words()).toEqual([
    'else',
    'keen: Look since the trigger: 0 times (asked: >= 1), 1 short; no email on this path',
  ]);
  const later = branching([step('a', 10 * MIN), ...w.sequence.slice(1)]);
  const { history } = replayCase([at(0, 'Add'), at(5, 'Look')], later, { until: 30 });
  expect(explain(history, later, 'p', null).timeline.at(-1)).toMatchObject({
    reason: 'keen',
    text: 'keen: Look since the trigger: 1 times (asked: >= 1); goes on with k1, k2',
  });
});

it('what an enrollment skips is explained by what it saw, also where another begins at that instant', () => {
  const w = branching([step('a', HOUR, { if: { ...looks(1), op: '=', value: 0 } as Condition })], {
    exit: { on: [], afterMs: HOUR },
  });
  const { history } = replayCase([at(0, 'Add'), at(30, 'Look'), at(60, 'Add')], w, { until: 60 });
  const decisions = explain(history, w, 'p', null).timeline.flatMap((entry) =>
    entry.kind === 'decision' && entry.time > 0 ? [[entry.decision, entry.text]] : [],
  );
  expect(decisions).toEqual([
    ['skipped', 'Look since the trigger: 1 times (asked: = 0), 1 too many'],
    ['exited', null],
    ['candidate', null],
    ['enrolled', null],
  ]);
});
