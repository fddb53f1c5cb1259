// Exact limits of a Poisson rate (Garwood 1936), from the chi-square quantile: hazards per bin, events per person-time.

import { assert } from '../base/index.ts';
import { chiSquareQuantile } from './chi-square.ts';
import type { Interval } from './interval.ts';

/**
 * [χ²_{α/2, 2d}/2E, χ²_{1−α/2, 2d+2}/2E] for d events in exposure E; the lower limit is 0 where d = 0.
 * @param events whole, ≥ 0
 * @param exposure > 0, in the unit of time the rate shall have
 * @param alpha strictly between 0 and 1
 * @returns limits of events per unit of exposure
 */
export function poissonRateLimits(events: number, exposure: number, alpha: number): Interval {
  assert(Number.isInteger(events) && events >= 0, `events must be a whole number ≥ 0, got ${events}`);
  assert(exposure > 0, `exposure must be positive, got ${exposure}`);
  const low = events === 0 ? 0 : chiSquareQuantile(alpha / 2, 2 * events) / (2 * exposure);
  return [low, chiSquareQuantile(1 - alpha / 2, 2 * events + 2) / (2 * exposure)];
}
