// The window as a handle over the chart: a line with a pill, moved by hand or keys along the rungs of the ladder. While
// it moves nothing is edited; letting go means it. It is a slider for those who do not see it.

import { useEffect, useRef } from 'react';
import { humanDuration as duration } from '../../../engine/base/index.ts';
import { nearestRung, roundedTime, type TimeScale, timeOfX, xOfTime } from '../../charts/time-scale.ts';
import { Icon } from '../../ui/icons.tsx';
import { rungAway } from './window-figures.ts';

export interface HandleProps {
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

/** Keys in a row are one intent: it is meant when they pause. */
const KEYS_PAUSE_MS = 500;

export function Handle(props: HandleProps) {
  const { scale, top, bottom, window, rungs, words, onMove, onRelease, onCancel } = props;
  const grip = useRef<{ offset: number; moved: boolean } | null>(null);
  const frame = useRef<number | null>(null);
  const pause = useRef<ReturnType<typeof setTimeout> | null>(null);
  const release = useRef(onRelease);
  release.current = onRelease;
  useEffect(
    () => () => {
      if (frame.current !== null) cancelAnimationFrame(frame.current);
      if (pause.current !== null) clearTimeout(pause.current);
    },
    [],
  );
  const x = xOfTime(scale, window);
  const moveTo = (at: number, isFree: boolean) => {
    if (frame.current !== null) cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      frame.current = null;
      const ms = timeOfX(scale, at);
      onMove(isFree || rungs.length === 0 ? roundedTime(ms) : nearestRung(rungs, ms));
    });
  };
  const meanSoon = () => {
    if (pause.current !== null) clearTimeout(pause.current);
    pause.current = setTimeout(() => {
      pause.current = null;
      release.current();
    }, KEYS_PAUSE_MS);
  };
  const drop = () => {
    if (pause.current !== null) clearTimeout(pause.current);
    pause.current = null;
    grip.current = null;
    onCancel();
  };
  const left = (event: React.PointerEvent) => event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
  return (
    <div
      className="handle"
      style={{ left: x, height: bottom }}
      role="slider"
      tabIndex={0}
      aria-label="Window"
      aria-valuemin={Math.round((rungs[0] ?? scale.from) / 1_000)}
      aria-valuemax={Math.round((rungs.at(-1) ?? scale.to) / 1_000)}
      aria-valuenow={Math.round(window / 1_000)}
      aria-valuetext={`${duration(window)}. ${words}`}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { offset: event.clientX - left(event) - x, moved: false };
        event.currentTarget.focus({ preventScroll: true });
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        event.stopPropagation();
        if (grip.current === null) return;
        grip.current.moved = true;
        moveTo(event.clientX - left(event) - grip.current.offset, event.altKey);
      }}
      onPointerUp={() => {
        const moved = grip.current?.moved === true;
        grip.current = null;
        // The last movement may still wait for its frame.
        if (moved) requestAnimationFrame(() => release.current());
      }}
      onPointerCancel={drop}
      onKeyDown={(event) => {
        if (event.key === 'Escape') return drop();
        if (event.key === 'Enter') return release.current();
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const next = rungOfKey(event.key, rungs, window, event.shiftKey ? 10 : 1);
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onMove(next);
        meanSoon();
      }}
      onBlur={() => {
        if (pause.current === null) return;
        clearTimeout(pause.current);
        pause.current = null;
        release.current();
      }}
    >
      <span className="handle-pill">
        <span className="handle-arrow">
          <Icon name="left" small />
        </span>
        {duration(window)}
        <span className="handle-arrow">
          <Icon name="right" small />
        </span>
      </span>
      <span className="handle-line" style={{ top: top - 4 }} />
    </div>
  );
}

function rungOfKey(key: string, rungs: readonly number[], window: number, steps: number): number | undefined {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return rungAway(rungs, window, -steps);
  if (key === 'ArrowRight' || key === 'ArrowUp') return rungAway(rungs, window, steps);
  if (key === 'Home') return rungs[0];
  return key === 'End' ? rungs.at(-1) : undefined;
}
