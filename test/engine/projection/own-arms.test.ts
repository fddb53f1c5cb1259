import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import {
  armsOf,
  checkResponse,
  digamma,
  drawLogOddsRatio,
  logOddsRatioMoments,
  type Projection,
  pHarmOf,
  project,
  sweep,
  trigamma,
} from '../../../engine/projection/index.ts';
import { applyOverrides, checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const HOLDOUT = { treated: { n: 4500, x: 540 }, control: { n: 500, x: 40 }, changed: false };

describe('the arms of an own holdout', () => {
  it('have the special functions of the tables', () => {
    // Abramowitz & Stegun, tables 6.1 and 6.2, and the closed forms at ½ and 1.
    const gamma = 0.5772156649015329;
    expect(digamma(1)).toBeCloseTo(-gamma, 12);
    expect(digamma(0.5)).toBeCloseTo(-gamma - 2 * Math.LN2, 12);
    expect(digamma(10)).toBeCloseTo(2.251752589066721, 12);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 11);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 11);
    for (const x of [0.3, 2.7, 41, 4000]) {
      expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 11);
      expect(trigamma(x) - trigamma(x + 1)).toBeCloseTo(1 / x ** 2, 10);
    }
  });

  it('are drawn with the mean and spread they have, more widely for a changed sequence', () => {
    for (const changed of [false, true]) {
      const arms = armsOf({ treated: { n: 60, x: 9 }, control: { n: 40, x: 2 }, changed });
      const random = seededRandom(4, 'arms');
      const draws = Array.from({ length: 40_000 }, () => drawLogOddsRatio(arms, random));
      const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
      const sd = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
      const want = logOddsRatioMoments(arms);
      expect(Math.abs(mean - want.mean)).toBeLessThan(0.02);
      expect(sd / want.sd).toBeCloseTo(1, 1);
      if (!changed) expect(draws.filter((x) => x < 0).length / draws.length).toBeCloseTo(pHarmOf(arms), 2);
    }
  });

  it('tell with many conversions what the log odds ratio and its standard error do', () => {
    const { mean, sd } = logOddsRatioMoments(armsOf(HOLDOUT));
    expect(mean).toBeCloseTo(Math.log((540 * 460) / (3960 * 40)), 1);
    expect(sd).toBeCloseTo(Math.sqrt(1 / 540 + 1 / 3960 + 1 / 40 + 1 / 460), 2);
  });
});

describe('a projection from an own holdout alone', () => {
  const rows = Array.from({ length: 1500 }, (_, i): EventRow[] => {
    const added = { person: `p${i}`, name: 'Added to Cart', time: (i % 50) * DAY_MS };
    return i % 10 === 0
      ? [added, { person: `p${i}`, name: 'Purchased', time: added.time + (3 + (i % 40)) * HOUR_MS, value: 40 }]
      : [added];
  }).flat();
  const history = buildHistory(rows, [], { observedUntil: 90 * DAY_MS });
  const make = (sets: readonly string[]): Workflow => {
    const file = {
      foresend: 1,
      id: 'cart',
      trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
      sequence: [{ id: 'one', delay: '1h' }],
      goal: { event: 'Purchased', within: '7d' },
      economics: { margin: 0.4 },
    };
    const checked = checkWorkflow(applyOverrides(file, sets));
    if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
    return checked.workflow;
  };
  const response = (json: unknown) => {
    const { response: found, issues } = checkResponse(json);
    if (found === null) throw new Error(JSON.stringify(issues));
    return found;
  };
  const projected = (measured: object): Projection =>
    project(history, make([]), response({ measured }), { seed: 1, draws: 2000 });

  it('has the interval of the arms, not drawn towards what is assumed', () => {
    const alone = projected({ ...HOLDOUT, only: true });
    const { mean, sd } = logOddsRatioMoments(armsOf(HOLDOUT));
    const b = alone.organic.rate as number;
    const pointsAt = (z: number) => {
      const odds = (b / (1 - b)) * Math.exp(mean + z * sd);
      return (odds / (1 + odds) - b) * alone.mailed;
    };
    expect(Math.abs((alone.incremental.expected as number) / pointsAt(0) - 1)).toBeLessThan(0.1);
    expect(alone.incremental.pHarm).toBeCloseTo(pHarmOf(armsOf(HOLDOUT)), 2);
    expect(alone.incremental.fromData?.effect).toBe(1);
    expect(alone.assumptions[0]).toMatchObject({ name: 'level', kind: 'measured' });
    expect(alone.assumptions[0]?.source).toMatch(/nothing is assumed of the effect/);
    // The one beside the assumption, no effect two hours after the cart, lies nearer to none.
    expect(projected(HOLDOUT).incremental.expected).toBeLessThan(alone.incremental.expected as number);
  });

  it('can be taken into a sweep', () => {
    const measured = response({ measured: { ...HOLDOUT, only: true } });
    const over = [{ path: 'trigger.within', values: ['30m', '60m', '4h'] }];
    const { rows: swept } = sweep(history, over, make, measured, { seed: 1, replicates: 300 });
    for (const row of swept) expect(row.projected.incremental).toBeGreaterThan(0);
  });

  it('refuses what is no yes or no', () => {
    const { response: found, issues } = checkResponse({ measured: { ...HOLDOUT, only: 'yes' } });
    expect(found).toBeNull();
    expect(issues[0]?.at).toBe('measured.only');
  });
});
