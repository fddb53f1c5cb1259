// One history replayed twice, the workflow as designed and as Klaviyo would run it, side by side.

import { asKlaviyo, compareRuns, type Difference, lastDueMs, type RunComparison, RunCounter } from '../../esp/index.ts';
import type { History } from '../../events/index.ts';
import { replayIssues, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';

export interface BothRuns extends RunComparison {
  /** Differences that the second replay shows, and those it cannot. */
  readonly replayed: readonly Difference[];
  readonly notReplayed: readonly (Difference & { readonly reason: string })[];
}

/** @returns null where either form cannot be replayed */
export function bothRuns(history: History, workflow: Workflow): BothRuns | null {
  const { workflow: vendor, replayed, notReplayed } = asKlaviyo(workflow);
  if (vendor === null || replayIssues(workflow).length > 0 || replayIssues(vendor).length > 0) return null;
  const [designed, there] = [workflow, vendor].map((one) => {
    const counter = new RunCounter();
    replayWorkflow(history, one, { enrollments: 'none', onDecision: counter.add });
    return counter;
  }) as [RunCounter, RunCounter];
  const lengthMs = Math.max(workflow.goal.withinMs, lastDueMs(workflow));
  return { ...compareRuns(designed, there, lengthMs), replayed, notReplayed };
}
