import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../engine/base/index.ts';
import {
  adjustedRatioInterval,
  binomialBetween,
  differenceCdf,
  expectedLoss,
  fisherExactP,
  newcombeInterval,
  pooledZTest,
  posterior,
  posteriorDifferenceInterval,
  posteriorMeanDifference,
  posteriorSdDifference,
  probabilityGreater,
  ratioInterval,
  sampleRatioTest,
  waldInterval,
  wilsonInterval,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

describeShared('reference: two proportions', () => {
  const file = reference('two_proportions.json');
  for (const { id, description, input, expected } of file.two_proportions) {
    it(`${id}: ${description}`, () => {
      const t = { n: input.n_treat, x: input.x_treat };
      const c = { n: input.n_control, x: input.x_control };
      const near = (got: unknown, value: unknown, what: string) => expectClose(got, value, file.tolerance, what);
      const test = pooledZTest(t, c);
      near(test?.z ?? null, expected.pooled_z, 'z');
      near(test?.p ?? null, expected.pooled_p_two_sided, 'p');
      near(waldInterval(t, c, input.alpha), expected.ci_diff_wald_unpooled, 'Wald');
      near(newcombeInterval(t, c, input.alpha), expected.ci_diff_newcombe, 'Newcombe');
      near(wilsonInterval(t, input.alpha), expected.ci_treat_wilson, 'Wilson of treated');
      near(wilsonInterval(c, input.alpha), expected.ci_control_wilson, 'Wilson of control');
      near(ratioInterval(t, c, input.alpha), expected.ci_ratio_log_katz ?? null, 'ratio');
      near(adjustedRatioInterval(t, c, input.alpha), expected.ci_ratio_log_adjusted_half, 'adjusted ratio');
      near(fisherExactP(t, c), expected.fisher_exact_p, 'Fisher');
    });
  }

  it('tests the planned split', () => {
    for (const { input, expected } of file.srm) {
      const test = sampleRatioTest(input.observed, input.weights);
      expectClose(test?.chi2, expected.chisq, file.tolerance, 'chi-square');
      expectClose(test?.p, expected.p, file.tolerance, 'p');
    }
  });

  for (const { id, input, expected } of file.beta_binomial) {
    it(`${id}: belief after ${input.x_treat}/${input.n_treat} and ${input.x_control}/${input.n_control}`, () => {
      const prior = { a: input.prior_a, b: input.prior_b };
      const t = posterior({ n: input.n_treat, x: input.x_treat }, prior);
      const c = posterior({ n: input.n_control, x: input.x_control }, prior);
      const near = (got: unknown, value: unknown, what: string) => expectClose(got, value, file.tolerance, what);
      near(probabilityGreater(t, c), expected.p_treat_gt_control, 'P(t > c)');
      near(1 - differenceCdf(0, t, c), expected.p_treat_gt_control, 'P(t > c) by quadrature');
      near(posteriorMeanDifference(t, c), expected.posterior_mean_diff, 'mean');
      near(posteriorSdDifference(t, c), expected.posterior_sd_diff, 'sd');
      near(posteriorDifferenceInterval(t, c, 0.05), expected.diff_ci95_equal_tail, 'interval');
      near(expectedLoss(t, c), expected.expected_loss_choose_treat, 'loss of mailing');
      near(expectedLoss(c, t), expected.expected_loss_choose_control, 'loss of not mailing');
    });
  }
});

const arms = fc
  .tuple(
    fc.integer({ min: 1, max: 3000 }),
    fc.integer({ min: 1, max: 3000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .chain(([nT, nC, q]) =>
    fc.tuple(fc.constant(nT), fc.integer({ min: 0, max: nT }), fc.constant(nC), fc.constant(Math.floor(q * nC))),
  );

describe('two proportions', () => {
  it('keeps Newcombe inside −1 … 1 and around the difference, and turns with the arms', () => {
    fc.assert(
      fc.property(arms, ([nT, xT, nC, xC]) => {
        const [low, high] = newcombeInterval({ n: nT, x: xT }, { n: nC, x: xC }, 0.05);
        const difference = xT / nT - xC / nC;
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        const [mirrorLow, mirrorHigh] = newcombeInterval({ n: nC, x: xC }, { n: nT, x: xT }, 0.05);
        expectClose([-mirrorHigh, -mirrorLow], [low, high], { abs: 1e-14, rel: 1e-12 });
      }),
    );
  });

  it('has no z where nobody or everybody converted, and no ratio without a conversion', () => {
    expect(pooledZTest({ n: 20, x: 0 }, { n: 10, x: 0 })).toBeNull();
    expect(pooledZTest({ n: 20, x: 20 }, { n: 10, x: 10 })).toBeNull();
    expect(ratioInterval({ n: 20, x: 0 }, { n: 10, x: 3 }, 0.05)).toBeNull();
    expect(ratioInterval({ n: 20, x: 3 }, { n: 10, x: 0 }, 0.05)).toBeNull();
    expect(ratioInterval({ n: 20, x: 20 }, { n: 10, x: 10 }, 0.05)).toBeNull();
  });

  it('treats an empty arm and too many conversions as bugs of the caller', () => {
    expect(() => wilsonInterval({ n: 0, x: 0 }, 0.05)).toThrow(/n ≥ 1/);
    expect(() => wilsonInterval({ n: 3, x: 4 }, 0.05)).toThrow(/x ≤ n/);
  });
});

describe("Fisher's exact test", () => {
  it('equals the sum over all tables no more likely than the observed one', () => {
    const choose = (n: number, k: number) => {
      let c = 1;
      for (let i = 1; i <= k; i++) c = (c * (n - k + i)) / i;
      return c;
    };
    const plain = (nT: number, xT: number, nC: number, xC: number) => {
      const x = xT + xC;
      const p = (k: number) => (choose(nT, k) * choose(nC, x - k)) / choose(nT + nC, x);
      let sum = 0;
      for (let k = Math.max(0, x - nC); k <= Math.min(x, nT); k++) if (p(k) <= p(xT) * (1 + 1e-7)) sum += p(k);
      return Math.min(1, sum);
    };
    const small = fc
      .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }))
      .chain(([nT, nC]) =>
        fc.tuple(fc.constant(nT), fc.integer({ min: 0, max: nT }), fc.constant(nC), fc.integer({ min: 0, max: nC })),
      );
    fc.assert(
      fc.property(small, ([nT, xT, nC, xC]) =>
        expectClose(fisherExactP({ n: nT, x: xT }, { n: nC, x: xC }), plain(nT, xT, nC, xC), { abs: 1e-13, rel: 1e-9 }),
      ),
      { numRuns: 400 },
    );
  });

  it('copes with a million people and gives digits where p is tiny', () => {
    // scipy.stats.fisher_exact([[5, 999995], [60, 999940]]), ([[3, 97], [90, 10]])
    expectClose(fisherExactP({ n: 1e6, x: 5 }, { n: 1e6, x: 60 }), 4.865935002633e-13, { abs: 0, rel: 1e-6 });
    expectClose(fisherExactP({ n: 100, x: 3 }, { n: 100, x: 90 }), 1.0105091709527596e-40, { abs: 0, rel: 1e-9 });
  });
});

describe('belief', () => {
  const beta = fc.record({
    a: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.4, max: 400, noNaN: true })),
    b: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0.4, max: 400, noNaN: true })),
  });

  it('says the same by the sum and by quadrature, and both ways add up to one', () => {
    fc.assert(
      fc.property(beta, beta, (t, c) => {
        const p = probabilityGreater(t, c);
        expectClose(1 - differenceCdf(0, t, c), p, { abs: 1e-10, rel: 0 });
        expectClose(probabilityGreater(c, t), 1 - p, { abs: 1e-10, rel: 0 });
      }),
    );
  });

  it('has losses whose difference is the mean difference', () => {
    fc.assert(
      fc.property(beta, beta, (t, c) => {
        expectClose(expectedLoss(c, t) - expectedLoss(t, c), posteriorMeanDifference(t, c), { abs: 1e-10, rel: 0 });
      }),
    );
  });

  it('stays exact for arms of ten million people', () => {
    expectClose(probabilityGreater({ a: 1, b: 1e7 }, { a: 1, b: 1e7 }), 0.5, { abs: 1e-10, rel: 0 });
    expectClose(probabilityGreater({ a: 2e6, b: 8e6 }, { a: 2e6, b: 8e6 }), 0.5, { abs: 1e-10, rel: 0 });
  });
});

describe('sample ratio', () => {
  it('has no answer without people and does not care about the scale of the weights', () => {
    expect(sampleRatioTest([0, 0], [1, 1])).toBeNull();
    const a = sampleRatioTest([30, 40, 50], [1, 1, 2]);
    const b = sampleRatioTest([30, 40, 50], [25, 25, 50]);
    expect(a).toEqual(b);
  });
});

describe('coverage by simulation', () => {
  const runs = 2000;
  const covered = (nT: number, pT: number, nC: number, pC: number, purpose: string) => {
    const random = seededRandom(20, purpose);
    const draw = (n: number, p: number) => {
      let x = 0;
      for (let i = 0; i < n; i++) if (random.uniform() < p) x++;
      return { n, x };
    };
    let newcombe = 0;
    let wald = 0;
    for (let run = 0; run < runs; run++) {
      const t = draw(nT, pT);
      const c = draw(nC, pC);
      const holds = ([low, high]: readonly [number, number]) => low <= pT - pC && pT - pC <= high;
      if (holds(newcombeInterval(t, c, 0.05))) newcombe++;
      if (holds(waldInterval(t, c, 0.05))) wald++;
    }
    return { newcombe, wald };
  };

  it('Newcombe at 95 % covers within 1880 … 1920 of 2000 runs with 1800 treated and 200 held out', () => {
    const { newcombe } = covered(1800, 0.12, 200, 0.08, 'newcombe');
    expect(newcombe).toBeGreaterThanOrEqual(1880);
    expect(newcombe).toBeLessThanOrEqual(1920);
  });

  it('Wald at 95 % fails with 950 treated and 50 held out at 3 % against 2 %, where Newcombe holds', () => {
    const { newcombe, wald } = covered(950, 0.03, 50, 0.02, 'wald');
    expect(wald / runs).toBeLessThan(0.7);
    expect(newcombe / runs).toBeGreaterThan(0.93);
  });

  it('p-values of 1000 A/A tests are uniform (Kolmogorov–Smirnov, p > 0.001)', () => {
    const random = seededRandom(8, 'a/a');
    const draw = () => {
      let x = 0;
      for (let i = 0; i < 3000; i++) if (random.uniform() < 0.3) x++;
      return { n: 3000, x };
    };
    const ps = Array.from({ length: 1000 }, () => pooledZTest(draw(), draw())?.p as number).sort((a, b) => a - b);
    const distance = Math.max(...ps.map((p, i) => Math.max(p - i / 1000, (i + 1) / 1000 - p)));
    // Critical value of the limit distribution at 0.001, over the root of the number of tests.
    expect(distance).toBeLessThan(1.9495 / Math.sqrt(1000));
  });

  it('the band of 1880 … 1920 is left by chance in fewer than one check in twenty', () => {
    expect(binomialBetween(1880, 1920, 2000, 0.95)).toBeGreaterThan(0.95);
  });
});
