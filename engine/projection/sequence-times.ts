// When the emails of a workflow would go out, nominally: delays from the trigger and, of a workflow that was replayed, what
// quiet hours and send times add to them on average; waiting for a person's hour lengthens the delay. Where a
// sequence branches, the branch that most people took stands for all. Steps that gates or conditions skip count by the
// share that was sent.

import { UserError } from '../base/index.ts';
import type { ReplayTotals } from '../replay/index.ts';
import type { Incentive, SequenceItem, Step, Workflow } from '../workflow/index.ts';

export interface NominalStep {
  readonly id: string;
  /** From the trigger, in ms. */
  readonly atMs: number;
  readonly incentive: Incentive | null;
  /** Of those due, the share that is sent (or would be, to the holdout): 1 where nothing skips it. */
  readonly sentShare: number;
}

/** In order of time. @throws UserError `NO_STEPS` where it sends nothing */
export function nominalSteps(workflow: Workflow, totals: ReplayTotals | null): NominalStep[] {
  const sent = (id: string) => {
    const step = totals?.steps.find((s) => s.id === id);
    if (step === undefined) return { count: 0, share: 1 };
    const skipped = Object.values(step.skipped).reduce((sum, n) => sum + n, 0) + step.movedPastEnd;
    const count = step.sent + step.ghost;
    return { count, share: count + skipped === 0 ? 1 : count / (count + skipped) };
  };
  const taken = (item: SequenceItem): readonly Step[] => {
    if (item.kind === 'step') return [item];
    const paths = [...item.paths.map((path) => path.steps), item.else];
    const people = (steps: readonly Step[]) => (steps[0] === undefined ? -1 : sent(steps[0].id).count);
    return paths.reduce((best, steps) => (people(steps) > people(best) ? steps : best));
  };
  const putOffMs = (id: string) => {
    const step = totals?.steps.find((s) => s.id === id);
    if (step === undefined || step.due === 0) return 0;
    return Math.round(((step.moved.meanDelayMs ?? 0) * step.moved.count) / step.due);
  };
  let previous = 0;
  const steps = workflow.sequence.flatMap(taken).map((step) => {
    const atMs = (step.from === 'previous' ? previous : 0) + step.delayMs + putOffMs(step.id);
    previous = atMs;
    return { id: step.id, atMs, incentive: step.incentive, sentShare: sent(step.id).share };
  });
  if (steps.length === 0) {
    const message = `${workflow.id} sends nothing, so there is nothing to project; give it a step.`;
    throw new UserError('NO_STEPS', message);
  }
  return steps.sort((a, b) => a.atMs - b.atMs);
}

/** From anchor to trigger, in ms: the window, for triggers that have one. */
export function windowOf(workflow: Workflow): number {
  const { trigger } = workflow;
  for (const t of trigger.type === 'anyOf' ? trigger.triggers : [trigger]) {
    if (t.type === 'inaction') return t.withinMs;
    if (t.type === 'absence') return t.forMs;
  }
  return 0;
}
