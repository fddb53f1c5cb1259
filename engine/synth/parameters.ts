// What a synthetic shop is made of. Every number has a default; together the defaults make a shop in which the question
// of the waiting time is real: two thirds of the buyers are done within the visit, a third return about a day later.

import { DAY_MS, HOUR_MS, MINUTE_MS, UserError } from '../base/index.ts';
import { type ConversionModel, checkConversionModel } from './conversion.ts';
import { checkEffect, type EmailEffect } from './email-effect.ts';

export interface CartParameters {
  /** People with at least one event, 1 … 200,000. */
  readonly persons: number;
  /** Start of observation, ms since the epoch, a whole second. Nothing is open before it. */
  readonly start: number;
  /** Length of observation in days, 1 … 730. */
  readonly days: number;
  /** Written to every `Purchased`. */
  readonly currency: string;
  /** From a cart's first add to its purchase. One law for everybody and every hour. */
  readonly conversion: ConversionModel;
  /**
   * How long a cart lives. One not bought by then never is, and its owner opens the next one only after that (a buyer:
   * after buying). The truth about the opening-to-purchase clock holds for horizons up to this.
   */
  readonly cartLifeMs: number;
  /** Further adds to an open cart happen within this time of opening. The truth holds for horizons from this on. */
  readonly repeatWithinMs: number;
  /** Mean visits per person and day; people differ from it log-normally with `activitySigma`. */
  readonly visitsPerDay: number;
  readonly activitySigma: number;
  /** Share of visits, by someone without an open cart, that open one. */
  readonly cartShare: number;
  /** Share of people whose first visit falls evenly over the days; the others have been visitors before. */
  readonly newcomers: number;
  /** How people's addresses become known; shares that add up to 1. */
  readonly reach: {
    readonly known: number;
    readonly signUp: number;
    readonly checkout: number;
    readonly never: number;
  };
  readonly products: number;
  /** Days between newsletters to known addresses; 0: none. They change nobody's carts. */
  readonly newsletterDays: number;
  /** Emails about carts that change what people do; null: none are sent. The truth about carts is then that without them. */
  readonly effect: EmailEffect | null;
  /** Faults planted in the exported rows (not in the history itself). */
  readonly faults: {
    /** Share of event rows written twice. */
    readonly duplicates: number;
    /** Share of event rows that arrive hours to days late, out of order. */
    readonly late: number;
    /** Unreadable rows in the CSV, a count. */
    readonly bad: number;
  };
}

export const CART_DEFAULTS: CartParameters = {
  persons: 4_000,
  start: Date.UTC(2026, 0, 5),
  days: 60,
  currency: 'USD',
  conversion: {
    everConvert: 0.4,
    parts: [
      { share: 0.68, medianMs: 11 * MINUTE_MS, sigma: 0.95 },
      { share: 0.32, medianMs: 23 * HOUR_MS, sigma: 0.5 },
    ],
  },
  cartLifeMs: 10 * DAY_MS,
  repeatWithinMs: DAY_MS,
  visitsPerDay: 0.13,
  activitySigma: 1,
  cartShare: 0.34,
  newcomers: 0.4,
  reach: { known: 0.55, signUp: 0.15, checkout: 0.12, never: 0.18 },
  products: 80,
  newsletterDays: 7,
  effect: null,
  faults: { duplicates: 0.004, late: 0.01, bad: 6 },
};

/** Throws a UserError that names the first parameter that is out of range. */
export function checkParameters(p: CartParameters): void {
  whole('persons', p.persons, 1, 200_000);
  whole('days', p.days, 1, 730);
  whole('products', p.products, 1, 1_000);
  whole('newsletterDays', p.newsletterDays, 0, 730);
  whole('faults.bad', p.faults.bad, 0, 1_000);
  whole('start', p.start, 0, Date.UTC(2200, 0, 1));
  if (p.start % 1000 !== 0) refuse('start', 'a whole second, because times are written to the second');
  within('visitsPerDay', p.visitsPerDay, 0, 20);
  within('activitySigma', p.activitySigma, 0, 2);
  within('cartShare', p.cartShare, 0, 1);
  within('newcomers', p.newcomers, 0, 1);
  within('faults.duplicates', p.faults.duplicates, 0, 1);
  within('faults.late', p.faults.late, 0, 1);
  within('repeatWithinMs', p.repeatWithinMs, 0, Number.MAX_SAFE_INTEGER);
  if (!(p.cartLifeMs > p.repeatWithinMs)) refuse('cartLifeMs', 'longer than repeatWithinMs');
  const { known, signUp, checkout, never } = p.reach;
  for (const share of [known, signUp, checkout, never]) within('reach', share, 0, 1);
  if (Math.abs(known + signUp + checkout + never - 1) > 1e-9) refuse('reach', 'shares that add up to 1');
  checkConversionModel(p.conversion);
  if (p.effect !== null) checkEffect(p.effect, p.cartLifeMs);
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!Number.isSafeInteger(value) || value < low || value > high)
    refuse(name, `a whole number from ${low} to ${high}`);
}

function within(name: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) refuse(name, `a number from ${low} to ${high}`);
}

function refuse(name: string, rule: string): never {
  throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
}
