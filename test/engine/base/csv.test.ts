// What a spreadsheet would read as a formula, by OWASP's list, and what it must not be kept from reading.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvCell, exactCsvCell } from '../../../engine/base/index.ts';

it.each(['=1+1', '+cmd|calc', '-2+3+cmd', '@SUM(A1)', '\t=1', '\r=1', '\uff1d1+1', '=HYPERLINK("http://x","y")'])(
  '%j is written as text',
  (text) => {
    expect(csvCell(text).replaceAll('"', '').startsWith("'")).toBe(true);
    expect(exactCsvCell(text).replaceAll('"', '').startsWith("'")).toBe(false);
  },
);

it('numbers stay numbers, also as texts; dates, ids and minus signs of print are left alone', () => {
  expect([-5, '-5', '+4917012345', '-1.5e3', '.5', '2024-01-01', 'a-b', '\u22125', "'x"].map(csvCell)).toEqual([
    '-5',
    '-5',
    '+4917012345',
    '-1.5e3',
    '.5',
    '2024-01-01',
    'a-b',
    '\u22125',
    "'x",
  ]);
  expect([null, undefined, '', 0, false].map(csvCell)).toEqual(['', '', '', '0', 'false']);
});

it('whatever the text, the cell is read back as it or as it behind an apostrophe', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const read = (cell: string) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
      expect(read(exactCsvCell(text))).toBe(text);
      expect([text, `'${text}`]).toContain(read(csvCell(text)));
    }),
  );
});
