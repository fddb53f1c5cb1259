// Durations in the vendor's units. Delays know minutes, hours and days; look-backs and re-entry hours, days and weeks,
// all as whole numbers. What does not divide is refused with the nearest that does, never rounded in silence.

import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS, WEEK_MS } from '../base/index.ts';
import type { TimeDelayUnit, Timeframe } from './klaviyo-types.ts';
import type { Problems } from './problems.ts';

const HOURS_UP_TO_MS = 4 * DAY_MS;

export const DELAY_UNIT_MS: Readonly<Record<TimeDelayUnit, number>> = {
  minutes: MINUTE_MS,
  hours: HOUR_MS,
  days: DAY_MS,
};
export const LOOKBACK_UNIT_MS = { hour: HOUR_MS, day: DAY_MS, week: WEEK_MS } as const;

/** Days from four of them on, as people plan; hours and minutes below. @param ms > 0 */
export function delayOf(ms: number, at: string, problems: Problems): { unit: TimeDelayUnit; value: number } {
  if (ms % MINUTE_MS !== 0) {
    const near = Math.max(MINUTE_MS, Math.round(ms / MINUTE_MS) * MINUTE_MS);
    problems.cannot(
      at,
      `Klaviyo waits in whole minutes; ${formatDuration(ms)} is none. The nearest is ${formatDuration(near)}.`,
    );
  }
  if (ms % DAY_MS === 0 && ms >= HOURS_UP_TO_MS) return { unit: 'days', value: ms / DAY_MS };
  if (ms % HOUR_MS === 0) return { unit: 'hours', value: ms / HOUR_MS };
  return { unit: 'minutes', value: Math.max(1, Math.round(ms / MINUTE_MS)) };
}

/** @param ms > 0 */
export function lookbackOf(
  ms: number,
  at: string,
  problems: Problems,
): { unit: 'hour' | 'day' | 'week'; quantity: number } {
  if (ms % HOUR_MS !== 0) {
    const near = Math.max(HOUR_MS, Math.round(ms / HOUR_MS) * HOUR_MS);
    problems.cannot(
      at,
      `Klaviyo looks back by whole hours; ${formatDuration(ms)} is none. The nearest is ${formatDuration(near)}.`,
    );
  }
  if (ms % DAY_MS === 0) return { unit: 'day', quantity: ms / DAY_MS };
  return { unit: 'hour', quantity: Math.max(1, Math.round(ms / HOUR_MS)) };
}

/** `null`: ever. */
export function timeframeOf(ms: number | null, at: string, problems: Problems): Timeframe {
  if (ms === null) return { type: 'date', operator: 'alltime' };
  return { type: 'date', operator: 'in-the-last', ...lookbackOf(ms, at, problems) };
}
