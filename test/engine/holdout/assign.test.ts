import { describe, expect, it } from 'vitest';
import { assignArm, assignmentPlace } from '../../../engine/holdout/index.ts';
import { chiSquareUpperTail } from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const ids = Array.from({ length: 100_000 }, (_, i) => `user-${i}`);
const heldOut = (salt: string, fraction: number) => ids.filter((id) => assignArm(salt, id, fraction) === 'holdout');

describeShared('reference: assignments', () => {
  const file = reference('hash.json');

  it('puts ids into the arms that other implementations put them into', () => {
    for (const { salt, unit_id, bucket, holdout_at } of file.assignment) {
      expect(assignmentPlace(salt, unit_id)).toBe(bucket);
      for (const [fraction, isHeldOut] of Object.entries(holdout_at)) {
        expect(assignArm(salt, unit_id, Number(fraction)) === 'holdout').toBe(isHeldOut);
      }
    }
  });

  it('holds out as many of 100,000 ids, under either salt and under both', () => {
    const [one, other] = file.bulk.salts;
    for (const [fraction, counts] of Object.entries<Record<string, number>>(file.bulk.counts)) {
      const isHeldOut = (salt: string, i: number) => assignArm(salt, `user_${i}`, Number(fraction)) === 'holdout';
      const got: Record<string, number> = { [one]: 0, [other]: 0, both: 0 };
      const add = (name: string) => (got[name] = (got[name] as number) + 1);
      for (let i = 0; i < file.bulk.n; i++) {
        const first = isHeldOut(one, i);
        const second = isHeldOut(other, i);
        if (first) add(one);
        if (second) add(other);
        if (first && second) add('both');
      }
      expect(got).toEqual(counts);
    }
  });
});

describe('assignment', () => {
  it('is nested: raising the fraction only adds people', () => {
    let before = new Set<string>();
    for (const fraction of [0, 0.05, 0.1, 0.5, 1]) {
      const now = new Set(heldOut('cart-1', fraction));
      expect([...before].every((id) => now.has(id))).toBe(true);
      before = now;
    }
    expect(heldOut('cart-1', 0)).toEqual([]);
    expect(before.size).toBe(ids.length);
  });

  it('is sticky: the same whenever and in whatever order it is asked', () => {
    const forwards = ids.slice(0, 2000).map((id) => assignArm('cart-1', id, 0.1));
    const backwards = ids
      .slice(0, 2000)
      .reverse()
      .map((id) => assignArm('cart-1', id, 0.1));
    expect(backwards.reverse()).toEqual(forwards);
  });

  it('is uniform over 100 bins', () => {
    const bins = new Array<number>(100).fill(0);
    for (const id of ids) {
      const bin = Math.floor(assignmentPlace('cart-1', id) * 100);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const chi2 = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquareUpperTail(chi2, 99)).toBeGreaterThan(0.001);
  });

  it('is independent across salts: two holdouts of 20 % share about 4 % of people', () => {
    const one = new Set(heldOut('cart-1', 0.2));
    const both = heldOut('cart-2', 0.2).filter((id) => one.has(id)).length;
    const sd = Math.sqrt(ids.length * 0.04 * 0.96);
    expect(Math.abs(both - ids.length * 0.04)).toBeLessThan(4 * sd);
  });

  it('refuses a salt that holds the separator, and fractions outside 0 … 1', () => {
    expect(() => assignArm('a\u001fb', 'x', 0.1)).toThrow(/U\+001F/);
    expect(() => assignArm('a', 'x', 1.1)).toThrow(/between 0 and 1/);
    expect(() => assignArm('a', 'x', Number.NaN)).toThrow(/between 0 and 1/);
  });
});
