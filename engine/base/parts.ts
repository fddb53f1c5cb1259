// Parts of a total, rounded so that they still add up: by largest remainder, ties to the first.

/**
 * Shares of a whole as percentages that add up to 100.
 * @param parts ≥ 0, not all 0
 * @param digits after the point
 */
export function percentagesOf(parts: readonly number[], digits: number): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) return parts.map(() => 0);
  const scale = 10 ** digits;
  return roundedToSum(
    parts.map((part) => (part / total) * 100 * scale),
    1,
  ).map((part) => part / scale);
}

/**
 * Parts rounded to multiples of `unit` so that they add up to their rounded sum.
 * @param parts of any sign
 */
export function roundedToSum(parts: readonly number[], unit: number): number[] {
  const floors = parts.map((part) => Math.floor(part / unit));
  const sum = parts.reduce((all, part) => all + part, 0);
  let rest = Math.round(sum / unit) - floors.reduce((all, part) => all + part, 0);
  const order = parts.map((_, i) => i).sort((a, b) => frac(parts[b], unit) - frac(parts[a], unit) || a - b);
  for (const i of order) {
    if (rest <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    rest -= 1;
  }
  return floors.map((part) => part * unit + 0);
}

function frac(x: number | undefined, unit: number): number {
  return x === undefined ? 0 : x / unit - Math.floor(x / unit);
}
