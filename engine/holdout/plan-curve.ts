// The plan at every whole percent held out, so that a moving handle only reads. The smallest share that meets the
// deadline is chosen among these, because it gives up least (methods: F). Read on any day, a test takes more people, and
// everything that follows from them is of those.

import { count, exactPercent, weeks as inWeeks, rounded } from '../base/index.ts';
import { type HoldoutPlan, type HoldoutPlanInput, type PlannedSizes, planHoldout } from './plan.ts';
import type { PlannedLook } from './plan-file.ts';

export interface CurvePoint extends Omit<HoldoutPlan, 'fractions' | 'asked'> {
  /** What one look at the end takes, whatever look was asked for. */
  readonly oneLook: { readonly n: PlannedSizes; readonly weeks: number | null };
}

export interface PlanCurve {
  /** At 1%, 2% … 50%. */
  readonly points: readonly CurvePoint[];
  /** Index of the smallest share that meets the deadline; null where none does, or the traffic is not known. */
  readonly smallest: number | null;
  /** Index of the share that needs the fewest people. */
  readonly fastest: number;
  readonly asked: HoldoutPlan['asked'];
}

const LARGEST_PERCENT = 50;

/** @param input its fraction is not looked at @throws UserError as `planHoldout` */
export function planCurve(input: Omit<HoldoutPlanInput, 'fraction'>, look: PlannedLook = 'end'): PlanCurve {
  const plans = Array.from({ length: LARGEST_PERCENT }, (_, i) => planHoldout({ ...input, fraction: (i + 1) / 100 }));
  const { asked } = plans[0] as HoldoutPlan;
  const points = plans.map(({ fractions: _, asked: __, ...plan }): CurvePoint => {
    const point = { ...plan, oneLook: { n: plan.n, weeks: plan.weeks } };
    return look === 'end' ? point : onAnyDay(point, asked);
  });
  const smallest = points.findIndex(({ answerable }) => answerable === true);
  const fewest = Math.min(...points.map(({ n }) => n.total));
  return {
    points,
    smallest: smallest < 0 ? null : smallest,
    fastest: points.findIndex(({ n }) => n.total === fewest),
    asked,
  };
}

/** With the sizes of the sequence; what can be done instead is planned with one look. */
function onAnyDay(point: CurvePoint, { lift, deadlineWeeks }: HoldoutPlan['asked']): CurvePoint {
  const { n, weeks } = point.sequential;
  const foregone = n.holdout * lift;
  const answerable = weeks === null ? null : weeks <= deadlineWeeks;
  const once =
    point.answerable === true && point.weeks !== null
      ? [
          {
            kind: 'oneLook' as const,
            text: `Look once, at the end: ${inWeeks(point.weeks)} at the same share.`,
            change: {},
          },
        ]
      : point.instead;
  const time = weeks === null ? '' : `, ${inWeeks(weeks)}`;
  return {
    ...point,
    n,
    weeks,
    foregone,
    ...(point.price === undefined ? {} : { price: (point.price * foregone) / point.foregone }),
    answerable,
    instead: answerable === false ? once : [],
    verdict: `To be read on any day by the always-valid interval it takes ${count(n.total)} people (${exactPercent(point.fraction)} held out)${time}: ${rounded(point.sequential.factor)} times as many as for one look.`,
  };
}
