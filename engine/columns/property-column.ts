// One event property over all rows, sparse: the rows that have it, and codes into its distinct values.

/** What a property can hold. Text stays text: CSV cells are text, and filters read it as the type they compare with. */
export type Scalar = string | number | boolean;

export class PropertyColumn {
  /** Rows that have the property, increasing; null where every row has it. */
  readonly rows: Uint32Array | null;
  /** One code per row that has it. */
  readonly codes: Uint32Array;
  /** The distinct values, by code. */
  readonly dictionary: readonly Scalar[];

  constructor(rows: Uint32Array | null, codes: Uint32Array, dictionary: readonly Scalar[]) {
    this.rows = rows;
    this.codes = codes;
    this.dictionary = dictionary;
  }

  /** @param values one per row; undefined where the event lacks it */
  static from(values: readonly (Scalar | undefined)[]): PropertyColumn {
    const codeOf = new Map<Scalar, number>();
    const rows: number[] = [];
    const codes: number[] = [];
    values.forEach((value, row) => {
      if (value === undefined) return;
      let code = codeOf.get(value);
      if (code === undefined) codeOf.set(value, (code = codeOf.size));
      rows.push(row);
      codes.push(code);
    });
    const full = rows.length === values.length;
    return new PropertyColumn(full ? null : Uint32Array.from(rows), Uint32Array.from(codes), [...codeOf.keys()]);
  }

  /** How many rows have it. */
  get count(): number {
    return this.codes.length;
  }

  at(row: number): Scalar | undefined {
    const code = this.codeAt(row);
    return code < 0 ? undefined : this.dictionary[code];
  }

  /** The code at a row, or -1. */
  codeAt(row: number): number {
    const rows = this.rows;
    if (rows === null) return row < this.codes.length ? (this.codes[row] as number) : -1;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((rows[mid] as number) < row) low = mid + 1;
      else high = mid;
    }
    return low < rows.length && rows[low] === row ? (this.codes[low] as number) : -1;
  }
}
