// Records of delimited text, byte by byte: which lines are rows, which are not and why, and at which physical line each
// starts. One rule for all readers here: a cell is quoted if it begins with the quote; inside, two quotes are one. A
// quote that is never closed, or closed within a cell, costs its own line only, not the rest of the file. `checkClean`
// is the fast form for files that need no care at all, which DuckDB may then read as they are.

import { isUtf8 } from 'node:buffer';
import { countBytes } from './count-bytes.ts';

export interface Dialect {
  readonly delimiter: ',' | '\t' | ';' | '|';
  readonly newLine: '\n' | '\r\n' | '\r';
  readonly header: boolean;
}

/** Longer lines are not read: a file without line ends would else end up in memory. */
export const MAX_RECORD_BYTES = 2_000_000;

export const CSV_REASONS = {
  columns: 'wrong number of columns',
  utf8: 'not valid UTF-8',
  open: 'a quoted cell that is never closed',
  quote: 'text after a closing quote',
  long: 'a line longer than 2 MB',
  binary: 'binary data (a NUL byte)',
} as const;
export type CsvReason = (typeof CSV_REASONS)[keyof typeof CSV_REASONS];

const QUOTE = 34;
const LF = 10;
const CR = 13;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** A row, or a line that is none. Bytes are borrowed until the next one. */
export interface CsvRecord {
  /** Physical line it begins at, from 1. */
  readonly line: number;
  /** Without its line end; empty for a line that is too long. */
  readonly bytes: Buffer;
  readonly fields: number;
  readonly reason: CsvReason | null;
  /** Whether a cell needs quotes that the file lacks. */
  readonly requote: boolean;
}

/** Every record but blank lines, in order, the header included. */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  dialect: Dialect,
): AsyncGenerator<CsvRecord[]> {
  const reader = new RecordReader(dialect);
  for await (const chunk of chunks) yield reader.feed(chunk);
  yield reader.end();
}

export class RecordReader {
  readonly #delimiter: number;
  readonly #lineEnd: number;
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #first = true;
  /** In the middle of a line that is too long. */
  #skipping = false;

  constructor(dialect: Pick<Dialect, 'delimiter' | 'newLine'>) {
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#lineEnd = dialect.newLine === '\r' ? CR : LF;
  }

  feed(chunk: Buffer): CsvRecord[] {
    return this.#read(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  end(): CsvRecord[] {
    return this.#read(this.#rest, true);
  }

  #read(buffer: Buffer, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    if (this.#first && (buffer.length >= 3 || last)) {
      if (buffer.subarray(0, 3).equals(BOM)) at = 3;
      this.#first = false;
    } else if (this.#first) {
      this.#rest = buffer;
      return records;
    }
    while (at < buffer.length) {
      if (this.#skipping) {
        const end = buffer.indexOf(this.#lineEnd, at);
        if (end < 0) {
          at = buffer.length;
          break;
        }
        at = end + 1;
        this.#line++;
        this.#skipping = false;
        continue;
      }
      const next = this.#record(buffer, at, last);
      if (next === null) {
        if (buffer.length - at <= MAX_RECORD_BYTES) break;
        records.push(this.#none(buffer.subarray(at, at), CSV_REASONS.long));
        this.#skipping = true;
        continue;
      }
      if (next.record !== null) records.push(next.record);
      at = next.end;
    }
    this.#rest = Buffer.from(buffer.subarray(at));
    return records;
  }

  /** The record at a place, and where the next begins; null if its end is not there yet. */
  #record(buffer: Buffer, from: number, last: boolean): { record: CsvRecord | null; end: number } | null {
    const delimiter = this.#delimiter;
    const lineEnd = this.#lineEnd;
    const line = this.#line;
    let fields = 1;
    let newLines = 0;
    let requote = false;
    let i = from;
    const limit = Math.min(buffer.length, from + MAX_RECORD_BYTES);
    for (;;) {
      if (i < limit && buffer[i] === QUOTE) {
        i++;
        for (;;) {
          if (i >= limit) return this.#unclosed(buffer, from, last);
          const byte = buffer[i++];
          if (byte === lineEnd) newLines++;
          else if (byte === QUOTE) {
            if (i < limit && buffer[i] === QUOTE) i++;
            else break;
          }
        }
        if (i >= limit && !last) return i >= buffer.length ? null : this.#oneLine(buffer, from, CSV_REASONS.long, last);
        const byte = i < limit ? buffer[i] : lineEnd;
        const carriage = byte === CR && (i + 1 >= limit || buffer[i + 1] === LF);
        if (carriage && i + 1 >= buffer.length && !last) return null;
        if (byte !== delimiter && byte !== lineEnd && !carriage)
          return this.#oneLine(buffer, from, CSV_REASONS.quote, last);
      }
      while (i < limit && buffer[i] !== delimiter && buffer[i] !== lineEnd) {
        const byte = buffer[i++];
        if (byte === QUOTE || (byte === CR && buffer[i] !== LF)) requote = true;
      }
      if (i >= limit) {
        if (i < buffer.length) return this.#oneLine(buffer, from, CSV_REASONS.long, last);
        if (!last) return null;
        break;
      }
      if (buffer[i] === lineEnd) break;
      fields++;
      i++;
    }
    this.#line += newLines + 1;
    let stop = i;
    if (lineEnd === LF && stop > from && buffer[stop - 1] === CR) stop--;
    const bytes = buffer.subarray(from, stop);
    const end = Math.min(i + 1, buffer.length);
    if (bytes.length === 0) return { record: null, end };
    const reason = !isUtf8(bytes) ? CSV_REASONS.utf8 : bytes.includes(0) ? CSV_REASONS.binary : null;
    return { record: { line, bytes, fields, reason, requote }, end };
  }

  /** A quote whose end is not in sight: wait for more, or give up its first line. */
  #unclosed(buffer: Buffer, from: number, last: boolean): { record: CsvRecord; end: number } | null {
    if (!last && buffer.length - from < MAX_RECORD_BYTES) return null;
    return this.#oneLine(buffer, from, CSV_REASONS.open, last);
  }

  #oneLine(buffer: Buffer, from: number, reason: CsvReason, last: boolean): { record: CsvRecord; end: number } | null {
    const end = buffer.indexOf(this.#lineEnd, from);
    if (end < 0 && !last) return null;
    if (end >= 0 && end - from > MAX_RECORD_BYTES) reason = CSV_REASONS.long;
    const record = this.#none(buffer.subarray(from, end < 0 ? buffer.length : end), reason);
    if (end >= 0) this.#line++;
    return { record, end: end < 0 ? buffer.length : end + 1 };
  }

  #none(bytes: Buffer, reason: CsvReason): CsvRecord {
    return { line: this.#line, bytes, fields: 0, reason, requote: false };
  }
}

/** The cells of a record as text. */
export function cellsOf(bytes: Buffer, delimiter: string): string[] {
  const text = bytes.toString('utf8');
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      let cell = '';
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) {
          cells.push(cell + text.slice(from));
          return cells;
        }
        cell += text.slice(from, quote);
        from = quote + 1;
        if (text[from] !== '"') break;
        cell += '"';
        from++;
      }
      cells.push(cell);
      at = from;
      if (at >= text.length) return cells;
      at++;
      continue;
    }
    const end = text.indexOf(delimiter, at);
    cells.push(end < 0 ? text.slice(at) : text.slice(at, end));
    if (end < 0) return cells;
    at = end + 1;
  }
}

/** A record as every reader reads it the same: quotes where they are needed. */
export function requoted(bytes: Buffer, delimiter: string): Buffer {
  const cells = cellsOf(bytes, delimiter).map((cell) =>
    /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return Buffer.from(cells.join(delimiter));
}

export interface Clean {
  readonly clean: boolean;
  /** The header included. */
  readonly records: number;
  /** Every record takes one physical line, so that row n is line n. */
  readonly oneLineEach: boolean;
}

/**
 * Whether a file needs no care: every record has the same number of cells, quotes stand only around cells, one kind of
 * line end, no blank line, valid UTF-8, no NUL. Stops at the first doubt. A file that passes still has to be read by a
 * reader that refuses lines with too few cells or of too many bytes.
 */
export async function checkClean(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  dialect: Dialect,
  fields: number,
): Promise<Clean> {
  const state = new CleanState(dialect, fields);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    // UTF-8 is checked up to the last line end, where no character can be cut.
    const cut = chunk.lastIndexOf(LF) + 1;
    if (cut > 0) {
      const first = chunk.indexOf(LF) + 1;
      if (!isText(Buffer.concat([rest, chunk.subarray(0, first)]))) return state.dirty();
      if (!isText(chunk.subarray(first, cut))) return state.dirty();
      rest = Buffer.from(chunk.subarray(cut));
    } else rest = Buffer.concat([rest, chunk]);
    if (rest.length > MAX_RECORD_BYTES || !state.feed(chunk)) return state.dirty();
  }
  if (!isText(rest)) return state.dirty();
  return state.end();
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

class CleanState {
  readonly #delimiter: number;
  readonly #crlf: boolean;
  readonly #fields: number;
  readonly #possible: boolean;
  #records = 0;
  #quotedLines = 0;
  /** 0 start of a cell, 1 in a bare cell, 2 in quotes, 3 after a quote in quotes, 4 after CR. */
  #state = 0;
  #count = 1;
  #length = 0;
  #first = true;

  constructor(dialect: Dialect, fields: number) {
    this.#delimiter = dialect.delimiter.charCodeAt(0);
    this.#crlf = dialect.newLine === '\r\n';
    this.#possible = dialect.newLine !== '\r';
    this.#fields = fields;
  }

  dirty(): Clean {
    return { clean: false, records: 0, oneLineEach: false };
  }

  feed(chunk: Buffer): boolean {
    if (!this.#possible) return false;
    const delimiter = this.#delimiter;
    const fields = this.#fields;
    const crlf = this.#crlf;
    let state = this.#state;
    let count = this.#count;
    let recordAt = -this.#length;
    let i = 0;
    if (this.#first && chunk.length >= 3 && chunk.subarray(0, 3).equals(BOM)) i = 3;
    this.#first = false;
    // Most chunks have no quote and no CR: then the lines that end in one are counted together. A line with too many
    // cells could make up for one with too few, which DuckDB refuses; that refusal is part of the check.
    if (state <= 1 && !crlf && fields > 1 && !chunk.includes(QUOTE, i) && !chunk.includes(CR, i)) {
      const end = chunk.lastIndexOf(LF) + 1;
      if (end > i) {
        const [delimiters, lines] = countBytes(chunk, i, end, delimiter, LF);
        if (count - 1 + delimiters !== lines * (fields - 1)) return false;
        this.#records += lines;
        count = 1;
        recordAt = end;
        i = end;
      }
      for (; i < chunk.length; i++) if (chunk[i] === delimiter) count++;
      const last = chunk[chunk.length - 1];
      state = last === delimiter || last === LF ? 0 : 1;
    }
    for (; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (state === 2) {
        if (byte === QUOTE) state = 3;
        else if (byte === LF) this.#quotedLines++;
        continue;
      }
      if (byte === delimiter) {
        if (state === 4) return false;
        count++;
        state = 0;
      } else if (byte === LF) {
        if (count !== fields || (state === 4) !== crlf || i - recordAt > MAX_RECORD_BYTES) return false;
        if (fields === 1 && i - recordAt <= (crlf ? 1 : 0)) return false;
        this.#records++;
        count = 1;
        state = 0;
        recordAt = i + 1;
      } else if (byte === QUOTE) {
        if (state === 0) state = 2;
        else if (state === 3) state = 2;
        else return false;
      } else if (byte === CR) {
        if (state === 4 || !crlf) return false;
        state = 4;
      } else if (state === 3 || state === 4) return false;
      else state = 1;
    }
    this.#state = state;
    this.#count = count;
    this.#length = chunk.length - recordAt;
    return this.#length <= MAX_RECORD_BYTES;
  }

  end(): Clean {
    if (this.#length > 0) {
      if (this.#state === 2 || this.#state === 4 || this.#count !== this.#fields) return this.dirty();
      this.#records++;
    }
    return { clean: true, records: this.#records, oneLineEach: this.#quotedLines === 0 };
  }
}
