import { describe, expect, it } from 'vitest';
import { roundedToSum } from '../../../engine/base/index.ts';
import { type CreditRule, creditRuleOf, creditsOf } from '../../../engine/projection/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const MODELS = {
  last: 'last',
  first: 'first',
  linear: 'linear',
  time_decay: 'decay',
  position_40_20_40: 'position',
} as const;

interface Case {
  readonly input: {
    readonly touch_days: readonly number[];
    readonly conversion_day: number;
    readonly revenue: number;
    readonly half_life_days: number;
    readonly lookback_days: number;
  };
  readonly expected: Readonly<Record<keyof typeof MODELS, readonly number[]>> & { readonly unattributed?: number };
}

describeShared('credits are those of the reference', () => {
  const { attribution } = reference('value.json') as { attribution: readonly Case[] };
  it.each(attribution.map((one, i) => [i, one] as const))('case %i', (_, { input, expected }) => {
    for (const [name, model] of Object.entries(MODELS) as [keyof typeof MODELS, CreditRule['model']][]) {
      const rule = { model, withinMs: input.lookback_days, halfLifeMs: input.half_life_days };
      const shares = creditsOf(input.touch_days, input.conversion_day, rule);
      if (expected.unattributed !== undefined) expect(shares.every((share) => share === 0)).toBe(true);
      else
        for (const [i, share] of shares.entries())
          expect(share * input.revenue).toBeCloseTo(expected[name][i] as number, 9);
    }
  });
});

describe('credits', () => {
  const rule: CreditRule = { model: 'linear', withinMs: 10, halfLifeMs: 5 };

  it('split a sum to the cent', () => {
    const cents = roundedToSum(
      creditsOf([1, 2, 3], 4, rule).map((share) => share * 100_00),
      1,
    );
    expect(cents).toEqual([3334, 3333, 3333]);
  });

  it('are none for a conversion before all emails, or without any', () => {
    expect(creditsOf([5], 4, rule)).toEqual([0]);
    expect(creditsOf([], 4, rule)).toEqual([]);
  });

  it('halve by half the window, and need one', () => {
    expect(creditRuleOf({ attribution: null })).toBeNull();
    expect(creditRuleOf({ attribution: { withinMs: 8, model: 'decay' } })).toEqual({
      model: 'decay',
      withinMs: 8,
      halfLifeMs: 4,
    });
  });
});
