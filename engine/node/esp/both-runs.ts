// One history replayed twice, the workflow as designed and as Klaviyo would run it, side by side; and a third time, the
// flow that is there now.

import {
  asKlaviyo,
  compareRuns,
  type Difference,
  lastDueMs,
  type RunComparison,
  RunCounter,
  type RunFigures,
  type StandingFlow,
} from '../../esp/index.ts';
import type { History } from '../../events/index.ts';
import { replayIssues, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';

export interface BothRuns extends RunComparison {
  /** Differences that the second replay shows, and those it cannot. */
  readonly replayed: readonly Difference[];
  readonly notReplayed: readonly (Difference & { readonly reason: string })[];
  /** The flow that is there now, on the same history; null where there is none. */
  readonly now: FlowNow | null;
}

export interface FlowNow {
  readonly name: string;
  readonly status: string;
  /** Null where `reason` says why it is not replayed. */
  readonly figures: RunFigures | null;
  readonly reason: string | null;
}

/** @returns null where either form cannot be replayed */
export function bothRuns(history: History, workflow: Workflow, standing: StandingFlow | null = null): BothRuns | null {
  const { workflow: vendor, replayed, notReplayed } = asKlaviyo(workflow);
  if (vendor === null || replayIssues(workflow).length > 0 || replayIssues(vendor).length > 0) return null;
  const [designed, there] = [run(history, workflow), run(history, vendor)];
  const lengthMs = Math.max(workflow.goal.withinMs, lastDueMs(workflow));
  const now = standing === null ? null : flowNow(history, standing);
  return { ...compareRuns(designed, there, lengthMs), replayed, notReplayed, now };
}

function run(history: History, workflow: Workflow): RunCounter {
  const counter = new RunCounter();
  replayWorkflow(history, workflow, { enrollments: 'none', onDecision: counter.add });
  return counter;
}

function flowNow(history: History, { name, status, workflow, reason }: StandingFlow): FlowNow {
  const none = (words: string): FlowNow => ({ name, status, figures: null, reason: words });
  if (workflow === null) return none(reason ?? 'It has no words here.');
  const { workflow: vendor } = asKlaviyo(workflow);
  const issue = vendor === null ? undefined : replayIssues(vendor)[0];
  if (vendor === null || issue !== undefined)
    return none(issue?.message ?? 'It cannot be replayed as Klaviyo runs it.');
  return { name, status, figures: run(history, vendor).figures(), reason: null };
}
