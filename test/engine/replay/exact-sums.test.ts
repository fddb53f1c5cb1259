import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactSum } from '../../../engine/base/index.ts';
import { ExactSums } from '../../../engine/replay/exact-sums.ts';

const number = fc.oneof(
  fc.constantFrom(0.1, 0.2, 0.3, -0.1, 1e16, -1e16, 1, -1, 0, 2 ** 53, 1e-300, 1e300, -1e300),
  fc.double({ noNaN: true, min: -1e12, max: 1e12 }),
);

it('sums side by side are each rounded once, from all that was added', () => {
  const sums = new ExactSums(3);
  for (const x of [1e16, 1, 1, -1e16]) sums.add(1, x);
  for (let i = 0; i < 10; i++) sums.add(2, 0.1);
  expect([0, 1, 2].map((i) => sums.sum(i).value)).toEqual([0, 2, 1]);
});

it('they are the exact sums of any numbers, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), number), { maxLength: 60, size: 'max' }), (added) => {
      const sums = new ExactSums(3);
      const backwards = new ExactSums(3);
      for (const [i, x] of added) sums.add(i, x);
      for (const [i, x] of added.toReversed()) backwards.add(i, x);
      for (const i of [0, 1, 2]) {
        const exact = exactSum(added.filter(([of]) => of === i).map(([, x]) => x));
        expect(sums.sum(i).value).toBe(exact);
        expect(backwards.sum(i).value).toBe(exact);
      }
    }),
    { numRuns: 300 },
  );
});
