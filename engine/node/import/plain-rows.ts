// Rows of delimited text that need no care, byte by byte: no quotes, every cell what it seems, times whole numbers or dates
// written out in full, values plain decimals. Whatever else is met ends the reading, and the import reads the file with
// DuckDB (see stage-csv.ts), whose meaning this reader must have: a cell of white space is empty, an empty one is none.
// Distinct texts get codes as they are first seen; what numbers say is exact.

import { isUtf8 } from 'node:buffer';
import { ByteDictionary } from './byte-dictionary.ts';
import { NO_CODE } from './deal-rows.ts';
import { PLAUSIBLE } from './time-unit.ts';

/** What a cell of a file is: the person, the event, the time, the value, or the property at `role - PROPERTY`. */
export const ROLE = { user: 0, event: 1, time: 2, value: 3, property: 4 } as const;

export type PlainUnit = 's' | 'ms' | 'iso';

/** Columns of some rows; borrowed until the next. */
export interface PlainRows {
  readonly n: number;
  readonly users: Uint32Array<ArrayBuffer>;
  readonly names: Uint32Array<ArrayBuffer>;
  readonly times: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  readonly properties: readonly Uint32Array<ArrayBuffer>[];
}

export interface PlainLayout {
  readonly delimiter: number;
  readonly crlf: boolean;
  readonly header: boolean;
  /** By cell. */
  readonly roles: readonly number[];
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
/** Below the point, the minus and all digits. */
const COMMA = 44;
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Rows that are handed on at once. */
const ROWS = 1 << 14;
/** Longer lines are for a reader that takes care. */
const LONGEST = 1 << 20;
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

export class PlainReader {
  readonly users = new ByteDictionary();
  readonly events = new ByteDictionary();
  readonly texts: readonly ByteDictionary[];
  readonly #unit: PlainUnit;
  readonly #latest: number;
  readonly #onRows: (rows: PlainRows) => void;
  readonly #rows: { n: number } & PlainRows;
  #layout: PlainLayout | null = null;
  #rest: Buffer = Buffer.alloc(0);
  #atHeader = false;
  #atStart = false;

  /** @param latest times behind it need care @param onRows told of rows in order */
  constructor(nProperties: number, unit: PlainUnit, latest: number, onRows: (rows: PlainRows) => void) {
    this.texts = Array.from({ length: nProperties }, () => new ByteDictionary());
    this.#unit = unit;
    this.#latest = Math.min(latest, PLAUSIBLE.toMs - 1);
    this.#onRows = onRows;
    this.#rows = {
      n: 0,
      users: new Uint32Array(ROWS),
      names: new Uint32Array(ROWS),
      times: new Float64Array(ROWS),
      values: new Float64Array(ROWS),
      properties: this.texts.map(() => new Uint32Array(ROWS).fill(NO_CODE)),
    };
  }

  get byteLength(): number {
    return [this.users, this.events, ...this.texts].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Another file. */
  begin(layout: PlainLayout): void {
    this.#layout = layout;
    this.#atHeader = layout.header;
    this.#atStart = true;
    this.#rest = Buffer.alloc(0);
    // Of another file's columns nothing stays.
    for (const column of this.#rows.properties) column.fill(NO_CODE);
  }

  /** @returns false where care is needed; nothing more is read then */
  feed(chunk: Buffer): boolean {
    const cut = chunk.lastIndexOf(LF) + 1;
    if (cut === 0) {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      return this.#rest.length <= LONGEST;
    }
    const first = this.#rest.length === 0 ? 0 : chunk.indexOf(LF) + 1;
    if (first > 0 && !this.#lines(Buffer.concat([this.#rest, chunk.subarray(0, first)]))) return false;
    if (first < cut && !this.#lines(chunk.subarray(first, cut))) return false;
    this.#rest = Buffer.from(chunk.subarray(cut));
    return this.#rest.length <= LONGEST;
  }

  /** The end of a file. @returns as `feed` */
  end(): boolean {
    const { crlf } = this.#layout as PlainLayout;
    const isWhole =
      this.#rest.length === 0 || this.#lines(Buffer.concat([this.#rest, Buffer.from(crlf ? '\r\n' : '\n')]));
    this.#handOn();
    return isWhole && !this.#atHeader;
  }

  #handOn(): void {
    if (this.#rows.n > 0) this.#onRows(this.#rows);
    this.#rows.n = 0;
  }

  #lines(lines: Buffer): boolean {
    if (!isUtf8(lines)) return false;
    let from = 0;
    if (this.#atStart) {
      // A mark of the encoding; before a header it is part of nothing.
      if (!this.#atHeader && lines.indexOf(MARK) === 0) return false;
      this.#atStart = false;
    }
    if (this.#atHeader) {
      from = lines.indexOf(LF) + 1;
      if (lines.subarray(0, from).includes(QUOTE)) return false;
      this.#atHeader = false;
    }
    // One kind of array for all that look at bytes.
    const bytes = new Uint8Array(lines.buffer, lines.byteOffset, lines.length);
    while (from < bytes.length) {
      const blank = bytes[from] === LF ? 1 : bytes[from] === CR && bytes[from + 1] === LF ? 2 : 0;
      if (blank > 0) {
        from += blank;
        continue;
      }
      if (this.#rows.n === ROWS) this.#handOn();
      from = this.#row(bytes, from);
      if (from < 0) return false;
    }
    return true;
  }

  /** @returns where the next row begins; -1 where care is needed */
  #row(bytes: Uint8Array, start: number): number {
    const { delimiter, crlf, roles } = this.#layout as PlainLayout;
    const rows = this.#rows;
    const row = rows.n;
    const last = roles.length - 1;
    rows.values[row] = Number.NaN;
    let from = start;
    for (let cell = 0; cell <= last; cell++) {
      const role = roles[cell] as number;
      let to = from;
      if (role === ROLE.time && this.#unit !== 'iso') {
        // Digits as they are passed: a number needs no second look.
        let value = 0;
        let digit = (bytes[to] as number) - 48;
        while (digit >= 0 && digit <= 9) {
          value = value * 10 + digit;
          digit = (bytes[++to] as number) - 48;
        }
        const ms = this.#unit === 's' ? value * 1000 : value;
        if (to === from || to - from > 15 || ms < PLAUSIBLE.fromMs || ms > this.#latest) return -1;
        rows.times[row] = ms;
      } else if (role === ROLE.value) {
        let byte = bytes[to] as number;
        while (byte !== delimiter && byte > COMMA) byte = bytes[++to] as number;
        if (to > from) {
          const value = decimal(bytes, from, to);
          if (Number.isNaN(value)) return -1;
          rows.values[row] = value;
        }
      } else {
        let hash = FNV_START;
        let byte = bytes[to] as number;
        // Every byte below the quote is looked at: a line end, a NUL and the quote itself are among them.
        while (byte !== delimiter && (byte > QUOTE || (byte !== LF && byte !== CR && byte !== QUOTE && byte !== 0))) {
          hash = Math.imul(hash ^ byte, FNV_PRIME);
          byte = bytes[++to] as number;
        }
        if (!this.#text(role, row, bytes, from, to, hash >>> 0)) return -1;
      }
      from = to + 1;
      if (cell < last) {
        if (bytes[to] !== delimiter) return -1;
      } else if (!crlf) {
        if (bytes[to] !== LF) return -1;
      } else if (bytes[to] !== CR || bytes[from++] !== LF) return -1;
    }
    rows.n = row + 1;
    return from;
  }

  #text(role: number, row: number, bytes: Uint8Array, from: number, to: number, hash: number): boolean {
    const rows = this.#rows;
    if (role === ROLE.time) {
      const time = instantOf(bytes, from, to);
      rows.times[row] = time;
      return time >= PLAUSIBLE.fromMs && time <= this.#latest;
    }
    const isNone = to === from || ((bytes[from] as number) <= 32 && isBlank(bytes, from, to));
    if (role === ROLE.user) rows.users[row] = isNone ? NO_CODE : this.users.code(bytes, from, to, hash);
    else if (role === ROLE.event) rows.names[row] = isNone ? NO_CODE : this.events.code(bytes, from, to, hash);
    else {
      const p = role - ROLE.property;
      const dictionary = this.texts[p] as ByteDictionary;
      (rows.properties[p] as Uint32Array)[row] = isNone ? NO_CODE : dictionary.code(bytes, from, to, hash);
      return true;
    }
    return !isNone;
  }
}

/** White space only, or nothing. */
function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte !== 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) return false;
  }
  return true;
}

/** Digits only, at most 15; else NaN. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to === from || to - from > 15) return Number.NaN;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * A plain decimal of at most 15 digits; else NaN. Digits and power of ten are exact, so their quotient is the double that
 * is next to the text's value.
 */
function decimal(bytes: Uint8Array, start: number, to: number): number {
  const isNegative = bytes[start] === 45;
  const from = isNegative ? start + 1 : start;
  if (to === from || to - from > 16) return Number.NaN;
  let value = 0;
  let point = -1;
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte === 46 && point < 0 && i > from && i < to - 1) {
      point = i;
      continue;
    }
    const digit = byte - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  const fraction = point < 0 ? 0 : to - 1 - point;
  if (to - from - (point < 0 ? 0 : 1) > 15) return Number.NaN;
  const scaled = value / (POWERS[fraction] as number);
  return isNegative ? -scaled : scaled;
}

/** `2024-01-31`, with `T` or a space `23:59:59` behind it, with `.123` behind that, with `Z` at the end; else NaN. */
function instantOf(bytes: Uint8Array, from: number, end: number): number {
  let to = end;
  if (to - from > 19 && bytes[to - 1] === 90) to--;
  const length = to - from;
  if ((length !== 10 && length !== 19 && length !== 23) || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) {
    return Number.NaN;
  }
  const year = wholeNumber(bytes, from, from + 4);
  const month = wholeNumber(bytes, from + 5, from + 7);
  const day = wholeNumber(bytes, from + 8, from + 10);
  const isDay = year >= 1971 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  if (!isDay) return Number.NaN;
  const date = dayNumber(year, month, day) * 86_400_000;
  if (length === 10) return date;
  const between = bytes[from + 10];
  if ((between !== 84 && between !== 32) || bytes[from + 13] !== 58 || bytes[from + 16] !== 58) return Number.NaN;
  const hour = wholeNumber(bytes, from + 11, from + 13);
  const minute = wholeNumber(bytes, from + 14, from + 16);
  const second = wholeNumber(bytes, from + 17, from + 19);
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
  const whole = date + hour * 3_600_000 + minute * 60_000 + second * 1000;
  if (length === 19) return whole;
  return bytes[from + 19] === 46 ? whole + wholeNumber(bytes, from + 20, from + 23) : Number.NaN;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970, of the calendar that counts from March, where the leap day is the year's last. */
function dayNumber(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  const ofYear = Math.floor((153 * m + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + ofYear - 719_468;
}
