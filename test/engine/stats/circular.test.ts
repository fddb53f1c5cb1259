import { expect, it } from 'vitest';
import { besselRatio, circularOf, concentrationOf } from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

describeShared('times of day on a circle', () => {
  const { cases } = reference('circular.json') as {
    cases: {
      id: string;
      input: { hours: number[] };
      expected: { mean_hour: number; resultant_length: number; mle_kappa: number };
    }[];
  };
  it.each(cases)('are those of R’s circular: $id', ({ input, expected }) => {
    const found = circularOf(input.hours.map((hour) => (hour * 2 * Math.PI) / 24));
    expect(((found?.mean ?? Number.NaN) * 24) / (2 * Math.PI)).toBeCloseTo(expected.mean_hour, 8);
    expect(found?.resultant).toBeCloseTo(expected.resultant_length, 10);
    expect(found?.kappa).toBeCloseTo(expected.mle_kappa, 4);
  });
});

it('a weight is so many equal angles', () => {
  expect(circularOf([1, 4], [3, 1])).toEqual(circularOf([1, 1, 1, 4]));
});

it('directions that cancel out have no mean, equal ones no concentration, none nothing', () => {
  expect(circularOf([0, Math.PI])).toMatchObject({ mean: null, kappa: 0 });
  const alike = circularOf([2, 2, 2]);
  expect(alike?.resultant).toBeCloseTo(1, 12);
  expect(alike?.kappa).toBeNull();
  expect(circularOf([])).toBeNull();
});

it('the ratio of Bessel functions is that of their series', () => {
  const series = (order: number, kappa: number) => {
    let term = (kappa / 2) ** order;
    let sum = term;
    for (let k = 1; k < 80; k++) {
      term *= (kappa / 2) ** 2 / (k * (k + order));
      sum += term;
    }
    return sum;
  };
  for (const kappa of [0.01, 0.5, 1, 3, 10, 25]) {
    expect(besselRatio(kappa)).toBeCloseTo(series(1, kappa) / series(0, kappa), 12);
    expect(concentrationOf(besselRatio(kappa))).toBeCloseTo(kappa, 6);
  }
});
