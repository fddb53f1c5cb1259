// Quantiles against quantile(x, p, type = 7) and type = 6 in R, worked out by hand: places p·(n − 1) and p·(n + 1) between
// order statistics.

import { expect, it } from 'vitest';
import { seededRandom } from '../../../engine/base/index.ts';
import { quantileOfDraws, quantileType7 } from '../../../engine/stats/index.ts';

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

it.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0.25, 1.25],
  [[1, 2, 4, 8, 16], 0.75, 12],
  [[1, 2, 4, 8, 16], 0.02, 1],
  [[1, 2, 4, 8, 16], 0.99, 16],
  [[7], 0.3, 7],
])('of draws %j at %d is %d', (sorted, p, expected) => {
  expect(quantileOfDraws(sorted, p)).toBeCloseTo(expected, 12);
});

it('limits of few draws hold the next one as often as they claim, which type 7 does not', () => {
  const random = seededRandom(5, 'draws');
  const held = { draws: 0, type7: 0 };
  const runs = 20_000;
  for (let run = 0; run < runs; run++) {
    const sorted = Float64Array.from({ length: 50 }, () => random.normal()).sort();
    const next = random.normal();
    for (const [name, quantile] of [
      ['draws', quantileOfDraws],
      ['type7', quantileType7],
    ] as const) {
      if (next >= quantile(sorted, 0.025) && next <= quantile(sorted, 0.975)) held[name]++;
    }
  }
  // 95 % to within three standard errors; 2.5 % · 49 lies at the 2.2th of 51 places on either side.
  expect(Math.abs(held.draws / runs - 0.95)).toBeLessThan(0.005);
  expect(held.type7 / runs).toBeLessThan(0.93);
});
