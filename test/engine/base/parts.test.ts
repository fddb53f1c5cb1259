import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentagesOf, roundedToSum } from '../../../engine/base/index.ts';

describe('parts of a total', () => {
  it('of any sign are rounded so that they add up to their rounded sum', () => {
    expect(roundedToSum([1_039, -112, -37.5, -6], 10)).toEqual([1_040, -110, -40, -10]);
    expect(roundedToSum([], 10)).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 6 }), (parts) => {
        const rounded = roundedToSum(parts, 10);
        const sum = parts.reduce((all, part) => all + part, 0);
        expect(rounded.reduce((all, part) => all + part, 0)).toBe(Math.round(sum / 10) * 10 + 0);
        for (const [i, part] of parts.entries()) expect(Math.abs((rounded[i] ?? 0) - part)).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('as percentages add up to 100', () => {
    expect(percentagesOf([1, 1, 1], 0)).toEqual([34, 33, 33]);
    expect(percentagesOf([0, 0], 0)).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 6 }), (parts) => {
        fc.pre(parts.some((part) => part > 0));
        const sum = percentagesOf(parts, 2).reduce((all, part) => all + Math.round(part * 100), 0);
        expect(sum).toBe(10_000);
      }),
    );
  });
});
