// One moment that may be worth a workflow: what happens or fails to happen, to how many, and what speaks for it.

import type { WorkflowFile } from '../workflow/index.ts';

/**
 * `dropOff`: something started that many do not complete. `retention`: something done early that goes together with
 * staying. `beforeRevenue`: something done early that goes together with buying. The last two do not tell a cause.
 */
export type MomentKind = 'dropOff' | 'retention' | 'beforeRevenue';

/** Moments that are known from most products, recognised by names and form. */
export type MomentPattern =
  | 'signupWithoutActivation'
  | 'pricingWithoutConversion'
  | 'discoveryWithoutAdoption'
  | 'engagementDecline'
  | 'leftForGood'
  | 'boughtOnce'
  | 'milestone';

export interface Moment {
  readonly kind: MomentKind;
  readonly pattern: MomentPattern | null;
  /** In words: `"Added to Cart" without "Purchased"`. */
  readonly title: string;
  /** `dropOff`: what starts, and what is missing; else what is done. Empty where it is about any activity. */
  readonly events: readonly string[];
  /** Share of the people who do not complete, or the difference of rates between who does it and who does not. */
  readonly effect: number;
  /** 95 % limits; of differences at once for all that were compared (Bonferroni). */
  readonly low: number;
  readonly high: number;
  /** `dropOff`: who started; else who did not do it, whom an email could reach. */
  readonly people: number;
  /** people × low, by which moments are ranked. */
  readonly score: number;
  readonly counts: MomentCounts;
  /** Median time from the start to what completes it, among those who do within the horizon; null where none did. */
  readonly medianMs: number | null;
  readonly why: string;
  /** A workflow made of it, to be looked at and tuned; null where nothing sensible can be made. */
  readonly workflow: WorkflowFile | null;
}

/** Of people, each once. `dropOff`: `with` completed of `withN`. Else the outcome among who did it, and who did not. */
export interface MomentCounts {
  readonly with: number;
  readonly withN: number;
  readonly without: number | null;
  readonly withoutN: number | null;
}
