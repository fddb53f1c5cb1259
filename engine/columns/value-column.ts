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

/** How a column is best encoded, from values that may pass by in pieces. */
export class ValueTally {
  #present = 0;
  readonly #fitting = SCALES.map(() => 0);

  /** @param values NaN where an event has none */
  add(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (Number.isNaN(value)) continue;
      this.#present++;
      for (let s = 0; s < SCALES.length; s++) {
        if (fits(value, SCALES[s] as number)) this.#fitting[s] = (this.#fitting[s] as number) + 1;
      }
    }
  }

  /** @param n rows, those without a value among them @returns the scale, and how many entries are kept by row */
  choice(n: number): { readonly kind: ValueEncoding['kind']; readonly scale: number; readonly kept: number } {
    const present = this.#present;
    const most = Math.max(...this.#fitting);
    const scale = SCALES[this.#fitting.indexOf(most)] as number;
    if (present === 0) return { kind: 'none', scale, kept: 0 };
    const exceptions = present - most;
    const bytes = { sparse: 12 * present, scaled: 4 * n + 12 * exceptions, dense: 8 * n };
    if (bytes.sparse <= bytes.scaled && bytes.sparse <= bytes.dense) return { kind: 'sparse', scale, kept: present };
    if (bytes.dense < bytes.scaled) return { kind: 'dense', scale, kept: 0 };
    return { kind: 'scaled', scale, kept: exceptions };
  }
}

/** Values at a scale, those that do not fit marked as exceptions. */
export function scaledValues(values: ArrayLike<number>, scale: number): Int32Array<ArrayBuffer> {
  const scaled = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) scaled[i] = MISSING;
    else scaled[i] = fits(value, scale) ? Math.round(value * scale) : EXCEPTION;
  }
  return scaled;
}

/** Whether a value is kept by its row: any that is there, or at a scale (else null) any that does not fit. */
export function isKeptByRow(value: number, scale: number | null): boolean {
  return !Number.isNaN(value) && (scale === null || !fits(value, scale));
}

function encode(values: ArrayLike<number>): ValueEncoding {
  const tally = new ValueTally();
  tally.add(values);
  const { kind, scale, kept } = tally.choice(values.length);
  switch (kind) {
    case 'none':
      return { kind };
    case 'sparse':
      return { kind, ...pick(values, kept, (value) => isKeptByRow(value, null)) };
    case 'dense':
      return { kind, values: Float64Array.from(values) };
    case 'scaled': {
      const { rows, values: others } = pick(values, kept, (value) => isKeptByRow(value, scale));
      return { kind, scale, scaled: scaledValues(values, scale), exceptionRows: rows, exceptionValues: others };
    }
  }
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
