// Instants in six bytes: milliseconds since `base`, split into a high and a low part. Exact for 8,900 years.

import { assert } from '../base/index.ts';

const SPAN_MS = 2 ** 48;

export class TimeColumn {
  /** Milliseconds since the epoch that the column counts from. */
  readonly base: number;
  /** Bits 32 … 47 of the offset. */
  readonly high: Uint16Array;
  /** Bits 0 … 31 of the offset. */
  readonly low: Uint32Array;

  constructor(base: number, high: Uint16Array, low: Uint32Array) {
    this.base = base;
    this.high = high;
    this.low = low;
  }

  /** @param times whole milliseconds since the epoch, spanning less than 2^48 ms */
  static from(times: ArrayLike<number>): TimeColumn {
    let base = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < times.length; i++) {
      base = Math.min(base, times[i] as number);
      last = Math.max(last, times[i] as number);
    }
    assert(times.length === 0 || last - base < SPAN_MS, `the times span less than 2^48 ms: ${base} to ${last}`);
    const column = TimeColumn.ofLength(times.length === 0 ? 0 : base, times.length);
    for (let i = 0; i < times.length; i++) column.write(i, times[i] as number);
    return column;
  }

  /** All instants at `base`; for builders, which then `write`. */
  static ofLength(base: number, length: number): TimeColumn {
    return new TimeColumn(base, new Uint16Array(length), new Uint32Array(length));
  }

  get length(): number {
    return this.low.length;
  }

  at(row: number): number {
    return this.base + (this.high[row] as number) * 4294967296 + (this.low[row] as number);
  }

  /** For builders only. @param time base ≤ time < base + 2^48, whole */
  write(row: number, time: number): void {
    const offset = time - this.base;
    this.high[row] = Math.floor(offset / 4294967296);
    this.low[row] = offset >>> 0;
  }
}
