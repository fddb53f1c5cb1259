// Quantiles of a sample.

/**
 * Linear between order statistics (Hyndman & Fan 1996, type 7; the default of R and NumPy).
 * @param sorted increasing, at least one value
 * @param p 0 … 1
 */
export function quantileType7(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1);
  const at = Math.floor(place);
  const low = sorted[at] as number;
  const high = sorted[Math.min(sorted.length - 1, at + 1)] as number;
  return low + (place - at) * (high - low);
}
