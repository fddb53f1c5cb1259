// Baseline and traffic of a workflow, for planning a holdout: first entries only, because a test counts each person once.

import type { TrafficAnswer } from '../../api.ts';
import { WEEK_MS } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';

type Traffic = Pick<TrafficAnswer, 'baseline' | 'reason' | 'firstEntriesPerWeek' | 'goalWindowMs'>;

/** Without emails in the history both arms show what happens anyway, so both count. */
export function trafficOf(history: History, workflow: Workflow, signal?: AbortSignal): Traffic {
  const { enrollments } = replayWorkflow(history, workflow, signal === undefined ? {} : { signal });
  const goalWindowMs = workflow.goal.withinMs;
  let first = Number.POSITIVE_INFINITY;
  let entries = 0;
  let complete = 0;
  let converted = 0;
  for (let i = 0; i < enrollments.n; i++) {
    if (enrollments.repeats[i] === 1) continue;
    entries++;
    first = Math.min(first, enrollments.triggerTimes[i] as number);
    if (enrollments.complete[i] !== 1) continue;
    complete++;
    if (!Number.isNaN(enrollments.goalTimes[i])) converted++;
  }
  const weeks = (history.observedUntil - first) / WEEK_MS;
  const firstEntriesPerWeek = entries > 0 && weeks >= 1 ? entries / weeks : null;
  if (complete > 0) return { baseline: converted / complete, firstEntriesPerWeek, goalWindowMs };
  const reason = entries === 0 ? 'nobody enrolls' : 'no goal window of an enrollment is over by the end of the history';
  return { baseline: null, reason, firstEntriesPerWeek, goalWindowMs };
}
