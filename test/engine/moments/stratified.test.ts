import { describe, expect, it } from 'vitest';
import { type Stratum, stratifiedDifference } from '../../../engine/moments/stratified.ts';
import { Dice } from '../../oracle/dice.ts';

describe('a difference over strata', () => {
  it('is the plain difference where there is one stratum, with nearly its plain standard error', () => {
    const found = stratifiedDifference([{ doers: { x: 300, n: 1000 }, others: { x: 250, n: 1000 } }]);
    expect(found?.difference).toBeCloseTo(0.05, 12);
    expect(found?.se).toBeCloseTo(Math.sqrt((0.3 * 0.7) / 1000 + (0.25 * 0.75) / 1000), 4);
  });

  it('does not show what only the mixture of the strata makes (Simpson)', () => {
    const strata: Stratum[] = [
      { doers: { x: 720, n: 800 }, others: { x: 180, n: 200 } },
      { doers: { x: 20, n: 200 }, others: { x: 80, n: 800 } },
    ];
    expect(stratifiedDifference(strata)?.difference).toBeCloseTo(0, 12);
  });

  it('is nothing where no stratum holds both', () => {
    expect(stratifiedDifference([{ doers: { x: 1, n: 3 }, others: { x: 0, n: 0 } }])).toBeNull();
    expect(stratifiedDifference([])).toBeNull();
  });

  it.each([
    ['many small strata', 150, [1, 2, 3], [1, 2, 4]],
    ['a few large ones', 4, [80, 120], [60, 200]],
  ] as const)('covers the truth as often as it says: %s', (_name, size, doers, others) => {
    const dice = new Dice(size);
    let covered = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const strata = Array.from({ length: size }, (_, i): Stratum => {
        const base = 0.1 + (0.6 * i) / size;
        const draw = (n: number, p: number) => ({
          n,
          x: Array.from({ length: n }, () => dice.chance(p)).filter(Boolean).length,
        });
        return { doers: draw(dice.pick(doers), base + 0.1), others: draw(dice.pick(others), base) };
      });
      const found = stratifiedDifference(strata);
      if (found !== null && Math.abs(found.difference - 0.1) <= 1.96 * found.se) covered++;
    }
    // 95 % of 2000, by three Monte Carlo errors.
    expect(covered / runs).toBeGreaterThan(0.935);
    expect(covered / runs).toBeLessThan(0.965);
  });
});
