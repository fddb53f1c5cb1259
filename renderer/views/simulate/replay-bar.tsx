// The history as bars of runs begun, and where the replay stands in it: a slider by weeks, with the figures of that
// moment beside it. Space plays.

import { useRef } from 'react';
import { count, day, plural, signedCount } from '../../../engine/base/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import type { Running, RunningPoint } from '../../charts/running-total.ts';
import { IconButton } from '../../ui/button.tsx';
import type { Replay } from './use-replay.ts';

export interface ReplayBarProps {
  readonly running: Running;
  readonly replay: Replay;
  readonly terms: Terms;
  readonly isStale: boolean;
}

export function ReplayBar({ running, replay, terms, isStale }: ReplayBarProps) {
  const { points } = running;
  const { at, isPlaying, stride, moveTo, toggle } = replay;
  const bars = useRef<HTMLDivElement>(null);
  const last = points.length - 1;
  const row = at ?? last;
  const point = points[row];
  if (point === undefined || last < 1) return null;
  const most = Math.max(1, ...points.map(({ enrolled }) => enrolled));
  const rowAt = (clientX: number) => {
    const box = bars.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return row;
    return Math.round(Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * last);
  };
  return (
    <section className="replay-bar" aria-label="Replay of the history">
      <IconButton
        icon={isPlaying ? 'pause' : 'play'}
        label={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
        onClick={toggle}
      />
      <div
        ref={bars}
        className="replay-bars"
        role="slider"
        tabIndex={0}
        aria-label="Replay, by time"
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={row}
        aria-valuetext={`${day(point.at)}: ${momentWords(point, terms)}, ${openWords(point)}`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          moveTo(rowAt(event.clientX));
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) moveTo(rowAt(event.clientX));
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === ' ') toggle();
          else {
            const next = rowOfKey(event.key, row, last, event.shiftKey ? 10 * stride : stride);
            if (next === null) return;
            moveTo(next);
          }
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {points.slice(1).map(({ at: end, enrolled }, i) => (
          <span key={end} className={i < row ? 'past' : undefined} style={{ height: `${(100 * enrolled) / most}%` }} />
        ))}
        <i style={{ left: `${(100 * row) / last}%` }} />
      </div>
      <p className={isStale ? 'replay-said stale' : 'replay-said'}>
        <b>{day(point.at)}</b> {momentWords(point, terms)}
        <br />
        <span className="small">bars: runs begun; {openWords(point)}</span>
      </p>
    </section>
  );
}

function momentWords({ anyway, because }: RunningPoint, { goals }: Terms): string {
  return `${count(anyway)} ${goals} anyway, ${signedCount(because)} because`;
}

function openWords({ open }: RunningPoint): string {
  return `${plural(open, 'run', 'runs')} open`;
}

/** Weeks on, or back, from wherever it stands; null for a key that moves nothing. */
function rowOfKey(key: string, row: number, last: number, step: number): number | null {
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, row - step);
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, row + step);
  if (key === 'Home') return 0;
  return key === 'End' ? last : null;
}
