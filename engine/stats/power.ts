// How many people a comparison of two arms needs, and what it can then see. Two-sided tests of rates by Fleiss, Tytun &
// Ury 1980 without continuity correction: pooled variance under "no difference", unpooled under the alternative, both
// rejection tails counted. The arcsine form differs by 5 % at a holdout of 10 %; the two must not be mixed.

import { assert } from '../base/index.ts';
import { sequenceTuning, sequenceZ } from './confidence-sequence.ts';
import { normalCdf, normalQuantile, twoSidedZ } from './normal.ts';
import { findRoot } from './root.ts';

/** What is compared, as rates strictly between 0 and 1. */
export interface RatePair {
  readonly treated: number;
  readonly control: number;
}

export interface ArmSizes {
  readonly treated: number;
  readonly control: number;
}

/**
 * P(|z| > z_{1−α/2}) of the pooled z-test. Equals α where the rates are equal.
 * @param sizes people per arm, > 0
 * @returns 0 … 1
 */
export function powerOfRates(rates: RatePair, sizes: ArmSizes, alpha: number): number {
  assert(sizes.treated > 0 && sizes.control > 0, 'power needs people in both arms');
  const { treated: pT, control: pC } = rates;
  const pooled = (sizes.treated * pT + sizes.control * pC) / (sizes.treated + sizes.control);
  const se0 = Math.sqrt(pooled * (1 - pooled) * (1 / sizes.treated + 1 / sizes.control));
  const se1 = Math.sqrt((pT * (1 - pT)) / sizes.treated + (pC * (1 - pC)) / sizes.control);
  const difference = Math.abs(pT - pC);
  const reject = twoSidedZ(alpha) * se0;
  return normalCdf((difference - reject) / se1) + normalCdf((-difference - reject) / se1);
}

export interface SampleSize {
  /** Total before rounding. */
  readonly exactTotal: number;
  /** Each arm rounded up. */
  readonly sizes: ArmSizes;
}

/**
 * People needed for a power with a given share held out, in closed form. The far rejection tail is left out, as in R's
 * power.prop.test, so that powerOfRates of the answer is at least the power asked for; solving with both tails takes
 * fewer people by a few in a million.
 * @param rates different from each other
 * @param fraction share of people in the control arm, strictly between 0 and 1
 * @param power strictly between α and 1
 */
export function sizeForRates(rates: RatePair, fraction: number, alpha: number, power: number): SampleSize {
  assert(rates.treated !== rates.control, 'no number of people tells equal rates apart');
  assert(fraction > 0 && fraction < 1, `the share held out lies strictly between 0 and 1, got ${fraction}`);
  assert(power > alpha && power < 1, `power lies between alpha and 1, got ${power}`);
  const { treated: pT, control: pC } = rates;
  const share = 1 - fraction;
  const pooled = share * pT + fraction * pC;
  const unchanged = Math.sqrt(pooled * (1 - pooled) * (1 / share + 1 / fraction));
  const changed = Math.sqrt((pT * (1 - pT)) / share + (pC * (1 - pC)) / fraction);
  const root = twoSidedZ(alpha) * unchanged + normalQuantile(power) * changed;
  return sized((root / (pT - pC)) ** 2, fraction);
}

/**
 * People needed to see a difference of means.
 * @param difference in the amounts' unit, not 0
 * @param sds standard deviations per assigned person, zeros included
 */
export function sizeForMeans(
  difference: number,
  sds: ArmSizes,
  fraction: number,
  alpha: number,
  power: number,
): SampleSize {
  assert(difference !== 0, 'no number of people tells equal means apart');
  const z = twoSidedZ(alpha) + normalQuantile(power);
  return sized((z / difference) ** 2 * (sds.treated ** 2 / (1 - fraction) + sds.control ** 2 / fraction), fraction);
}

/**
 * The smallest differences, up and down, that these sizes show with this power: the two differ because a rate's spread
 * does.
 * @param control the rate without treatment, strictly between 0 and 1
 * @returns differences as fractions, `down` negative; null where not even a rate of 0 or 1 would be shown
 */
export function detectableDifference(
  control: number,
  sizes: ArmSizes,
  alpha: number,
  power: number,
): { readonly up: number | null; readonly down: number | null } {
  assert(control > 0 && control < 1, `the rate without treatment lies strictly between 0 and 1, got ${control}`);
  assert(power > alpha && power < 1, `power lies between alpha and 1, got ${power}`);
  const beyond = (difference: number) => powerOfRates({ treated: control + difference, control }, sizes, alpha) - power;
  const towards = (limit: number) => (beyond(limit) <= 0 ? null : findRoot(beyond, 0, limit, 1e-13));
  return { up: towards(1 - control), down: towards(-control) };
}

/**
 * How many times the people a test needs that is read with a confidence sequence tuned for its planned end, instead of
 * once at the end: ((c + z_{1−β})/(z_{1−α/2} + z_{1−β}))². Only the last look is counted, so the truth is a bit kinder.
 * @returns > 1; 1.915 at α = 0.05 and a power of 0.8
 */
export function sequentialSizeFactor(alpha: number, power: number): number {
  const zPower = normalQuantile(power);
  return ((sequenceEndZ(alpha) + zPower) / (twoSidedZ(alpha) + zPower)) ** 2;
}

/** Half-width of the sequence at its planned end in standard errors: 3.035 at α = 0.05, 1.55 times a fixed interval's. */
export function sequenceEndZ(alpha: number): number {
  return sequenceZ(1, sequenceTuning(1, alpha), alpha);
}

/** Rounds each arm up, but not for a float's last digits where the exact size is a whole number. */
function sized(exactTotal: number, fraction: number): SampleSize {
  const up = (n: number) => Math.max(1, Math.ceil(n - n * 1e-12));
  return { exactTotal, sizes: { treated: up((1 - fraction) * exactTotal), control: up(fraction * exactTotal) } };
}
