// Sums of doubles that are exact until they are read, so that neither order nor sharding changes a total.
// Shewchuk 1997, "Adaptive precision floating-point arithmetic": a sum is kept as non-overlapping partials.

export class ExactSum {
  /** Increasing in magnitude, non-overlapping; their exact sum is the sum. Safe to store and add again elsewhere. */
  partials: number[];

  constructor(partials: readonly number[] = []) {
    this.partials = [...partials];
  }

  /** @param x finite */
  add(x: number): void {
    const p = this.partials;
    let used = 0;
    for (let i = 0; i < p.length; i++) {
      let y = p[i] as number;
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x];
      const high = x + y;
      const low = y - (high - x);
      if (low !== 0) p[used++] = low;
      x = high;
    }
    p.length = used;
    if (x !== 0) p.push(x);
  }

  addSum(other: ExactSum): void {
    for (const part of other.partials) this.add(part);
  }

  /** The sum, rounded once to the nearest double (ties to even), as Python's `math.fsum` does. */
  get value(): number {
    const p = this.partials;
    let i = p.length - 1;
    if (i < 0) return 0;
    let high = p[i--] as number;
    let low = 0;
    while (i >= 0) {
      const x = high;
      const y = p[i--] as number;
      high = x + y;
      low = y - (high - x);
      if (low !== 0) break;
    }
    // Half-way cases: the next partial decides the direction.
    if (i >= 0 && ((low < 0 && (p[i] as number) < 0) || (low > 0 && (p[i] as number) > 0))) {
      const y = low * 2;
      const x = high + y;
      if (y === x - high) high = x;
    }
    return high;
  }
}

export function exactSum(values: Iterable<number>): number {
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  return sum.value;
}
