import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, UserError, WEEK_MS } from '../../../engine/base/index.ts';
import { FRACTIONS, type HoldoutPlanInput, planHoldout } from '../../../engine/holdout/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

describeShared('reference: the cheapest holdout that would answer', () => {
  const file = reference('projection.json');
  for (const { id, input, expected } of file.cheapest_holdout) {
    it(id, () => {
      const plan = planHoldout({
        baseline: input.organic_rate,
        lift: input.smallest_effect_that_matters,
        power: input.power,
        alpha: input.alpha,
        eligiblePerWeek: input.first_entries_per_week,
        outcomeWindowMs: input.horizon_weeks * WEEK_MS,
        deadlineWeeks: input.deadline_weeks,
        valuePerConversion: input.value_per_conversion,
      });
      expect(plan.fractions.length).toBe(expected.rows.length);
      for (const [i, row] of expected.rows.entries()) {
        const got = plan.fractions[i];
        expect(got?.fraction).toBe(row.fraction);
        expect(got?.n.treated).toBe(row.n_treat);
        expect(got?.n.holdout).toBe(row.n_holdout);
        expect(got?.weeks).toBe(row.weeks);
        expect(got?.foregone).toBeCloseTo(row.foregone_conversions, 9);
        expect(got?.price).toBeCloseTo(row.price, 8);
      }
      expect(plan.answerable ? plan.fraction : null).toBe(expected.cheapest_fraction);
    });
  }
});

const plain: HoldoutPlanInput = { baseline: 0.08, lift: 0.04 };

describe('planning a holdout', () => {
  it('sizes each arm, up, for the fraction given, with at least the power asked for', () => {
    const plan = planHoldout({ ...plain, fraction: 0.1 });
    expect(plan.n).toEqual({ treated: 4632, holdout: 515, total: 5147 });
    expect(plan.power).toBeGreaterThanOrEqual(0.8);
    expect(plan.power).toBeLessThan(0.801);
    expect(plan.mde.up).toBeCloseTo(0.04, 4);
    expect(plan.mde.down).toBeGreaterThan(-0.04);
    expect(plan.foregone).toBeCloseTo(515 * 0.04, 10);
  });

  it('has no duration without traffic, and says why', () => {
    const plan = planHoldout(plain);
    expect(plan.weeks).toBeNull();
    expect(plan.reason).toMatch(/eligible per week/);
    expect(plan.answerable).toBeNull();
    expect(plan.fraction).toBe(0.5);
    expect(plan.n).toEqual({ treated: 882, holdout: 882, total: 1764 });
    expect(plan.fractions.map(({ fraction }) => fraction)).toEqual([...FRACTIONS]);
    expect(plan.fractions.every(({ weeks, reason }) => weeks === null && reason !== undefined)).toBe(true);
    expect(plan.verdict).toMatch(/^It takes 882 people treated and 882 held out \(50%\)/);
  });

  it('chooses the smallest fraction that meets the deadline, counting the outcome window of the last person', () => {
    const filled = planHoldout({ ...plain, eligiblePerWeek: 500, deadlineWeeks: 11 });
    expect(filled).toMatchObject({ fraction: 0.1, weeks: 11, answerable: true });
    const withWindow = planHoldout({ ...plain, eligiblePerWeek: 500, deadlineWeeks: 11, outcomeWindowMs: 8 * DAY_MS });
    expect(withWindow.fraction).toBe(0.15);
    expect(withWindow.asked.outcomeWindowWeeks).toBe(2);
    expect(withWindow.weeks).toBe(Math.ceil(withWindow.n.total / 500) + 2);
    expect(filled.notes.join()).toMatch(/goal window is not known/);
    expect(withWindow.notes.join()).not.toMatch(/goal window is not known/);
  });

  it('says that this traffic cannot answer where even the fastest split takes more than 26 weeks', () => {
    const plan = planHoldout({ baseline: 0.01, lift: 0.002, eligiblePerWeek: 100 });
    expect(plan.answerable).toBe(false);
    expect(plan.fraction).toBe(0.5);
    expect(plan.verdict).toMatch(/cannot be answered with this traffic/);
    expect(plan.verdict).toMatch(/854 weeks/);
  });

  it('offers the fastest split where only a short deadline is missed', () => {
    const plan = planHoldout({ ...plain, eligiblePerWeek: 500, deadlineWeeks: 3 });
    expect(plan).toMatchObject({ fraction: 0.5, weeks: 4, answerable: false });
    expect(plan.verdict).toMatch(/only after 4 weeks, later than the deadline of 3/);
    expect(plan.verdict).not.toMatch(/cannot be answered/);
  });

  it('names a split in time where the one asked for is late', () => {
    const plan = planHoldout({ ...plain, eligiblePerWeek: 300, fraction: 0.05 });
    expect(plan.weeks).toBe(33);
    expect(plan.verdict).toMatch(/later than the deadline of 26; 10% held out would take 18 weeks/);
  });

  it('plans for harm: a negative change, whose holdout saves conversions', () => {
    const plan = planHoldout({ baseline: 0.12, lift: -0.02, fraction: 0.2, valuePerConversion: 10 });
    expect(plan.foregone).toBeLessThan(0);
    expect(plan.price).toBeCloseTo(plan.foregone * 10, 9);
    expect(plan.verdict).toMatch(/holding out saves about \d+ conversions, worth \d/);
    const costly = planHoldout({ ...plain, fraction: 0.2, valuePerConversion: -10 });
    expect(costly.verdict).toMatch(/holding out gives up about \d+ conversions, worth −\d/);
  });

  it('prices the freedom to look every day', () => {
    const { n, sequential } = planHoldout({ ...plain, fraction: 0.5 });
    expect(sequential.factor).toBeCloseTo(1.9148, 3);
    expect(sequential.n.treated).toBe(Math.ceil(sequential.factor * n.treated));
  });

  it('has no smallest change downward where a rate of 0 would not be shown', () => {
    const plan = planHoldout({ baseline: 0.01, lift: 0.3, fraction: 0.5 });
    expect(plan.mde.down).toBeNull();
    expect(plan.mde.reason).toMatch(/rate of 0/);
    expect(plan.notes.join()).toMatch(/fewer than 5/);
  });

  it('asks the more people, the smaller the holdout, and gives up the fewer conversions', () => {
    const { fractions } = planHoldout({ baseline: 0.033, lift: 0.0066 });
    for (let i = 1; i < fractions.length; i++) {
      const [before, after] = [fractions[i - 1], fractions[i]];
      expect(after?.n.total).toBeLessThan(before?.n.total as number);
      expect(after?.foregone).toBeGreaterThan(before?.foregone as number);
    }
  });

  it('is within 1 % of the benchmark table at an even split, where pooling the variance hardly matters', () => {
    for (const [baseline, relative, people] of [
      [0.01, 0.2, 85_400],
      [0.02, 0.2, 42_200],
      [0.033, 0.2, 25_200],
      [0.033, 0.5, 4_600],
      [0.1, 0.1, 29_500],
      [0.1, 0.2, 7_700],
    ] as const) {
      const { n } = planHoldout({ baseline, lift: baseline * relative, fraction: 0.5 });
      expect(Math.abs(n.total - people)).toBeLessThan(0.01 * people + 50);
    }
  });

  it('never writes NaN or Infinity', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 0.9999, noNaN: true }),
        fc.double({ min: -0.99, max: 0.99, noNaN: true }),
        fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: undefined }),
        (baseline, lift, fraction, eligiblePerWeek) => {
          fc.pre(Math.abs(lift) > 1e-4 && baseline + lift > 1e-6 && baseline + lift < 1 - 1e-6);
          const plan = planHoldout({ baseline, lift, fraction, eligiblePerWeek });
          expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
          expect(plan.verdict).not.toMatch(/NaN|Infinity|undefined|null/);
        },
      ),
    );
  });
});

describe('refusing a plan', () => {
  const cases: [string, Partial<HoldoutPlanInput>, RegExp][] = [
    ['a fraction of 0', { fraction: 0 }, /--fraction must lie strictly between 0 and 1/],
    ['a fraction of 1', { fraction: 1 }, /--fraction must lie strictly between 0 and 1/],
    ['a fraction that is no number', { fraction: Number.NaN }, /--fraction/],
    ['a baseline of 0', { baseline: 0 }, /--baseline must lie strictly between 0 and 1/],
    ['a baseline in percent', { baseline: 8 }, /--baseline must lie strictly between 0 and 1/],
    ['no lift', { lift: 0 }, /--lift must be an absolute change other than 0/],
    ['a lift to above 1', { lift: 0.95 }, /--lift must leave a rate strictly between 0 and 1/],
    ['a lift to below 0', { lift: -0.08 }, /--lift must leave a rate strictly between 0 and 1/],
    ['a lift nobody could see', { lift: 1e-9 }, /too small to be told apart/],
    ['a lift that leaves the rate as it is', { lift: -1e-18 }, /too small to be told apart/],
    ['a power of 1', { power: 1 }, /--power must lie strictly between/],
    ['a power below alpha', { power: 0.04 }, /--power must lie strictly between --alpha \(0.05\)/],
    ['an alpha of 0', { alpha: 0 }, /--alpha/],
    ['no traffic', { eligiblePerWeek: 0 }, /--eligible-per-week must be a number of people above 0/],
    ['a negative window', { outcomeWindowMs: -1 }, /outcome window/],
    ['a deadline of 0', { deadlineWeeks: 0 }, /deadline/],
  ];
  for (const [name, input, message] of cases) {
    it(name, () => {
      const plan = () => planHoldout({ ...plain, ...input });
      expect(plan).toThrow(UserError);
      expect(plan).toThrow(message);
    });
  }
});
