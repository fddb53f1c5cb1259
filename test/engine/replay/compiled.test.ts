import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { isCompilable } from '../../../engine/replay/compiled.ts';
import { type Decision, planOf, replayWorkflow } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, type Rows, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';
import { MIN } from '../../helpers/workflow.ts';

const anyWorkflow = workflows(anyTrigger);
const compilable = workflows(anyTrigger).filter((workflow) => isCompilable(planOf(workflow)));

function same(given: Rows, workflow: Workflow, observedUntil: number, n = 1): void {
  const history = buildHistory(given.events, given.changes, { observedUntil });
  for (let k = 0; k < n; k++) {
    const buckets = (bucket: number) => bucket % n === k;
    const fast = replayWorkflow(history, workflow, { buckets });
    const defined = replayWorkflow(history, workflow, { buckets, path: 'transition' });
    expect(fast.totals).toEqual(defined.totals);
    expect(fast.enrollments).toEqual(defined.enrollments);
    // As text first: comparing 128 tallies piece by piece takes far longer.
    const text = (tally: unknown) => JSON.stringify(tally);
    const differing = fast.buckets.findIndex((tally, i) => text(tally) !== text(defined.buckets[i]));
    if (differing >= 0) expect(fast.buckets[differing]).toEqual(defined.buckets[differing]);
  }
}

function decisionsOf(given: Rows, workflow: Workflow, observedUntil: number, path: 'auto' | 'transition'): Decision[] {
  const history = buildHistory(given.events, given.changes, { observedUntil });
  const decisions: Decision[] = [];
  replayWorkflow(history, workflow, { path, onDecision: (decision) => decisions.push(decision) });
  return decisions;
}

describe('the fast paths', () => {
  it('gives what the transition gives', () => {
    fc.assert(
      fc.property(rows, compilable, untilMs, (given, workflow, until) => same(given, workflow, until)),
      { numRuns: 1000 },
    );
  });
  it('gives it for every workflow, without the rows that none takes notice of', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, (given, workflow, until) => {
        same(given, workflow, until);
        expect(decisionsOf(given, workflow, until, 'auto')).toEqual(decisionsOf(given, workflow, until, 'transition'));
      }),
      { numRuns: 1000 },
    );
  });
  it('also in the midst of the events, where rows later than observedUntil are not looked at', () => {
    fc.assert(
      fc.property(rows, compilable, fc.integer({ min: 0, max: 120 }), (given, workflow, minute) =>
        same(given, workflow, minute * MIN),
      ),
      { numRuns: 400 },
    );
  });
  it('also in shards', () => {
    fc.assert(fc.property(rows, compilable, untilMs, fc.integer({ min: 2, max: 3 }), same), { numRuns: 150 });
  });
  it('is exercised by these histories: every count occurs', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(rows, compilable, untilMs, (given, workflow, until) => {
        const { totals } = replayWorkflow(
          buildHistory(given.events, given.changes, { observedUntil: until }),
          workflow,
        );
        note('', totals, seen);
      }),
      { numRuns: 500, seed: 1 },
    );
    for (const path of [
      'pending',
      'alreadyEnrolled',
      'suppressed.reentry',
      'suppressed.unreachable',
      'suppressed.audience',
      'suppressed.r1',
      'enrolled.holdout',
      'steps.1.sent',
      'steps.1.ghost',
      'steps.1.skipped.if',
      'steps.1.exitedBefore',
      'steps.1.pending',
      'exits.goal',
      'exits.event',
      'exits.expired',
      'exits.open',
      'goal.treated.converted',
      'goal.holdout.incomplete',
      'goal.treated.value',
    ]) {
      expect(seen).toContain(path);
    }
  });
});

/** The paths of all numbers that are not 0. */
function note(path: string, value: unknown, seen: Set<string>): void {
  if (typeof value === 'number' && value !== 0) seen.add(path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) note(path === '' ? key : `${path}.${key}`, inner, seen);
}
