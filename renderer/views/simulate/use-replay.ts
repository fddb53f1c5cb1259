// Where the replay of the running total stands, and playing it. It goes through the points in a few seconds; where
// motion is not wanted it jumps week by week.

import { useCallback, useEffect, useState } from 'react';
import { DAY_MS, WEEK_MS } from '../../../engine/base/index.ts';
import type { Running } from '../../charts/running-total.ts';

export interface Replay {
  /** Of the points; null: the end of the history. */
  readonly at: number | null;
  readonly isPlaying: boolean;
  /** Points to a week, or to a day on histories of few weeks. */
  readonly stride: number;
  readonly moveTo: (row: number) => void;
  readonly toggle: () => void;
}

const WHOLE_MS = 6_000;
const LEAST_MS = 40;
const JUMP_MS = 800;
/** Shorter histories are gone through by days. */
const FEW_WEEKS = 4;

export function strideOf({ stepMs, points }: Running): number {
  const weeks = (points.length - 1) * (stepMs / WEEK_MS);
  return stepMs === DAY_MS && weeks >= FEW_WEEKS ? 7 : 1;
}

export function useReplay(running: Running | null): Replay {
  const last = Math.max(0, (running?.points.length ?? 1) - 1);
  const stride = running === null ? 1 : strideOf(running);
  const [position, setPosition] = useState<number | null>(null);
  const [isPlaying, setPlaying] = useState(false);
  // The point stays inside whatever the next figures hold; at the end it is no point but the whole.
  const at = position === null || position >= last ? null : position;
  const moveTo = useCallback((row: number) => {
    setPlaying(false);
    setPosition(Math.max(0, row));
  }, []);
  useEffect(() => {
    if (!isPlaying || last === 0) return;
    const jumps = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const step = jumps ? stride : 1;
    const timer = setInterval(
      () => setPosition((now) => Math.min(last, (now ?? 0) + step)),
      jumps ? JUMP_MS : Math.max(LEAST_MS, WHOLE_MS / last),
    );
    return () => clearInterval(timer);
  }, [isPlaying, last, stride]);
  useEffect(() => {
    if (isPlaying && position !== null && position >= last) setPlaying(false);
  }, [isPlaying, position, last]);
  const toggle = useCallback(() => {
    setPosition((now) => (now === null || now >= last ? 0 : now));
    setPlaying((now) => !now);
  }, [last]);
  return { at, isPlaying, stride, moveTo, toggle };
}
