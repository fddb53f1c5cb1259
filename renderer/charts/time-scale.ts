// Waiting time on a logarithmic axis in px: the same places for a canvas, for what lies over it and for what hangs below.

import { timeX } from '../../engine/report/index.ts';

export interface TimeScale {
  /** ms; both > 0. */
  readonly from: number;
  readonly to: number;
  /** px, of `from` and `to`. */
  readonly left: number;
  readonly right: number;
}

/** px; outside [from, to] at the nearer end. */
export function xOfTime(scale: TimeScale, ms: number): number {
  const share = (timeX(Math.max(ms, 1)) - timeX(scale.from)) / (timeX(scale.to) - timeX(scale.from));
  return scale.left + Math.min(1, Math.max(0, share)) * (scale.right - scale.left);
}

/** The time at a place; outside the axis the nearer end. */
export function timeOfX(scale: TimeScale, x: number): number {
  const share = Math.min(1, Math.max(0, (x - scale.left) / (scale.right - scale.left)));
  return scale.from * (scale.to / scale.from) ** share;
}

/** The one of `rungs` that is nearest on the axis. @param rungs not empty */
export function nearestRung(rungs: readonly number[], ms: number): number {
  return rungs.reduce((best, rung) => (Math.abs(Math.log(rung / ms)) < Math.abs(Math.log(best / ms)) ? rung : best));
}

/** A time a hand can mean between rungs: whole minutes, from 4 h on in steps of 5, from 2 d on whole hours. */
export function roundedTime(ms: number): number {
  const MINUTE = 60_000;
  const unit = ms < 240 * MINUTE ? MINUTE : ms < 2_880 * MINUTE ? 5 * MINUTE : 60 * MINUTE;
  return Math.max(unit, Math.round(ms / unit) * unit);
}
