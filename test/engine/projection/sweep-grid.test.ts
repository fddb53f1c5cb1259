import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import {
  CART_CURVE,
  checkResponse,
  conditionCurve,
  drawCurve,
  knotWeights,
  posteriorLevel,
  type ResponseModel,
  sweep,
  timingEvidence,
  updateCurve,
} from '../../../engine/projection/index.ts';
import { applyOverrides, checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const BASE = {
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
  goal: { event: 'Purchased', within: '12h' },
  economics: { margin: 0.4, costPerSend: 0.01 },
};

function maker(more: Record<string, unknown> = {}) {
  return (sets: readonly string[]): Workflow => {
    const checked = checkWorkflow(applyOverrides({ ...BASE, ...more }, sets));
    if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
    return checked.workflow;
  };
}

function response(json: unknown = null): ResponseModel {
  const checked = checkResponse(json);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  return checked.response;
}

const random = seededRandom(5, 'grid');
const minutes = Array.from({ length: 900 }, () =>
  random.uniform() < 0.4 ? Math.round(30 * Math.exp(1.6 * random.normal())) : null,
);
const history: History = buildHistory(
  minutes.flatMap((t, i): EventRow[] => {
    const start = (i % 40) * DAY_MS;
    const person = `p${i}`;
    const added = { person, name: 'Added to Cart', time: start };
    return t === null ? [added] : [added, { person, name: 'Purchased', time: start + t * MINUTE_MS, value: 75 }];
  }),
  [],
  { observedUntil: 60 * DAY_MS },
);
const over = (path: string, ...values: string[]) => ({ path, values });
const windows = over('trigger.within', '30m', '60m', '4h');
const options = { seed: 4, replicates: 200 };

describe('a grid of windows and delays', () => {
  const delays = over('sequence.one.delay', '0s', '2h');
  const grid = sweep(history, [windows, delays], maker(), response(), options);

  it('holds one horizon from the anchor: who fires, buys anyway and never buys is counted from the carts', () => {
    expect(grid.horizon).toBe(16 * HOUR_MS);
    const within = (t: number | null): t is number => t !== null && t * MINUTE_MS <= grid.horizon;
    for (const row of grid.rows) {
      const anyway = minutes.filter((t) => within(t) && t * MINUTE_MS > (row.window as number)).length;
      expect(row.wouldConvertAnyway).toBe(anyway);
      expect(row.never).toBe(minutes.filter((t) => !within(t)).length);
      expect(row.fired).toBe(anyway + (row.never as number));
    }
    expect(grid.rows.map((row) => row.firstEmail)).toEqual([0.5, 2.5, 1, 3, 4, 6].map((hours) => hours * HOUR_MS));
  });

  it('gives each cell what a list of windows gives under that delay', () => {
    for (const delay of delays.values) {
      const list = sweep(history, [windows], maker({ sequence: [{ id: 'one', delay }] }), response(), options);
      list.rows.forEach((row, i) => {
        const cell = grid.rows.find(
          ({ set }) => set['trigger.within'] === windows.values[i] && set['sequence.one.delay'] === delay,
        );
        expect(cell?.projected).toEqual(row.projected);
        expect(cell?.net).toEqual(row.net);
      });
    }
  });

  it('takes prices setting by setting', () => {
    const prices = over('economics.costPerSend', '0.01', '1');
    const { rows } = sweep(history, [windows, prices], maker(), response({ unsub: 0 }), options);
    for (let i = 0; i < rows.length; i += 2) {
      const [cheap, dear] = [rows[i], rows[i + 1]];
      // One email at the trigger: everybody who fires is sent one.
      expect((cheap?.net.expected ?? 0) - (dear?.net.expected ?? 0)).toBeCloseTo(0.99 * (cheap?.fired ?? 0), 6);
    }
  });

  it('says where waits lie beyond all that is known of timing, and only there', () => {
    const notices = (...values: string[]) =>
      sweep(history, [over('trigger.within', ...values)], maker(), response(), { ...options, replicates: 5 }).notices;
    expect(notices('1h', '4d', '9d').join(' ')).toMatch(/beyond 3 d: it is taken to be the same from 4 d to 9 d/);
    expect(notices('1h', '2h', '9d').join(' ')).not.toMatch(/taken to be the same/);
  });

  it('tells how far it is, and ends where it is told to', () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const onProgress = (done: number) => {
      seen.push(done);
      if (done >= 1) controller.abort(new Error('enough'));
    };
    const stop = { ...options, signal: controller.signal, onProgress };
    expect(() => sweep(history, [windows], maker(), response(), stop)).toThrow(/enough/);
    expect(seen.at(-1)).toBe(1);
  });

  it('replays what a cohort cannot answer, and says that its horizons differ', () => {
    const { notices } = sweep(history, [windows, over('reentry', 'once', 'always')], maker(), response(), {
      ...options,
      replicates: 20,
    });
    expect(notices.join(' ')).toMatch(/own trigger/);
  });
});

describe('as good in practice', () => {
  it('is a longer window that saves an email where the effect is the same, and not one that costs a tenth', () => {
    // Nobody buys between 30 and 31 minutes; a fifth of the buyers do between 31 minutes and 4 hours.
    const rows = Array.from({ length: 400 }, (_, i): EventRow[] => {
      const added = { person: `r${i}`, name: 'Added to Cart', time: (i % 40) * DAY_MS };
      const minutes = i % 2 === 0 ? null : i % 10 === 1 ? 120 : i === 3 ? 30.5 : 10;
      return minutes === null
        ? [added]
        : [added, { person: `r${i}`, name: 'Purchased', time: added.time + minutes * MINUTE_MS, value: 75 }];
    }).flat();
    const made = buildHistory(rows, [], { observedUntil: 60 * DAY_MS });
    const point = response({ level: { mean: 0.4, sd: 0 }, curve: { waits: ['1h'], share: [1] }, unsub: 0 });
    const dear = maker({ economics: { margin: 0.4, costPerSend: 0.5 } });
    const got = sweep(made, [over('trigger.within', '10m', '30m', '31m', '4h')], dear, point, options);
    const { best, rows: found, asGood } = got;
    expect(best).toEqual({ 'trigger.within': '4h' });
    const net = found.map((row) => row.net.expected as number);
    // One email more is 0.5; forty more are 20.
    expect((net[2] as number) - (net[1] as number)).toBeCloseTo(0.5, 9);
    // Forty emails are a tenth of what the best brings.
    expect(asGood).not.toContainEqual({ 'trigger.within': '31m' });
    const short = sweep(made, [over('trigger.within', '30m', '31m')], dear, point, { ...options, replicates: 400 });
    expect([...short.indistinguishable, ...(short.asGood ?? [])]).toEqual([{ 'trigger.within': '30m' }]);
  });
});

describe('values of resampled people', () => {
  it('widen the money as drawing the people one by one does', () => {
    const stream = seededRandom(31, 'values');
    const people = Array.from({ length: 700 }, () => ({
      minutes: stream.uniform() < 0.4 ? 90 + Math.floor(300 * stream.uniform()) : null,
      value: 40 * Math.exp(1.3 * stream.normal()),
    }));
    const rows = people.flatMap(({ minutes: t, value }, i): EventRow[] => {
      const added = { person: `q${i}`, name: 'Added to Cart', time: (i % 40) * DAY_MS };
      return t === null
        ? [added]
        : [added, { person: `q${i}`, name: 'Purchased', time: added.time + t * MINUTE_MS, value }];
    });
    const made = buildHistory(rows, [], { observedUntil: 60 * DAY_MS });
    // One setting, the loaded one, known to the point: net = never × won × margin × value.
    const point = response({ level: { mean: 0.4, sd: 0 }, unsub: 0 });
    const free = maker({ economics: { margin: 0.4 } });
    const [row] = sweep(made, [over('trigger.within', '60m')], free, point, { seed: 2, replicates: 3000 }).rows;
    const { never = 0, net } = row as NonNullable<typeof row>;
    const buyers = people.filter(({ minutes: t }) => t !== null);
    const mean = buyers.reduce((sum, { value }) => sum + value, 0) / buyers.length;
    const factor = (net.expected as number) / ((never as number) * mean);
    const draws = Array.from({ length: 3000 }, () => {
      let gone = 0;
      let sum = 0;
      let bought = 0;
      for (let k = 0; k < people.length; k++) {
        const one = people[Math.floor(stream.uniform() * people.length)] as (typeof people)[number];
        if (one.minutes === null) gone++;
        else {
          sum += one.value;
          bought++;
        }
      }
      return factor * gone * (sum / bought);
    }).sort((a, b) => a - b);
    const [low, high] = [draws[75] as number, draws[2925] as number];
    expect(((net.high as number) - (net.low as number)) / (high - low)).toBeGreaterThan(0.8);
    expect(((net.high as number) - (net.low as number)) / (high - low)).toBeLessThan(1.25);
  });
});

describe('evidence on the wait', () => {
  it('warns of carts within the hour, knows nothing to a day, and of other workflows nothing at all', () => {
    const hours = [0.25, 1, 1.01, 23.9, 24, 72, 72.1];
    expect(hours.map((h) => timingEvidence(true, h * HOUR_MS))).toEqual([
      'harm',
      'harm',
      'none',
      'none',
      'gain',
      'gain',
      'none',
    ]);
    expect(hours.map((h) => timingEvidence(false, h * HOUR_MS))).not.toContain('harm');
  });
});

describe('an own holdout in a sweep', () => {
  it('moves drawn knots to the mean and spread of the joint update', () => {
    const level = { mean: 0.3, sd: 0.3 };
    const observed = { waitMs: 2 * HOUR_MS, logOddsRatio: 0.5, se: 0.12 };
    const want = updateCurve(CART_CURVE, level, observed);
    const move = conditionCurve(CART_CURVE, level, observed);
    const stream = seededRandom(8, 'test');
    const draws = Array.from({ length: 20_000 }, () => move(drawCurve(CART_CURVE, level, stream), stream.normal()));
    want.mean.forEach((mean, i) => {
      const values = draws.map((knots) => knots[i] as number);
      const got = values.reduce((sum, x) => sum + x, 0) / values.length;
      const spread = values.reduce((sum, x) => sum + (x - got) ** 2, 0) / values.length;
      expect(Math.abs(got - mean)).toBeLessThan(0.01);
      expect(spread / (want.covariance[i]?.[i] as number)).toBeCloseTo(1, 1);
    });
  });

  it('keeps the measured effect at the wait that was tested and lets it fade with distance', () => {
    // A large test of the workflow as loaded, first email after one hour: odds ratio near 2 where 1 was assumed.
    const holdout = { treated: { n: 20_000, x: 5_000 }, control: { n: 20_000, x: 2_860 } };
    const measured = response({ measured: holdout });
    const list = over('trigger.within', '60m', '4h', '24h');
    const got = sweep(history, [list], maker({ goal: { event: 'Purchased', within: '3d' } }), measured, options);
    const plain = sweep(history, [list], maker({ goal: { event: 'Purchased', within: '3d' } }), response(), options);
    expect(got.restsOn.join(' ')).toMatch(/at a wait of 60 min rests on the own holdout, at other waits/);
    expect(plain.restsOn.join(' ')).not.toMatch(/own holdout/);
    const width = (row: (typeof got.rows)[number] | undefined) =>
      (row?.projected.high ?? Number.NaN) - (row?.projected.low ?? Number.NaN);
    const ratio = got.rows.map((row, i) => width(row) / width(plain.rows[i]));
    expect(ratio[0]).toBeLessThan(0.4);
    // Far from the tested wait little is known more than before; so few draws tell those two waits not apart.
    expect(2 * (ratio[0] as number)).toBeLessThan(ratio[1] as number);
    expect(2 * (ratio[0] as number)).toBeLessThan(ratio[2] as number);
    // The mean response at the tested wait is that of the posterior, drawn here on its own.
    const weights = knotWeights(CART_CURVE.waitsMs, HOUR_MS);
    expect(weights[1]).toBe(1);
    const after = posteriorLevel({ mean: 0, sd: 0.2 }, holdout.treated, holdout.control, 0);
    const b = got.curves?.referenceRate as number;
    const stream = seededRandom(1, 'own');
    const mean =
      Array.from({ length: 4000 }, () => {
        const odds = (b / (1 - b)) * Math.exp(after.mean + after.sd * stream.normal());
        return Math.max(0, (odds / (1 + odds) - b) / (1 - b));
      }).reduce((sum, x) => sum + x, 0) / 4000;
    const row = got.rows[0] as (typeof got.rows)[number];
    expect((row.projected.incremental as number) / (row.never as number) / mean).toBeCloseTo(1, 1);
  });
});
