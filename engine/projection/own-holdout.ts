// A measurement in place of an assumption: the arms of an own holdout update the assumed effect at the wait that was
// tested, and what is left of the assumption is said.

import { count, percent, UserError } from '../base/index.ts';
import { curveMoments, type ObservedEffect } from './curve.ts';
import { type Normal, type OddsPosterior, posteriorLevel, TRANSPORT_SD } from './odds.ts';
import { armsOf, logOddsRatioMoments, pHarmOf } from './own-arms.ts';
import { levelText, type OwnHoldout, type ResolvedResponse } from './response.ts';

/**
 * The effect at the workflow's own wait after the holdout; the curve no longer matters there.
 * @param waitMs from anchor to first email
 * @throws UserError `DIRECT_WITH_HOLDOUT`: arms tell the net effect only, never causing and preventing apart
 */
export function afterHoldout(assumed: ResolvedResponse, holdout: OwnHoldout, waitMs: number): ResolvedResponse {
  if (assumed.mode === 'direct') {
    throw new UserError(
      'DIRECT_WITH_HOLDOUT',
      'A holdout tells the net effect of the sequence only, not what each step causes and prevents: use a response file with mode "net".',
    );
  }
  if (holdout.only === true) return holdoutAlone(assumed, holdout);
  const level = levelAfter(assumed, holdout, waitMs);
  const left =
    level.priorWeight === null
      ? 'few conversions, so their likelihood was used itself'
      : `the assumption still weighs ${percent(level.priorWeight)}`;
  return {
    ...assumed,
    level,
    curveKind: 'anchored',
    measuredShare: measuredShare(priorAt(assumed, waitMs), level),
    assumptions: [
      {
        name: 'level',
        value: levelText(level),
        kind: 'measured',
        grade: 1,
        source: `own holdout: ${countsOf(holdout)}; ${left}`,
        year: null,
      },
      ...assumed.assumptions.filter(({ name }) => name !== 'level' && name !== 'curve'),
    ],
  };
}

/** Nothing assumed of the effect: the arms alone, each with a flat prior. */
function holdoutAlone(assumed: ResolvedResponse, holdout: OwnHoldout): ResolvedResponse {
  const arms = armsOf(holdout);
  const level = logOddsRatioMoments(arms);
  return {
    ...assumed,
    level,
    arms,
    curveKind: 'anchored',
    measuredShare: 1,
    assumptions: [
      {
        name: 'level',
        value: levelText(level),
        kind: 'measured',
        grade: 1,
        source: `own holdout alone: ${countsOf(holdout)}; nothing is assumed of the effect. In the test itself the chance that the emails cost conversions is ${percent(pHarmOf(arms))}`,
        year: null,
      },
      ...assumed.assumptions.filter(({ name }) => name !== 'level' && name !== 'curve'),
    ],
  };
}

function countsOf({ treated, control }: OwnHoldout): string {
  return `${count(treated.x)} of ${count(treated.n)} mailed, ${count(control.x)} of ${count(control.n)} held out`;
}

/**
 * The holdout as one observation of the effect at the wait that was tested, for a curve over all waits. It is what takes
 * the assumption there to the level after the holdout, so that small cells count by their likelihood here too.
 * @returns null where the effect is the same at every wait, or the arms add nothing to what is assumed
 */
export function observedOf(assumed: ResolvedResponse, holdout: OwnHoldout, waitMs: number): ObservedEffect | null {
  if (assumed.curveKind !== 'absolute' || holdout.only === true) return null;
  const prior = curveMoments(assumed.curve, assumed.level, waitMs);
  const after = levelAfter(assumed, holdout, waitMs);
  const precision = 1 / after.sd ** 2 - 1 / prior.sd ** 2;
  if (!(precision > 0) || prior.sd === 0) return null;
  const logOddsRatio = (after.mean / after.sd ** 2 - prior.mean / prior.sd ** 2) / precision;
  return { waitMs, logOddsRatio, se: Math.sqrt(1 / precision) };
}

function levelAfter(assumed: ResolvedResponse, holdout: OwnHoldout, waitMs: number): OddsPosterior {
  return posteriorLevel(priorAt(assumed, waitMs), holdout.treated, holdout.control, holdout.changed ? TRANSPORT_SD : 0);
}

/** The effect assumed at a wait. */
function priorAt({ curve, curveKind, level }: ResolvedResponse, waitMs: number): Normal {
  return curveKind === 'absolute' ? curveMoments(curve, level, waitMs) : level;
}

/** Share of the precision after the holdout that the assumption did not bring; 0 where it was certain. */
function measuredShare(prior: Normal, after: OddsPosterior): number {
  if (prior.sd === 0) return 0;
  return Math.min(1, Math.max(0, 1 - (after.sd / prior.sd) ** 2));
}
