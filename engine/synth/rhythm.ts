// When people visit: a heavy-tailed number of visits a day, weekdays that differ, a habit of one's own around one hour
// of the local day. All times are whole seconds, in ms.

import { DAY_MS, HOUR_MS, MINUTE_MS, type Random, SECOND_MS } from '../base/index.ts';

/** Visits by local hour, midnight first: a morning, a lunch and a larger evening peak. */
const HOUR_WEIGHTS = [6, 3, 2, 1, 1, 2, 6, 14, 24, 32, 36, 38, 42, 38, 33, 32, 34, 38, 46, 58, 66, 58, 36, 16];
/** Visits by local weekday, Sunday first; their mean is 1. */
const WEEKDAY_WEIGHTS = [1.14, 0.98, 0.92, 0.92, 0.96, 1.0, 1.08];
const HOURS_TOTAL = HOUR_WEIGHTS.reduce((sum, weight) => sum + weight, 0);

function popularMinute(random: Random): number {
  let u = random.uniform() * HOURS_TOTAL;
  const hour = HOUR_WEIGHTS.findIndex((weight) => (u -= weight) < 0);
  return Math.max(0, hour) * 60 + random.uniform() * 60;
}

/** Knuth's product method; fine for the few visits of a day. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let n = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) n++;
  return n;
}

/** Successes before the first failure, each with probability p, at most `most`. */
export function geometric(random: Random, p: number, most: number): number {
  let n = 0;
  while (n < most && random.uniform() < p) n++;
  return n;
}

/** Whole seconds from `low` to `high`, in ms. */
export function seconds(random: Random, low: number, high: number): number {
  return (low + random.below(high - low + 1)) * SECOND_MS;
}

export interface Presence {
  /** First possible visit and end of observation, ms. */
  readonly from: number;
  readonly until: number;
  /** Someone new visits at `from` itself. */
  readonly isNew: boolean;
  /** Expected visits a day. */
  readonly perDay: number;
  readonly aheadHours: number;
}

/** Beginnings of a person's visits: increasing, at least one, all in [from, until). */
export function visitTimes(random: Random, presence: Presence): number[] {
  const { from, until, perDay, aheadHours } = presence;
  const ahead = aheadHours * HOUR_MS;
  const habit = popularMinute(random);
  const times = new Set<number>();
  const firstDay = Math.floor((from + ahead) / DAY_MS);
  const lastDay = Math.floor((until + ahead) / DAY_MS);
  for (let day = firstDay; day <= lastDay; day++) {
    // Day 0 of the epoch was a Thursday.
    const n = poisson(random, perDay * (WEEKDAY_WEIGHTS[(day + 4) % 7] as number));
    for (let i = 0; i < n; i++) {
      const minute = random.uniform() < 0.6 ? habit + 90 * random.normal() : popularMinute(random);
      const time = day * DAY_MS - ahead + minute * MINUTE_MS;
      const visit = Math.floor(time / SECOND_MS) * SECOND_MS;
      if (visit >= from && visit < until) times.add(visit);
    }
  }
  if (presence.isNew || times.size === 0) {
    const at = presence.isNew ? from : from + random.uniform() * (until - from);
    times.add(Math.floor(at / SECOND_MS) * SECOND_MS);
  }
  return [...times].sort((a, b) => a - b);
}
