// The reader of tables that need no care, held to the database's reader (which a quoted header asks for) and to JavaScript's
// own numbers and dates.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { importFiles } from '../../../../engine/node/import/index.ts';
import { PlainReader, ROLE } from '../../../../engine/node/import/plain-rows.ts';
import { scratch } from './helpers.ts';

const { write } = scratch();

const PLAIN = {
  id: ['ann', 'bob@shop.com', 'Zoë', '007', 'a b', ' x', '🛒', 'annb', 'an', 'u1', 'u10'],
  event: ['A', 'Bought it', 'é', 'AA'],
  seconds: ['1600000000', '1600000001', '1700000000', '01600000002'],
  iso: ['2024-02-29', '2024-01-31 23:59:59', '2024-01-31T00:00:00Z', '2023-12-31T12:00:00.250Z', '2000-01-01 00:00:00'],
  value: ['', '12.50', '-3', '0', '-0', '007', '0.1', '123456789012345', '-0.000001', '99999999.9'],
  note: ['', 'x', ' ', '  y', 'x ', '-', '日本'],
};
/** What needs care, or is refused. */
const ODD = {
  id: ['', '  '],
  event: ['', ' '],
  seconds: ['', 'never', '1600000000.5', '-5', '99999999999999999', ' 1600000000', '12'],
  iso: ['2023-02-29', '2024-13-01', '2024-01-31 24:00:00', '2024-01-31T00:00:00+02:00', '31.01.2024', '1500-01-01'],
  value: ['1e5', '.5', '5.', '+3', ' 4', '1_0', 'x', '0.12345678901234567', 'nan'],
  note: ['a"b', 'tab\there', '\u0000'],
};
type Column = keyof typeof PLAIN;

function cell(column: Column, isOdd: boolean) {
  return isOdd
    ? fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...PLAIN[column]) }, fc.constantFrom(...ODD[column]))
    : fc.constantFrom(...PLAIN[column]);
}

async function outcome(path: string, keepDuplicates: boolean, pieces: { rangeRows: number; sortedRows: number }) {
  try {
    const map = { user: 'user_id', event: 'event', time: 'time', value: 'value' };
    const { columns, report, trace } = await importFiles([path], { map, keepDuplicates, pieces });
    const { files: _, ...said } = report;
    return { columns: { ...columns, properties: [...columns.properties] }, said, trace };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message.replaceAll(path, 'FILE');
  }
}

it('reads a table as the database does, whatever its cells hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('seconds' as const, 'iso' as const).chain((time) =>
        fc.boolean().chain((isOdd) => {
          const row = [
            cell('id', isOdd),
            cell('event', isOdd),
            cell(time, isOdd),
            cell('value', isOdd),
            cell('note', isOdd),
          ] as const;
          return fc.array(fc.tuple(...row), { minLength: 1, maxLength: 40 });
        }),
      ),
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      async (rows, delimiter, lineEnd, hasLastEnd, keepDuplicates) => {
        const text = (header: string) =>
          [header.replaceAll(',', delimiter), ...rows.map((cells) => cells.join(delimiter))].join(lineEnd) +
          (hasLastEnd ? lineEnd : '');
        const pieces = { rangeRows: 7, sortedRows: 11 };
        const plain = await outcome(write('same.csv', text('user_id,event,time,value,note')), keepDuplicates, pieces);
        const read = await outcome(write('same.csv', text('"user_id",event,time,value,note')), keepDuplicates, pieces);
        expect(plain).toEqual(read);
      },
    ),
    { numRuns: 25, seed: 3 },
  );
});

const LAYOUT = { delimiter: 44, crlf: false, header: false, roles: [ROLE.user, ROLE.event, ROLE.time, ROLE.value] };

function readPlain(rows: readonly string[], unit: 's' | 'ms' | 'iso', cut: number) {
  const seen = { times: [] as number[], values: [] as number[] };
  const reader = new PlainReader(0, unit, Number.POSITIVE_INFINITY, ({ n, times, values }) => {
    seen.times.push(...times.subarray(0, n));
    seen.values.push(...values.subarray(0, n));
  });
  reader.begin(LAYOUT);
  const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(''));
  for (let from = 0; from < bytes.length; from += cut) {
    if (!reader.feed(bytes.subarray(from, from + cut))) return null;
  }
  return reader.end() ? seen : null;
}

it('takes plain decimals and dates for what they are, to the last bit, wherever its input is cut', () => {
  const decimal = fc
    .tuple(fc.boolean(), fc.stringMatching(/^[0-9]{1,8}$/), fc.stringMatching(/^[0-9]{0,7}$/))
    .map(([isNegative, whole, part]) => `${isNegative ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`);
  const day = fc.date({ min: new Date('1971-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(decimal, day), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 60 }),
      (rows, cut) => {
        const iso = readPlain(
          rows.map(([value, date]) => `ann,A,${date.toISOString()},${value}`),
          'iso',
          cut,
        );
        expect(iso?.times).toEqual(rows.map(([, date]) => date.getTime()));
        expect(iso?.values).toEqual(rows.map(([value]) => Number(value)));
        const ms = readPlain(
          rows.map(([value, date]) => `ann,A,${date.getTime()},${value}`),
          'ms',
          cut,
        );
        expect(ms).toEqual(iso);
      },
    ),
    { numRuns: 100, seed: 1 },
  );
});

it('hands on what needs care', () => {
  for (const row of [
    'ann,A,1600000000',
    'ann,A,1600000000,1,2',
    '"ann",A,1600000000,1',
    'ann,A,1600000000,1\r',
    ',A,1600000000,1',
    'ann,A,1600000000.5,1',
    'ann,A,9,1',
    'ann,A,1600000000,1e3',
  ]) {
    expect(readPlain(['ann,A,1600000000,1', row], 's', 100)).toBeNull();
  }
  expect(readPlain(['ann,A,1600000000,1', '', 'ann,A,1600000000,'], 's', 100)?.values).toEqual([1, Number.NaN]);
});
