// Weighted least squares of a series in time, with standard errors that allow for neighbouring days being alike (Newey
// and West 1987: Bartlett weights, lag from the length of the series, small-sample factor n / (n − k)).

import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { assert } from '../base/index.ts';

export interface SeriesFit {
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly residualDf: number;
}

/**
 * @param rows one per moment, in the order of time, all of one length k; a row may have a column of ones
 * @param y one per row
 * @param weights positive, one per row
 * @param lags how far neighbours may be alike; null: 4 (n / 100)^(2/9), rounded down
 * @returns null where there are no more rows than columns, or columns cannot be told apart
 */
export function fitSeries(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  weights: readonly number[],
  lags: number | null = null,
): SeriesFit | null {
  const n = rows.length;
  const k = rows[0]?.length ?? 0;
  assert(y.length === n && weights.length === n, 'a series has one outcome and one weight a row');
  if (n <= k) return null;
  const roots = weights.map(Math.sqrt);
  const x = new Matrix(rows.map((row, i) => row.map((cell) => cell * (roots[i] as number))));
  const target = Matrix.columnVector(y.map((cell, i) => cell * (roots[i] as number)));
  const svd = new SingularValueDecomposition(x, { autoTranspose: true });
  if (svd.rank < k) return null;
  const b = svd.solve(target);
  const residuals = Matrix.sub(target, x.mmul(b)).to1DArray();
  const bread = svd.inverse().mmul(svd.inverse().transpose());
  const meat = Matrix.zeros(k, k);
  const L = Math.min(n - 1, lags ?? Math.floor(4 * (n / 100) ** (2 / 9)));
  for (let lag = 0; lag <= L; lag++) {
    const weight = 1 - lag / (L + 1);
    for (let i = lag; i < n; i++) {
      const product = (residuals[i] as number) * (residuals[i - lag] as number) * weight;
      for (let a = 0; a < k; a++) {
        for (let c = 0; c < k; c++) {
          const forward = x.get(i, a) * x.get(i - lag, c);
          const back = lag === 0 ? 0 : x.get(i - lag, a) * x.get(i, c);
          meat.set(a, c, meat.get(a, c) + product * (forward + back));
        }
      }
    }
  }
  const covariance = bread.mmul(meat).mmul(bread);
  const factor = n / (n - k);
  return {
    coefficients: b.to1DArray(),
    standardErrors: Array.from({ length: k }, (_, a) => Math.sqrt(Math.max(0, covariance.get(a, a) * factor))),
    residualDf: n - k,
  };
}
