import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../engine/base/index.ts';
import {
  differenceVariance,
  mayLook,
  pooledZTest,
  sequenceLogE,
  sequenceTuning,
  sequenceZ,
  sequentialReading,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

describeShared('reference: confidence sequence', () => {
  const file = reference('confseq.json');
  const near = (got: unknown, value: unknown, what: string) => expectClose(got, value, file.tolerance, what);

  it('has the boundary that integrating the mixture gives', () => {
    for (const { input, expected } of file.unit_variance) {
      const tuning = sequenceTuning(input.t_opt, input.alpha);
      near(tuning, expected.rho2, 'rho²');
      const allowed = { abs: 0, rel: file.tolerance.rho2_numeric_check_rel };
      expectClose(tuning, expected.rho2_numeric_check, allowed);
      near(
        sequenceZ(input.t, tuning, input.alpha) / Math.sqrt(input.t),
        expected.half_width_unit_variance,
        'half-width of a mean with unit variance',
      );
    }
  });

  it('reads two proportions', () => {
    for (const { input, expected } of file.two_proportions) {
      const t = { n: input.n_treat, x: input.x_treat };
      const c = { n: input.n_control, x: input.x_control };
      const variance = differenceVariance(t, c);
      const n = t.n + c.n;
      const tuning = sequenceTuning(input.t_opt, input.alpha);
      near(variance, expected.variance_of_diff, 'variance');
      near(tuning, expected.rho2, 'rho²');
      near(sequenceLogE(expected.diff, variance, n, tuning), expected.log_evalue_vs_0, 'log e-value');
      near(tuning * n * variance, expected.tau2_equivalent_msprt, 'tau² of the mixture ratio test');
      const reading = sequentialReading(t, c, input.t_opt, input.alpha);
      near(reading?.interval, expected.cs, 'sequence');
      near(reading?.p, expected.always_valid_p, 'always-valid p');
    }
  });
});

describe('confidence sequence', () => {
  it('excludes 0 exactly when the always-valid p is below alpha', () => {
    for (let x = 60; x <= 200; x++) {
      const reading = sequentialReading({ n: 1000, x }, { n: 1000, x: 80 }, 2000, 0.05);
      const [low, high] = reading?.interval ?? [0, 0];
      expect(low > 0 || high < 0).toBe((reading?.p ?? 1) < 0.05);
    }
  });

  it('is narrowest near the planned total', () => {
    const widthAt = (planned: number) => sequenceZ(2000, sequenceTuning(planned, 0.05), 0.05);
    expect(widthAt(2000)).toBeLessThan(widthAt(1500));
    expect(widthAt(2000)).toBeLessThan(widthAt(3000));
  });

  it('waits for 30 people and 5 conversions in every arm, and has no answer without spread', () => {
    expect(mayLook({ n: 30, x: 5 }, { n: 400, x: 5 })).toBe(true);
    expect(mayLook({ n: 29, x: 5 }, { n: 400, x: 5 })).toBe(false);
    expect(mayLook({ n: 30, x: 5 }, { n: 400, x: 4 })).toBe(false);
    expect(sequentialReading({ n: 40, x: 40 }, { n: 40, x: 40 }, 100, 0.05)).toBeNull();
  });

  it('errs in at most 5.5 % of tests looked at 40 times, where a naive 5 % test errs in more than 20 %', () => {
    const random = seededRandom(11, 'peeking');
    const runs = 1000;
    let sequence = 0;
    let naive = 0;
    for (let run = 0; run < runs; run++) {
      const t = { n: 0, x: 0 };
      const c = { n: 0, x: 0 };
      let sequenceErred = false;
      let naiveErred = false;
      for (let look = 1; look <= 40; look++) {
        for (let i = 0; i < 100; i++) {
          t.n++;
          c.n++;
          if (random.uniform() < 0.1) t.x++;
          if (random.uniform() < 0.1) c.x++;
        }
        if (!mayLook(t, c)) continue;
        sequenceErred ||= (sequentialReading(t, c, 4000, 0.05)?.p ?? 1) < 0.05;
        naiveErred ||= (pooledZTest(t, c)?.p ?? 1) < 0.05;
      }
      if (sequenceErred) sequence++;
      if (naiveErred) naive++;
    }
    expect(sequence / runs).toBeLessThanOrEqual(0.055);
    expect(naive / runs).toBeGreaterThan(0.2);
  });
});
