// Something in a history that may change figures. Each is a claim with its numbers, what it does to the figures, and a
// way out; nothing is repaired silently.

export interface Finding {
  /** Stable, kebab-case; of an event, with its name behind a colon: `tracking-gap:Purchased`. */
  readonly id: string;
  readonly title: string;
  /** What was counted. */
  readonly evidence: string;
  /** What it does to figures. */
  readonly effect: string;
  readonly remedy: string;
}

/** `12.3 %`, with more digits where the share is small. @param share 0 … 1 */
export function percent(share: number): string {
  const points = 100 * share;
  return `${points >= 10 ? points.toFixed(0) : points >= 1 ? points.toFixed(1) : points.toPrecision(2)} %`;
}

/** `12,345`. */
export function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `2026-01-05`, the day in UTC. */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
