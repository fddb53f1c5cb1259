// A measurement in place of an assumption: the arms of an own holdout update the assumed effect at the wait that was
// tested, and what is left of the assumption is said.

import { count, percent, UserError } from '../base/index.ts';
import { curveMoments } from './curve.ts';
import { posteriorLevel, TRANSPORT_SD } from './odds.ts';
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
  const prior = assumed.curveKind === 'absolute' ? curveMoments(assumed.curve, assumed.level, waitMs) : assumed.level;
  const level = posteriorLevel(prior, holdout.treated, holdout.control, holdout.changed ? TRANSPORT_SD : 0);
  const { treated, control } = holdout;
  const left =
    level.priorWeight === null
      ? 'few conversions, so their likelihood was used itself'
      : `the assumption still weighs ${percent(level.priorWeight)}`;
  return {
    ...assumed,
    level,
    curveKind: 'anchored',
    assumptions: [
      {
        name: 'level',
        value: levelText(level),
        kind: 'measured',
        grade: 1,
        source: `own holdout: ${count(treated.x)} of ${count(treated.n)} mailed, ${count(control.x)} of ${count(control.n)} held out; ${left}`,
        year: null,
      },
      ...assumed.assumptions.filter(({ name }) => name !== 'level' && name !== 'curve'),
    ],
  };
}
