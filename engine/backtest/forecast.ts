// What the weeks behind say of the weeks ahead: a level forecast of counts and of a rate, as predictive distributions,
// so that they hold the chance of the weeks to come and not only the doubt about the mean. Weeks spread more than
// independent people would; how much more is estimated, held up by a little prior weight at "not at all" and never
// taken below it (quasi-Poisson and quasi-binomial; Student's t for the doubt about the spread). No trend is carried on.

import { assert } from '../base/index.ts';
import { tQuantile } from '../stats/index.ts';

export interface Forecast {
  readonly expected: number;
  readonly sd: number;
  /** Degrees of freedom of the t by which limits are taken. */
  readonly df: number;
  /** The largest value there can be; Infinity for counts. */
  readonly most: number;
}

/** Prior weight of "no more spread than chance", in weeks: the one at which both kinds of weeks are held best. */
const PRIOR_WEEKS = 1;
export const FEWEST_WEEKS = 3;

/** @param weeks counts of the weeks behind, at least three @param ahead how many weeks are added up */
export function forecastCount(weeks: readonly number[], ahead: number): Forecast {
  const m = weeks.length;
  assert(m >= FEWEST_WEEKS && ahead >= 1, 'a forecast needs three weeks behind and one ahead');
  const total = weeks.reduce((sum, n) => sum + n, 0);
  const mean = total / m;
  const level = (total + 0.5) / m;
  const df = m - 1;
  const spread = weeks.reduce((sum, n) => sum + (n - mean) ** 2, 0) / (df * level);
  const variance = dispersion(spread, df) * level * (ahead + ahead ** 2 / m);
  return { expected: mean * ahead, sd: Math.sqrt(variance), df: df + PRIOR_WEEKS, most: Number.POSITIVE_INFINITY };
}

/** @param weeks people and those of them who converted @param n people it is forecast for, above 0 */
export function forecastRate(weeks: readonly { readonly n: number; readonly x: number }[], n: number): Forecast | null {
  assert(weeks.length >= FEWEST_WEEKS && n > 0, 'a forecast needs three weeks behind and somebody ahead');
  const seen = weeks.filter((week) => week.n > 0);
  const people = seen.reduce((sum, week) => sum + week.n, 0);
  if (people === 0) return null;
  const rate = seen.reduce((sum, week) => sum + week.x, 0) / people;
  const level = (rate * people + 0.5) / (people + 1);
  const unit = level * (1 - level);
  const df = Math.max(0, seen.length - 1);
  const spread =
    df === 0 ? 1 : seen.reduce((sum, week) => sum + (week.x - week.n * rate) ** 2 / (week.n * unit), 0) / df;
  const variance = dispersion(spread, df) * unit * (1 / n + 1 / people);
  return { expected: rate, sd: Math.sqrt(variance), df: df + PRIOR_WEEKS, most: 1 };
}

function dispersion(spread: number, df: number): number {
  return Math.max(1, (PRIOR_WEEKS + df * spread) / (PRIOR_WEEKS + df));
}

/** The value below which the outcome stays with probability p, within 0 … most. */
export function forecastQuantile({ expected, sd, df, most }: Forecast, p: number): number {
  return Math.min(most, Math.max(0, expected + sd * tQuantile(p, df)));
}

/** @param level 0 … 1: 0.95 for 95 % */
export function forecastLimits(forecast: Forecast, level: number): readonly [number, number] {
  return [forecastQuantile(forecast, (1 - level) / 2), forecastQuantile(forecast, (1 + level) / 2)];
}

const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/** Mean pinball loss over the quantiles the intervals are made of; the smaller, the better foretold. */
export function pinballLoss(forecast: Forecast, actual: number): number {
  let loss = 0;
  for (const p of LEVELS) {
    const over = actual - forecastQuantile(forecast, p);
    loss += over >= 0 ? p * over : (p - 1) * over;
  }
  return loss / LEVELS.length;
}
