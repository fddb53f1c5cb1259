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

/**
 * Of draws whose limits are to hold as often as they claim, however few there are: position (n + 1)·p (Hyndman & Fan 1996,
 * type 6). Of n draws and the value they are about, n + 1 in all, each place is as likely; type 7 counts the outermost
 * draws themselves as limits, and its 95 % interval of 50 draws holds 91 %.
 * @param sorted increasing, at least one value
 * @param p 0 … 1
 */
export function quantileOfDraws(sorted: ArrayLike<number>, p: number): number {
  const n = sorted.length;
  const place = Math.min(n, Math.max(1, p * (n + 1)));
  const at = Math.floor(place);
  const low = sorted[at - 1] as number;
  const high = sorted[Math.min(n, at + 1) - 1] as number;
  return low + (place - at) * (high - low);
}
