import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { piecesOf, Spill, SpilledTexts } from '../../../../engine/node/stored/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foresend-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;
const newPath = () => join(folder, `spill-${++made}`);

const CHUNKS = fc.array(fc.array(fc.double(), { maxLength: 70 }), { maxLength: 12 });

it('columns that are written in turn come back whole and in pieces, from memory and from disk', () => {
  fc.assert(
    fc.property(
      fc.array(CHUNKS, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 150 }),
      fc.constantFrom(0, 700, 1e6),
      (columns, bufferLength, pieceLength, memoryBytes) => {
        const spill = new Spill(newPath(), { memoryBytes });
        const written = columns.map(() => spill.column(Float64Array, bufferLength));
        for (let turn = 0; turn < 12; turn++) {
          for (const [i, column] of written.entries()) column.append(Float64Array.from(columns[i]?.[turn] ?? []));
        }
        for (const [i, column] of written.entries()) {
          const expected = (columns[i] as number[][]).flat();
          expect(column.length).toBe(expected.length);
          expect([...column.all()]).toEqual(expected);
          const pieces = [...piecesOf(column, pieceLength)].map((piece) => piece.length);
          expect(pieces.slice(0, -1).every((length) => length === pieceLength)).toBe(true);
          expect([...piecesOf(column, pieceLength)].flatMap((piece) => [...piece.slice()]).length).toBe(
            expected.length,
          );
          const seen: number[] = [];
          for (const piece of piecesOf(column, pieceLength)) seen.push(...piece);
          expect(seen).toEqual(expected);
        }
        spill.close();
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

it('texts come back whatever they hold, in blocks of any length', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '🛒', '', 'long '.repeat(40)), maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { maxLength: 20 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 30 }),
      (chunks, block) => {
        const spill = new Spill(newPath(), { memoryBytes: 0 });
        const texts = new SpilledTexts(spill);
        for (const chunk of chunks) texts.append(chunk);
        const expected = chunks.flat();
        expect([...texts.blocks(block)].flat()).toEqual(expected);
        expect(expected.map((_, i) => texts.table().at(i))).toEqual(expected);
        spill.close();
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

it('keeps in memory no more than it may, gives back what is emptied, and goes no further than its limit', () => {
  const path = newPath();
  const spill = new Spill(path, { memoryBytes: 800, limitBytes: 1600 });
  const [first, second] = [spill.column(Float64Array, 100), spill.column(Float64Array, 100)];
  first.append(new Float64Array(101).fill(1));
  second.append(new Float64Array(101).fill(2));
  expect(statSync(path).size).toBe(800);
  first.clear();
  expect(first.length).toBe(0);
  second.append(new Float64Array(200).fill(3));
  expect(statSync(path).size).toBe(1600);
  expect([...second.all()]).toEqual([...new Array(101).fill(2), ...new Array(200).fill(3)]);
  expect(() => second.append(new Float64Array(200))).toThrow(/disk for temporary files .*is full/);
  spill.close();
});
