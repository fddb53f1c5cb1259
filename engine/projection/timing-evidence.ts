// What randomised studies say of a cart's first email by how long it waits. They are few: one field study gave signs only,
// fewer purchases from a first email within the hour and more from one after a day to three. Vendors' figures say the
// opposite, since early emails are credited with people who were coming back anyway.

import { DAY_MS, HOUR_MS } from '../base/index.ts';

/** `harm`: a randomised study found fewer purchases; `gain`: it found more; `none`: nothing causal is known. */
export type TimingEvidence = 'harm' | 'gain' | 'none';

export const TIMING_SOURCE = {
  source:
    'Li, Luo, Lu & Moriguchi, Journal of Marketing 85(4): over 40,500 customers, randomised by hour; signs only (C7)',
  year: 2021,
  grade: 1,
} as const;

/** @param isCart whether the workflow waits for a cart to be bought @param waitMs from anchor to first email */
export function timingEvidence(isCart: boolean, waitMs: number): TimingEvidence {
  if (!isCart) return 'none';
  if (waitMs <= HOUR_MS) return 'harm';
  return waitMs >= DAY_MS && waitMs <= 3 * DAY_MS ? 'gain' : 'none';
}
