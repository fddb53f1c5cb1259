import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  betaCdf,
  betaQuantile,
  binomialBetween,
  binomialCdf,
  chiSquareQuantile,
  chiSquareUpperTail,
  findRoot,
  lambertWm1,
  logBeta,
  logGamma,
  normalCdf,
  normalPdf,
  normalQuantile,
  poissonRateLimits,
  tCdf,
  tQuantile,
  tTwoSidedP,
  twoSidedP,
  twoSidedZ,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

const TIGHT = { abs: 0, rel: 1e-12 };

describe('normal', () => {
  it('matches qnorm and pnorm in R, far into the tails', () => {
    expectClose(normalQuantile(0.975), 1.959963984540054, TIGHT);
    expectClose(normalQuantile(1e-10), -6.361340902404056, TIGHT);
    expectClose(normalQuantile(1e-100), -21.27345356096532, TIGHT);
    expectClose(normalCdf(-10), 7.619853024160525e-24, TIGHT);
    expectClose(twoSidedP(22.48604), 5.68e-112, { abs: 0, rel: 1e-2 });
    expect(normalQuantile(0.5)).toBe(0);
    expect(twoSidedP(0)).toBe(1);
  });

  it('has a quantile that inverts the cdf and is odd about one half', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.5, noNaN: true }), (p) => {
        expectClose(normalCdf(normalQuantile(p)), p, { abs: 0, rel: 1e-11 });
        if (1 - p < 1) expectClose(normalQuantile(1 - p), -normalQuantile(1 - (1 - p)), { abs: 1e-15, rel: 1e-12 });
      }),
    );
  });

  it('has a density that is the slope of the cdf', () => {
    for (const x of [-3, -0.4, 0, 1.7]) {
      expectClose((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5, normalPdf(x), { abs: 1e-9, rel: 1e-6 });
    }
  });

  it('refuses probabilities that no quantile belongs to', () => {
    for (const p of [0, 1, -0.1, 1.1, Number.NaN]) expect(() => normalQuantile(p)).toThrow(/0 < p < 1/);
    for (const alpha of [0, 1, Number.NaN]) expect(() => twoSidedZ(alpha)).toThrow(/alpha/);
  });
});

describe('Student t', () => {
  it('matches qt and pt in R', () => {
    expectClose(tQuantile(0.975, 1), 12.706204736174694, { abs: 0, rel: 1e-10 });
    expectClose(tQuantile(0.975, 8.64506084314658), 2.2763944081034397, { abs: 0, rel: 1e-9 });
    expectClose(tQuantile(0.025, 10), -2.2281388519649385, { abs: 0, rel: 1e-10 });
    expectClose(tTwoSidedP(-0.175044290101032, 95.6597373805293), 0.861414801034776, { abs: 0, rel: 1e-10 });
  });

  it('approaches the normal with many degrees of freedom', () => {
    expectClose(tQuantile(0.975, 1e8), normalQuantile(0.975), { abs: 0, rel: 1e-7 });
    expectClose(tCdf(-1.3, 1e9), normalCdf(-1.3), { abs: 0, rel: 1e-7 });
  });
});

describe('chi-square', () => {
  it('matches pchisq(lower.tail = FALSE) in R, where 1 − cdf has no digits left', () => {
    const cases: [number, number, number][] = [
      [16, 1, 6.334248366623988e-5],
      [0.2025, 2, 0.903707077873196],
      [5, 5, 0.4158801869955079],
      [100, 7, 1.0787979671702833e-18],
      [700, 3, 2.0991308534204487e-151],
    ];
    for (const [x, df, p] of cases) expectClose(chiSquareUpperTail(x, df), p, TIGHT, `${x} with ${df}`);
    expect(chiSquareUpperTail(0, 3)).toBe(1);
  });

  it('has a quantile that inverts the tail', () => {
    for (const df of [1, 2, 7, 40]) {
      for (const p of [0.001, 0.3, 0.975]) {
        expectClose(1 - chiSquareUpperTail(chiSquareQuantile(p, df), df), p, { abs: 1e-13, rel: 1e-10 });
      }
    }
  });
});

describe('beta', () => {
  it('has a quantile that inverts the cdf to the last digits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 1, max: 2e4, noNaN: true }),
        fc.double({ min: 1, max: 2e4, noNaN: true }),
        (p, a, b) => expectClose(betaCdf(betaQuantile(p, a, b), a, b), p, { abs: 1e-10, rel: 1e-10 }),
      ),
    );
  });

  it('matches qbeta in R', () => {
    expectClose(betaQuantile(0.025, 9, 2), 0.5549838829718047, { abs: 0, rel: 1e-9 });
    expect(betaQuantile(0, 2, 3)).toBe(0);
    expect(betaQuantile(1, 2, 3)).toBe(1);
  });

  it('is 0 and 1 outside its range', () => {
    expect(betaCdf(-0.1, 2, 3)).toBe(0);
    expect(betaCdf(1.1, 2, 3)).toBe(1);
  });

  it('shares its logarithm with the factorials', () => {
    expectClose(logGamma(11), Math.log(3628800), TIGHT);
    expectClose(logBeta(3, 4), Math.log(1 / 60), TIGHT);
    expectClose(logBeta(1, 1e8), -Math.log(1e8), TIGHT);
  });
});

describe('Poisson limits', () => {
  it('matches poisson.test(3, 10)$conf.int and poisson.test(0, 10)$conf.int in R', () => {
    expectClose(poissonRateLimits(3, 10, 0.05), [0.06186721, 0.8767273], { abs: 1e-7, rel: 1e-6 });
    expectClose(poissonRateLimits(0, 10, 0.05), [0, 0.3688879], { abs: 1e-7, rel: 1e-6 });
  });
});

describe('binomial', () => {
  it('adds up to the sum of its terms', () => {
    let sum = 0;
    for (let k = 0; k <= 12; k++) {
      sum += Math.exp(logGamma(13) - logGamma(k + 1) - logGamma(13 - k)) * 0.3 ** k * 0.7 ** (12 - k);
      expectClose(binomialCdf(k, 12, 0.3), sum, TIGHT);
    }
    expect(binomialCdf(-1, 12, 0.3)).toBe(0);
  });
});

describeShared('reference: coverage bands', () => {
  const file = reference('power.json');
  it('gives the probability that a perfect 95 % method stays inside', () => {
    for (const { input, expected } of file.coverage_band) {
      expectClose(binomialBetween(input.lo, input.hi, input.runs, input.p), expected.prob_inside, file.tolerance);
    }
  });
});

describe('W₋₁', () => {
  it('solves w·e^w = x from the branch point to the smallest doubles', () => {
    for (const x of [-0.3678794, -0.367, -0.3, -0.1, -1e-3, -1e-10, -1e-100]) {
      const w = lambertWm1(x);
      expect(w).toBeLessThan(-1);
      expectClose(w * Math.exp(w), x, { abs: 0, rel: 1e-13 });
    }
    expect(lambertWm1(-1 / Math.E)).toBe(-1);
    expectClose(lambertWm1(-0.1), -3.577152063957297, TIGHT);
  });

  it('refuses what has no real answer', () => {
    for (const x of [0, 0.1, -0.37]) expect(() => lambertWm1(x)).toThrow(/real only/);
  });
});

describe('root', () => {
  it('finds crossings of steep, flat and stepped functions', () => {
    expectClose(findRoot(Math.cos, 0, 3, 1e-14), Math.PI / 2, { abs: 1e-13, rel: 0 });
    expectClose(
      findRoot((x) => x ** 9, -1, 3, 1e-12),
      0,
      { abs: 1e-3, rel: 0 },
    );
    expectClose(
      findRoot((x) => (x < 0.3 ? -1 : 1), 0, 1, 1e-12),
      0.3,
      { abs: 1e-11, rel: 0 },
    );
    expect(findRoot((x) => x, 0, 1, 1e-12)).toBe(0);
    expect(() => findRoot(() => 1, 0, 1, 1e-12)).toThrow(/no sign change/);
  });
});
