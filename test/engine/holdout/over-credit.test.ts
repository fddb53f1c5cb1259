// Credits beside a measured difference: two ledgers, and how many times the one is the other.

import { describe, expect, it } from 'vitest';
import { analyzeRows, armCreditWords, overCreditOf } from '../../../engine/holdout/index.ts';
import { newcombeInterval } from '../../../engine/stats/index.ts';

function analyzed(bought: readonly [treated: number, held: number], credits: readonly number[], ratio?: number) {
  const people = [800, 400] as const;
  const rows = (['mail', 'none'] as const).flatMap((arm, k) =>
    Array.from({ length: people[k] as number }, (_, i) => ({ arm, x: i < (bought[k] as number) ? 1 : 0 })),
  );
  return analyzeRows({
    arms: rows.map(({ arm }) => arm),
    control: 'none',
    outcomes: [{ name: 'bought', values: rows.map(({ x }) => x) }],
    credited: { name: 'attributed', values: rows.map((_, i) => credits[i] ?? 0) },
    ...(ratio === undefined ? {} : { ratio }),
  });
}

describe('credits', () => {
  it('stand beside what was measured, in a field of their own', () => {
    const { attributed = [], arms } = analyzed([120, 40], Array(90).fill(1));
    const added = (120 / 800 - 40 / 400) * 800;
    const [low, high] = newcombeInterval({ n: 800, x: 120 }, { n: 400, x: 40 }, 0.05);
    expect(attributed[0]).toMatchObject({ arm: 'mail', column: 'attributed', credited: 90, creditedHeldOut: 0 });
    expect(attributed[0]?.overCredit?.factor).toBeCloseTo(90 / added, 9);
    expect(attributed[0]?.overCredit?.atLeast).toBeCloseTo(90 / (high * 800), 9);
    expect(attributed[0]?.overCredit?.atMost).toBeCloseTo(90 / (low * 800), 9);
    expect(Object.keys(arms[0] ?? {})).not.toContain('credited');
  });

  it('of those held out are named, and nothing is divided by a loss or by arms that do not fit', () => {
    const wrong = analyzed([120, 40], [...Array(800).fill(0), 1, 1]).attributed?.[0];
    expect(wrong?.creditedHeldOut).toBe(2);
    expect(armCreditWords(wrong as NonNullable<typeof wrong>)).toMatch(/2 are credited to people held out/);
    const loss = analyzed([40, 40], Array(30).fill(1)).attributed?.[0];
    expect(loss).toMatchObject({ overCredit: null, reason: expect.stringMatching(/nothing added/) });
    const unfit = analyzed([120, 40], Array(30).fill(1), 9).attributed?.[0];
    expect(unfit).toMatchObject({ overCredit: null, reason: expect.stringMatching(/do not fit/) });
    expect(overCreditOf(10, { expected: 5, low: -1, high: 8 })).toEqual({ factor: 2, atLeast: 1.25, atMost: null });
  });

  it('are refused where they are none, with their place', () => {
    expect(() => analyzed([120, 40], [-1])).toThrow(
      /attributed is -1 at row 1; credited conversions are a number of 0 or more/,
    );
  });
});
