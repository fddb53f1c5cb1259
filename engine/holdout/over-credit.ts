// How many times what the emails added an email tool credits to them. Credit is bookkeeping: it counts whoever bought
// after an email, also those who would have come anyway. It stands beside what a holdout measures and never in its place.

import { range, rounded } from '../base/index.ts';

export interface OverCredit {
  /** Credited over added. */
  readonly factor: number;
  /** With the upper limit of what was added. */
  readonly atLeast: number;
  /** With the lower one; null where it does not lie above 0. */
  readonly atMost: number | null;
}

export interface ArmCredit {
  readonly arm: string;
  /** The column of the credits, and the outcome they are held against. */
  readonly column: string;
  readonly outcome: string;
  /** Conversions credited, of the treated and of those held out, who got no email to credit. */
  readonly credited: number;
  readonly creditedHeldOut: number;
  /** Null with the reason. */
  readonly overCredit: OverCredit | null;
  readonly reason?: string;
}

/** @param added what a holdout measured, in the same unit, with its interval @returns null where nothing was added */
export function overCreditOf(
  credited: number,
  added: { readonly expected: number; readonly low: number; readonly high: number },
): OverCredit | null {
  if (!(added.expected > 0)) return null;
  return {
    factor: credited / added.expected,
    atLeast: credited / added.high,
    atMost: added.low > 0 ? credited / added.low : null,
  };
}

export const NOTHING_ADDED = 'The holdout shows nothing added that could be divided by.';

/** `5.7 times what they added, at least 2.8`; `4.1 times what they added, 2.9 to 7`. */
export function overCreditWords({ factor, atLeast, atMost }: OverCredit): string {
  const limits = atMost === null ? `at least ${rounded(atLeast, 2)}` : range([atLeast, atMost], (x) => rounded(x, 2));
  return `${rounded(factor, 2)} times what they added, ${limits}`;
}

/** Attributed, in a sentence. */
export function armCreditWords({ arm, outcome, credited, creditedHeldOut, overCredit, reason }: ArmCredit): string {
  const held =
    creditedHeldOut === 0
      ? ''
      : ` ${rounded(creditedHeldOut)} are credited to people held out, who got none: their emails are others, or the arms were not kept apart.`;
  return `Attributed: ${rounded(credited)} conversions are credited to the emails of ${arm}${overCredit === null ? `. ${reason ?? ''}` : `; of ${outcome}, ${overCreditWords(overCredit)}.`}${held}`;
}
