// Exports of analytics tools as tables, whose cells hold objects of JSON where the vendor's records do: PostHog's
// (`properties`), Amplitude's (`event_properties`, `user_properties`), GA4's (`event_params`). Each row becomes the record
// that the tool's JSON export has, on the line its row begins at, and is read as that.

import { UserError } from '../../base/index.ts';
import { cellsOf, csvRecords, type Dialect } from './csv-records.ts';
import { type Look, lookAtCsv } from './dialect.ts';
import { isJsonText } from './json-records.ts';
import { isObjectText } from './lost-parts.ts';
import type { ImportOptions } from './options.ts';
import { readChunks, readSample, type Source, sourceOf } from './sources.ts';
import { VENDORS } from './vendor-records.ts';
import { writeLines } from './write-lines.ts';

const SAMPLE = 1 << 16;

/** @returns how the file is written; null where it is no such table, or is to be read as something else */
export async function vendorTable(source: Source, options: ImportOptions): Promise<Look | null> {
  const { user, event, time } = options.map ?? {};
  const isDecided = [user, event, time, options.eventName].some((one) => one !== undefined);
  if (isDecided || options.asPeople === true) return null;
  const { sample, whole } = await readSample(source, SAMPLE);
  if (isJsonText(sample)) return null;
  let look: Look;
  try {
    look = lookAtCsv(source.original.path, sample, whole);
  } catch (error) {
    // Said where it is read.
    if (error instanceof UserError) return null;
    throw error;
  }
  if (!look.dialect.header || look.rows.length === 0) return null;
  const records = look.rows.map((row) => recordOf(look.names, row));
  const vendor = VENDORS.find(
    ({ format, recognises }) =>
      (options.format === undefined || options.format === format) &&
      records.filter(recognises).length >= records.length / 2,
  );
  const held = vendor?.objects.some((name) => records.some((record) => isObjectText(record[name])));
  return held === true ? look : null;
}

/** @param to path of the file that is made @param maxRows null: all */
export async function recordsOf(
  source: Source,
  { dialect, names }: Look,
  to: string,
  maxRows: number | null,
  onRows: () => void,
): Promise<Source> {
  async function* lines(): AsyncGenerator<Buffer[]> {
    let [line, rows, isHeader] = [1, 0, dialect.header];
    for await (const records of csvRecords(readChunks(source), dialect)) {
      onRows();
      const some: Buffer[] = [];
      for (const record of records) {
        // Rows of several lines, and the header, leave blank ones: places are told by their lines.
        for (; line < record.line; line++) some.push(NOTHING);
        if (isHeader) {
          isHeader = false;
          continue;
        }
        some.push(lineOf(record, names, dialect));
        line++;
        if (++rows === maxRows) break;
      }
      yield some;
      if (rows === maxRows) return;
    }
  }
  await writeLines(to, lines());
  const made = sourceOf(to);
  return { ...made, name: source.name, original: source.original, isNamed: source.isNamed };
}

const NOTHING = Buffer.alloc(0);

/** What is no row is no record either, and is set aside by the reader of records. */
function lineOf(
  { bytes, fields, reason }: { readonly bytes: Buffer; readonly fields: number; readonly reason: string | null },
  names: readonly string[],
  { delimiter }: Dialect,
): Buffer {
  if (reason === null && fields === names.length) {
    return Buffer.from(JSON.stringify(recordOf(names, cellsOf(bytes, delimiter))));
  }
  return bytes.length === 0 ? NO_ROW : Buffer.from(bytes.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)));
}

const NO_ROW = Buffer.from('?');

/** A cell that is empty is not there. */
function recordOf(names: readonly string[], cells: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name, i) => (cells[i] === '' || cells[i] === undefined ? [] : [[name, cells[i]]])),
  );
}
