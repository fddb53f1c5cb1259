// What switching a workflow on at a moment would find and bring, with the defaults that a planner who says little means.

import type { CallOptions, LaunchRequest } from '../../api/index.ts';
import { DAY_MS, instant, UserError } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import { type LaunchPlan, launchPlan } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';

const WEEK_MS = 7 * DAY_MS;

/** @throws UserError `LAUNCH_AFTER_END`, `LAUNCH_BEFORE_START` where the launch is named outside the history */
export function launchOf(
  history: History,
  workflow: Workflow,
  { at, perDay, order, maxAge }: LaunchRequest,
  { signal, onProgress }: CallOptions,
): LaunchPlan {
  const moment = at ?? history.observedUntil - WEEK_MS;
  if (moment > history.observedUntil) {
    throw new UserError(
      'LAUNCH_AFTER_END',
      `${instant(moment)} lies past the end of the history (${instant(history.observedUntil)}): who would be waiting then is not known. Launch at its end or before, or import what came since.`,
    );
  }
  if (at !== null && history.nEvents > 0 && at < history.times.base) {
    throw new UserError(
      'LAUNCH_BEFORE_START',
      `${instant(at)} lies before the history, which begins ${instant(history.times.base)}: nobody can be waiting then. Name a moment within it.`,
    );
  }
  return launchPlan(history, workflow, {
    at: moment,
    perDay,
    order,
    maxAgeMs: maxAge ?? workflow.goal.withinMs,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (done, total) => onProgress({ stage: 'launching', done, total, unit: 'people' }) }),
  });
}
