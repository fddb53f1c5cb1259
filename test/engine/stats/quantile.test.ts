// Quantiles against quantile(x, p, type = 7) in R, worked out by hand: place p·(n − 1) between order statistics.

import { expect, it } from 'vitest';
import { quantileType7 } from '../../../engine/stats/index.ts';

it.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0.25, 1.75],
  [[1, 2, 4, 8, 16], 0.9, 12.8],
  [[1, 2, 4, 8, 16], 0, 1],
  [[1, 2, 4, 8, 16], 1, 16],
  [[7], 0.3, 7],
])('of %j at %d is %d', (sorted, p, expected) => {
  expect(quantileType7(sorted, p)).toBeCloseTo(expected, 12);
});
