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
