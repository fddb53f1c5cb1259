// Laws of an import, over random files: what was written comes back, and no row is ever lost, whatever the bytes.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { type CsvRecord, csvRecords } from '../../../../engine/node/import/csv-records.ts';
import { importFiles } from '../../../../engine/node/import/index.ts';
import { read, scratch } from './helpers.ts';

const { write } = scratch();

const TEXT = fc.string({
  unit: fc.constantFrom('a', 'B', '7', ' ', ',', ';', '"', '\n', '\r\n', "'", 'é', '🛒', '\\', '|'),
  maxLength: 6,
});
const ROW = fc.record({
  id: fc.constantFrom('ann', 'bob, "the" 2nd', 'Zoë', '007'),
  event: fc.constantFrom('A', 'B,b', 'C "c"'),
  time: fc.integer({ min: 1_600_000_000, max: 1_600_000_009 }),
  value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null }),
  note: TEXT,
});

const quote = (cell: string, always: boolean) =>
  always || /[",;\n\r|\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

describe('an import', () => {
  it('gives back what was written, in order, whatever the cells hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(ROW, { minLength: 1, maxLength: 30 }),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.record({ rangeRows: fc.integer({ min: 1, max: 40 }), sortedRows: fc.integer({ min: 1, max: 40 }) }),
        async (table, delimiter, lineEnd, always, last, pieces) => {
          const lines = table.map((r) =>
            [r.id, r.event, String(r.time), r.value === null ? '' : String(r.value), r.note].map((c) =>
              quote(c, always),
            ),
          );
          const text = [['user_id', 'event', 'time', 'value', 'note'], ...lines]
            .map((l) => l.join(delimiter))
            .join(lineEnd);
          const path = write('law.csv', text + (last ? lineEnd : ''));
          const { history } = await read(path, {
            keepDuplicates: true,
            pieces,
            map: { user: 'user_id', event: 'event', time: 'time', value: 'value' },
          });
          const expected = table
            .map((row, i) => ({ ...row, i }))
            .sort((a, b) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) || a.time - b.time || a.i - b.i)
            .map(({ id, event, time, value, note }) => [
              id,
              event,
              time * 1000,
              value ?? Number.NaN,
              note.trim() === '' ? undefined : note,
            ]);
          const got = expected.map((_, row) => {
            const person = history.personStart.findIndex((start) => start > row) - 1;
            return [
              history.personIds.at(person),
              history.names[history.nameCodes[row] as number],
              history.times.at(row),
              history.values.at(row),
              history.properties.get('note')?.at(row),
            ];
          });
          expect(got).toEqual(expected);
          expect(history.nEvents).toBe(expected.length);
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  it('accounts for every line of any bytes, or says why it cannot', async () => {
    const pieces = [
      'a',
      '1600000001',
      'A',
      ',',
      ',',
      ',',
      '"',
      '""',
      '\n',
      '\n',
      '\r\n',
      '\r',
      '\0',
      ' ',
      'é',
      '\n\n',
      'ann,A,1600000000,x\n',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.constantFrom(...pieces).map((p) => Buffer.from(p)),
            fc.constant(Buffer.from([0xe9])),
          ),
          { maxLength: 60 },
        ),
        async (parts) => {
          const path = write(
            'junk.csv',
            Buffer.concat([Buffer.from('user_id,event,time,note\nann,A,1600000000,\n'), ...parts]),
          );
          try {
            // Counts add up in `read`.
            const { report } = await read(path);
            expect(report.rows.kept).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(UserError);
          }
        },
      ),
      { numRuns: 40, seed: 2 },
    );
  });

  it('finds the same records wherever its chunks are cut', async () => {
    const pieces = ['a', ',', '"', '""', '\n', '\r\n', '\r', 'é', '"x\ny"', '"x"z'];
    const show = ({ line, bytes, fields, reason }: CsvRecord) => [line, bytes.toString('latin1'), fields, reason];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        async (parts, cuts) => {
          const whole = Buffer.from(parts.join(''));
          const at = [0, ...cuts.filter((c) => c < whole.length).sort((a, b) => a - b), whole.length];
          const chunks = at.slice(1).map((end, i) => whole.subarray(at[i], end));
          const collect = async (source: Buffer[]) => {
            const found: unknown[] = [];
            const dialect = { delimiter: ',', newLine: '\n', header: false } as const;
            for await (const records of csvRecords(source, dialect)) found.push(...records.map(show));
            return found;
          };
          expect(await collect(chunks)).toEqual(await collect([whole]));
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });

  it('is the same whatever the order of rows of different instants', async () => {
    const rows = fc.uniqueArray(ROW, { selector: ({ id, time }) => `${id} ${time}`, minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const line = (r: (typeof table)[number]) =>
          `${[r.id, r.event, String(r.time), String(r.value ?? ''), r.note].map((c) => quote(c, false)).join(',')}\n`;
        const header = 'user_id,event,time,value,note\n';
        const map = { user: 'user_id', event: 'event', time: 'time', value: 'value' };
        const one = await importFiles([write('one.csv', header + table.map(line).join(''))], { map });
        const other = await importFiles([write('other.csv', header + [...table].reverse().map(line).join(''))], {
          map,
        });
        expect(other.columns.fingerprint).toBe(one.columns.fingerprint);
      }),
      { numRuns: 8, seed: 4 },
    );
  });
});
