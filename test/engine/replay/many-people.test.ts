// More people than a batch replay takes at once: the seams between batches show in no figure, and it can be watched and
// stopped at each.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { replayProgramme, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Trigger } from '../../../engine/workflow/index.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const N = 9000;
const BATCH = 4096;

/** A third answers at once, a third buys later, a third never. */
const events: EventRow[] = Array.from({ length: N }, (_, i) => {
  const id = `p${String(i).padStart(5, '0')}`;
  const buy = [at(i % 60, 'Buy', 1, id), at((i % 60) + 61, 'Buy', i, id)][i % 3];
  return [at(i % 60, 'Add', {}, id), ...(buy === undefined ? [] : [buy])];
}).flat();
const history = buildHistory(events, [], { observedUntil: DAY });

describe('many people', () => {
  it.each<[string, Trigger, number]>([
    ['behavior', { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null }, N],
    ['inaction', inaction(), (2 * N) / 3],
    ['inaction from the first', inaction({ rearm: 'first' }), (2 * N) / 3],
    ['absence', { type: 'absence', of: ['Add'], forMs: HOUR, afterActive: null }, N],
    ['schedule', { type: 'schedule', cron: '30 6 * * *' }, N],
  ])('%s fires once for each', (_, trigger, n) => {
    const parts = { exit: { on: [], afterMs: MIN }, holdout: { fraction: 0.3, salt: 's' } };
    const w = workflow(trigger, parts);
    const { totals, enrollments } = replayWorkflow(history, w);
    expect(totals.candidates).toBe(n);
    expect(totals.enrolled.treated + totals.enrolled.holdout).toBe(n);
    expect(totals.enrolled.holdout / n).toBeCloseTo(0.3, 1);
    expect(new Set(enrollments.persons).size).toBe(n);
    const defined = replayWorkflow(history, w, { path: 'transition' });
    expect(defined.totals).toEqual(totals);
    expect(defined.enrollments).toEqual(enrollments);
    const shards = [0, 1].map((k) => replayWorkflow(history, w, { buckets: (bucket) => bucket % 2 === k }));
    expect(shards.reduce((sum, { totals }) => sum + totals.candidates, 0)).toBe(n);
  });
  it('go through a programme by themselves, whoever comes before them', () => {
    // Far more people than are taken at once; who looks lives behind all who add, and has the place of one of them there.
    const given = Array.from({ length: 2048 }, (_, i) => at(i % 7, i < 1024 ? 'Add' : 'Look', {}, `p${10_000 + i}`));
    const short = buildHistory(given, [], { observedUntil: DAY });
    const on = (event: string) =>
      workflow({ type: 'behavior', match: match(event), count: 1, withinMs: null, calendar: null }, { id: event });
    const programme = [on('Add'), on('Look')];
    const { totals, workflows } = replayProgramme(short, programme);
    expect(workflows.map((one) => one.totals.candidates)).toEqual([1024, 1024]);
    expect(totals.people).toEqual({ enrolled: 2048, mailed: 2048 });
    expect(totals.collisions.twoAtOnce.people).toBe(0);
    expect(workflows.map((one) => one.enrollments.persons.at(-1))).toEqual([1023, 2047]);
    expect(totals).toEqual(replayProgramme(short, programme, { path: 'transition' }).totals);
  });
  it('leave room for the last enrollment of them all', () => {
    // 205 people at five runs are one more than the columns have room for to begin with.
    const given = Array.from({ length: 205 }, (_, i) => at(0, 'Add', {}, `p${i}`));
    const short = buildHistory(given, [], { observedUntil: 5 * DAY });
    const w = workflow({ type: 'schedule', cron: '30 6 * * *' }, { exit: { on: [], afterMs: MIN } });
    const { enrollments } = replayWorkflow(short, w);
    expect(enrollments.n).toBe(1025);
    for (const column of [enrollments.persons, enrollments.triggerTimes, enrollments.complete]) {
      expect(column).toHaveLength(1025);
    }
    expect(enrollments).toEqual(replayWorkflow(short, w, { path: 'transition' }).enrollments);
  });
  it('skip a step in both arms, counted together', () => {
    const never = {
      is: 'count',
      match: match('Look'),
      op: '>',
      value: 0,
      inLastMs: null,
      sinceTrigger: false,
    } as const;
    const w = workflow(
      { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null },
      { holdout: { fraction: 0.5, salt: 's' }, sequence: [step('a', 0, { if: never }), step('b', 0)] },
    );
    const { totals, buckets } = replayWorkflow(history, w);
    expect(totals.steps.map(({ skipped, sent, ghost }) => [skipped['if'] ?? 0, sent + ghost])).toEqual([
      [N, 0],
      [0, N],
    ]);
    expect(buckets).toEqual(replayWorkflow(history, w, { path: 'transition' }).buckets);
  });
  it('report how far they are, and stop where asked', () => {
    const w = workflow(inaction());
    for (const path of ['auto', 'transition'] as const) {
      const seen: number[] = [];
      const controller = new AbortController();
      const onProgress = (done: number, total: number) => {
        expect(total).toBe(N);
        seen.push(done);
        if (done === 2 * BATCH) controller.abort(new Error('enough'));
      };
      replayWorkflow(history, w, { path, onProgress });
      expect([...new Set(seen.splice(0))]).toEqual([0, BATCH, 2 * BATCH, N]);
      expect(controller.signal.aborted).toBe(true);
      const { signal } = controller;
      expect(() => replayWorkflow(history, w, { path, signal })).toThrow('enough');
    }
  });
  it('are looked at more often where each has many rows', () => {
    const heavy = Array.from({ length: 300 * 1000 }, (_, i) => at(i % 1000, 'Add', {}, `h${Math.floor(i / 1000)}`));
    const busy = buildHistory(heavy, [], { observedUntil: 2 * DAY });
    const w = workflow(inaction());
    for (const path of ['auto', 'transition'] as const) {
      const seen: number[] = [];
      const { totals } = replayWorkflow(busy, w, { path, onProgress: (done) => seen.push(done) });
      expect(totals.candidates).toBe(300);
      const steps = [...new Set(seen)].map((done, i, all) => done - (all[i - 1] ?? 0));
      expect(Math.max(...steps)).toBeLessThanOrEqual(65);
      expect(seen.at(-1)).toBe(300);
    }
  });
});
