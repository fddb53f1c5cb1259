// Money per assigned person, zeros included, by Welch's test; with the warnings that a few large customers decide it,
// and the capped figure beside it where they do. The cap is declared here, before any data: 99.9% of both arms pooled.

import { count, percent } from '../base/index.ts';
import {
  capped,
  checkTail,
  fiellerInterval,
  HEAVY_SHARE,
  type Interval,
  type Moments,
  momentsOf,
  pooledCap,
  welchTest,
} from '../stats/index.ts';
import type { Maybe } from './compare.ts';
import { type CupedFigure, type RatioFigure, valueBeside } from './value-beside.ts';

/** Amounts in the value column's own unit. */
export interface ValueComparison {
  /** Mean per assigned person. */
  readonly treated: number;
  readonly control: number;
  /** Treated − control. */
  readonly difference: number;
  readonly interval: Interval;
  readonly t: number;
  readonly df: number;
  readonly p: number;
  /** Ratio of means − 1 with Fieller's interval; null with a reason where the set of ratios is unbounded. */
  readonly relative: { readonly lift: number | null; readonly interval: Interval | null; readonly reason?: string };
  /** Why the interval may cover less than it says; empty where nothing speaks against it. */
  readonly warnings: readonly string[];
  /** The same with every amount cut at `cap`; present only beside a warning. */
  readonly capped?: {
    readonly cap: number;
    readonly difference: number;
    readonly interval: Interval;
    readonly t: number;
  };
  /** Present where amounts from before were given. */
  readonly cuped?: CupedFigure;
  /** Present where a denominator was given. */
  readonly ratio?: RatioFigure;
  /** Why one of the two is missing though it was asked for. */
  readonly besideReasons?: readonly string[];
}

interface Amounts {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

export interface ArmAmounts {
  readonly name: string;
  /** One finite amount per assigned person. */
  readonly values: ArrayLike<number>;
  /** The same from strictly before eligibility, 0 for people without a past. */
  readonly before?: Amounts | undefined;
  /** What the amounts are divided by, each ≥ 0. */
  readonly per?: Amounts | undefined;
}

export function compareValue(treated: ArmAmounts, control: ArmAmounts, alpha: number): Maybe<ValueComparison> {
  const lonely = [treated, control].find(({ values }) => values.length < 2);
  if (lonely !== undefined) {
    return { figure: null, reason: `arm ${lonely.name} has fewer than two people, so that its spread is not known` };
  }
  const t = momentsOf(treated.values);
  const c = momentsOf(control.values);
  if (![t, c].every(isFiniteThroughout)) {
    return { figure: null, reason: 'the amounts are too large to be squared and added' };
  }
  const test = welchTest(t, c, alpha);
  if (test === null) {
    return { figure: null, reason: 'all amounts of both arms are equal, so that there is no spread to test against' };
  }
  const warnings = [...tailWarnings(treated, t), ...tailWarnings(control, c)];
  const { difference, interval, df, p } = test;
  return {
    figure: {
      treated: t.mean,
      control: c.mean,
      difference,
      interval,
      t: test.t,
      df,
      p,
      relative: relativeValue(t, c, control.name, alpha),
      warnings,
      ...(warnings.length === 0 ? {} : cappedValue(treated, control, alpha)),
      ...valueBeside(treated, control, alpha),
    },
  };
}

function isFiniteThroughout({ mean, variance }: Moments): boolean {
  return Number.isFinite(mean) && variance !== null && Number.isFinite(variance);
}

function relativeValue(t: Moments, c: Moments, control: string, alpha: number): ValueComparison['relative'] {
  if (!(c.mean > 0)) {
    return { lift: null, interval: null, reason: `the mean of arm ${control} is not above 0` };
  }
  const lift = t.mean / c.mean - 1;
  const ratio = fiellerInterval(t, c, alpha);
  return ratio === null
    ? { lift, interval: null, reason: `not estimable: the mean of arm ${control} is not told apart from 0` }
    : { lift, interval: [ratio[0] - 1, ratio[1] - 1] };
}

function tailWarnings({ name, values }: ArmAmounts, moments: Moments): string[] {
  const { tooFewPeople, peopleNeeded, topHeavy, topShare } = checkTail(values, moments);
  const warnings: string[] = [];
  if (tooFewPeople) {
    warnings.push(
      `Amounts in arm ${name} are so skewed that a t interval asks for ${count(peopleNeeded)} people; it has ${count(moments.n)}.`,
    );
  }
  if (topHeavy) {
    warnings.push(
      `The top 1% of arm ${name} carries ${percent(topShare as number)} of its sum, more than ${percent(HEAVY_SHARE)}: single customers decide the figure.`,
    );
  }
  return warnings;
}

/** Nothing where the cap is the largest amount itself, or leaves no spread. */
function cappedValue(treated: ArmAmounts, control: ArmAmounts, alpha: number): Pick<ValueComparison, 'capped'> {
  const cap = pooledCap(treated.values, control.values);
  const test = welchTest(momentsOf(capped(treated.values, cap)), momentsOf(capped(control.values, cap)), alpha);
  return test === null ? {} : { capped: { cap, difference: test.difference, interval: test.interval, t: test.t } };
}
