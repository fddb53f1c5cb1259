// ClickHouse's RowBinary, as a stream that proves to be whole. An answer that breaks off looks like a good one: the status
// was sent before the first row, and the text of the failure is put behind the rows, among their bytes. So each row begins
// with a byte that is 0, the last with one that is 1, and nothing may follow it. Rows come to a callback as places in a
// buffer; no object is made for them.

import { UserError } from '../../base/index.ts';

export type BinaryType = 'string' | 'u8' | 'u16' | 'i64' | 'f64';

const WIDTHS = { u8: 1, u16: 2, i64: 8, f64: 8 } as const;

/** One row, valid until the next: of a text where its bytes lie, of a number its value. */
export interface BinaryRow {
  readonly bytes: Uint8Array;
  /** By column; of texts the end. */
  readonly numbers: Float64Array;
  /** By column, of texts. */
  readonly starts: Float64Array;
}

/** Bytes are decoded from so many on. */
const PIECE = 1 << 18;
/** No text is longer; what claims to be is no row. */
const LONGEST = 1 << 26;

export class RowBinaryReader {
  /** Whether the last row was met. */
  isWhole = false;
  readonly #types: readonly BinaryType[];
  readonly #onRow: (row: BinaryRow) => void;
  readonly #numbers: Float64Array;
  readonly #starts: Float64Array;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;

  /** @param types of the columns behind the first, which says whether it is the last row */
  constructor(types: readonly BinaryType[], onRow: (row: BinaryRow) => void) {
    this.#types = types;
    this.#onRow = onRow;
    this.#numbers = new Float64Array(types.length);
    this.#starts = new Float64Array(types.length);
  }

  /** @throws UserError `CLICKHOUSE_STREAM` where the bytes are no rows, or go on behind the last */
  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= PIECE) this.#decode();
  }

  /** @throws UserError `CLICKHOUSE_STREAM` where the last row did not come */
  end(): void {
    this.#decode();
    const [rest] = this.#waiting;
    if (this.isWhole) return;
    throw broken(
      rest === undefined ? 'it ended before its last row' : 'it ended within a row',
      rest ?? new Uint8Array(0),
    );
  }

  #decode(): void {
    if (this.#waitingBytes === 0) return;
    const [first] = this.#waiting;
    const bytes = this.#waiting.length === 1 && first !== undefined ? first : Buffer.concat(this.#waiting);
    const used = this.#rows(bytes);
    const rest = bytes.subarray(used);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#waitingBytes = rest.length;
    if (rest.length > LONGEST) throw broken('a row of it has no end', rest);
  }

  /** @returns how many bytes are rows that were handed on */
  #rows(bytes: Uint8Array): number {
    const types = this.#types;
    const numbers = this.#numbers;
    const starts = this.#starts;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const row: BinaryRow = { bytes, numbers, starts };
    const end = bytes.length;
    let from = 0;
    while (from < end) {
      if (this.isWhole) throw broken('something follows its last row', bytes.subarray(from));
      const last = bytes[from] as number;
      if (last > 1) throw broken('what follows a row is none', bytes.subarray(from));
      let at = from + 1;
      for (let c = 0; c < types.length; c++) {
        const type = types[c] as BinaryType;
        if (type === 'string') {
          let length = 0;
          let scale = 1;
          let byte = 128;
          while (byte >= 128) {
            if (at >= end) return from;
            byte = bytes[at++] as number;
            length += (byte & 127) * scale;
            scale *= 128;
            if (length > LONGEST) throw broken('a text of it has no end', bytes.subarray(from));
          }
          if (at + length > end) return from;
          starts[c] = at;
          numbers[c] = at += length;
          continue;
        }
        if (at + WIDTHS[type] > end) return from;
        if (type === 'i64') numbers[c] = view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true);
        else if (type === 'f64') numbers[c] = view.getFloat64(at, true);
        else numbers[c] = type === 'u8' ? (bytes[at] as number) : view.getUint16(at, true);
        at += WIDTHS[type];
      }
      from = at;
      if (last === 1) this.isWhole = true;
      else this.#onRow(row);
    }
    return end;
  }
}

/** What went wrong with the stream, and what the server says in it where it says anything. */
export function broken(what: string, rest: Uint8Array): UserError {
  const said = saidWithin(rest);
  const server = said === null ? '' : ` The server says: ${said}`;
  return new UserError(
    'CLICKHOUSE_STREAM',
    `The answer of ClickHouse is not whole: ${what}. Nothing was made of it; run the command again.${server}`,
  );
}

/** The text of a failure among bytes, in one line. */
export function saidWithin(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.subarray(0, 65_536)).toString('utf8');
  const found = /Code: \d+[.,][\s\S]*/.exec(text);
  return found === null ? null : serverWords(found[0]);
}

/** `Code: 60, e.displayText() = DB::Exception: Table …, e.what() = …` → `Code 60: Table …` */
export function serverWords(text: string): string {
  const line = text
    .replace(/\r?\n[\s\S]*/, '')
    .replace(/,? e\.what\(\) = [\s\S]*/, '')
    .replace(/^Code: (\d+)[.,]\s*(?:e\.displayText\(\) = )?(?:DB::Exception: )?/, 'Code $1: ')
    .replaceAll('DB::Exception: ', '')
    .trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
