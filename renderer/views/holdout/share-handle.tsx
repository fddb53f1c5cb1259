// The share held out as a handle under both plots: a pill on a track, a line up through the curves, and what they say
// there. It moves in whole percents; letting go sets the plan.

import { exactPercent } from '../../../engine/base/index.ts';
import type { CurvePoint } from '../../../engine/holdout/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import {
  givenWords,
  givenY,
  HOLDOUT_BOX,
  type HoldoutPlanInput,
  shareOfX,
  shareX,
  timeWords,
  weeksY,
} from '../../charts/holdout-plan.ts';
import { Handle } from '../../ui/handle.tsx';
import { together } from '../../ui/words.ts';

export interface ShareHandleProps {
  readonly input: HoldoutPlanInput;
  readonly size: ChartSize;
  readonly point: CurvePoint;
  /** Read after its value. */
  readonly words: string;
  readonly onMove: (share: number) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
}

export function ShareHandle(props: ShareHandleProps) {
  const { input, size, point, words, onMove, onRelease, onCancel } = props;
  const { fraction } = point;
  const x = shareX(fraction, size);
  const upper = point.weeks === null ? null : weeksY(point.weeks, input, size);
  const lower = givenY(point.foregone, input, size);
  const end = size.width - HOLDOUT_BOX.right;
  // Words stand right of the line, left of it where there is no room for them.
  const side = x > end - 130 ? { right: size.width - x + 12 } : { left: x + 12 };
  const track = size.height - HOLDOUT_BOX.bottom + 26;
  return (
    <>
      <div className="share-track" style={{ left: HOLDOUT_BOX.left, width: end - HOLDOUT_BOX.left, top: track }}>
        <div className="share-held" style={{ width: x - HOLDOUT_BOX.left }} />
      </div>
      <span className="share-name" style={{ left: end + 40, top: track - 6 }}>
        held out
      </span>
      {upper !== null && (
        <>
          <span className="share-dot" style={{ left: x, top: upper }} />
          <span className="share-words" style={{ ...side, top: upper - 20 }}>
            {together(`${exactPercent(fraction)}: ${timeWords(point.weeks ?? 0)}`)}
          </span>
        </>
      )}
      <span className="share-dot share-dot-given" style={{ left: x, top: lower }} />
      <span className="share-words" style={{ ...side, top: lower - 20 }}>
        {givenWords(point.foregone, input.terms)}
        {point.foregone < 0 ? '' : ' given up'}
      </span>
      <Handle
        edits
        label="Share held out"
        x={x}
        top={upper ?? HOLDOUT_BOX.top}
        bottom={track + 14}
        min={1}
        max={50}
        now={Math.round(fraction * 100)}
        pill={exactPercent(fraction)}
        text={`${exactPercent(fraction)} held out. ${words}`}
        onMoveTo={(at) => onMove(shareOfX(at, size))}
        onStep={(steps) => {
          onMove(Math.min(50, Math.max(1, Math.round(fraction * 100) + steps)) / 100);
          return true;
        }}
        onRelease={onRelease}
        onCancel={onCancel}
      />
    </>
  );
}
