// Something in a history that may change figures. Each is a claim with its numbers, what it does to the figures, and a
// way out; nothing is repaired silently.

import type { Remedy } from '../remedies/index.ts';

export interface Finding {
  /** Stable, kebab-case; of an event, with its name behind a colon: `tracking-gap:Purchased`. */
  readonly id: string;
  readonly title: string;
  /** What was counted. */
  readonly evidence: string;
  /** What it does to figures. */
  readonly effect: string;
  readonly remedy: string;
  /** The figure the finding hangs on, and from where on it is one. */
  readonly test?: FindingTest;
  /** What can be done here, and taken back; absent where only the source can mend it. */
  readonly repair?: Remedy;
  /** The figures of the main pair with and without the fault; only where `repair` is there and they were asked for. */
  readonly moves?: FindingMoves;
}

export interface FindingTest {
  readonly name: string;
  readonly value: number;
  readonly threshold: number;
  /** Whether it is one above or below the threshold. */
  readonly isAbove: boolean;
}

export interface FindingMoves {
  readonly anchor: string;
  readonly goal: string;
  /** Of the trigger and of the goal that the figures below are for. */
  readonly windowMs: number;
  readonly goalWithinMs: number;
  /** With the fault, and with the repair. */
  readonly before: MovedFigures;
  readonly after: MovedFigures;
}

export interface MovedFigures {
  readonly persons: number;
  readonly events: number;
  /** Goal events and the sum of their values. */
  readonly goals: number;
  readonly goalValue: number;
  /** Moments at which the trigger fires. */
  readonly candidates: number;
  /** Share of what fires, among mature episodes, that is answered by itself; null with too few. */
  readonly anywayRate: number | null;
  /** By when 90 % of those who answer have; ms. */
  readonly p90Ms: number | null;
  /** Null where the data do not settle on one. */
  readonly recommendedMs: number | null;
}
