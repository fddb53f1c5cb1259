// Whether a history stands still: weekly entries and the organic rate tested for a trend. A projection says what this
// sample would have given; where the sample drifts, the next period will not look like it.

import { percent, rounded, WEEK_MS } from '../base/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';

export interface Trend {
  /** Whole weeks compared. */
  readonly weeks: number;
  /** Change per week of the number of complete enrollments, as a fraction; its z, spread beyond Poisson included. */
  readonly entriesPerWeek: number | null;
  readonly entriesZ: number | null;
  /** Change of the organic rate per week, in points (0.01 = 1 point); z of Cochran and Armitage. */
  readonly ratePerWeek: number | null;
  readonly rateZ: number | null;
}

const FEWEST_WEEKS = 4;

/** Over the weeks in which complete enrollments could begin, counted back from the last. @returns null for fewer than four */
export function weeklyTrend(columns: EnrollmentColumns, fromMs: number, untilMs: number): Trend | null {
  const weeks = Math.floor((untilMs - fromMs) / WEEK_MS);
  if (weeks < FEWEST_WEEKS) return null;
  const start = untilMs - weeks * WEEK_MS;
  const entries = new Float64Array(weeks);
  const organic = new Float64Array(weeks);
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    const week = Math.floor(((columns.triggerTimes[i] as number) - start) / WEEK_MS);
    if (week < 0 || week >= weeks) continue;
    entries[week] = (entries[week] as number) + 1;
    if (!Number.isNaN(columns.goalTimes[i] as number)) organic[week] = (organic[week] as number) + 1;
  }
  const total = entries.reduce((sum, n) => sum + n, 0);
  if (total === 0) return null;
  const mean = total / weeks;
  const middle = (weeks - 1) / 2;
  const sxx = entries.reduce((sum, _, w) => sum + (w - middle) ** 2, 0);
  const slope = entries.reduce((sum, n, w) => sum + (w - middle) * n, 0) / sxx;
  const residual = entries.reduce((sum, n, w) => sum + (n - mean - slope * (w - middle)) ** 2, 0) / (weeks - 2);
  const entriesZ = (slope * Math.sqrt(sxx)) / Math.sqrt(Math.max(mean, residual));
  const rate = organic.reduce((sum, x) => sum + x, 0) / total;
  const centre = entries.reduce((sum, n, w) => sum + n * w, 0) / total;
  const weight = entries.reduce((sum, n, w) => sum + n * (w - centre) ** 2, 0);
  const score = organic.reduce((sum, x, w) => sum + (w - centre) * (x - (entries[w] as number) * rate), 0);
  const canTest = rate > 0 && rate < 1 && weight > 0;
  return {
    weeks,
    entriesPerWeek: slope / mean,
    entriesZ,
    ratePerWeek: canTest ? score / weight : null,
    rateZ: canTest ? score / Math.sqrt(rate * (1 - rate) * weight) : null,
  };
}

/** |z| beyond which a trend is named. */
const LEAST_Z = 3;

export function trendNotices(trend: Trend | null): string[] {
  if (trend === null) return [];
  const notices: string[] = [];
  const direction = (x: number) => (x < 0 ? 'fall' : 'rise');
  if (trend.entriesZ !== null && trend.entriesPerWeek !== null && Math.abs(trend.entriesZ) > LEAST_Z) {
    notices.push(
      `Entries ${direction(trend.entriesPerWeek)} by ${percent(Math.abs(trend.entriesPerWeek))} a week: the next period will not look like this sample.`,
    );
  }
  if (trend.rateZ !== null && trend.ratePerWeek !== null && Math.abs(trend.rateZ) > LEAST_Z) {
    notices.push(
      `Organic conversions ${direction(trend.ratePerWeek)} by ${rounded(100 * Math.abs(trend.ratePerWeek), 2)} percentage points a week: the next period will not look like this sample.`,
    );
  }
  return notices;
}
