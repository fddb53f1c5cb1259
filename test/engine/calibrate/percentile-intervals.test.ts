import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { type Calibration, calibrate } from '../../../engine/calibrate/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';

const WORKFLOW = {
  foresend: 1,
  id: 'cart',
  trigger: {
    type: 'inaction',
    after: { event: 'Added to Cart' },
    without: { event: 'Purchased' },
    within: '60m',
    rearm: 'first',
  },
  sequence: [{ id: 'one', delay: '0s' }],
  goal: { event: 'Purchased', within: '3d' },
};

/** @param times minutes to purchase of each person's carts, ten days apart; null never */
function calibrated(times: readonly (readonly (number | null)[])[], replicates = 400): Calibration {
  const rows = times.flatMap((carts, i) =>
    carts.flatMap((t, k): EventRow[] => {
      const person = `p${i}`;
      const time = k * 10 * DAY_MS;
      const added = { person, name: 'Added to Cart', time };
      return t === null ? [added] : [added, { person, name: 'Purchased', time: time + t * MINUTE_MS }];
    }),
  );
  const checked = checkWorkflow(WORKFLOW);
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  const history = buildHistory(rows, [], { observedUntil: 100 * DAY_MS });
  return calibrate(history, checked.workflow, { seed: 1, replicates });
}

const random = seededRandom(21, 'percentiles');
const times = Array.from({ length: 500 }, () =>
  random.uniform() < 0.6 ? 1 + -200 * Math.log(random.uniform()) : null,
);
const buyers = times.filter((t): t is number => t !== null).sort((a, b) => a - b);
const width = ({ percentilesAmongConverters: { intervals } }: Calibration, key: 'p50' | 'p90') => {
  const [low, high] = intervals?.[key] ?? [0, 0];
  return high - low;
};

describe('how sure percentiles among converters are', () => {
  const got = calibrated(times.map((t) => [t]));

  it('is near the interval of ranks where each person has one cart', () => {
    for (const [key, p] of [
      ['p50', 0.5],
      ['p75', 0.75],
      ['p90', 0.9],
    ] as const) {
      const spread = 1.96 * Math.sqrt(buyers.length * p * (1 - p));
      const rank = (k: number) => (buyers[Math.round(k)] as number) * MINUTE_MS;
      const [low, high] = got.percentilesAmongConverters.intervals?.[key] ?? [0, 0];
      const slack = 0.35 * (rank(p * buyers.length + spread) - rank(p * buyers.length - spread));
      expect(Math.abs(low - rank(p * buyers.length - spread))).toBeLessThan(slack);
      expect(Math.abs(high - rank(p * buyers.length + spread))).toBeLessThan(slack);
      const value = got.percentilesAmongConverters[key] as number;
      expect(low <= value && value <= high).toBe(true);
    }
  });

  it('does not take the carts of one person for those of several', () => {
    const alike = calibrated(times.map((t) => [t, t, t, t]));
    expect(alike.percentilesAmongConverters.p90).toBe(got.percentilesAmongConverters.p90);
    expect(width(alike, 'p50') / width(got, 'p50')).toBeGreaterThan(0.7);
    const apart = calibrated(times.flatMap((t) => [[t], [t], [t], [t]]));
    expect(width(apart, 'p50') / width(got, 'p50')).toBeLessThan(0.75);
  });

  it('is not said where nothing is drawn or nobody converts', () => {
    expect(calibrated([[5]], 0).percentilesAmongConverters).not.toHaveProperty('intervals');
    expect(calibrated([[null]]).percentilesAmongConverters).not.toHaveProperty('intervals');
  });
});
