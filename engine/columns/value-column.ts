// The event's value, exact: a double in, the same double out. Money is mostly decimal, so most columns are whole
// numbers at a fixed scale, with the few that do not fit kept beside; a column that is mostly empty keeps its rows;
// anything else is plain doubles. Never rounded, never 32-bit floats. At most 8 bytes a row.

export type ValueEncoding =
  | { readonly kind: 'none' }
  | {
      /** value = scaled / scale, where scaled is not one of the two marks below. */
      readonly kind: 'scaled';
      readonly scale: number;
      readonly scaled: Int32Array;
      /** Rows marked EXCEPTION, increasing, and their values. */
      readonly exceptionRows: Uint32Array;
      readonly exceptionValues: Float64Array;
    }
  | { readonly kind: 'sparse'; readonly rows: Uint32Array; readonly values: Float64Array }
  | { readonly kind: 'dense'; readonly values: Float64Array };

/** Marks in a scaled column. */
const MISSING = -2147483648;
const EXCEPTION = -2147483647;
const SCALES = [1, 100, 1000, 10, 10_000] as const;

export class ValueColumn {
  readonly length: number;
  readonly encoding: ValueEncoding;

  constructor(length: number, encoding: ValueEncoding) {
    this.length = length;
    this.encoding = encoding;
  }

  /** @param values NaN where an event has none */
  static from(values: ArrayLike<number>): ValueColumn {
    return new ValueColumn(values.length, encode(values));
  }

  static none(length: number): ValueColumn {
    return new ValueColumn(length, { kind: 'none' });
  }

  /** The value, or NaN where the event has none. */
  at(row: number): number {
    const e = this.encoding;
    switch (e.kind) {
      case 'none':
        return Number.NaN;
      case 'dense':
        return e.values[row] as number;
      case 'sparse':
        return find(e.rows, e.values, row);
      case 'scaled': {
        const scaled = e.scaled[row] as number;
        if (scaled === MISSING) return Number.NaN;
        if (scaled === EXCEPTION) return find(e.exceptionRows, e.exceptionValues, row);
        return scaled / e.scale;
      }
    }
  }

  get byteLength(): number {
    const e = this.encoding;
    switch (e.kind) {
      case 'none':
        return 0;
      case 'dense':
        return e.values.byteLength;
      case 'sparse':
        return e.rows.byteLength + e.values.byteLength;
      case 'scaled':
        return e.scaled.byteLength + e.exceptionRows.byteLength + e.exceptionValues.byteLength;
    }
  }
}

function find(rows: Uint32Array, values: Float64Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((rows[mid] as number) < row) low = mid + 1;
    else high = mid;
  }
  return low < rows.length && rows[low] === row ? (values[low] as number) : Number.NaN;
}

function fits(value: number, scale: number): boolean {
  const scaled = Math.round(value * scale);
  // `| 0` as the column stores it: whole numbers know no -0.
  return scaled > EXCEPTION && scaled <= 2147483647 && Object.is((scaled | 0) / scale, value);
}

function encode(values: ArrayLike<number>): ValueEncoding {
  const n = values.length;
  let present = 0;
  const fitting = SCALES.map(() => 0);
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    present++;
    for (let s = 0; s < SCALES.length; s++)
      if (fits(value, SCALES[s] as number)) fitting[s] = (fitting[s] as number) + 1;
  }
  if (present === 0) return { kind: 'none' };
  const best = fitting.indexOf(Math.max(...fitting));
  const scale = SCALES[best] as number;
  const exceptions = present - (fitting[best] as number);
  const bytes = { sparse: 12 * present, scaled: 4 * n + 12 * exceptions, dense: 8 * n };
  if (bytes.sparse <= bytes.scaled && bytes.sparse <= bytes.dense) {
    return { kind: 'sparse', ...pick(values, present, (value) => !Number.isNaN(value)) };
  }
  if (bytes.dense < bytes.scaled) return { kind: 'dense', values: Float64Array.from(values) };
  const scaled = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) scaled[i] = MISSING;
    else scaled[i] = fits(value, scale) ? Math.round(value * scale) : EXCEPTION;
  }
  const kept = pick(values, exceptions, (value) => !Number.isNaN(value) && !fits(value, scale));
  return { kind: 'scaled', scale, scaled, exceptionRows: kept.rows, exceptionValues: kept.values };
}

function pick(values: ArrayLike<number>, count: number, keep: (value: number) => boolean) {
  const rows = new Uint32Array(count);
  const kept = new Float64Array(count);
  let used = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!keep(value)) continue;
    rows[used] = i;
    kept[used++] = value;
  }
  return { rows, values: kept };
}
