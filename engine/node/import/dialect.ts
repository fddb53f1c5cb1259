// How a delimited file is written, found in its first megabyte: the delimiter that cuts most lines into the same number
// of cells, the line ends, whether the first line names the columns.

import { UserError } from '../../base/index.ts';
import { namesARole } from './choose-columns.ts';
import { type CsvRecord, cellsOf, type Dialect, RecordReader } from './csv-records.ts';
import { looksLikeTime } from './time-unit.ts';

export interface Look {
  readonly dialect: Dialect;
  /** Column names, as in the header, or `column1`, `column2`, … */
  readonly names: readonly string[];
  /** Cells of the sample's rows with the right number of cells. */
  readonly rows: readonly (readonly string[])[];
}

const DELIMITERS = [',', '\t', ';', '|'] as const;
const MAX_ROWS = 2000;

/** @param whole whether the sample is the whole file */
export function lookAtCsv(path: string, sample: Buffer, whole: boolean): Look {
  if (whole && /^[\s\ufeff]*$/.test(sample.toString('utf8'))) {
    throw new UserError('EMPTY_FILE', `${path} is empty.`);
  }
  if (isBinary(sample)) {
    throw new UserError('BINARY_FILE', `${path} holds binary data, not text; export it as CSV or JSON lines in UTF-8.`);
  }
  const newLine = newLineOf(sample);
  const tries = DELIMITERS.map((delimiter) => tryDelimiter(sample, whole, delimiter, newLine));
  const best = tries.reduce((a, b) => (b.score > a.score ? b : a));
  const { delimiter, fields, records } = best;
  if (fields < 2) {
    if (best.overlong && records.length === 0) {
      throw new UserError(
        'LONG_LINE',
        `${path} has no line end within 2 MB; it is not a text file with one row a line, or its line ends were lost.`,
      );
    }
    throw new UserError(
      'NO_COLUMNS',
      `${path} cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.`,
    );
  }
  const cells = records.filter((r) => r.fields === fields).map((r) => cellsOf(r.bytes, delimiter));
  const first = records[0] as CsvRecord;
  const header = first.fields === fields && isHeader(cellsOf(first.bytes, delimiter));
  const names = header ? uniqueNames(cells[0] as string[]) : Array.from({ length: fields }, (_, i) => `column${i + 1}`);
  return { dialect: { delimiter, newLine, header }, names, rows: (header ? cells.slice(1) : cells).slice(0, MAX_ROWS) };
}

/** More control characters than any text has; a stray one costs its line only. */
export function isBinary(sample: Buffer): boolean {
  const looked = sample.subarray(0, 1 << 16);
  let control = 0;
  for (const byte of looked) if (byte < 9 || (byte > 13 && byte < 32)) control++;
  return control > looked.length / 50;
}

function newLineOf(sample: Buffer): Dialect['newLine'] {
  const lf = sample.indexOf(10);
  if (lf < 0) return sample.includes(13) ? '\r' : '\n';
  return lf > 0 && sample[lf - 1] === 13 ? '\r\n' : '\n';
}

function tryDelimiter(sample: Buffer, whole: boolean, delimiter: Dialect['delimiter'], newLine: Dialect['newLine']) {
  const reader = new RecordReader({ delimiter, newLine });
  const all = [...reader.feed(sample), ...(whole ? reader.end() : [])].slice(0, MAX_ROWS + 1);
  const records = all.filter((r) => r.fields > 0);
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields, (counts.get(fields) ?? 0) + 1);
  // A header weighs more than a row: it is what names the cells.
  const head = records[0]?.fields ?? 0;
  counts.set(head, (counts.get(head) ?? 0) + 0.5);
  const [fields, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0]);
  const score = fields < 2 ? 0 : count / (all.length + 0.5) + fields / 10_000;
  return { delimiter, fields, records, score, overlong: all.some((r) => r.fields === 0) || all.length === 0 };
}

/**
 * Names, no data: some that say what a column is, or at least every cell filled (but the first, where some exporters
 * leave it blank) and none a number, a time or an address.
 */
function isHeader(cells: readonly string[]): boolean {
  if (cells.filter(namesARole).length >= 2) return true;
  return cells.every((cell, i) => {
    const text = cell.trim();
    if (text === '') return i === 0 && cells.length > 1;
    return !/^[-+]?[\d.,]+([eE][-+]?\d+)?$/.test(text) && !looksLikeTime(text) && !text.includes('@');
  });
}

function uniqueNames(cells: readonly string[]): string[] {
  const names: string[] = [];
  for (const [i, cell] of cells.entries()) {
    const name = cell.trim() === '' ? `column${i + 1}` : cell.trim();
    let unique = name;
    for (let n = 2; names.includes(unique); n++) unique = `${name} (${n})`;
    names.push(unique);
  }
  return names;
}
