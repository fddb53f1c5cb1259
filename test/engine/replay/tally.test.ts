// What totals say of emails that were skipped or moved, and of arms without an answer.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { foldTallies, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Gates, Workflow } from '../../../engine/workflow/index.ts';
import { at, replayCase } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const gates = (parts: Partial<Gates>): Gates => ({
  unsubscribed: null,
  cap: [],
  quiet: null,
  sendTime: null,
  ...parts,
});
const night = { fromMinute: 21 * 60, toMinute: 8 * 60, else: 'defer' as const };

describe('emails that were moved', () => {
  const moved = (...minutes: number[]) => {
    const adds = minutes.map((minute, i) => at(minute, 'Add', undefined, `p${i}`));
    return replayCase(adds, workflow(onAdd, { gates: gates({ quiet: night }) })).totals.steps[0]?.moved;
  };
  it('say by how much, to the whole minute below: the middle one, the lower of two, and the mean', () => {
    // The night ends at minute 480; these are moved by 480, 470, 60 and 1 minutes.
    expect(moved(0, 10, 420, 479)).toEqual({
      count: 4,
      byGate: { quiet: 4 },
      medianDelayMs: 60 * MIN,
      meanDelayMs: (1011 * MIN) / 4,
    });
    expect(moved(0, 10, 420)).toMatchObject({ count: 3, medianDelayMs: 470 * MIN });
    expect(moved(420, 0, 420)).toMatchObject({ medianDelayMs: 60 * MIN, meanDelayMs: 200 * MIN });
    expect(moved(479.5)).toMatchObject({ count: 1, medianDelayMs: 0, meanDelayMs: 0 });
    expect(moved(100, 9)).toMatchObject({ medianDelayMs: 380 * MIN });
  });
  it('say why they say nothing', () => {
    expect(moved(600)).toEqual({
      count: 0,
      byGate: {},
      medianDelayMs: null,
      meanDelayMs: null,
      reason: 'no email of this step was moved',
    });
  });
  it('are counted by gate, in the order of the gates’ names', () => {
    const w = workflow(onAdd, { gates: gates({ quiet: night, sendTime: { leadMs: 0, withinMs: 2 * HOUR } }) });
    const day100 = 100 * 24 * 60;
    // Everyone is active at ten; who is due in the night far from it waits for its end, who is due at nine for ten.
    const busy = Array.from({ length: 40 }, (_, i) => at(i * 24 * 60 + 600, 'Look', undefined, 'busy'));
    const adds = [at(day100, 'Add', undefined, 'p'), at(day100 + 540, 'Add', undefined, 'q')];
    const { totals } = replayCase([...busy, ...adds], w, { until: day100 + 10_000 });
    expect(totals.steps[0]?.moved.byGate).toEqual({ quiet: 1, sendTime: 1 });
    expect(Object.keys(totals.steps[0]?.moved.byGate ?? {})).toEqual(['quiet', 'sendTime']);
  });
});

describe('emails that were skipped', () => {
  it('are counted by reason, in the order of the reasons’ names', () => {
    const w = workflow(onAdd, {
      gates: gates({ cap: [{ n: 1, withinMs: HOUR, scope: 'workflow', history: false }], unsubscribed: match('Stop') }),
      sequence: [
        step('a', 0),
        step('b', MIN, {
          if: {
            is: 'count',
            match: match('Look'),
            op: '=',
            value: 0,
            inLastMs: null,
            sinceTrigger: false,
          },
        }),
      ],
    });
    const add = (person: string) => at(0, 'Add', undefined, person);
    const events = [
      add('p'),
      add('q'),
      add('r'),
      add('s'),
      at(0, 'Stop', undefined, 'p'),
      at(1, 'Look', undefined, 'q'),
    ];
    const [, b] = replayCase(events, w).totals.steps;
    expect(b).toMatchObject({ due: 4, sent: 0, skipped: { cap: 2, if: 1, unsubscribed: 1 } });
    expect(Object.keys(b?.skipped ?? {})).toEqual(['cap', 'if', 'unsubscribed']);
  });
});

describe('an arm', () => {
  const arms = (w: Partial<Workflow>, until: number) =>
    replayCase([at(0, 'Add'), at(5, 'Buy', 3)], workflow(onAdd, w), { until }).totals.goal;
  it('has a rate where a goal window is over, else the reason why not', () => {
    expect(arms({}, 24 * 60).treated).toEqual({ n: 1, incomplete: 0, converted: 1, rate: 1, value: 3 });
    expect(arms({}, 24 * 60 - 1).treated).toEqual({
      n: 0,
      incomplete: 1,
      converted: 0,
      rate: null,
      reason: 'none of the 1 enrollments in the treated arm has a goal window that is over yet',
      value: 0,
    });
    expect(arms({}, 24 * 60).holdout).toEqual({
      n: 0,
      incomplete: 0,
      converted: 0,
      rate: null,
      reason: 'nobody enrolled in the holdout arm',
      value: 0,
    });
    expect(arms({ holdout: { fraction: 0.999999, salt: 's' } }, 24 * 60).holdout).toMatchObject({ n: 1, rate: 1 });
  });
});

it('tallies of disjoint people fold to the totals of all, branches and moved emails too', () => {
  const looked = { is: 'count', match: match('Look'), op: '>', value: 0, inLastMs: null, sinceTrigger: false } as const;
  const w = workflow(onAdd, {
    gates: gates({ quiet: night }),
    holdout: { fraction: 0.5, salt: 's' },
    exit: { on: [match('Stop')], afterMs: 3 * DAY },
    sequence: [
      step('a', 0),
      {
        kind: 'branch',
        id: 'b',
        paths: [{ id: 'looked', if: looked, steps: [step('c', HOUR)] }],
        else: [step('d', HOUR)],
      },
    ],
  });
  const events = Array.from({ length: 60 }, (_, i) => {
    const id = `p${i}`;
    const more =
      i % 3 === 0
        ? [at(i * 22 + 5, 'Look', undefined, id)]
        : i % 3 === 1
          ? [at(i * 22 + 50, 'Stop', undefined, id)]
          : [];
    return [at(i * 22, 'Add', undefined, id), ...more, at(i * 22 + 600, 'Buy', i / 10, id)];
  }).flat();
  const history = buildHistory(events, [], { observedUntil: 1300 * MIN });
  const whole = replayWorkflow(history, w);
  const n = events.filter(({ name, time }) => name === 'Add' && time <= 1300 * MIN).length;
  const [a] = whole.totals.steps;
  expect(whole.totals.enrolled.treated + whole.totals.enrolled.holdout).toBe(n);
  expect((a?.due ?? 0) + (a?.pending ?? 0) + (a?.exitedBefore ?? 0)).toBe(n);
  expect(a?.moved.count).toBeGreaterThan(5);
  expect(whole.totals.branches[0]?.paths[0]?.taken).toBeGreaterThan(3);
  expect(whole.totals.branches[0]?.pending).toBeGreaterThan(0);
  expect(whole.totals.branches[0]?.exitedBefore).toBeGreaterThan(0);
  const kinds = ['sent', 'ghost', 'skipped', 'movedPastEnd', 'exitedBefore', 'pending', 'moved', 'movedMinutes'];
  for (const tally of whole.buckets) {
    for (const tallied of tally.steps) expect(Object.keys(tallied)).toEqual(kinds);
  }
  const shards = [0, 1, 2].flatMap((k) => [
    ...replayWorkflow(history, w, { buckets: (bucket) => bucket % 3 === k }).buckets,
  ]);
  expect(foldTallies(w, shards, 'unknown')).toEqual(whole.totals);
  expect(foldTallies(w, shards.toReversed(), 'unknown')).toEqual(whole.totals);
});
