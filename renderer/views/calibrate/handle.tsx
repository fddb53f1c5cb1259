// The window as a handle over the chart, moved along the rungs of the ladder.

import { humanDuration as duration } from '../../../engine/base/index.ts';
import { nearestRung, roundedTime, type TimeScale, timeOfX, xOfTime } from '../../charts/time-scale.ts';
import { Handle } from '../../ui/handle.tsx';
import { rungAway } from './window-figures.ts';

export interface WindowHandleProps {
  readonly scale: TimeScale;
  /** Of the line, px from the frame's top. */
  readonly top: number;
  readonly bottom: number;
  readonly window: number;
  readonly rungs: readonly number[];
  /** What the window does, read after its value. */
  readonly words: string;
  readonly onMove: (window: number) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
}

export function WindowHandle(props: WindowHandleProps) {
  const { scale, top, bottom, window, rungs, words, onMove, onRelease, onCancel } = props;
  return (
    <Handle
      edits
      label="Window"
      x={xOfTime(scale, window)}
      top={top}
      bottom={bottom}
      min={Math.round((rungs[0] ?? scale.from) / 1_000)}
      max={Math.round((rungs.at(-1) ?? scale.to) / 1_000)}
      now={Math.round(window / 1_000)}
      pill={duration(window)}
      text={`${duration(window)}. ${words}`}
      onMoveTo={(x, isFree) => {
        const ms = timeOfX(scale, x);
        onMove(isFree || rungs.length === 0 ? roundedTime(ms) : nearestRung(rungs, ms));
      }}
      onStep={(steps) => {
        const next = rungOf(rungs, window, steps);
        if (next === undefined) return false;
        onMove(next);
        return true;
      }}
      onRelease={onRelease}
      onCancel={onCancel}
    />
  );
}

function rungOf(rungs: readonly number[], window: number, steps: number): number | undefined {
  if (Number.isFinite(steps)) return rungAway(rungs, window, steps);
  return steps < 0 ? rungs[0] : rungs.at(-1);
}
