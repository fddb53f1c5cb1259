// Many exact sums at once, for loops that add millions of times: the partials of `ExactSum`, number for number, in one
// flat array instead of lists that grow and shrink. Error-free addition after Knuth, The Art of Computer Programming 2,
// 4.2.2 theorem B.

import { ExactSum } from '../base/index.ts';

/** Partials do not overlap, so that 53 bits each of a double's 2,098 binary places leave room for no more than 41. */
const MOST = 48;

export class ExactSums {
  readonly #partials: Float64Array;
  readonly #lengths: Uint8Array;

  constructor(length: number) {
    this.#partials = new Float64Array(length * MOST);
    this.#lengths = new Uint8Array(length);
  }

  /** @param x finite */
  add(i: number, x: number): void {
    const partials = this.#partials;
    const first = i * MOST;
    const end = first + (this.#lengths[i] as number);
    let used = first;
    let high = x;
    for (let k = first; k < end; k++) {
      const y = partials[k] as number;
      const sum = high + y;
      const part = sum - high;
      const low = high - (sum - part) + (y - part);
      if (low !== 0) partials[used++] = low;
      high = sum;
    }
    if (high !== 0) partials[used++] = high;
    this.#lengths[i] = used - first;
  }

  sum(i: number): ExactSum {
    const first = i * MOST;
    return new ExactSum(Array.from(this.#partials.subarray(first, first + (this.#lengths[i] as number))));
  }
}
