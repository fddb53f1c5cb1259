// How good the projection was, once real results are in: the workflow went live at the split, its emails are in the
// history, and its holdout shows what they did. The projection is made anew from what was known at the split.

import type { History } from '../events/index.ts';
import { checkResponse, type Projection, type ProjectionScore, project, scoreProjection } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { type BesideHoldout, besideHoldout, type SecondaryFigure, secondaryFigures } from '../value/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { BacktestOptions } from './backtest.ts';
import { isMisfit, liveSince, type Measured, measureArms, ownMailShare, SHORT_HORIZON_MS } from './measured.ts';
import { historyUntil } from './until.ts';

export interface TrackRecord {
  /** Of each arm, the share that got an email of the workflow itself within the goal window. */
  readonly mailed: { readonly treated: number; readonly holdout: number };
  readonly measured: Measured;
  /** What the emails added, in conversions and money, and apart from it what an email tool credits to them. */
  readonly value: BesideHoldout | null;
  /** Secondary goals by arm, of first entries since the split. */
  readonly secondary: readonly SecondaryFigure[];
  /** Null where the projection gave no single figure. */
  readonly score: ProjectionScore | null;
  readonly reason: string | null;
}

/** The assignment was in force where most of one arm and next to nobody of the other got the emails. */
const LEAST_TREATED = 0.3;
const MOST_HELD_OUT = 0.02;
const DRAWS = 1000;

/** Since when the workflow's own emails go out by arm, ms; null where none do, or only to one arm's few. */
export function liveByArm(history: History, workflow: Workflow, columns: EnrollmentColumns): number | null {
  const since = liveSince(history, workflow);
  return since === null || !isByArm(ownMailShare(history, workflow, columns, since)) ? null : since;
}

function isByArm(mailed: ReturnType<typeof ownMailShare>): mailed is NonNullable<typeof mailed> {
  return mailed !== null && mailed.treated >= LEAST_TREATED && mailed.holdout <= MOST_HELD_OUT;
}

/** @returns null where the workflow has no holdout, or its emails do not follow the split by arm */
export function trackRecordOf(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  split: number,
  options: Pick<BacktestOptions, 'response' | 'seed'>,
): TrackRecord | null {
  const mailed = ownMailShare(history, workflow, columns, split);
  if (!isByArm(mailed)) return null;
  const goalMs = workflow.goal.withinMs;
  const horizons = goalMs > SHORT_HORIZON_MS ? [SHORT_HORIZON_MS] : [];
  const measured = measureArms(history, workflow, columns, { from: split, until: history.observedUntil, horizons });
  if (measured === null) return null;
  const response = options.response ?? checkResponse(null).response;
  if (response === null) return null;
  const projection: Projection = project(historyUntil(history, split), workflow, response, {
    seed: options.seed ?? 1,
    draws: DRAWS,
  });
  const withheld = isMisfit(measured);
  const score = withheld ? null : scoreProjection(projection, measured.goal.treated, measured.goal.holdout);
  const reason = withheld
    ? 'The sizes of the arms do not fit the planned split.'
    : score === null
      ? (projection.incremental.reason ?? 'The projection gives no single figure.')
      : null;
  const seed = options.seed ?? 1;
  const value = withheld ? null : besideHoldout(history, workflow, columns, { from: split });
  const secondary = secondaryFigures(history, workflow, columns, { seed, from: split }).map((figure) =>
    withheld && figure.difference !== undefined
      ? { ...figure, difference: null, differenceReason: reason ?? '' }
      : figure,
  );
  return { mailed, measured, value, secondary, score, reason };
}
