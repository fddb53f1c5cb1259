// One treated arm against the control, for one outcome: every figure of the analysis, each null with a reason where it
// has none. By assignment, never by who opened; rates as fractions, differences treated − control. The verdict follows
// the Newcombe interval.

import { count, plural } from '../base/index.ts';
import {
  adjustedRatioInterval,
  type Count,
  expectedLoss,
  FIRST_LOOK,
  fisherExactP,
  type Interval,
  mayLook,
  newcombeInterval,
  pooledZTest,
  posterior,
  probabilityGreater,
  ratioInterval,
  type SampleRatioTest,
  sequentialReading,
  waldInterval,
} from '../stats/index.ts';
import type { ValueComparison } from './value.ts';
import { verdictOn } from './verdict.ts';

/** Cells below this call for Fisher's exact test. */
const SMALL_CELL = 10;

export interface ArmOutcome {
  /** People assigned. */
  readonly n: number;
  /** People with the outcome. */
  readonly x: number;
  /** x/n; null where nobody was assigned. */
  readonly rate: number | null;
  readonly reason?: string;
}

export interface RelativeLift {
  /** rate of treated / rate of control − 1. */
  readonly lift: number | null;
  /** Katz's ratio interval − 1. */
  readonly interval: Interval | null;
  /** With ½ added to events and people, − 1; present where an arm has no conversion. Another estimator. */
  readonly adjusted?: Interval;
  readonly reason?: string;
}

export interface SequentialFigure {
  /** Holds at every look at once, unlike `newcombe`. */
  readonly interval: Interval;
  /** Always-valid p of "no difference". */
  readonly p: number;
  /** N*, the people of these two arms the sequence is tuned for. */
  readonly plannedTotal: number;
  /** Where N* comes from and what follows for repeated looks. */
  readonly assumption: string;
}

/** A treated arm against the control. A null figure has its sentence in `reasons`, all of them joined in `reason`. */
export interface ArmComparison {
  readonly arm: string;
  readonly outcome: string;
  readonly treated: ArmOutcome;
  readonly control: ArmOutcome;
  /** Absolute, −1 … 1. */
  readonly difference: number | null;
  readonly newcombe: Interval | null;
  /** For comparison only; too narrow with a small holdout. */
  readonly wald: Interval | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly relative: RelativeLift;
  /** P(treated rate > control rate) under flat priors; no p-value, and not safe to look at repeatedly. */
  readonly probabilityBetter: number | null;
  /** Conversions per person given away on average by mailing, under flat priors. */
  readonly expectedLoss: number | null;
  readonly sequential: SequentialFigure | null;
  readonly srm: SampleRatioTest | null;
  readonly value: ValueComparison | null;
  /** Two-sided p; present where a cell of the two-by-two table is below 10. */
  readonly fisher?: { readonly p: number };
  readonly verdict: string;
  readonly reasons?: Readonly<Record<string, string>>;
  readonly reason?: string;
}

/** A figure, or why there is none. */
export type Maybe<T> = { readonly figure: T } | { readonly figure: null; readonly reason: string };

export interface Comparison {
  readonly arm: string;
  readonly controlArm: string;
  readonly outcome: string;
  readonly treated: Count;
  readonly control: Count;
  readonly alpha: number;
  /** N* of these two arms together, fixed before the first look; absent: the people seen so far. */
  readonly plannedTotal?: number | undefined;
  readonly srm: Maybe<SampleRatioTest>;
  readonly value: Maybe<ValueComparison>;
}

export function compareArms(comparison: Comparison): ArmComparison {
  const { arm, controlArm, outcome, treated, control, alpha } = comparison;
  const reasons: Record<string, string> = {};
  const keep = <T>(field: string, maybe: Maybe<T>): T | null => {
    if (maybe.figure === null) reasons[field] = (maybe as { reason: string }).reason;
    return maybe.figure;
  };
  const empty = [
    { name: arm, n: treated.n },
    { name: controlArm, n: control.n },
  ].find(({ n }) => n === 0);
  const given = <T>(figure: T | null, reason: string): Maybe<T> =>
    figure === null ? { figure: null, reason } : { figure };
  const both = <T>(field: string, compute: () => Maybe<T>): T | null =>
    keep(field, empty === undefined ? compute() : { figure: null, reason: `nobody is in arm ${empty.name}` });

  const test = both('z', () => given(pooledZTest(treated, control), noSpread(treated)));
  if (test === null) reasons['p'] = reasons['z'] as string;
  const isSmall = [treated, control].some(({ n, x }) => x < SMALL_CELL || n - x < SMALL_CELL);
  const figures = {
    arm,
    outcome,
    treated: armOutcome(treated),
    control: armOutcome(control),
    difference: both('difference', () => ({ figure: treated.x / treated.n - control.x / control.n })),
    newcombe: both('newcombe', () => ({ figure: newcombeInterval(treated, control, alpha) })),
    wald: both('wald', () => ({ figure: waldInterval(treated, control, alpha) })),
    z: test?.z ?? null,
    p: test?.p ?? null,
    relative: relativeLift(comparison),
    probabilityBetter: both('probabilityBetter', () => ({
      figure: probabilityGreater(posterior(treated), posterior(control)),
    })),
    expectedLoss: both('expectedLoss', () => ({ figure: expectedLoss(posterior(treated), posterior(control)) })),
    sequential: both('sequential', () => sequentialFigure(comparison)),
    srm: keep('srm', comparison.srm),
    value: keep('value', comparison.value),
    ...(isSmall && empty === undefined ? { fisher: { p: fisherExactP(treated, control) } } : {}),
  };
  const names = Object.keys(reasons);
  return {
    ...figures,
    verdict: verdictOn(figures, { alpha, controlArm }),
    ...(names.length === 0 ? {} : { reasons, reason: names.map((name) => `${name}: ${reasons[name]}`).join('; ') }),
  };
}

function armOutcome({ n, x }: Count): ArmOutcome {
  return n === 0 ? { n, x, rate: null, reason: 'nobody is in this arm' } : { n, x, rate: x / n };
}

function noSpread({ x }: Count): string {
  return `${x === 0 ? 'nobody' : 'everybody'} in both arms has the outcome, so that there is no spread to test against`;
}

function relativeLift({ treated, control, arm, controlArm, alpha }: Comparison): RelativeLift {
  const empty = treated.n === 0 ? arm : control.n === 0 ? controlArm : null;
  if (empty !== null) return { lift: null, interval: null, reason: `nobody is in arm ${empty}` };
  const lift = control.x === 0 ? null : treated.x / treated.n / (control.x / control.n) - 1;
  const less = ([low, high]: Interval): Interval => [low - 1, high - 1];
  const ratio = ratioInterval(treated, control, alpha);
  if (lift !== null && ratio !== null) return { lift, interval: less(ratio) };
  const without = control.x === 0 ? controlArm : treated.x === 0 ? arm : null;
  return {
    lift,
    interval: null,
    ...(without === null ? {} : { adjusted: less(adjustedRatioInterval(treated, control, alpha)) }),
    reason:
      without === null
        ? 'everybody in both arms has the outcome, so that the ratio has no spread'
        : `nobody in arm ${without} has the outcome, so that the ratio has no ${lift === null ? 'value' : 'interval'}; adjusted adds ½ to events and people`,
  };
}

function sequentialFigure({
  treated,
  control,
  arm,
  controlArm,
  alpha,
  plannedTotal,
}: Comparison): Maybe<SequentialFigure> {
  if (!mayLook(treated, control)) {
    const early = mayLook(control) ? { name: arm, ...treated } : { name: controlArm, ...control };
    const seen = `arm ${early.name} has ${plural(early.n, 'person', 'people')} and ${plural(early.x, 'conversion')}`;
    return {
      figure: null,
      reason: `shown once every arm has ${FIRST_LOOK.people} people and ${FIRST_LOOK.conversions} conversions; ${seen}`,
    };
  }
  const total = plannedTotal ?? treated.n + control.n;
  const reading = sequentialReading(treated, control, total, alpha);
  if (reading === null) return { figure: null, reason: noSpread(treated) };
  const assumption =
    plannedTotal === undefined
      ? `tuned for N* = ${count(total)}, the people seen so far, because no planned total was given; for looks at a running test give the planned total once and keep it`
      : `tuned for N* = ${count(total)}, the planned total, fixed before the first look`;
  return { figure: { ...reading, plannedTotal: total, assumption } };
}
