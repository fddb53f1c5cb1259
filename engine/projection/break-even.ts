// The smallest effect worth telling from none: the one at which the emails pay what they cost. Costs are those of the
// projection itself: what is sent, what unsubscribes are worth, and discounts used by people who would have bought
// anyway. What a gained conversion leaves is its margin less the discount that goes with it.

export interface EmailCosts {
  /** People mailed. */
  readonly treated: number;
  readonly gained: number;
  /** Margin of one conversion, in the history's currency; null where not known. */
  readonly margin: number | null;
  /** Sums over all mailed; null where not given. */
  readonly discountToGained: number | null;
  readonly discountToOrganic: number | null;
  readonly sendingCost: number | null;
  readonly unsubscribeCost: number | null;
}

/** In conversions per person mailed, above 0; null where costs or margin are not given, or no effect pays. */
export function breakEvenEffect(costs: EmailCosts): number | null {
  const { treated, gained, margin } = costs;
  if (margin === null || treated <= 0) return null;
  const spent = (costs.discountToOrganic ?? 0) + (costs.sendingCost ?? 0) + (costs.unsubscribeCost ?? 0);
  const left = margin - (gained > 0 ? (costs.discountToGained ?? 0) / gained : 0);
  return spent > 0 && left > 0 ? spent / (treated * left) : null;
}
