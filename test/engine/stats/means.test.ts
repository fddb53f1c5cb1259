import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../engine/base/index.ts';
import {
  capped,
  checkTail,
  cupedTest,
  fiellerInterval,
  momentsOf,
  pooledCap,
  ratioMetric,
  ratioOfMeans,
  welchTest,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

describeShared('reference: means', () => {
  const file = reference('means.json');
  const near = (got: unknown, value: unknown, what: string) => expectClose(got, value, file.tolerance, what);

  for (const { id, description, input, expected } of file.welch) {
    it(`${id}: ${description}`, () => {
      const t = momentsOf(input.treat);
      const c = momentsOf(input.control);
      near(t.mean, expected.mean_treat, 'mean of treated');
      near(c.mean, expected.mean_control, 'mean of control');
      const test = welchTest(t, c, 0.05);
      near(test?.difference, expected.diff, 'difference');
      near(test?.se, expected.se_diff, 'standard error');
      near(test?.t, expected.t, 't');
      near(test?.df, expected.df, 'df');
      near(test?.p, expected.p_two_sided, 'p');
      near(test?.interval, expected.ci95, '95 %');
      near(welchTest(t, c, 0.1)?.interval, expected.ci90, '90 %');
      const ratio = ratioOfMeans(t, c, 0.05);
      near(ratio?.ratio, expected.ratio, 'ratio');
      near(ratio?.logSe, expected.log_ratio_se, 'standard error of the log ratio');
      near(ratio?.interval, expected.ratio_ci95_log_delta, 'log-delta');
      near((ratio?.ratio as number) * (ratio?.logSe as number), expected.ratio_se_delta, 'standard error of the ratio');
      const fieller = fiellerInterval(t, c, 0.05);
      expect(fieller !== null).toBe(expected.fieller_bounded);
      near(fieller ?? [null, null], expected.ratio_ci95_fieller_normal, 'Fieller');
      near(t.skewness, expected.skewness_treat, 'skewness of treated');
      near(c.skewness, expected.skewness_control, 'skewness of control');
    });
  }

  it('CUPED takes out what was known before', () => {
    for (const { input, expected } of file.cuped) {
      const arm = (wanted: number) => ({
        after: input.y.filter((_: number, i: number) => input.treat[i] === wanted),
        before: input.x_pre.filter((_: number, i: number) => input.treat[i] === wanted),
      });
      const plain = welchTest(momentsOf(arm(1).after), momentsOf(arm(0).after), 0.05);
      near(plain?.difference, expected.diff_unadjusted, 'difference');
      near(plain?.se, expected.se_unadjusted, 'standard error');
      const test = cupedTest(arm(1), arm(0), 0.05);
      near(test?.theta, expected.theta, 'theta');
      near(test?.difference, expected.diff_cuped, 'difference');
      near(test?.se, expected.se_cuped, 'standard error');
      near(test?.interval, expected.ci95_cuped, '95 %');
      near(test?.explained, expected.variance_reduction, 'explained');
    }
  });

  it('average order value has the person as its unit', () => {
    for (const { input, expected } of file.ratio_metric) {
      const got = ratioMetric(input.num, input.den, 0.05);
      near(got?.ratio, expected.ratio, 'ratio');
      near(got?.se, expected.se, 'standard error');
      near(got?.interval, expected.ci95_normal, '95 %');
    }
  });
});

describe('means', () => {
  it('keeps every digit of the spread of amounts far from zero', () => {
    const { variance } = momentsOf([1e9 + 1, 1e9 + 2, 1e9 + 3]);
    expect(variance).toBe(1);
  });

  it('does not depend on the order of rows', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 40 })
          .chain((values) =>
            fc.tuple(
              fc.constant(values),
              fc.shuffledSubarray(values, { minLength: values.length, maxLength: values.length }),
            ),
          ),
        ([values, shuffled]) => {
          expect(momentsOf(shuffled)).toEqual(momentsOf(values));
        },
      ),
    );
  });

  it('has no answer for one person, for amounts all alike, or for a ratio with nothing below', () => {
    expect(welchTest(momentsOf([1]), momentsOf([1, 2]), 0.05)).toBeNull();
    expect(welchTest(momentsOf([0, 0, 0]), momentsOf([0, 0]), 0.05)).toBeNull();
    expect(ratioOfMeans(momentsOf([1, 2]), momentsOf([0, 0]), 0.05)).toBeNull();
    expect(fiellerInterval(momentsOf([1, 2]), momentsOf([0, 0]), 0.05)).toBeNull();
    expect(ratioMetric([1, 2], [0, 0], 0.05)).toBeNull();
    const flat = { after: [1, 2, 3], before: [0, 0, 0] };
    expect(cupedTest(flat, flat, 0.05)).toBeNull();
    expect(momentsOf([5, 5]).skewness).toBeNull();
  });

  it('still compares an arm whose amounts are all alike with one that varies', () => {
    const test = welchTest(momentsOf([2, 2, 2]), momentsOf([0, 1, 5]), 0.05);
    expectClose(test?.df, 2, { abs: 1e-12, rel: 0 });
  });
});

describe('heavy tails', () => {
  it('names too few people for the skewness and a top 1 % that carries more than 30 %', () => {
    const values = new Float64Array(1000);
    values.fill(10, 0, 80);
    values[0] = 5000;
    const moments = momentsOf(values);
    const check = checkTail(values, moments);
    expect(check.peopleNeeded).toBe(Math.ceil(355 * (moments.skewness as number) ** 2));
    expect(check.tooFewPeople).toBe(true);
    expectClose(check.topShare, (5000 + 9 * 10) / (5000 + 79 * 10), { abs: 1e-12, rel: 0 });
    expect(check.topHeavy).toBe(true);
  });

  it('stays silent for amounts that are spread evenly', () => {
    const values = Float64Array.from({ length: 2000 }, (_, i) => i % 7);
    const check = checkTail(values, momentsOf(values));
    expect(check.tooFewPeople).toBe(false);
    expect(check.topHeavy).toBe(false);
    expect(checkTail([0, 0, 0], momentsOf([0, 0, 0])).topShare).toBeNull();
  });

  it('caps at the 99.9 % quantile of both arms together', () => {
    const a = Float64Array.from({ length: 1000 }, (_, i) => i + 1);
    const b = Float64Array.from({ length: 1000 }, (_, i) => i + 1001);
    expect(pooledCap(a, b)).toBe(1998);
    expect(Array.from(capped([1, 5, 3], 3))).toEqual([1, 3, 3]);
  });
});

describe('coverage by simulation', () => {
  it('Welch at 95 % covers within 1880 … 1920 of 2000 runs with unequal arms and spreads', () => {
    const random = seededRandom(5, 'welch');
    const draw = (n: number, mean: number, sd: number) => Array.from({ length: n }, () => mean + sd * random.normal());
    let covered = 0;
    for (let run = 0; run < 2000; run++) {
      const test = welchTest(momentsOf(draw(60, 3, 4)), momentsOf(draw(15, 2, 1)), 0.05);
      const [low, high] = test?.interval ?? [0, 0];
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(1880);
    expect(covered).toBeLessThanOrEqual(1920);
  });
});
