// What a window would do, read off the counts of the ladder: exact on its rungs, between two rungs as their range.

import type { WindowCurveAnswer } from '../../../engine/api/index.ts';

export interface WindowFigures {
  readonly episodes: number;
  /** Equal where the window is a rung. */
  readonly fired: readonly [least: number, most: number];
  readonly anyway: readonly [least: number, most: number];
  readonly isExact: boolean;
}

type Curve = Pick<WindowCurveAnswer, 'rungs' | 'episodes' | 'never' | 'horizon'>;

/** Null where no episode is mature, or the window is longer than the ladder. */
export function figuresAt({ rungs, episodes, never }: Curve, window: number): WindowFigures | null {
  if (episodes === 0) return null;
  const exact = rungs.find((rung) => rung.window === window);
  if (exact !== undefined) {
    const { fired, wouldConvertAnyway: anyway } = exact;
    return { episodes, fired: [fired, fired], anyway: [anyway, anyway], isExact: true };
  }
  const above = rungs.find((rung) => rung.window > window);
  if (above === undefined) return null;
  const below = rungs.findLast((rung) => rung.window < window);
  const most = below ?? { fired: episodes, wouldConvertAnyway: episodes - never };
  return {
    episodes,
    fired: [above.fired, most.fired],
    anyway: [above.wouldConvertAnyway, most.wouldConvertAnyway],
    isExact: above.fired === most.fired,
  };
}

/** Rungs a handle stops at: those that leave something of the horizon to see what comes later. @param longest ms */
export function handleRungs({ rungs, horizon }: Pick<Curve, 'rungs' | 'horizon'>, longest: number): number[] {
  return rungs.map(({ window }) => window).filter((window) => window < horizon && window <= longest);
}

/** The rung `steps` away; a window between two rungs goes to the next one in that direction first. */
export function rungAway(rungs: readonly number[], window: number, steps: number): number {
  const last = rungs.length - 1;
  if (last < 0) return window;
  const at = steps > 0 ? rungs.findLastIndex((rung) => rung <= window) : rungs.findIndex((rung) => rung >= window);
  const from = at < 0 && steps < 0 ? rungs.length : at;
  return rungs[Math.min(last, Math.max(0, from + steps))] ?? window;
}
