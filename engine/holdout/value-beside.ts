// What may stand beside money per person: the same sharpened by what each person was worth before (CUPED), and a ratio of
// two sums with the person as its unit, such as revenue per order (methods: E).

import type { Interval } from '../stats/index.ts';
import { cupedTest, ratioMetric, twoSidedZ } from '../stats/index.ts';
import type { ArmAmounts, ValueComparison } from './value.ts';

/** Of after − θ·(before − its mean); the estimate is that of `difference`, its interval narrower. */
export interface CupedFigure {
  readonly difference: number;
  readonly interval: Interval;
  readonly p: number;
  readonly theta: number;
  /** Share of the variance that the past takes out, 0 … 1. */
  readonly explained: number;
}

export interface RatioFigure {
  /** Of the denominator: `orders`. */
  readonly per: string;
  readonly treated: number;
  readonly control: number;
  readonly difference: number;
  readonly interval: Interval;
}

export function valueBeside(
  treated: ArmAmounts,
  control: ArmAmounts,
  alpha: number,
): Pick<ValueComparison, 'cuped' | 'ratio' | 'besideReasons'> {
  const reasons: string[] = [];
  const cuped = cupedFigure(treated, control, alpha, reasons);
  const ratio = ratioFigure(treated, control, alpha, reasons);
  return {
    ...(cuped === null ? {} : { cuped }),
    ...(ratio === null ? {} : { ratio }),
    ...(reasons.length === 0 ? {} : { besideReasons: reasons }),
  };
}

function cupedFigure(treated: ArmAmounts, control: ArmAmounts, alpha: number, reasons: string[]): CupedFigure | null {
  if (treated.before === undefined || control.before === undefined) return null;
  const test = cupedTest(
    { after: treated.values, before: treated.before.values },
    { after: control.values, before: control.before.values },
    alpha,
  );
  if (test === null) {
    reasons.push(`${treated.before.name} is the same for everybody, so that it sharpens nothing`);
    return null;
  }
  const { difference, interval, p, theta, explained } = test;
  return { difference, interval, p, theta, explained };
}

function ratioFigure(treated: ArmAmounts, control: ArmAmounts, alpha: number, reasons: string[]): RatioFigure | null {
  if (treated.per === undefined || control.per === undefined) return null;
  const per = treated.per.name;
  const t = ratioMetric(treated.values, treated.per.values, alpha);
  const c = ratioMetric(control.values, control.per.values, alpha);
  const empty = t === null ? treated.name : c === null ? control.name : null;
  if (t === null || c === null) {
    reasons.push(`${per} adds up to 0 in arm ${empty}, so that nothing can be divided by it`);
    return null;
  }
  const difference = t.ratio - c.ratio;
  const half = twoSidedZ(alpha) * Math.hypot(t.se, c.se);
  return { per, treated: t.ratio, control: c.ratio, difference, interval: [difference - half, difference + half] };
}
