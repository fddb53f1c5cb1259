// JSON values out of text, each with the physical line it begins at: one a line, or one after the other, or as the
// elements of one list, however they are laid out. Nothing is parsed here; DuckDB does that.

import { isUtf8 } from 'node:buffer';
import { CSV_REASONS, MAX_RECORD_BYTES } from './csv-records.ts';

export interface JsonRecord {
  readonly line: number;
  /** On one line. Borrowed until the next one. */
  readonly bytes: Buffer;
  readonly reason: string | null;
}

/** `lines`: a value a line. `values`: values that may span lines, or one list of them. */
export type JsonLayout = 'lines' | 'values';

const LF = 10;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const NOT_JSON = 'not valid JSON';

/** @param whole whether the sample is the whole file */
export function layoutOf(sample: Buffer, whole: boolean): JsonLayout {
  const text = stripBom(sample).toString('utf8').trimStart();
  if (text.startsWith('[')) return 'values';
  const end = text.indexOf('\n');
  if (end < 0 && !whole) return 'lines';
  const first = end < 0 ? text : text.slice(0, end);
  // A first line that only opens a value is laid out over several; a broken one is a broken line.
  return /^[[{]\s*("[^"]*"\s*:\s*[[{]?\s*)?$|,\s*$/.test(first.trim()) && !isJson(first) ? 'values' : 'lines';
}

export function isJsonText(sample: Buffer): boolean {
  const start = sample
    .toString('utf8', 0, 4096)
    .replace(/^\ufeff/, '')
    .trimStart();
  return /^(\{|\[\s*[[{\]]|\[$)/.test(start);
}

export async function* jsonRecords(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  layout: JsonLayout,
): AsyncGenerator<JsonRecord[]> {
  const reader = layout === 'lines' ? new LineReader() : new ValueReader();
  for await (const chunk of chunks) yield reader.feed(chunk);
  yield reader.end();
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checked(line: number, bytes: Buffer): JsonRecord {
  // No JSON text holds these bytes, and the reader after us would cut it there.
  const reason = !isUtf8(bytes) ? CSV_REASONS.utf8 : bytes.includes(0) || bytes.includes(1) ? NOT_JSON : null;
  return { line, bytes, reason };
}

/** Line ends between tokens are white space; inside a text they are no JSON, which a TAB there is not either. */
function onOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes(LF) && !bytes.includes(13)) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === LF || byte === 13 ? 9 : byte)));
}

function stripBom(buffer: Buffer): Buffer {
  return buffer.subarray(0, 3).equals(BOM) ? buffer.subarray(3) : buffer;
}

class LineReader {
  #rest: Buffer = Buffer.alloc(0);
  #line = 1;
  #skipping = false;

  feed(chunk: Buffer): JsonRecord[] {
    return this.#read(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false);
  }

  end(): JsonRecord[] {
    return this.#read(this.#rest, true);
  }

  #read(buffer: Buffer, last: boolean): JsonRecord[] {
    const records: JsonRecord[] = [];
    let at = 0;
    for (;;) {
      const end = buffer.indexOf(LF, at);
      if (end < 0) break;
      this.#push(records, buffer.subarray(at, end));
      at = end + 1;
    }
    let rest = buffer.subarray(at);
    if (last) {
      if (rest.length > 0) this.#push(records, rest);
    } else if (rest.length > MAX_RECORD_BYTES) {
      if (!this.#skipping) records.push({ line: this.#line, bytes: Buffer.alloc(0), reason: CSV_REASONS.long });
      this.#skipping = true;
      rest = rest.subarray(rest.length);
    }
    this.#rest = Buffer.from(rest);
    return records;
  }

  #push(records: JsonRecord[], raw: Buffer): void {
    const line = this.#line++;
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    let bytes = line === 1 ? stripBom(raw) : raw;
    if (bytes[bytes.length - 1] === 13) bytes = bytes.subarray(0, -1);
    if (bytes.length > MAX_RECORD_BYTES) records.push({ line, bytes: bytes.subarray(0, 0), reason: CSV_REASONS.long });
    else if (!isBlank(bytes)) records.push(checked(line, onOneLine(bytes)));
  }
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte > 32) return false;
  return true;
}

class ValueReader {
  #line = 1;
  /** Whether the values are the elements of a list; null until the first byte that says so. */
  #inList: boolean | null = null;
  /** Whether a list was opened and not closed. */
  #isOpen = false;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #length = 0;
  #startLine = 0;

  feed(chunk: Buffer): JsonRecord[] {
    const records: JsonRecord[] = [];
    let from = this.#length > 0 ? 0 : -1;
    const close = (end: number) => {
      if (from >= 0) this.#add(chunk.subarray(from, end));
      from = -1;
      this.#flush(records);
    };
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === LF) this.#line++;
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === 92) this.#escaped = true;
        else if (byte === 34) this.#inText = false;
        continue;
      }
      const space = byte <= 32 || (this.#line === 1 && this.#inList === null && byte >= 0xbb);
      if (this.#depth === 0) {
        if (this.#inList === null && !space) {
          this.#inList = byte === 91;
          this.#isOpen = this.#inList;
          if (this.#inList) continue;
        }
        const separator = space || (this.#inList === true && (byte === 44 || byte === 93));
        if (separator) {
          if (byte === 93) this.#isOpen = false;
          close(i);
          continue;
        }
        if (from < 0) {
          from = i;
          this.#startLine = this.#line;
        }
      }
      if (byte === 34) this.#inText = true;
      else if (byte === 123 || byte === 91) this.#depth++;
      else if ((byte === 125 || byte === 93) && this.#depth > 0 && --this.#depth === 0) close(i + 1);
    }
    if (from >= 0) this.#add(chunk.subarray(from));
    return records;
  }

  end(): JsonRecord[] {
    const records: JsonRecord[] = [];
    this.#flush(records);
    // A list that nobody closed was cut off, perhaps between two records: that is told at the place where it ends.
    if (this.#isOpen && records.length === 0) {
      records.push({ line: this.#line, bytes: Buffer.alloc(0), reason: NOT_JSON });
    }
    return records;
  }

  #add(bytes: Buffer): void {
    this.#length += bytes.length;
    if (this.#length <= MAX_RECORD_BYTES) this.#parts.push(Buffer.from(bytes));
    else this.#parts = [];
  }

  #flush(records: JsonRecord[]): void {
    if (this.#length === 0) return;
    const line = this.#startLine;
    if (this.#length > MAX_RECORD_BYTES) {
      records.push({ line, bytes: Buffer.alloc(0), reason: CSV_REASONS.long });
    } else {
      records.push(checked(line, onOneLine(Buffer.concat(this.#parts))));
    }
    this.#parts = [];
    this.#length = 0;
  }
}
