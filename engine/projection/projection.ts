// What `project` answers, as data. Conversions and money may be negative; what is not known is null, with a reason.

import type { CheapestTest, NotIdentified } from './already-mailed.ts';
import type { Assumption } from './response.ts';

/** A figure with its 95 % interval; null with the reason where it cannot be given. */
export interface Estimate {
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason?: string;
}

export interface Incremental extends Estimate {
  /** Conversions caused, and organic ones prevented; expected = gained − lost. */
  readonly gained: number | null;
  readonly lost: number | null;
  /** P(expected increment below 0), over the draws of the assumptions. */
  readonly pHarm: number | null;
  /** Of the variance: chance among people, the assumptions, which people came. They add up to 1. */
  readonly shares: { readonly chance: number; readonly parameters: number; readonly sampling: number } | null;
  /**
   * How much of it is data rather than assumption, 0 … 1: of the effect itself (0 without an own holdout, else the share
   * of its precision that the holdout gave), and of the interval's variance (null without one).
   */
  readonly fromData?: { readonly effect: number; readonly interval: number | null };
  /** Rates per enrollment: organic, and with the emails. */
  readonly treatedRate: number | null;
}

export interface Profit extends Estimate {
  /** Its expected parts, each null where not known. */
  readonly margin: number | null;
  readonly discountToGained: number | null;
  readonly discountToOrganic: number | null;
  readonly sendingCost: number | null;
  readonly unsubscribeCost: number | null;
}

export interface Per30Days {
  /** From first eligibility on. */
  readonly personDays: number;
  readonly firstPerPersonMonth: number | null;
  readonly repeatPerPersonMonth: number | null;
  readonly incrementalPerPersonMonth: number | null;
  /** The same with repeat entries counting half. */
  readonly incrementalPerPersonMonthAtHalf: number | null;
  /** For the business as a whole, per 30 calendar days of the history. */
  readonly incremental: Estimate;
  readonly revenue: Estimate;
  readonly profit: Estimate;
  readonly reason?: string;
}

export interface Projection {
  readonly reach: 'known' | 'unknown';
  /** Complete enrollments, both arms. */
  readonly eligible: number;
  /** Of these, those who would be mailed. */
  readonly mailed: number;
  readonly firstEntries: number;
  readonly repeatEntries: number;
  readonly incomplete: number;
  readonly persons: number;
  /** Goal window, from the trigger; and the wait from anchor to first email. */
  readonly horizon: number;
  readonly wait: number;
  readonly organic: {
    readonly conversions: number | null;
    readonly rate: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly value: number | null;
    readonly reason?: string;
  };
  readonly incremental: Incremental;
  readonly sends: Estimate;
  readonly unsubscribes: Estimate;
  readonly revenue: Estimate;
  readonly profit: Profit;
  readonly per30Days: Per30Days;
  readonly assumptions: readonly Assumption[];
  readonly identified: true | NotIdentified;
  /** The holdout that would replace the assumptions by a measurement. */
  readonly cheapestTest: CheapestTest;
  readonly notices: readonly string[];
}
