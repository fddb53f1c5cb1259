// Reading a survival curve: the step that holds at a time, and the few points a picture needs of it.

import type { SurvivalPoint } from '../../calibrate/index.ts';
import { timeX } from './time-axis.ts';

const NONE = { low: null, high: null };
const START: SurvivalPoint = { t: 0, notConverted: 1, ...NONE, byPerson: NONE, atRisk: 0 };

/** The last step at or before `ms`; before the first step nobody has converted. `points` ascend in t. */
export function survivalAt(points: readonly SurvivalPoint[], ms: number): SurvivalPoint {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle] ?? START).t <= ms) low = middle + 1;
    else high = middle;
  }
  return points[low - 1] ?? { ...START, atRisk: points[0]?.atRisk ?? 0 };
}

/** How many are still watched just before `ms`, those converted or censored by then left out. */
export function atRiskAt(points: readonly SurvivalPoint[], ms: number): number {
  const next = points.find((point) => point.t >= ms);
  return next?.atRisk ?? points.at(-1)?.atRisk ?? 0;
}

/**
 * The steps on (fromMs, toMs], the ends included, at most one per `columns` of the axis: within a column the last one
 * stands, so every kept value is exact and no step is smoothed.
 */
export function drawnSteps(
  points: readonly SurvivalPoint[],
  fromMs: number,
  toMs: number,
  columns = 400,
): SurvivalPoint[] {
  const steps: SurvivalPoint[] = [{ ...survivalAt(points, fromMs), t: fromMs }];
  const width = (timeX(toMs) - timeX(fromMs)) / columns;
  let column = -1;
  for (const point of points) {
    if (point.t <= fromMs || point.t >= toMs) continue;
    const at = Math.floor((timeX(point.t) - timeX(fromMs)) / width);
    if (at === column && steps.length > 1) steps.pop();
    steps.push(point);
    column = at;
  }
  steps.push({ ...survivalAt(points, toMs), t: toMs });
  return steps;
}

/** Where a first axis tick belongs: one in fifty of those who ever convert has done so. */
export function firstInterestingMs(points: readonly SurvivalPoint[], horizonMs: number): number {
  const end = survivalAt(points, horizonMs).notConverted;
  const level = 1 - (1 - end) * 0.02;
  const first = points.find((point) => point.t > 0 && point.notConverted <= level);
  return Math.max(1_000, Math.min(first?.t ?? horizonMs / 100, horizonMs / 20));
}
