// Splitting up what one draw gave: a number of conversions over places in proportion to what was expected there, so that
// the parts of every draw add up to the draw, and quantiles over draws belong to the same draws as the headline's.

import type { Random } from '../base/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import { drawBinomial } from './draws.ts';

/**
 * Conversions laid to places, one after the other: their sum is `n`, each is binomial by itself.
 * @param n whole, ≥ 0 @param weights ≥ 0, any scale; all 0 lays them to the last place
 * @param out length of the weights, overwritten
 */
export function thin(n: number, weights: ArrayLike<number>, random: Random, out: Float64Array): void {
  let rest = n;
  let mass = 0;
  for (let i = 0; i < weights.length; i++) mass += weights[i] as number;
  const last = weights.length - 1;
  for (let i = 0; i < last; i++) {
    const weight = weights[i] as number;
    const laid = rest === 0 || weight <= 0 ? 0 : drawBinomial(rest, Math.min(1, weight / mass), random);
    out[i] = laid;
    rest -= laid;
    mass -= weight;
  }
  out[last] = rest;
}

/** Rows of numbers, one row a draw, read by column. */
export class DrawTable {
  readonly #width: number;
  readonly #rows: Float64Array[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Copies the row. */
  add(row: ArrayLike<number>): void {
    this.#rows.push(Float64Array.from(row));
  }

  /** Limits by the draws of each column; nulls where there is no row. @param levels 0 … 1 */
  quantiles<const L extends readonly number[]>(levels: L): (readonly (number | null)[])[] {
    return Array.from({ length: this.#width }, (_, column) => {
      if (this.#rows.length === 0) return levels.map(() => null);
      const sorted = Float64Array.from(this.#rows, (row) => row[column] as number).sort();
      return levels.map((level) => quantileOfDraws(sorted, level));
    });
  }
}
