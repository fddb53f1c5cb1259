// Mean, spread and skewness of one arm's amounts, one number per person, people without any amount counted as 0.
// Two passes with exact sums, so that neither the order of the rows nor a large mean costs digits.

import { assert, ExactSum } from '../base/index.ts';

export interface Moments {
  /** People, ≥ 1. */
  readonly n: number;
  readonly sum: number;
  readonly mean: number;
  /** Division by n − 1; null for a single person. */
  readonly variance: number | null;
  /** m₃/m₂^1.5 with division by n; null where all amounts are equal. */
  readonly skewness: number | null;
}

/** @param values finite, at least one */
export function momentsOf(values: ArrayLike<number>): Moments {
  const n = values.length;
  assert(n >= 1, 'moments need at least one value');
  const total = new ExactSum();
  for (let i = 0; i < n; i++) total.add(values[i] as number);
  const sum = total.value;
  const mean = sum / n;
  const squares = new ExactSum();
  const cubes = new ExactSum();
  for (let i = 0; i < n; i++) {
    const off = (values[i] as number) - mean;
    squares.add(off * off);
    cubes.add(off * off * off);
  }
  const m2 = squares.value;
  return {
    n,
    sum,
    mean,
    variance: n > 1 ? m2 / (n - 1) : null,
    skewness: m2 > 0 ? cubes.value / n / (m2 / n) ** 1.5 : null,
  };
}
