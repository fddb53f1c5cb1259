// The two arms as one split bar, and the share that is to be held out as a handle on it: the ledger follows the hand, and
// letting go edits the file. The bar shows what the hash gave, the handle what was planned.

import { useRef } from 'react';
import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { exactPercent, percent } from '../../../engine/base/index.ts';
import { Absent } from '../../ui/figures.tsx';
import { useGrip } from '../../ui/handle.tsx';
import { CountLink } from '../people/count-link.tsx';
import type { PeopleFilter } from '../people/people-link.ts';

/** The share held out under the hand. */
export interface ShareHand {
  readonly isMoving: boolean;
  /** @param share 0 … 0.5 */
  readonly onMove: (share: number) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
}

export interface ArmsProps {
  readonly replay: ReplayAnswer;
  /** The share to be held out, 0 … 1; that under the hand while it moves. */
  readonly planned: number;
  /** Null where nothing can be edited just now. */
  readonly hand: ShareHand | null;
  readonly isReached: boolean;
}

const MOST = 0.5;

export function Arms({ replay, planned, hand, isReached }: ArmsProps) {
  const { treated, holdout } = replay.enrolled;
  const all = treated + holdout;
  if (all === 0) return <Absent>nobody</Absent>;
  return (
    <span className="arms">
      <span className="arms-track">
        <span className="arms-bar" aria-hidden="true">
          <span className="arm-treated" style={{ flexGrow: treated }} />
          {holdout > 0 && <span className="arm-holdout" style={{ flexGrow: holdout }} />}
        </span>
        {hand !== null && planned <= MOST && <ArmHandle {...{ planned, hand, isReached }} />}
      </span>
      <span className="arms-words">
        <span>
          <b>
            <CountLink n={treated} filter={enrolled('treated')} isReached={isReached} />
          </b>{' '}
          treated, {percent(treated / all)}
        </span>
        <span>
          {planned === 0 ? (
            'nobody is held out'
          ) : (
            <>
              <b>
                <CountLink n={holdout} filter={enrolled('holdout')} isReached={isReached} />
              </b>{' '}
              held out, {percent(holdout / all)} (planned {percent(planned, 0)})
            </>
          )}
        </span>
      </span>
    </span>
  );
}

function ArmHandle({ planned, hand, isReached }: { planned: number; hand: ShareHand; isReached: boolean }) {
  const own = useRef<HTMLSpanElement>(null);
  const width = () => own.current?.parentElement?.clientWidth ?? 1;
  const grip = useGrip({
    x: () => (1 - planned) * width(),
    onMoveTo: (x) => hand.onMove(shareOf(1 - x / width())),
    onStep: (steps) => {
      hand.onMove(shareOf(planned - steps / 100));
      return true;
    },
    onRelease: hand.onRelease,
    onCancel: hand.onCancel,
  });
  return (
    <span
      ref={own}
      className={hand.isMoving ? 'arm-handle moving' : 'arm-handle'}
      style={{ left: `${(1 - planned) * 100}%` }}
      role="slider"
      tabIndex={isReached ? 0 : -1}
      aria-label="Split of the arms"
      aria-valuemin={(1 - MOST) * 100}
      aria-valuemax={100}
      aria-valuenow={Math.round((1 - planned) * 100)}
      aria-valuetext={`${exactPercent(1 - planned)} treated, ${planned === 0 ? 'nobody' : exactPercent(planned)} held out`}
      {...grip}
    />
  );
}

/** In whole percents. */
function shareOf(share: number): number {
  return Math.round(Math.min(MOST, Math.max(0, share)) * 100) / 100;
}

function enrolled(arm: 'treated' | 'holdout'): PeopleFilter {
  return { kind: 'enrolled', step: null, reason: arm };
}
