import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  detectableDifference,
  powerOfRates,
  sequenceEndZ,
  sequentialSizeFactor,
  sizeForMeans,
  sizeForRates,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

describeShared('reference: power', () => {
  const file = reference('power.json');
  const near = (got: unknown, value: unknown, what: string) => expectClose(got, value, file.tolerance, what);

  it('gives the power of a pooled z-test, and how near that is to enumeration', () => {
    for (const { input, expected } of file.power_two_proportions) {
      const rates = { treated: input.p_treat, control: input.p_control };
      const power = powerOfRates(rates, { treated: input.n_treat, control: input.n_control }, input.alpha);
      near(power, expected.power, 'power');
      if (expected.exact_power_pooled_z !== undefined) {
        expectClose(power, expected.exact_power_pooled_z, { abs: 0.02, rel: 0 });
      }
    }
  });

  it('sizes both arms of an unequal split', () => {
    for (const { input, expected } of file.sample_size_two_proportions) {
      const rates = { treated: input.p_treat, control: input.p_control };
      const { exactTotal, sizes } = sizeForRates(rates, input.holdout_fraction, input.alpha, input.power);
      near(exactTotal, expected.n_total_continuous, 'total');
      near(sizes.treated, expected.n_treat, 'treated');
      near(sizes.control, expected.n_control, 'control');
    }
  });

  it('finds the smallest difference up and down', () => {
    for (const { input, expected } of file.mde_two_proportions) {
      const sizes = { treated: input.n_treat, control: input.n_control };
      const { up, down } = detectableDifference(input.p_control, sizes, input.alpha, input.power);
      near(up, expected.mde_up, 'up');
      near(down, expected.mde_down, 'down');
    }
  });

  it('sizes a comparison of revenue per person', () => {
    for (const { input, expected } of file.revenue_mean_variant) {
      const sds = { treated: input.sd_treat, control: input.sd_control };
      const { exactTotal } = sizeForMeans(input.delta, sds, input.holdout_fraction, input.alpha, input.power);
      near(exactTotal, expected.n_total_continuous, 'total');
    }
  });
});

describeShared('shared histories: plans on the real test', () => {
  it('needs as many customers per arm as R power.prop.test says', () => {
    const { hillstrom } = reference('../data/reference.json');
    const visits = hillstrom.arms['No E-Mail'].visits / hillstrom.arms['No E-Mail'].n;
    const conversions = hillstrom.arms['No E-Mail'].conversions / hillstrom.arms['No E-Mail'].n;
    const plans = hillstrom.plan_n_per_arm_two_sided_5pct_power80;
    const perArm = (control: number, factor: number) =>
      sizeForRates({ treated: control * factor, control }, 0.5, 0.05, 0.8).sizes;
    for (const [name, base, factor] of [
      ['visit_base_rate_x1.05', visits, 1.05],
      ['visit_base_rate_x1.10', visits, 1.1],
      ['visit_base_rate_x1.20', visits, 1.2],
      ['conversion_base_rate_x1.10', conversions, 1.1],
      ['conversion_base_rate_x1.50', conversions, 1.5],
    ] as const) {
      expect(perArm(base, factor)).toEqual({ treated: plans[name], control: plans[name] });
    }
  });
});

describe('power', () => {
  const rate = fc.double({ min: 0.001, max: 0.999, noNaN: true });

  it('is alpha where the rates are equal', () => {
    expectClose(powerOfRates({ treated: 0.3, control: 0.3 }, { treated: 900, control: 100 }, 0.05), 0.05, {
      abs: 1e-12,
      rel: 0,
    });
  });

  it('reaches what a size was computed for', () => {
    fc.assert(
      fc.property(rate, rate, fc.double({ min: 0.05, max: 0.95, noNaN: true }), (treated, control, fraction) => {
        fc.pre(Math.abs(treated - control) > 0.001);
        const { sizes } = sizeForRates({ treated, control }, fraction, 0.05, 0.8);
        // Rounding moves the split a little, which shows where an arm is tiny.
        fc.pre(Math.min(sizes.treated, sizes.control) > 200);
        expect(powerOfRates({ treated, control }, sizes, 0.05)).toBeGreaterThan(0.799);
      }),
    );
  });

  it('finds a difference whose power is the asked one', () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 20, max: 1e6 }), fc.integer({ min: 20, max: 1e6 }), (control, nT, nC) => {
        const sizes = { treated: nT, control: nC };
        const { up, down } = detectableDifference(control, sizes, 0.05, 0.8);
        for (const difference of [up, down]) {
          if (difference === null) continue;
          const power = powerOfRates({ treated: control + difference, control }, sizes, 0.05);
          expectClose(power, 0.8, { abs: 1e-6, rel: 0 });
        }
        if (up !== null) expect(up).toBeGreaterThan(0);
        if (down !== null) expect(down).toBeLessThan(0);
      }),
    );
  });

  it('says null where a few people cannot show even a rate of 0 or 1', () => {
    expect(detectableDifference(0.02, { treated: 50, control: 50 }, 0.05, 0.8).down).toBeNull();
  });

  it('does not add a person for the last digit of a float', () => {
    const { exactTotal, sizes } = sizeForMeans(1, { treated: 1, control: 1 }, 0.5, 0.05, 0.8);
    expect(sizes.treated).toBe(Math.ceil(exactTotal / 2));
  });

  it('prices the freedom to look every day: 3.035 standard errors, 1.915 times the people', () => {
    expectClose(sequenceEndZ(0.05), 3.035, { abs: 5e-4, rel: 0 });
    expectClose(sequentialSizeFactor(0.05, 0.8), 1.915, { abs: 5e-4, rel: 0 });
    expectClose(sequenceEndZ(0.05) / 1.959964, 1.55, { abs: 5e-3, rel: 0 });
  });
});
