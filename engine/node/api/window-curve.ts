// What each rung of the ladder would have done, on one cohort with one horizon, so that a dragged handle only reads.
//
// The horizon is the goal window after the largest window of interest: the longest rung that is no longer than the goal
// window and that the history can still judge, never less than the window as it stands. It does not move while the
// window moves within that range, so neither do the counts.

import type { WindowCurveAnswer } from '../../api/index.ts';
import { MINUTE_MS } from '../../base/index.ts';
import { cohortOf, historyNeed, RUNGS_MS, subjectOf, windowCounts } from '../../calibrate/index.ts';
import { type History, observationStart } from '../../events/index.ts';
import type { Workflow } from '../../workflow/index.ts';

type Curve = Pick<WindowCurveAnswer, 'horizon' | 'clock' | 'episodes' | 'never' | 'rungs'> & {
  readonly notes: readonly string[];
};

/**
 * @param look called between parts of the work; may throw
 * @throws UserError `NOT_CALIBRATABLE` for triggers without an anchor
 */
export function windowCurve(history: History, workflow: Workflow, look: () => void = () => {}): Curve {
  const subject = subjectOf(workflow);
  const horizon = curveHorizon(history, workflow);
  look();
  const cohort = cohortOf(history, workflow, horizon);
  const windows = [...new Set([...RUNGS_MS.filter((rung) => rung <= horizon), subject.windowMs])]
    .filter((window) => window > 0)
    .sort((a, b) => a - b);
  const counts = windowCounts(cohort.durations, cohort.episodes, windows);
  return {
    horizon,
    clock: cohort.clock,
    episodes: cohort.episodes,
    never: cohort.episodes - cohort.durations.length,
    rungs: counts.map(({ windowMs, fired, organic }) => ({ window: windowMs, fired, wouldConvertAnyway: organic })),
    notes:
      cohort.episodes === 0 ? [...cohort.notes, needOf(history, workflow, horizon).reason ?? NOT_MATURE] : cohort.notes,
  };
}

const NOT_MATURE = 'No episode is mature: none began early enough to be watched for the whole horizon.';

function curveHorizon(history: History, workflow: Workflow): number {
  const { windowMs } = subjectOf(workflow);
  const goal = workflow.goal.withinMs;
  const longest = needOf(history, workflow, 2 * goal).largestHorizonMs ?? 0;
  const ofInterest = RUNGS_MS.findLast((rung) => rung <= goal && rung + goal <= longest) ?? 0;
  return Math.max(windowMs, ofInterest, MINUTE_MS) + goal;
}

function needOf(history: History, workflow: Workflow, horizonMs: number) {
  const { kind, rearm } = subjectOf(workflow);
  const start = observationStart(history);
  return historyNeed({
    heldMs: start === null ? 0 : Math.max(0, history.observedUntil - start),
    horizonMs,
    rearm,
    washIn: history.observedFrom !== null && kind !== 'absence',
  });
}
