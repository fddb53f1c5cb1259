import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countBytes } from '../../../../engine/node/import/count-bytes.ts';
import { stringTableOf } from '../../../../engine/node/stored/index.ts';

it('counts two bytes as one by one would, wherever a piece begins and ends', () => {
  const near = fc.constantFrom(0, 9, 10, 11, 44, 45, 127, 128, 138, 172, 255);
  fc.assert(
    fc.property(fc.array(near, { maxLength: 40 }), fc.nat(9), fc.nat(9), (drawn, skip, drop) => {
      const bytes = Buffer.from(drawn).subarray(Math.min(skip, drawn.length));
      const to = Math.max(0, bytes.length - drop);
      const inside = [...bytes.subarray(0, to)];
      const one = (byte: number) => inside.filter((b) => b === byte).length;
      expect(countBytes(bytes, 0, to, 44, 10)).toEqual([one(44), one(10)]);
    }),
    { numRuns: 500, seed: 1 },
  );
  // More than a lane can hold at a time.
  expect(countBytes(Buffer.alloc(100_003, 10), 1, 100_003, 44, 10)).toEqual([0, 100_002]);
});

it('makes one table of texts of any length of character', () => {
  for (const texts of [[], [''], ['ann', '', 'bob'], ['é', '🛒x', '', '日本', 'a']]) {
    const table = stringTableOf(texts);
    expect(Array.from({ length: table.length }, (_, i) => table.at(i))).toEqual(texts);
  }
});
