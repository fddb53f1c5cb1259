// What a law of waiting says of itself, in closed form: shares, percentiles among converters, and what the window rule
// would answer if it saw the law instead of a sample. Times in ms after the anchor.

import { rungOf, settles } from '../calibrate/index.ts';

/** Share not converted t after the anchor, without emails; non-increasing, 1 at 0. */
export type Survival = (tMs: number) => number;

/** Of those not converted by the window: the share that converts by the horizon without any email. */
export function organicRate(law: Survival, windowMs: number, horizonMs: number): number {
  return 1 - law(horizonMs) / law(windowMs);
}

/** The time by which a share p of those who convert within the horizon have done so, by bisection. */
export function percentileOfLaw(law: Survival, p: number, horizonMs: number): number {
  const target = 1 - p * (1 - law(horizonMs));
  let low = 0;
  let high = horizonMs;
  for (let i = 0; i < 80 && high - low > 1e-6; i++) {
    const middle = (low + high) / 2;
    if (law(middle) > target) low = middle;
    else high = middle;
  }
  return high;
}

export interface LawsWindow {
  readonly settled: boolean;
  /** The rung of twice the 90th percentile at the horizon. */
  readonly rungMs: number;
}

/** The 90 % rule asked of the law itself at its three horizons. */
export function windowOfLaw(law: Survival, horizonMs: number): LawsWindow {
  const at = [rungOf(horizonMs / 4), rungOf(horizonMs / 2), horizonMs].map((horizon) => {
    const p90Ms = percentileOfLaw(law, 0.9, horizon);
    return { horizonMs: horizon, converters: Number.POSITIVE_INFINITY, p90Ms, rungMs: rungOf(2 * p90Ms) };
  });
  return { settled: settles(at, horizonMs) === 'settled', rungMs: at[2]?.rungMs as number };
}
