import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { isCompilable } from '../../../engine/replay/compiled.ts';
import { isJointlyCompilable } from '../../../engine/replay/compiled-programme.ts';
import { planOf, replayProgramme, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Condition, Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, type Rows, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, sum, suppression, workflow } from '../../helpers/workflow.ts';

const joint = (id: string) => workflows(anyTrigger, id).filter((one) => isJointlyCompilable(planOf(one)));
const programmes = fc.tuple(joint('w'), joint('other'), joint('third'));
/** Emails of these need no turns of their own, those of `programmes` mostly do. */
const plain = (id: string) => workflows(anyTrigger, id).map((one) => plainly(one));
const plainProgrammes = fc.tuple(plain('w'), plain('other'), plain('third'));

function plainly(one: Workflow): Workflow {
  const sequence = one.sequence.flatMap((item) => (item.kind === 'step' ? [{ ...item, if: null }] : []));
  return { ...one, gates: null, sequence: sequence.length > 0 ? sequence : [step('s0', 0)] };
}

function same(given: Rows, programme: readonly Workflow[], observedUntil: number): void {
  const history = buildHistory(given.events, given.changes, { observedUntil });
  const fast = replayProgramme(history, programme);
  const defined = replayProgramme(history, programme, { path: 'transition' });
  expect(fast.totals).toEqual(defined.totals);
  for (const [w, one] of fast.workflows.entries()) {
    expect(one.totals).toEqual(defined.workflows[w]?.totals);
    expect(one.enrollments).toEqual(defined.workflows[w]?.enrollments);
  }
  const text = (tally: unknown) => JSON.stringify(tally);
  const differing = fast.buckets.findIndex((tally, i) => text(tally) !== text(defined.buckets[i]));
  if (differing >= 0) expect(fast.buckets[differing]).toEqual(defined.buckets[differing]);
}

describe('the fast path of workflows together', () => {
  it('gives what the transition gives, for each, for the people and for their collisions', () => {
    fc.assert(fc.property(rows, programmes, untilMs, same), { numRuns: 150 });
  });
  it('also where no email needs a turn', () => {
    fc.assert(fc.property(rows, plainProgrammes, untilMs, same), { numRuns: 150 });
  });
  it('also in the midst of the events', () => {
    const midst = fc.integer({ min: 0, max: 120 }).map((minute) => minute * MIN);
    fc.assert(fc.property(rows, fc.oneof(programmes, plainProgrammes), midst, same), { numRuns: 80 });
  });
  it('also of more workflows than it tells apart', () => {
    const many = Array.from({ length: 34 }, (_, w) =>
      workflow(inaction({ withinMs: (w + 1) * MIN }), { id: `w${String(w).padStart(2, '0')}` }),
    );
    fc.assert(fc.property(rows, fc.constantFrom(many.slice(0, 32), many), untilMs, same), { numRuns: 6 });
  });
  it('also for one workflow alone that the path of one does not take', () => {
    const alone = joint('w').filter((one) => !isCompilable(planOf(one)));
    fc.assert(
      fc.property(rows, alone, untilMs, (given, one, observedUntil) => {
        const history = buildHistory(given.events, given.changes, { observedUntil });
        const fast = replayWorkflow(history, one);
        const defined = replayWorkflow(history, one, { path: 'transition' });
        expect(fast.totals).toEqual(defined.totals);
        expect(fast.enrollments).toEqual(defined.enrollments);
      }),
      { numRuns: 200 },
    );
  });
  it('is exercised by these histories: people collide in each way', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(rows, plainProgrammes, untilMs, (given, programme, observedUntil) => {
        const { totals } = replayProgramme(buildHistory(given.events, given.changes, { observedUntil }), programme);
        for (const [kind, { people }] of Object.entries(totals.collisions)) if (people > 0) seen.add(kind);
        for (const [key, n] of Object.entries(totals.suppressed)) if (n > 0) seen.add(key);
      }),
      { numRuns: 200, seed: 1 },
    );
    for (const kind of ['threeInADay', 'afterPurchase', 'twoAtOnce', 'r0', 'globalHoldout'])
      expect(seen).toContain(kind);
  });
});

// By hand: at one instant the workflows take turns in their order, so a later one sees what an earlier one sends and an
// earlier one does not see what a later one sends.
describe('at one instant', () => {
  const exit = { on: [], afterMs: DAY };
  const noMore = { id: 'mailed', sent: { workflow: '*', withinMs: HOUR, history: false }, where: [], if: null };
  const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
  const history = buildHistory([at(0, 'Add', {}, 'a'), at(60, 'Look', {}, 'a')], [], { observedUntil: 2 * DAY });
  const suppressed = (programme: readonly Workflow[]) =>
    replayProgramme(history, programme).workflows.map(({ totals }) => totals.suppressed['mailed'] ?? 0);
  const first = workflow(onAdd, { id: 'first', exit, sequence: [step('now', 0)] });

  it('the later workflow sees the email of the earlier one', () => {
    const second = workflow(onAdd, { id: 'second', exit, sequence: [step('now', 0)], suppress: [noMore] });
    expect(suppressed([first, second])).toEqual([0, 1]);
    expect(suppressed([second, first])).toEqual([0, 0]);
  });
  it('an email of an hour later is seen by whoever has a turn behind it', () => {
    const later = workflow(onAdd, { id: 'later', exit, sequence: [step('then', HOUR)] });
    const late = workflow(inaction({ after: match('Add'), without: match('Buy'), withinMs: HOUR }), {
      id: 'late',
      exit,
      suppress: [noMore],
    });
    expect(suppressed([later, late])).toEqual([0, 1]);
    expect(suppressed([late, later])).toEqual([0, 0]);
  });
  it('a cap lets the earlier one send, though the later one was enrolled before', () => {
    const cap = [{ n: 1, withinMs: DAY, scope: 'programme' as const, history: false }];
    const gates = { unsubscribed: null, cap, quiet: null, sendTime: null };
    const onLook = { ...onAdd, match: match('Look') };
    const atOnce = workflow(onLook, { id: 'at-once', exit, gates, sequence: [step('now', 0)] });
    const waiting = workflow(onAdd, { id: 'waiting', exit, gates, sequence: [step('then', HOUR)] });
    const sent = (programme: readonly Workflow[]) =>
      replayProgramme(history, programme).totals.steps.map(({ id, sent: n }) => `${id} ${n}`);
    expect(sent([atOnce, waiting])).toEqual(['now 1', 'then 0']);
    expect(sent([waiting, atOnce])).toEqual(['then 1', 'now 0']);
  });
});

// By hand, and as the transition has it: what the rules of workflows together ask of the past.
describe('rules of workflows together', () => {
  const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
  const onLook = { ...onAdd, match: match('Look') };
  const exit = { on: [], afterMs: MIN };
  const open = { unsubscribed: null, quiet: null, sendTime: null };
  const recent = (workflow: string, history = false) =>
    suppression('recent', { sent: { workflow, withinMs: HOUR, history } });

  function both(events: readonly EventRow[], programme: readonly Workflow[]) {
    const history = buildHistory(events, [], { observedUntil: 2 * DAY });
    const fast = replayProgramme(history, programme);
    const defined = replayProgramme(history, programme, { path: 'transition' });
    expect(programme.every((one) => isJointlyCompilable(planOf(one)))).toBe(true);
    expect(fast.totals).toEqual(defined.totals);
    return fast.totals;
  }

  it('count emails of the history under a cap, where asked', () => {
    const mailed = [at(0, 'Email Sent'), at(1, 'Email Sent', { workflow: 'other' }), at(90, 'Add')];
    const capped = (n: number, parts: { history?: boolean; scope?: 'workflow'; withinMs?: number } = {}) => {
      const cap = [{ n, withinMs: DAY, scope: 'programme' as const, history: true, ...parts }];
      const [one] = both(mailed, [workflow(onAdd, { exit, gates: { ...open, cap } })]).steps;
      return one?.skipped['cap'] ?? 0;
    };
    expect([1, 2, 3].map((n) => capped(n))).toEqual([1, 1, 0]);
    expect(capped(1, { history: false })).toBe(0);
    // One names no workflow and counts for each; the other is another's.
    expect([1, 2].map((n) => capped(n, { scope: 'workflow' }))).toEqual([1, 0]);
    expect([89, 90].map((m) => capped(1, { withinMs: m * MIN }))).toEqual([0, 1]);
    // Ours count beside those of the history: the second of ours is the third of all.
    const cap = [{ n: 3, withinMs: DAY, scope: 'programme' as const, history: true }];
    const twice = both([...mailed, at(95, 'Add')], [workflow(onAdd, { exit, gates: { ...open, cap } })]);
    expect(twice.steps[0]).toMatchObject({ sent: 1, skipped: { cap: 1 } });
  });

  it('count and add up events, each candidate by itself', () => {
    const counted = (op: '>=' | '<', value: number): Condition => ({
      is: 'count',
      match: match('Look'),
      op,
      value,
      inLastMs: null,
      sinceTrigger: false,
    });
    const events = [
      at(0, 'Add'),
      at(5, 'Look', 40),
      at(10, 'Add'),
      at(15, 'Look', 60),
      at(20, 'Add'),
      at(25, 'Look', 9),
    ];
    const stopped = (condition: Condition) =>
      both(events, [workflow(onAdd, { exit, suppress: [suppression('r', { if: condition })] })]).suppressed['r'];
    expect([counted('>=', 1), counted('>=', 2), counted('<', 1)].map(stopped)).toEqual([2, 1, 1]);
    expect([sum('Look', '>=', 40, null), sum('Look', '>=', 100, null)].map(stopped)).toEqual([2, 1]);
    // What comes after the candidate counts for nothing, also where the sum is exactly the limit.
    expect(stopped(sum('Look', '<=', 100, null))).toBe(3);
  });

  it('see the own email of this very instant, sent before the candidate', () => {
    // The enrollment of 0 ends at 60, after its email of then; the candidate of 60 comes behind it.
    const w = (workflows: string) =>
      workflow(onAdd, {
        id: 'own',
        exit: { on: [], afterMs: HOUR },
        sequence: [step('late', HOUR)],
        suppress: [suppression('recent', { sent: { workflow: workflows, withinMs: 30 * MIN, history: false } })],
      });
    const events = [at(0, 'Add'), at(60, 'Add'), at(61, 'Look')];
    const other = workflow(onLook, { id: 'other', exit });
    for (const asked of ['own', '*']) expect(both(events, [w(asked), other]).suppressed['recent'], asked).toBe(1);
    expect(both(events, [w('other'), other]).suppressed['recent']).toBe(0);
  });

  it('see the email of another whose steps ask, and of the history where asked', () => {
    const looked: Condition = {
      is: 'count',
      match: match('Look'),
      op: '>=',
      value: 1,
      inLastMs: null,
      sinceTrigger: false,
    };
    const asks = workflow(onAdd, { id: 'asks', exit, sequence: [step('one', 0, { if: looked })] });
    const waits = (asked: string, history = false) =>
      workflow(onLook, { id: 'waits', exit, suppress: [recent(asked, history)] });
    // Its own email of 0 is out of the way at 80, that of 70 is not.
    const events = [at(0, 'Look'), at(70, 'Add'), at(80, 'Look')];
    const stopped = (one: Workflow) => both(events, [asks, one]).suppressed['recent'];
    expect([waits('*'), waits('asks'), waits('waits')].map(stopped)).toEqual([1, 1, 0]);
    expect(stopped(waits('*', true))).toBe(1);
  });
});

describe('a person with very many emails', () => {
  it.each([
    ['that need turns of their own', { cap: [{ n: 100, withinMs: 60 * DAY, scope: 'programme', history: false }] }],
    ['that need none', null],
  ] as const)('%s is counted as by the transition', (_, gates) => {
    const events = Array.from({ length: 400 }, (_, i) =>
      at(i * 17, ['Add', 'Look', 'Buy'][(i * 7) % 3] as string, i, 'a'),
    );
    const history = buildHistory(events, [], { observedUntil: 40 * DAY });
    const onEvent = (name: string, id: string) =>
      workflow(
        { type: 'behavior', match: match(name), count: 1, withinMs: null, calendar: null },
        {
          id,
          exit: { on: [], afterMs: HOUR },
          gates: gates === null ? null : { unsubscribed: null, quiet: null, sendTime: null, ...gates },
          sequence: [step('a', 0), step('b', 10 * MIN), step('c', 30 * MIN)],
        },
      );
    const programme = [onEvent('Add', 'one'), onEvent('Look', 'two')];
    const fast = replayProgramme(history, programme);
    const defined = replayProgramme(history, programme, { path: 'transition' });
    expect(fast.totals).toEqual(defined.totals);
    expect(fast.buckets).toEqual(defined.buckets);
    expect(fast.totals.steps.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(90);
  });
});
