// Tables looked up by a property of the starting event, such as reviews by item. A row holds from its moment on, until a
// later row of the same key takes its place: an email sees the row of its own moment, never a later one.

import { upperBound } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';

export interface TableRow {
  readonly key: string;
  /** Ms since the epoch; -Infinity: always. */
  readonly from: number;
  readonly values: Readonly<Record<string, Scalar>>;
}

/** The rows of one table, as they stand in its file. */
export interface TableInput {
  readonly name: string;
  /** Property of the starting event. */
  readonly by: string;
  /** Without the key and the moment. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export class DatedTable {
  readonly name: string;
  readonly by: string;
  readonly columns: readonly string[];
  readonly #byKey = new Map<string, TableRow[]>();

  constructor({ name, by, columns, rows }: TableInput) {
    this.name = name;
    this.by = by;
    this.columns = columns;
    for (const row of rows) {
      const of = this.#byKey.get(row.key);
      if (of === undefined) this.#byKey.set(row.key, [row]);
      else of.push(row);
    }
    for (const of of this.#byKey.values()) of.sort((a, b) => a.from - b.from);
  }

  /** Undefined where no row holds then. Of several of one moment the last in the file. */
  at(key: Scalar | undefined, time: number): Readonly<Record<string, Scalar>> | undefined {
    if (key === undefined) return undefined;
    const rows = this.#byKey.get(String(key));
    if (rows === undefined) return undefined;
    return rows[upperBound((i) => (rows[i] as TableRow).from, time, 0, rows.length) - 1]?.values;
  }
}
