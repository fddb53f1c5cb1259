// The check before any reading of a test: do the arms' sizes fit the split that was planned? Pearson's chi-square of
// counts against shares. Where they do not, something besides chance decided who came into which arm.

import { assert } from '../base/index.ts';
import { chiSquareUpperTail } from './chi-square.ts';

/** Below this the arms are no random split of one crowd, and an effect must not be claimed. */
export const SAMPLE_RATIO_ALPHA = 0.001;

export interface SampleRatioTest {
  readonly chi2: number;
  /** Upper tail with (arms − 1) degrees of freedom, 0 … 1. */
  readonly p: number;
}

/**
 * @param observed people per arm, whole, ≥ 0; two arms or more
 * @param weights planned shares in the same order, > 0, on any scale
 * @returns null where there is nobody at all
 */
export function sampleRatioTest(observed: readonly number[], weights: readonly number[]): SampleRatioTest | null {
  assert(observed.length === weights.length && observed.length >= 2, 'one planned weight per arm, two arms or more');
  assert(
    weights.every((weight) => weight > 0),
    'planned weights are positive',
  );
  const people = observed.reduce((sum, n) => sum + n, 0);
  if (people === 0) return null;
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let chi2 = 0;
  observed.forEach((n, arm) => {
    const expected = (people * (weights[arm] as number)) / whole;
    chi2 += (n - expected) ** 2 / expected;
  });
  return { chi2, p: chiSquareUpperTail(chi2, observed.length - 1) };
}
