// The spread of gained conversions when each step's response is known only as a Beta: chance among people, and the
// response itself, drawn once for all of them. Drawing it per person would make the second part vanish.

import type { Beta } from '../stats/index.ts';

export interface Predictive {
  readonly mean: number;
  /** n·E[π(1 − π)]. */
  readonly chance: number;
  /** n²·Var(π). */
  readonly parameters: number;
}

/** @param arrived per step, share of its conversions that come by the horizon */
export function betaPredictive(people: number, betas: readonly Beta[], arrived: readonly number[]): Predictive {
  let first = 1;
  let second = 1;
  betas.forEach(({ a, b }, k) => {
    const f = arrived[k] as number;
    const mean = a / (a + b);
    const square = (a * (a + 1)) / ((a + b) * (a + b + 1));
    first *= 1 - mean * f;
    second *= 1 - 2 * mean * f + square * f * f;
  });
  const mean = 1 - first;
  const square = 1 - 2 * first + second;
  return { mean: people * mean, chance: people * (mean - square), parameters: people ** 2 * (square - mean ** 2) };
}
