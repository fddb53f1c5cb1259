// Whether an offer can pay at all: an order that uses it leaves its margin less what the offer takes. Where nothing is
// left, no effect of the email makes up for it (methods: H).

import { money } from '../base/index.ts';
import { discountOf } from './enrolled.ts';
import type { NominalStep } from './sequence-times.ts';

export interface OfferTerms {
  readonly step: string;
  /** Of an order of mean value, in the history's currency. */
  readonly discount: number;
  readonly margin: number;
  /** Margin less discount. */
  readonly left: number;
}

/** One for each step with an incentive; empty where margin or value is not known. @param margin share of revenue, 0 … 1 */
export function offerTerms(steps: readonly NominalStep[], value: number | null, margin: number | null): OfferTerms[] {
  if (value === null || margin === null) return [];
  return steps.flatMap((step) => {
    const discount = discountOf(step, value);
    return discount === 0 ? [] : [{ step: step.id, discount, margin: margin * value, left: margin * value - discount }];
  });
}

/** Of offers that never pay, a sentence each. */
export function offerNotices(terms: readonly OfferTerms[]): string[] {
  return terms
    .filter(({ left }) => left <= 0)
    .map(
      ({ step, discount, margin }) =>
        `The offer of ${step} takes ${money(discount)} of a mean order, whose margin is ${money(margin)}: an order that uses it never pays, whatever the emails do.`,
    );
}
