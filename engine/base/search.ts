// Binary search over sorted columns. "Lower" is the first place not less, "upper" the first place greater.

/** First index in [from, to) with at(i) ≥ x, else `to`. `at` must be non-decreasing there. */
export function lowerBound(at: (i: number) => number, x: number, from: number, to: number): number {
  while (from < to) {
    const mid = (from + to) >>> 1;
    if (at(mid) < x) from = mid + 1;
    else to = mid;
  }
  return from;
}

/** First index in [from, to) with at(i) > x, else `to`. `at` must be non-decreasing there. */
export function upperBound(at: (i: number) => number, x: number, from: number, to: number): number {
  while (from < to) {
    const mid = (from + to) >>> 1;
    if (at(mid) <= x) from = mid + 1;
    else to = mid;
  }
  return from;
}
