// Money: what a window is worth. Discounts are given away to people who would have bought anyway, and that is counted.
// Whatever is not known is null, never 0.

import type { Response } from './curve.ts';

export interface Prices {
  /** Margin of one conversion, in the history's currency. */
  readonly margin: number;
  /** Discount given per conversion of the sequence. */
  readonly discount: number;
  /** Share of organic buyers who redeem it, 0 … 1. */
  readonly redemption: number;
  readonly costPerSend: number;
  /** Per triggered person, 0 … 1. */
  readonly unsubscribe: number;
  readonly subscriberValue: number;
}

export interface CountsOfWindow {
  readonly fired: number;
  readonly organic: number;
  readonly never: number;
}

/** never·r − organic·h, signed. */
export function incrementOf(counts: CountsOfWindow, response: Response): number {
  return counts.never * response.won - counts.organic * response.prevented;
}

/** never·r·(m − δ) − organic·[(1 − h)·κ·δ + h·m] − fired·(c + u·v). @param sends expected per triggered person */
export function netOf(counts: CountsOfWindow, response: Response, prices: Prices, sends = 1): number {
  const { margin, discount, redemption, costPerSend, unsubscribe, subscriberValue } = prices;
  const { won, prevented } = response;
  return (
    counts.never * won * (margin - discount) -
    counts.organic * ((1 - prevented) * redemption * discount + prevented * margin) -
    counts.fired * (costPerSend * sends + unsubscribe * subscriberValue)
  );
}

/** The response at which a window pays for itself; null where none does (no margin left, or nobody to win). */
export function breakEvenResponse(counts: CountsOfWindow, prices: Prices, sends = 1): number | null {
  const left = prices.margin - prices.discount;
  if (left <= 0 || counts.never === 0) return null;
  const cost =
    counts.organic * prices.redemption * prices.discount +
    counts.fired * (prices.costPerSend * sends + prices.unsubscribe * prices.subscriberValue);
  return cost / (counts.never * left);
}
