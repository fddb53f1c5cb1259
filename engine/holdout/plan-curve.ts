// The plan at every whole percent held out, so that a moving handle only reads. The smallest share that meets the
// deadline is chosen among these, because it gives up least (methods: F).

import { type HoldoutPlan, type HoldoutPlanInput, planHoldout } from './plan.ts';

export type CurvePoint = Omit<HoldoutPlan, 'fractions' | 'asked'>;

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
export function planCurve(input: Omit<HoldoutPlanInput, 'fraction'>): PlanCurve {
  const plans = Array.from({ length: LARGEST_PERCENT }, (_, i) => planHoldout({ ...input, fraction: (i + 1) / 100 }));
  const points = plans.map(({ fractions: _, asked: __, ...point }) => point);
  const smallest = points.findIndex(({ answerable }) => answerable === true);
  const fewest = Math.min(...points.map(({ n }) => n.total));
  return {
    points,
    smallest: smallest < 0 ? null : smallest,
    fastest: points.findIndex(({ n }) => n.total === fewest),
    asked: (plans[0] as HoldoutPlan).asked,
  };
}
