import { expect, it } from 'vitest';
import { fitSeries } from '../../../engine/stats/index.ts';
import { expectClose } from './close-to.ts';

const rows = Array.from({ length: 10 }, (_, t) => [1, t, t >= 6 ? 1 : 0]);
const y = [0.1, 0.12, 0.11, 0.13, 0.12, 0.14, 0.08, 0.07, 0.1, 0.09];
const weights = [10, 12, 9, 20, 14, 11, 10, 13, 8, 12];

// Worked out with NumPy: weighted normal equations, Bartlett weights, factor n / (n - k).
it.each([
  [0, [0.0053748442424249015, 0.0016337612144341532, 0.010862730830307803]],
  [2, [0.0027960641747054003, 0.0008102157017780609, 0.006017893917781668]],
])('fits a weighted series, errors of lag %i as worked out elsewhere', (lags, errors) => {
  const fit = fitSeries(rows, y, weights, lags);
  const expected = [0.10585767287219412, 0.0059941137398669166, -0.06739485282514793];
  expectClose(fit?.coefficients, expected, { abs: 0, rel: 1e-9 });
  expectClose(fit?.standardErrors, errors, { abs: 0, rel: 1e-9 });
});

it('says so where there is nothing to fit', () => {
  expect(fitSeries(rows.slice(0, 3), y.slice(0, 3), weights.slice(0, 3))).toBeNull();
  const twice = rows.map(([one, t]) => [one as number, t as number, 2 * (t as number)]);
  expect(fitSeries(twice, y, weights)).toBeNull();
});
