// Every end of the tornado against a whole projection of a workflow and a response that say just that.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import {
  checkResponse,
  type Draw,
  expectEpisode,
  type ProjectedPerson,
  type Projection,
  project,
  projectWithDraws,
  type ResponseModel,
  type Sensitivity,
  type Setting,
  sensitivity,
  watchPeople,
} from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { betaQuantile } from '../../../engine/stats/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

/** 30 % buy between 2 h and 3 d later for 50; every fourth person adds twice, twenty days apart. */
function shop(n: number): History {
  const random = seededRandom(4, 'shop');
  const rows: EventRow[] = [];
  for (let i = 0; i < n; i++) {
    const begin = Math.floor(random.uniform() * 40) * DAY_MS;
    for (const start of i % 4 === 0 ? [begin, begin + 20 * DAY_MS] : [begin]) {
      rows.push({ person: `p${i}`, name: 'Added to Cart', time: start });
      const wait = 2 * HOUR_MS + Math.floor(random.uniform() * 70 * 60) * MINUTE_MS;
      if (random.uniform() < 0.3) rows.push({ person: `p${i}`, name: 'Purchased', time: start + wait, value: 50 });
    }
  }
  return buildHistory(rows, [], { observedUntil: 90 * DAY_MS });
}

function workflow(more: Record<string, unknown> = {}): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'nudge',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    holdout: { fraction: 0.2 },
    sequence: [
      { id: 'one', delay: '1h' },
      { id: 'two', delay: '24h', incentive: { percent: 10, expires: '48h' } },
    ],
    goal: { event: 'Purchased', within: '7d' },
    economics: { margin: 0.4, costPerSend: 0.01, subscriberValue: 3 },
    ...more,
  });
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  return checked.workflow;
}

function response(json: unknown): ResponseModel {
  const checked = checkResponse(json);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  return checked.response;
}

const history = shop(1200);
const LEVEL = { mean: 0.4, sd: 0.2 };
const UNSUB = { a: 2, b: 198 };

function swept(json: unknown, w = workflow(), isMoneyKnown = true): Sensitivity {
  let held: Setting | null = null;
  projectWithDraws(history, w, response(json), {
    seed: 1,
    draws: 2,
    watch(setting) {
      held = setting;
      return () => {};
    },
  });
  return sensitivity(held as unknown as Setting, 1, isMoneyKnown);
}

/** Everything known to the point: one draw is the expectation. */
function pointed(json: object, w = workflow()): Projection {
  const all = { level: { mean: LEVEL.mean, sd: 0 }, unsub: 0.01, ...json };
  return project(history, w, response(all), { seed: 1, draws: 1 });
}

describe('which assumption matters', () => {
  const got = swept({ level: LEVEL, unsub: UNSUB });
  const swing = (name: string) => {
    const found = got.swings.find((one) => one.name === name);
    if (found === undefined) throw new Error(`${name} is missing of ${got.swings.map((one) => one.name)}`);
    return found;
  };
  const same = (end: { conversions: number; profit: number | null }, projection: Projection) => {
    expect(end.conversions).toBeCloseTo(projection.incremental.expected as number, 6);
    expect(end.profit).toBeCloseTo(projection.profit.expected as number, 6);
  };

  it('starts from the middle of everything', () => {
    same(got.middle, pointed({}));
    expect(got.by).toBe('profit');
  });

  it('moves the effect to both ends of its 95%, and nothing else', () => {
    const at = (z: number) => pointed({ level: { mean: LEVEL.mean + z * LEVEL.sd, sd: 0 } });
    same(swing('effect').low, at(-1.959963984540054));
    same(swing('effect').high, at(1.959963984540054));
    expect(swing('effect').low.value).toBe('odds ratio 1.01');
  });

  it('moves the delay, the shares of the emails, repeat entries and unsubscribing', () => {
    const delay = (median: string) => pointed({ delay: { kind: 'lognormal', median, sigma: 1.5 } });
    same(swing('delay from email to conversion').low, delay('90m'));
    same(swing('delay from email to conversion').high, delay('6h'));
    same(swing('which email causes it').low, pointed({ weights: [1, 0] }));
    same(swing('which email causes it').high, pointed({ weights: [1, 1] }));
    same(swing('effect on repeat entries').low, pointed({ repeat: 0.5 }));
    same(swing('unsubscribing').high, pointed({ unsub: betaQuantile(0.975, UNSUB.a, UNSUB.b) }));
  });

  it('moves prices as a question, which changes money only', () => {
    const economics = { margin: 0.4, costPerSend: 0.01, subscriberValue: 3 };
    const at = (more: object) => pointed({}, workflow({ economics: { ...economics, ...more } }));
    same(swing('margin').low, at({ margin: 0.32 }));
    same(swing('cost per email').high, at({ costPerSend: 0.02 }));
    same(swing('value of a subscriber').high, at({ subscriberValue: 6 }));
    same(swing('organic buyers who redeem').low, at({ organicRedemption: 0.5 }));
    for (const name of ['margin', 'cost per email', 'value of a subscriber']) {
      expect(swing(name)).toMatchObject({ kind: 'input', low: { conversions: got.middle.conversions } });
    }
    expect(swing('organic buyers who redeem').kind).toBe('prior');
    expect(swing('which people were seen').kind).toBe('data');
  });

  it('has the widest first, and says what alone can turn the sign', () => {
    const widths = got.swings.map(({ width }) => width);
    expect(widths).toEqual([...widths].sort((a, b) => b - a));
    for (const { low, high, flips } of got.swings) {
      expect(flips).toBe((low.profit as number) < 0 !== (high.profit as number) < 0);
    }
  });

  it('finds the effect at which the emails pay for themselves', () => {
    const { oddsRatio, pAbove } = got.breakEven as NonNullable<Sensitivity['breakEven']>;
    expect(pointed({ level: { mean: Math.log(oddsRatio), sd: 0 } }).profit.expected).toBeCloseTo(0, 4);
    const random = seededRandom(1, 'above');
    const draws = Array.from({ length: 20_000 }, () => LEVEL.mean + LEVEL.sd * random.normal());
    expect(draws.filter((x) => x > Math.log(oddsRatio)).length / draws.length).toBeCloseTo(pAbove, 2);
  });

  it('leaves out what is stated without a spread, and money where it is not known', () => {
    const point = swept({ level: { mean: 0.4, sd: 0 }, unsub: 0.01 }, workflow({ economics: {} }), false);
    expect(point.swings.map(({ name }) => name)).not.toContain('effect');
    expect(point.swings.map(({ name }) => name)).not.toContain('unsubscribing');
    expect(point).toMatchObject({ by: 'conversions', middle: { profit: null }, breakEven: null });
    for (const { low, high } of point.swings) expect([low.profit, high.profit]).toEqual([null, null]);
  });

  it('with probabilities per step moves those, and has no single effect to pay from', () => {
    const direct = swept({ mode: 'direct', p: { a: 5, b: 95 }, harm: { a: 1, b: 99 } });
    const names = direct.swings.map(({ name }) => name);
    expect(names).toContain('response to each email');
    expect(names).toContain('conversions each email prevents');
    expect(names).not.toContain('effect');
    expect(direct.breakEven).toBeNull();
    const low = direct.swings.find(({ name }) => name === 'response to each email')?.low;
    const p = betaQuantile(0.025, 5, 95);
    const unsub = { a: 0.73, b: 99.27 };
    const want = project(history, workflow(), response({ mode: 'direct', p, harm: 0.01, unsub: unsub.a / 100 }), {
      seed: 1,
      draws: 1,
    });
    expect(low?.conversions).toBeCloseTo(want.incremental.expected as number, 6);
  });
});

describe('a projection person by person', () => {
  const w = workflow();
  function rowsOf(json: unknown, draws: number): { rows: ProjectedPerson[]; projection: Projection } {
    const replayed = replayWorkflow(history, w);
    let rows: () => Generator<ProjectedPerson> = function* () {};
    const { projection } = projectWithDraws(history, w, response(json), {
      seed: 3,
      draws,
      replayed,
      watch(setting) {
        const people = watchPeople(history, replayed.enrollments, setting);
        rows = () => people.rows();
        return (draw: Draw) => people.draw(draw);
      },
    });
    return { rows: [...rows()], projection };
  }

  it('adds up to the headline', () => {
    const { rows, projection } = rowsOf({ level: LEVEL, repeat: 0.5 }, 200);
    expect(rows.length).toBe(projection.eligible);
    expect(rows.filter(({ arm }) => arm === 'treated').length).toBe(projection.mailed);
    expect(rows.filter(({ isRepeat }) => isRepeat).length).toBe(projection.repeatEntries);
    expect(rows.filter(({ convertedAfter }) => convertedAfter !== null).length).toBe(projection.organic.conversions);
    const sum = rows.reduce((total, row) => total + row.increment, 0);
    expect((sum * projection.mailed) / projection.eligible).toBeCloseTo(projection.incremental.expected as number, 6);
    for (const { low, high } of rows) expect(low).toBeLessThanOrEqual(high);
  });

  it('gives each what the model gives one episode', () => {
    const [p, harm, unsub] = [0.1, 0.05, 0.02];
    const delay = { kind: 'exponential', mean: 4 * HOUR_MS } as const;
    const { rows } = rowsOf({ mode: 'direct', p, harm, unsub, delay: { kind: 'exponential', mean: '4h' } }, 3);
    const model = {
      steps: [HOUR_MS, 24 * HOUR_MS].map((at) => ({ at, p, harm, unsub })),
      horizon: 7 * DAY_MS,
      delay,
    };
    for (const row of rows) {
      const { increment } = expectEpisode(row.convertedAfter ?? Number.POSITIVE_INFINITY, model);
      expect(row.increment).toBeCloseTo(increment, 9);
      if (row.convertedAfter !== null) expect(row.value).toBe(50);
    }
  });
});
