// From "the whole sequence changes the odds by this much" to what each step does: the one strength at which the exact
// expectation meets the target. Few people moved: a target above the organic rate is met by causing conversions, one
// below by preventing them, never by both.

import { assert } from '../base/index.ts';
import { findRoot } from '../stats/index.ts';
import {
  type Delay,
  expectPopulation,
  expectTreated,
  type PopulationExpectation,
  type SequenceModel,
  type SequenceTiming,
  type SlotCounts,
  timingOf,
} from './model.ts';
import { expit, logit } from './odds.ts';

export interface SolverInput {
  /** People, or shares; organic times by slot of a model with these steps. */
  readonly counts: SlotCounts;
  readonly at: readonly number[];
  readonly unsub: readonly number[];
  /** How the steps share a positive effect, and a harmful one; the largest is usually 1. */
  readonly weights: readonly number[];
  readonly harmWeights: readonly number[];
  readonly delay: Delay;
  readonly horizon: number;
  readonly logOddsRatio: number;
  /** Rate at which the odds are taken, strictly between 0 and 1; null: the organic rate of the counts. */
  readonly referenceRate: number | null;
  /** Of these steps, delay and horizon, where many solutions are asked for. */
  readonly timing?: SequenceTiming;
}

export interface Solution {
  readonly organicRate: number;
  /** Rate to be met. */
  readonly target: number;
  /** Rates at full harm and at full response. */
  readonly reachable: readonly [number, number];
  readonly p: readonly number[];
  readonly harm: readonly number[];
  /** Which bound was taken because the target lies beyond it. */
  readonly outOfReach: 'above' | 'below' | null;
  readonly expectation: PopulationExpectation;
}

export function solveSequence(input: SolverInput): Solution {
  const { counts } = input;
  const total = counts.organic.reduce((sum, c) => sum + c, counts.never);
  assert(total > 0, 'a solver needs people');
  const b = counts.organic.reduce((sum, c) => sum + c, 0) / total;
  const target = targetRate(b, input.logOddsRatio, input.referenceRate ?? b);
  const none = input.at.map(() => 0);
  const modelOf = (p: readonly number[], harm: readonly number[]): SequenceModel => ({
    steps: input.at.map((at, k) => ({
      at,
      p: p[k] as number,
      harm: harm[k] as number,
      unsub: input.unsub[k] as number,
    })),
    horizon: input.horizon,
    delay: input.delay,
  });
  const timing = input.timing ?? timingOf(modelOf(none, none));
  const rateAt = (p: ArrayLike<number>, harm: ArrayLike<number>) =>
    expectTreated(counts, { p, harm, unsub: input.unsub }, timing) / total;
  const mostP = 1 / Math.max(...input.weights);
  const mostHarm = 1 / Math.max(...input.harmWeights);
  const fullP = spread(mostP, input.weights);
  const fullHarm = spread(mostHarm, input.harmWeights);
  const reachable = [rateAt(none, fullHarm), rateAt(fullP, none)] as const;
  const solution = (
    p: readonly number[],
    harm: readonly number[],
    outOfReach: Solution['outOfReach'] = null,
  ): Solution => ({
    organicRate: b,
    target,
    reachable,
    p,
    harm,
    outOfReach,
    expectation: expectPopulation(counts, modelOf(p, harm), timing),
  });
  if (target === b) return solution(none, none);
  const tried = new Float64Array(input.at.length);
  const strengthAt = (most: number, weights: readonly number[], rate: () => number) =>
    findRoot(
      (strength) => {
        for (let k = 0; k < tried.length; k++) tried[k] = Math.min(1, strength * (weights[k] as number));
        return rate() - target;
      },
      0,
      most,
      1e-15,
    );
  if (target > b) {
    if (target > reachable[1]) return solution(fullP, none, 'above');
    const strength = strengthAt(mostP, input.weights, () => rateAt(tried, none));
    return solution(spread(strength, input.weights), none);
  }
  if (target < reachable[0]) return solution(none, fullHarm, 'below');
  const strength = strengthAt(mostHarm, input.harmWeights, () => rateAt(none, tried));
  return solution(none, spread(strength, input.harmWeights));
}

function spread(strength: number, weights: readonly number[]): number[] {
  return weights.map((weight) => Math.min(1, strength * weight));
}

/**
 * τ: the rate the mailed reach. The odds shift at the reference rate is turned into a share of never-converters won
 * (β ≥ 0) or of organic conversions prevented (β < 0), and that share applied to b.
 * @param b organic rate, 0 … 1 @param reference strictly between 0 and 1, or equal to b
 */
export function targetRate(b: number, logOddsRatio: number, reference: number): number {
  if (reference <= 0 || reference >= 1 || logOddsRatio === 0) return b;
  const s = expit(logit(reference) + logOddsRatio);
  return logOddsRatio > 0 ? b + ((1 - b) * (s - reference)) / (1 - reference) : (b * s) / reference;
}

/** (x + ½)/(n + 1), for a reference rate that would be 0 or 1. */
export function inwardRate(x: number, n: number): number {
  return x > 0 && x < n ? x / n : (x + 0.5) / (n + 1);
}
