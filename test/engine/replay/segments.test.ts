// The segments of the guide, each by a history whose answer is plain, at the limits to the millisecond.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { explain, HistoryView, localTime, replayWorkflow, segmentLike } from '../../../engine/replay/index.ts';
import {
  checkSegmentRules,
  checkWorkflow,
  DEFAULT_SEGMENT_RULES,
  type SegmentRules,
} from '../../../engine/workflow/index.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-06-30T12:00:00Z');

/** Events as days before now, by name. */
type Past = Readonly<Record<string, readonly number[]>>;

function standing(past: Past, kind: string, rules: SegmentRules = DEFAULT_SEGMENT_RULES, now = NOW) {
  const events = Object.entries(past).flatMap(([name, days]) =>
    days.map((day) => ({ person: 'p', name, time: NOW - day * DAY })),
  );
  const history = buildHistory(events, [], { observedUntil: NOW + 400 * DAY });
  const view = new HistoryView(history);
  view.select(0);
  while (view.endRow < view.lastRow && view.time(view.endRow) <= now) view.endRow++;
  return segmentLike(kind, { past: view, time: now, zone: localTime('UTC') }, undefined, rules);
}

const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

describe('engagement', () => {
  it.each([
    ['daily active', { Use: every(1, 0, 60) }, 'power'],
    ['on exactly 20 of 28 days', { Use: every(1, 0, 19) }, 'power'],
    ['on 19 of 28 days', { Use: every(1, 0, 18) }, 'regular'],
    ['weekly active', { Use: every(7, 0, 60) }, 'regular'],
    ['monthly active', { Use: [0, 28, 56] }, 'occasional'],
    ['a day of the 28 ago to the instant counts no more', { Use: [0, 7, 14, 28] }, 'occasional'],
    ['silent for 29 days', { Use: [29] }, 'occasional'],
    ['silent for exactly 30 days', { Use: [30] }, 'dormant'],
    ['only mailed', { 'Email Opened': [0, 1, 2], Use: [90] }, 'dormant'],
  ] as const)('%s', (_what, past, expected) => {
    expect(standing(past, 'power')).toBe(expected);
  });

  it('asks power users for breadth where the rules do', () => {
    const broad = checkSegmentRules({ engagement: { breadth: 2 } }).rules as SegmentRules;
    expect(standing({ Use: every(1, 0, 25) }, 'power', broad)).toBe('regular');
    expect(standing({ Use: every(1, 0, 25), Share: [3] }, 'power', broad)).toBe('power');
  });
});

describe('days where the clock goes back over midnight', () => {
  // On 7 November 2010 the clocks of St John's went from 00:01 back to 23:01 of the day before: 23:50 on the 6th,
  // 00:00:30 on the 7th, 23:30 on the 6th once more, 00:10 on the 7th. Two days, though four times another.
  const clocks = ['02:20:00Z', '02:30:30Z', '03:00:00Z', '03:40:00Z'];
  const times = clocks.map((clock) => Date.parse(`2010-11-07T${clock}`));
  const like = (kind: string, at: readonly number[], now: number, rules: object) => {
    const events = at.map((time) => ({ person: 'p', name: 'Use', time }));
    const view = new HistoryView(buildHistory(events, []));
    view.select(0);
    view.endRow = view.lastRow;
    const zone = localTime('America/St_Johns');
    return segmentLike(
      kind,
      { past: view, time: now, zone },
      undefined,
      checkSegmentRules(rules).rules as SegmentRules,
    );
  };

  it('are those of the clock, once each', () => {
    const engaged = (regular: number) => like('power', times, times[3] as number, { engagement: { regular } });
    expect([2, 3].map(engaged)).toEqual(['regular', 'occasional']);
  });

  it('are of the time before, up to and at its end', () => {
    // One day of the last fourteen, against two or one of the fourteen before.
    const before = times.slice(1, 3);
    const rules = { engagement: { regular: 1 }, lifecycle: { recent: '14d', baseline: '14d', ratio: 1 } };
    const now = (before[1] as number) + 14 * DAY;
    expect(like('new', [...before, now - DAY], now, rules)).toBe('at-risk');
    expect(like('new', [...before, now - DAY], now - 1, rules)).toBe('engaged');
  });
});

describe('lifecycle', () => {
  const named = checkSegmentRules({
    lifecycle: { signup: ['Signed Up'], activation: ['Activated'], payment: ['Billed'], end: ['Canceled'] },
  }).rules as SegmentRules;
  it.each([
    ['visited, not signed up', { Visit: [5] }, 'prospect'],
    ['visited long ago, not signed up', { Visit: [200] }, 'prospect'],
    ['signed up, not activated', { 'Signed Up': [5], Visit: [5, 4] }, 'new'],
    ['activated, not paying', { 'Signed Up': [5], Activated: [4] }, 'activated'],
    ['paying, weekly', { 'Signed Up': [50], Activated: [49], Billed: [40], Use: every(3, 0, 40) }, 'engaged'],
    ['paying, rarely', { 'Signed Up': [20], Activated: [19], Billed: [19] }, 'activated'],
    ['paying, was daily, now hardly', { Activated: [60], Billed: [60], Use: [...every(1, 15, 50), 2] }, 'at-risk'],
    ['paying, silent for a month', { Activated: [60], Billed: [60], Use: [31] }, 'at-risk'],
    ['not paying, was daily, now hardly', { Activated: [60], Use: [...every(1, 15, 50), 2] }, 'activated'],
    [
      'canceled yesterday, active before',
      { Activated: [60], Billed: [40], Canceled: [1], Use: every(1, 0, 40) },
      'churned',
    ],
    ['canceled and back', { Activated: [60], Billed: [40, 1], Canceled: [10], Use: every(1, 0, 40) }, 'engaged'],
    ['silent for 59 days', { Activated: [59], Billed: [59] }, 'at-risk'],
    ['silent for exactly 60 days', { Activated: [60], Billed: [60] }, 'churned'],
  ] as const)('%s', (_what, past, expected) => {
    expect(standing(past, 'new', named)).toBe(expected);
  });

  it('of a workflow that names no event goes by coming back', () => {
    expect(standing({ Use: [5] }, 'new')).toBe('new');
    expect(standing({ Use: [5, 5.1] }, 'new')).toBe('new');
    expect(standing({ Use: [5, 4] }, 'new')).toBe('activated');
    expect(standing({ Use: every(2, 0, 20) }, 'new')).toBe('engaged');
  });

  it('reads nothing later', () => {
    const past = { 'Signed Up': [50], Activated: [10], Billed: [10], Canceled: [1] };
    expect(standing(past, 'new', named, NOW - 20 * DAY)).toBe('new');
    expect(standing(past, 'new', named, NOW - 60 * DAY)).toBe('prospect');
  });
});

describe('in a workflow', () => {
  const file = {
    foresend: 1,
    id: 'save',
    trigger: { type: 'condition', all: [{ is: 'segment', segment: 'dormant' }], cron: '0 12 * * *' },
    sequence: [{ id: 'mail', delay: '0d' }],
    goal: { event: 'Use', within: '7d' },
  };
  const history = buildHistory(
    [
      { person: 'a', name: 'Use', time: NOW - 40 * DAY },
      { person: 'b', name: 'Use', time: NOW - 5 * DAY },
    ],
    [],
    { observedUntil: NOW },
  );
  const workflow = (more: object) =>
    checkWorkflow({ ...file, ...more }).workflow as NonNullable<ReturnType<typeof checkWorkflow>['workflow']>;

  it('fires when a person comes into it, by the rules of the file', () => {
    const fired = (more: object) => {
      const times: number[] = [];
      replayWorkflow(history, workflow(more), {
        onDecision: ({ kind, time }) => kind === 'candidate' && times.push(time),
      });
      return times.map((time) => (time - NOW) / DAY);
    };
    expect(fired({})).toEqual([-10]);
    expect(fired({ segments: { engagement: { dormant: '4d' } } })).toEqual([-36, -1]);
  });

  it('changes the hash by what it means, and only where it is asked', () => {
    const hash = (more: object) => workflow(more).hash;
    expect(hash({ segments: { engagement: { dormant: '30d' } } })).toBe(hash({}));
    expect(hash({ segments: { engagement: { dormant: '720h' } } })).toBe(hash({}));
    expect(hash({ segments: { engagement: { dormant: '31d' } } })).not.toBe(hash({}));
    const other = { trigger: { type: 'behavior', event: 'Use' } };
    expect(hash({ ...other, segments: { engagement: { dormant: '31d' } } })).toBe(hash(other));
  });

  it('is explained as of the moment', () => {
    const asked = workflow({
      trigger: { type: 'behavior', event: 'Use' },
      audience: { is: 'segment', segment: 'dormant' },
    });
    const { rules } = explain(history, asked, 'b', NOW - 5 * DAY);
    expect(rules.find(({ rule }) => rule === 'audience')?.text).toContain('segment occasional');
  });
});
