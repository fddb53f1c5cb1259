import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { type HoldoutPlanInput, planCurve, planHoldout } from '../../../engine/holdout/index.ts';

/** Carts of $100 and over of the design's shop: 3.85% without emails, 255 people a week, outcomes within 7 days. */
const LARGE_CARTS: HoldoutPlanInput = {
  baseline: 0.0385,
  lift: 0.0135,
  eligiblePerWeek: 255,
  outcomeWindowMs: 7 * DAY_MS,
};

describe('where this traffic cannot answer', () => {
  it('says so and offers what it can, with the figures of the worked example', () => {
    const plan = planHoldout(LARGE_CARTS);
    expect(plan.answerable).toBe(false);
    expect(Math.abs(plan.n.total - 7468)).toBeLessThan(40);
    expect(plan.weeks).toBe(31);
    expect(plan.verdict).toMatch(
      /cannot be answered with this traffic.*takes 31 weeks.*Instead: Look for a larger change/,
    );
    const larger = plan.instead.find(({ kind }) => kind === 'largerChange');
    expect(larger?.text).toMatch(/50% held out for 26 weeks shows \+1\.4[78]/);
    // As the difference has to fall with the root of the people: 7,468 to 6,375 of them.
    expect(larger?.change.lift).toBeCloseTo(0.0135 * Math.sqrt(7468 / 6375), 3);
    const more = plan.instead.find(({ kind }) => kind === 'moreTraffic');
    expect(more?.text).toContain(`${Math.ceil(plan.n.total / 25)} newly eligible`);
  });

  it('offers what holds: planned anew with it, the deadline is met', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.005, max: 0.6, noNaN: true }),
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        fc.integer({ min: 20, max: 5000 }),
        fc.integer({ min: 2, max: 30 }),
        fc.integer({ min: 0, max: 21 }),
        (baseline, relative, eligiblePerWeek, deadlineWeeks, days) => {
          fc.pre(Math.abs(relative) > 0.02);
          const input = {
            baseline,
            lift: baseline * relative,
            eligiblePerWeek,
            deadlineWeeks,
            outcomeWindowMs: days * DAY_MS,
          };
          for (const { kind, change, text } of planHoldout(input).instead) {
            expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
            if (kind === 'moreTraffic') continue;
            expect(planHoldout({ ...input, ...change }).answerable, `${kind} ${JSON.stringify(input)}`).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('offers a larger share where only the one asked for is late', () => {
    const plan = planHoldout({ baseline: 0.08, lift: 0.04, eligiblePerWeek: 300, fraction: 0.05 });
    expect(plan.instead).toEqual([
      { kind: 'largerShare', text: 'Hold out more: 10% held out takes 18 weeks.', change: { fraction: 0.1 } },
    ]);
  });

  it('offers nothing where there is an answer, or no traffic is known', () => {
    expect(planHoldout({ baseline: 0.08, lift: 0.04, eligiblePerWeek: 500 }).instead).toEqual([]);
    expect(planHoldout({ baseline: 0.08, lift: 0.04 }).instead).toEqual([]);
  });

  it('has nothing to offer within a deadline that the outcomes alone take up', () => {
    const plan = planHoldout({ ...LARGE_CARTS, outcomeWindowMs: 60 * DAY_MS, deadlineWeeks: 4, eligiblePerWeek: 5000 });
    expect(plan.instead.map(({ kind }) => kind)).toEqual(['longer']);
  });
});

describe('the plan at every share', () => {
  /** The design's shop: 1,482 of 32,756 bought without emails, and 35% more with them. */
  const baseline = 1482 / 32756;
  const SHOP = {
    baseline,
    lift: 0.35 * baseline,
    eligiblePerWeek: 13439 / 12,
    outcomeWindowMs: 7 * DAY_MS,
    deadlineWeeks: 13,
  };

  it('has the figures of the worked example', () => {
    const { points, smallest, asked } = planCurve(SHOP);
    const at = (share: number) => points[share - 1];
    expect(points.map(({ fraction }) => fraction)).toEqual(Array.from({ length: 50 }, (_, i) => (i + 1) / 100));
    expect(smallest).toBe(14);
    expect(Math.abs((at(15)?.n.total ?? 0) - 12809)).toBeLessThan(15);
    expect([14, 15, 50].map((share) => at(share)?.weeks)).toEqual([14, 13, 7]);
    expect([10, 15, 20, 50].map((share) => Math.round(at(share)?.foregone ?? 0))).toEqual([29, 30, 32, 50]);
    expect(asked).toMatchObject({ deadlineWeeks: 13, power: 0.8, alpha: 0.05 });
  });

  it('is, point by point, the plan of that share', () => {
    const { points } = planCurve(SHOP);
    for (const share of [1, 7, 33, 50]) {
      const { fractions: _, asked: __, ...plan } = planHoldout({ ...SHOP, fraction: share / 100 });
      expect(points[share - 1]).toEqual({ ...plan, oneLook: { n: plan.n, weeks: plan.weeks } });
    }
  });

  it('has the people, weeks and price of a sequence where it is to be read on any day', () => {
    const once = planCurve({ ...SHOP, valuePerConversion: 29 });
    const { points, smallest } = planCurve({ ...SHOP, valuePerConversion: 29 }, 'anyDay');
    for (const [i, point] of points.entries()) {
      const end = once.points[i];
      if (end === undefined) throw new Error('every share has both');
      expect(point.n).toEqual(end.sequential.n);
      expect(point.weeks).toBe(Math.ceil(point.n.total / SHOP.eligiblePerWeek) + 1);
      expect(point.foregone).toBeCloseTo(point.n.holdout * SHOP.lift, 9);
      expect(point.price).toBeCloseTo(29 * point.foregone, 6);
      expect(point.answerable).toBe((point.weeks ?? 99) <= 13);
      expect(point.oneLook).toEqual({ n: end.n, weeks: end.weeks });
    }
    expect(smallest).toBe(points.findIndex(({ weeks }) => (weeks ?? 99) <= 13));
    // 15% answers in time with one look, and not otherwise.
    expect(points[14]?.instead.map(({ kind }) => kind)).toEqual(['oneLook']);
    expect(points[14]?.instead[0]?.text).toContain('13 weeks');
  });

  it('names no share where none meets the deadline', () => {
    expect(planCurve(LARGE_CARTS)).toMatchObject({ smallest: null });
    expect(planCurve({ baseline: 0.1, lift: 0.01 }).smallest).toBeNull();
  });
});
