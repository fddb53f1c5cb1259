// Effects per 30 observed person-days, first and repeat entries together: what the business gets and pays. A figure per
// first entry is never multiplied by all entries without saying how much a repeat entry is assumed to be worth.

import { type RatioMetric, ratioMetric, twoSidedZ } from '../stats/index.ts';

export const MONTH_DAYS = 30;

export interface EntryCounts {
  readonly firstEntries: number;
  readonly repeatEntries: number;
  /** From each person's first eligibility on, in days. */
  readonly personDays: number;
}

export interface PersonMonth {
  readonly personMonths: number;
  readonly firstPerPersonMonth: number;
  readonly repeatPerPersonMonth: number;
  /** Over all entries; null without any. */
  readonly incrementPerEntry: number | null;
  readonly incrementPerPersonMonth: number;
}

/** @param repeatFactor ρ: effect of a repeat entry over that of a first one @returns null without person-days */
export function perPersonMonth(
  entries: EntryCounts,
  incrementPerFirstEntry: number,
  repeatFactor: number,
): PersonMonth | null {
  if (!(entries.personDays > 0)) return null;
  const personMonths = entries.personDays / MONTH_DAYS;
  const all = entries.firstEntries + entries.repeatEntries;
  const total = incrementPerFirstEntry * (entries.firstEntries + repeatFactor * entries.repeatEntries);
  return {
    personMonths,
    firstPerPersonMonth: entries.firstEntries / personMonths,
    repeatPerPersonMonth: entries.repeatEntries / personMonths,
    incrementPerEntry: all === 0 ? null : total / all,
    incrementPerPersonMonth: total / personMonths,
  };
}

export interface MeasuredPersonMonth {
  readonly treated: number;
  readonly control: number;
  readonly difference: number;
  readonly se: number;
  readonly interval: readonly [number, number];
}

/** Per arm: outcomes and observed days of each person. @returns null where an arm has no days or a single person */
export function measuredPersonMonth(
  treated: { readonly outcomes: ArrayLike<number>; readonly days: ArrayLike<number> },
  control: { readonly outcomes: ArrayLike<number>; readonly days: ArrayLike<number> },
  alpha: number,
): MeasuredPersonMonth | null {
  const t: RatioMetric | null = ratioMetric(treated.outcomes, treated.days, alpha);
  const c: RatioMetric | null = ratioMetric(control.outcomes, control.days, alpha);
  if (t === null || c === null) return null;
  const difference = (t.ratio - c.ratio) * MONTH_DAYS;
  const se = Math.hypot(t.se, c.se) * MONTH_DAYS;
  const half = twoSidedZ(alpha) * se;
  return {
    treated: t.ratio * MONTH_DAYS,
    control: c.ratio * MONTH_DAYS,
    difference,
    se,
    interval: [difference - half, difference + half],
  };
}
