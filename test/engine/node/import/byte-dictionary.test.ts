import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteDictionary } from '../../../../engine/node/import/byte-dictionary.ts';
import { Spill } from '../../../../engine/node/stored/index.ts';

it('knows each text once whatever its hash, and orders them as Buffer.compare does', () => {
  const unit = fc.constantFrom('a', 'b', 'é', '🛒', '0', '~', 'user-00');
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit, maxLength: 9 }), { maxLength: 200 }),
      fc.constantFrom('', 'x', 'customer_'),
      fc.integer({ min: 1, max: 300 }),
      (tails, prefix, nHashes) => {
        const texts = tails.map((tail) => prefix + tail);
        const dictionary = new ByteDictionary();
        // Hashes that collide often.
        const hashOf = (text: string) =>
          [...text].reduce((sum, char) => sum + (char.codePointAt(0) as number), 0) % nHashes;
        const codes = texts.map((text) => {
          const bytes = Buffer.from(`<${text}>`);
          return dictionary.code(bytes, 1, bytes.length - 1, hashOf(text));
        });
        const distinct = [...new Set(texts)];
        expect(codes).toEqual(texts.map((text) => distinct.indexOf(text)));
        const expected = [...distinct].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const { order, places } = dictionary.sorted();
        expect([...order].map((code) => distinct[code])).toEqual(expected);
        expect(distinct.map((text) => expected.indexOf(text))).toEqual([...places]);
        expect([...dictionary.texts(order, new Spill('/nowhere')).blocks()].flat()).toEqual(expected);
      },
    ),
    { numRuns: 200, seed: 1 },
  );
});
