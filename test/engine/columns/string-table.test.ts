import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareUtf8, StringTable } from '../../../engine/columns/index.ts';

/** Texts with everything that sorts differently by UTF-16 unit and by byte; no lone surrogates, which UTF-8 cannot hold. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      '\u0000',
      '\u007f',
      'é',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\ufeff',
      '\u{10000}',
      '\u{10ffff}',
      '😀',
    ),
    fc
      .nat(0x10ffff)
      .filter((c) => c < 0xd800 || c > 0xdfff)
      .map((c) => String.fromCodePoint(c)),
  ),
  maxLength: 6,
});

describe('compareUtf8', () => {
  it('orders as Buffer.compare orders the bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 5000 },
    );
  });

  it('puts code points above the basic plane last, where UTF-16 does not', () => {
    expect('\uffff' < '\u{10000}').toBe(false);
    expect(compareUtf8('\uffff', '\u{10000}')).toBeLessThan(0);
    expect(compareUtf8('a', 'ab')).toBeLessThan(0);
    expect(compareUtf8('', '')).toBe(0);
  });
});

describe('a string table', () => {
  it('gives back every text, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const table = StringTable.from(texts);
        expect(table.length).toBe(texts.length);
        expect(texts.map((_, i) => table.at(i))).toEqual(texts);
        expect(Buffer.compare(table.bytes, Buffer.from(texts.join('')))).toBe(0);
      }),
    );
  });

  it('keeps a byte order mark that an id begins with', () => {
    // Decoders drop it unless told otherwise; the id then no longer was the one that is hashed.
    const table = StringTable.from(['\ufeffid', 'id']);
    expect(table.at(0)).toBe('\ufeffid');
    expect(table.at(1)).toBe('id');
  });

  it('finds every text of a sorted table, and none that is not there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { maxLength: 30 }), text, (texts, other) => {
        const table = StringTable.from([...texts].sort(compareUtf8));
        for (const one of texts) expect(table.at(table.indexOfSorted(one))).toBe(one);
        if (!texts.includes(other)) expect(table.indexOfSorted(other)).toBe(-1);
      }),
    );
  });
});
