import { describe, expect, it } from 'vitest';
import { lowerBound, seededRandom, upperBound } from '../../../engine/base/index.ts';

const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('seeded randomness', () => {
  it('is the same for one seed and purpose, and another for another', () => {
    const first = (seed: number | string, purpose: string) => draws(5, seededRandom(seed, purpose).uniform);
    expect(first(1, 'a')).toEqual(first(1, 'a'));
    expect(first(1, 'a')).not.toEqual(first(2, 'a'));
    expect(first(1, 'a')).not.toEqual(first(1, 'b'));
    expect(first('x', 'a')).not.toEqual(first(1, 'a'));
  });

  it('is uniform and normal within five standard errors of their moments', () => {
    const n = 100_000;
    const { uniform, normal, below } = seededRandom(1, 'test');
    const u = draws(n, uniform);
    expect(u.every((x) => x >= 0 && x < 1)).toBe(true);
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    const z = draws(n, normal);
    expect(Math.abs(mean(z))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(mean(z.map((x) => x * x)) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(mean(z.map((x) => (Math.abs(x) > 1.959964 ? 1 : 0))) - 0.05)).toBeLessThan(
      5 * Math.sqrt(0.0475 / n),
    );
    const dice = draws(n, () => below(6));
    for (let face = 0; face < 6; face++) {
      const share = mean(dice.map((d) => (d === face ? 1 : 0)));
      expect(Math.abs(share - 1 / 6)).toBeLessThan(5 * Math.sqrt(5 / 36 / n));
    }
  });
});

describe('binary search', () => {
  const at = (values: readonly number[]) => (i: number) => values[i] as number;

  it('finds the first not less and the first greater, equal ones included', () => {
    const values = [1, 3, 3, 3, 7];
    expect([0, 1, 2, 3, 4, 7, 8].map((x) => lowerBound(at(values), x, 0, 5))).toEqual([0, 0, 1, 1, 4, 4, 5]);
    expect([0, 1, 2, 3, 4, 7, 8].map((x) => upperBound(at(values), x, 0, 5))).toEqual([0, 1, 1, 4, 4, 5, 5]);
  });

  it('stays inside the stretch it is given', () => {
    const values = [9, 1, 3, 0];
    expect(lowerBound(at(values), 100, 1, 3)).toBe(3);
    expect(upperBound(at(values), 0, 1, 3)).toBe(1);
    expect(lowerBound(at([]), 1, 0, 0)).toBe(0);
  });
});
