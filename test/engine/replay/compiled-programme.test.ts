import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { isCompilable } from '../../../engine/replay/compiled.ts';
import { isJointlyCompilable } from '../../../engine/replay/compiled-programme.ts';
import { planOf, replayProgramme, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, type Rows, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, workflow } from '../../helpers/workflow.ts';

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
