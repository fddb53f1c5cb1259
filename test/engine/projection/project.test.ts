import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import {
  checkResponse,
  type Projection,
  project,
  type ResponseModel,
  testInReach,
} from '../../../engine/projection/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const END = 90 * DAY_MS;

/** People who add once; 30 % buy between 2 h and 3 d later for 50. */
function shop(n: number, extra: readonly EventRow[] = []): History {
  const random = seededRandom(4, 'shop');
  const rows: EventRow[] = [...extra];
  for (let i = 0; i < n; i++) {
    const start = Math.floor(random.uniform() * 60) * DAY_MS + Math.floor(random.uniform() * 20) * HOUR_MS;
    rows.push({ person: `p${i}`, name: 'Added to Cart', time: start });
    const wait = 2 * HOUR_MS + Math.floor(random.uniform() * 70 * 60) * MINUTE_MS;
    if (random.uniform() < 0.3) rows.push({ person: `p${i}`, name: 'Purchased', time: start + wait, value: 50 });
  }
  return buildHistory(rows, [], { observedUntil: END });
}

function workflow(more: Record<string, unknown> = {}): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'cart',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    sequence: [
      { id: 'one', delay: '1h' },
      { id: 'two', delay: '24h', incentive: { percent: 10, expires: '48h' } },
    ],
    goal: { event: 'Purchased', within: '7d' },
    economics: { margin: 0.4, costPerSend: 0.01 },
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

const history = shop(3000);
const run = (w: Workflow, json: unknown = null, h = history, draws = 300): Projection =>
  project(h, w, response(json), { seed: 1, draws });
const point = (json: object) => ({ level: { mean: 0.3, sd: 0 }, unsub: 0, ...json });

describe('a projection', () => {
  const got = run(workflow());

  it('counts who was eligible and what came without any email', () => {
    expect(got.eligible).toBe(3000);
    expect(got.mailed).toBe(3000);
    expect(got.organic.conversions).toBeGreaterThan(800);
    expect(got.organic.rate).toBeCloseTo((got.organic.conversions as number) / 3000, 12);
    expect(got.organic.low).toBeLessThan(got.organic.rate as number);
    expect(got.identified).toBe(true);
  });

  it('puts the three shares of uncertainty together to one', () => {
    const shares = got.incremental.shares;
    expect((shares?.chance ?? 0) + (shares?.parameters ?? 0) + (shares?.sampling ?? 0)).toBeCloseTo(1, 12);
    expect(got.incremental.low).toBeLessThan(got.incremental.expected as number);
    expect(got.incremental.high).toBeGreaterThan(got.incremental.expected as number);
  });

  it('reports gained and lost beside the net, and harm as possible', () => {
    const { gained, lost, expected, pHarm, low } = got.incremental;
    expect((gained as number) - (lost as number)).toBeCloseTo(expected as number, 9);
    expect(pHarm).toBeGreaterThan(0.1);
    expect(low).toBeLessThan(0);
  });

  it('lists each assumption with kind, grade and source', () => {
    const names = got.assumptions.map((a) => a.name);
    for (const name of ['level', 'curve', 'weights', 'delay', 'unsub', 'repeat', 'margin', 'costPerSend']) {
      expect(names).toContain(name);
    }
    for (const assumption of got.assumptions) {
      expect(assumption.source.length).toBeGreaterThan(10);
      if (assumption.kind !== 'input' && assumption.kind !== 'measured') expect(assumption.grade).not.toBeNull();
    }
    expect(got.assumptions.find((a) => a.name === 'level')).toMatchObject({ kind: 'judgement', grade: 3 });
  });

  it('is the same for the same seed: A against A differs by exactly nothing', () => {
    expect(run(workflow())).toEqual(got);
  });
});

it('with the effect known, meets the odds exactly', () => {
  const got = run(workflow(), point({}));
  const b = got.organic.rate as number;
  const odds = (b / (1 - b)) * Math.exp(0.3);
  expect(got.incremental.treatedRate).toBeCloseTo(odds / (1 + odds), 9);
  expect(got.incremental.expected).toBeCloseTo(3000 * (odds / (1 + odds) - b), 6);
  expect(got.incremental.shares?.parameters).toBeCloseTo(0, 12);
});

it('with probabilities stated per step, uses them', () => {
  const got = run(workflow({ sequence: [{ id: 'one', delay: '1h' }] }), {
    mode: 'direct',
    p: 0.05,
    unsub: 0,
    delay: { kind: 'exponential', mean: '1s' },
  });
  const never = got.eligible - (got.organic.conversions as number);
  expect(got.incremental.expected).toBeCloseTo(0.05 * never, 4);
  expect(got.incremental.lost).toBe(0);
});

describe('each parameter moves the result the right way', () => {
  const net = (json: unknown, w = workflow()) => run(w, json).incremental.expected as number;
  const direct = (more: object) => ({ mode: 'direct', p: 0.05, unsub: 0, ...more });
  const later = workflow({
    sequence: [
      { id: 'one', delay: '0s' },
      { id: 'two', delay: '6d' },
    ],
  });
  const both = shop(600, [
    { person: 'p1', name: 'Added to Cart', time: 75 * DAY_MS },
    { person: 'p2', name: 'Added to Cart', time: 76 * DAY_MS },
  ]);
  const cases: readonly [string, number, number][] = [
    ['level.mean', net(point({})), net(point({ level: { mean: 0.5, sd: 0 } }))],
    ['curve.share', net({ curve: { waits: ['1h'], share: [0.5] } }), net({ curve: { waits: ['1h'], share: [1] } })],
    ['p', net(direct({})), net(direct({ p: 0.1 }))],
    ['less harm', net(direct({ harm: 0.2 })), net(direct({ harm: 0.1 }))],
    ['fewer unsubscribes', net(direct({ unsub: 0.5 })), net(direct({ unsub: 0.1 }))],
    [
      'shorter delay',
      net(direct({ delay: { kind: 'lognormal', median: '6d', sigma: 1 } })),
      net(direct({ delay: { kind: 'lognormal', median: '1h', sigma: 1 } })),
    ],
    [
      'repeat',
      run(workflow(), point({ repeat: 0.2 }), both).incremental.expected as number,
      run(workflow(), point({ repeat: 1 }), both).incremental.expected as number,
    ],
    [
      'smaller holdout',
      net(point({}), workflow({ holdout: { fraction: 0.5 } })),
      net(point({}), workflow({ holdout: { fraction: 0.1 } })),
    ],
    ['more steps', net(direct({}), workflow({ sequence: [{ id: 'one', delay: '1h' }] })), net(direct({}), workflow())],
  ];
  for (const [name, low, high] of cases) it(name, () => expect(high).toBeGreaterThan(low));

  it('level.sd and curve.sd widen, weights only move sends', () => {
    const width = (json: unknown) => {
      const { low, high } = run(workflow(), json).incremental;
      return (high as number) - (low as number);
    };
    expect(width({ level: { mean: 0.3, sd: 0.4 } })).toBeGreaterThan(width(point({})));
    const curve = (sd: number) => ({
      curve: { waits: ['1h', '4h'], share: [1, 1], sd: [sd, sd] },
      level: { mean: 0.3, sd: 0 },
    });
    expect(width(curve(0.4))).toBeGreaterThan(width(curve(0)));
    const early = run(later, point({ weights: [1, 0] }));
    const late = run(later, point({ weights: [0, 1] }));
    expect(late.incremental.expected).toBeCloseTo(early.incremental.expected as number, 6);
    expect(late.sends.expected).toBeGreaterThan(early.sends.expected as number);
  });

  it.each(['p', 'harm', 'unsub', 'weights', 'harmWeights'])(
    '%s of more steps than the sequence has is refused',
    (key) => {
      const longer = {
        [key]: [0.1, 0.1, 0.1],
        ...(key === 'p' || key === 'harm' ? { mode: 'direct' } : {}),
        ...(key === 'harm' ? { p: [0.1] } : {}),
      };
      expect(() => run(workflow(), longer)).toThrow(`response.${key}: has 3 entries and cart has 2 steps`);
    },
  );

  it('harmWeights: harm carried by a later step leaves more of it undone', () => {
    const bad = { level: { mean: -1.5, sd: 0 }, unsub: 0 };
    const first = run(workflow(), { ...bad, harmWeights: [1, 0] });
    expect(first.incremental.expected).toBeLessThan(0);
    const second = run(later, { ...bad, harmWeights: [0, 1] });
    expect(second.incremental.expected).toBeGreaterThan(first.incremental.expected as number);
    expect(second.notices[0]).toMatch(/cannot deliver the assumed effect/);
  });
});

describe('money', () => {
  it('is margin on what is gained, less what is given away and what sending costs', () => {
    const got = run(workflow(), point({}));
    const { margin, discountToGained, discountToOrganic, sendingCost, expected } = got.profit;
    expect(got.revenue.expected).toBeCloseTo(50 * (got.incremental.expected as number), 6);
    expect(margin).toBeCloseTo(0.4 * (got.revenue.expected as number), 6);
    expect(sendingCost).toBeCloseTo(0.01 * (got.sends.expected as number), 6);
    expect(discountToOrganic).toBeGreaterThan(0);
    const sum =
      (margin as number) - (discountToGained as number) - (discountToOrganic as number) - (sendingCost as number);
    expect(expected).toBeCloseTo(sum, 6);
  });

  it('is less where fewer organic buyers leave the discount unused', () => {
    const profit = (organicRedemption: number) =>
      run(workflow({ economics: { margin: 0.4, organicRedemption } }), point({})).profit.expected as number;
    expect(profit(0.2)).toBeGreaterThan(profit(0.9));
  });

  it('is null with the reason where margin or values are not known, never 0', () => {
    const bare = run(workflow({ economics: {} }));
    expect(bare.profit.expected).toBeNull();
    expect(bare.profit.reason).toMatch(/margin/);
    expect(bare.revenue.expected).not.toBeNull();
    const rows = Array.from({ length: 100 }, (_, i) => [
      { person: `p${i}`, name: 'Added to Cart', time: i * HOUR_MS },
      ...(i % 3 === 0 ? [{ person: `p${i}`, name: 'Purchased', time: i * HOUR_MS + 5 * HOUR_MS }] : []),
    ]).flat();
    const valueless = buildHistory(rows, [], { observedUntil: END });
    const none = run(workflow(), null, valueless);
    expect(none.revenue).toMatchObject({ expected: null, low: null, high: null });
    expect(none.profit.reason).toMatch(/no values for Purchased/);
    const priced = run(workflow({ economics: { margin: 0.4, orderValue: 80 } }), point({}), valueless);
    expect(priced.revenue.expected).toBeCloseTo(80 * (priced.incremental.expected as number), 6);
  });

  it('per 30 days: over person-days, and for the business as a whole', () => {
    const { per30Days, incremental } = run(workflow(), point({}));
    const days = (END - 7 * DAY_MS) / DAY_MS;
    expect(per30Days.incremental.expected).toBeGreaterThan(((incremental.expected as number) * 30) / days - 1);
    expect(per30Days.incrementalPerPersonMonth).toBeCloseTo(
      ((incremental.expected as number) * 30) / per30Days.personDays,
      9,
    );
  });
});

describe('where no answer is possible', () => {
  it('nobody enrolls, or no goal window has ended: null with the reason', () => {
    const nobody = run(workflow(), null, buildHistory([]));
    expect(nobody.incremental).toMatchObject({ expected: null, reason: 'Nobody enrolls in this history.' });
    const late = buildHistory([{ person: 'p', name: 'Added to Cart', time: 0 }], [], { observedUntil: 2 * DAY_MS });
    const got = run(workflow(), null, late);
    expect([got.eligible, got.incomplete]).toEqual([0, 1]);
    expect(got.organic.rate).toBeNull();
    expect(got.incremental.reason).toMatch(/No enrollment is complete/);
  });

  it('nobody converts by themselves: the reference rate is moved inward, and nothing is infinite', () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ person: `p${i}`, name: 'Added to Cart', time: i * HOUR_MS }));
    const got = run(workflow(), point({}), buildHistory(rows, [], { observedUntil: END }));
    expect(got.incremental.expected).toBeGreaterThan(0);
    expect(got.incremental.expected).toBeLessThan(1);
    for (const value of Object.values(got.incremental))
      if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
  });

  it('a history that already contains emails gives bounds and a test, no single figure', () => {
    const mails = Array.from({ length: 3000 }, (_, i) => i)
      .filter((i) => i % 2 === 0)
      .flatMap((i) => {
        const row = history.personStart[history.personIndex(`p${i}`)] as number;
        return [{ person: `p${i}`, name: 'Email Sent', time: history.times.at(row) + 2 * HOUR_MS }];
      });
    const got = run(workflow(), null, shop(3000, mails));
    expect(got.organic).toMatchObject({ conversions: null, rate: null });
    expect(got.incremental.expected).toBeNull();
    expect(got.incremental.low).toBeLessThan(got.incremental.high as number);
    if (got.identified === true) throw new Error('it cannot be identified');
    expect(got.identified.reason).toMatch(/already contains emails that answer the trigger: (49\.\d|50(\.[0-4])?|49)%/);
    expect(got.identified.bounds.map((b) => b.assumption)).toEqual(['none', 'no_harm', 'limited']);
    // Under harm of at most 10 % the lower end is −(a − e) / 9, so its error is that of a − e over 9.
    const [none, , limited] = got.identified.bounds;
    const [a, e] = [got.identified.treatedRate, none?.organic[0] ?? 0];
    const low = -(a - e) / 9;
    expect(limited?.increment[0]).toBeCloseTo(low, 9);
    const se = Math.sqrt(((a - e) * (1 - a + e)) / 1500) / 9;
    const below = low - (limited?.interval?.[0] ?? low);
    expect(below / se).toBeGreaterThan(1.3);
    expect(below / se).toBeLessThan(2.3);
    expect(limited?.interval?.[1]).toBeGreaterThan(limited?.increment[1] ?? 1);
    expect(got.identified.cheapestTest.offers.length).toBeGreaterThan(0);
  });
});

it('an own holdout takes the place of the assumption, as far as it goes', () => {
  const measured = (scale: number, changed = false) =>
    project(history, workflow(), response(null), {
      seed: 1,
      draws: 400,
      measured: { treated: { n: 4500 * scale, x: 1600 * scale }, control: { n: 500 * scale, x: 150 * scale }, changed },
    });
  const width = (p: Projection) => (p.incremental.high as number) - (p.incremental.low as number);
  const got = measured(1);
  expect(width(got)).toBeLessThan(width(run(workflow())));
  expect(width(measured(20))).toBeLessThan(width(got));
  expect(width(measured(20, true))).toBeGreaterThan(width(measured(20)));
  expect(got.assumptions[0]).toMatchObject({ name: 'level', kind: 'measured', grade: 1 });
  expect(got.assumptions.some((a) => a.name === 'curve')).toBe(false);
  // What the arms add to the precision of the effect, two hours after the cart: SD 0.2208 assumed there.
  const own = 1 / (1 / 1600 + 1 / 2900 + 1 / 150 + 1 / 350);
  expect(got.incremental.fromData?.effect).toBeCloseTo(own / (own + 1 / 0.22079402 ** 2), 6);
  expect(run(workflow()).incremental.fromData?.effect).toBe(0);
  const { shares, fromData } = got.incremental;
  expect(fromData?.interval).toBeCloseTo(1 - (shares?.parameters as number), 12);
  // 1600 of 4500 against 150 of 500, an odds ratio of 1.29: with enough people, that is what is projected.
  const rate = measured(1000).incremental.treatedRate as number;
  const b = got.organic.rate as number;
  const odds = ((b / (1 - b)) * (1600 / 2900)) / (150 / 350);
  expect(rate).toBeCloseTo(odds / (1 + odds), 2);
  const direct = response({ mode: 'direct', p: 0.1 });
  const holdout = { treated: { n: 100, x: 10 }, control: { n: 100, x: 9 }, changed: false };
  expect(() => project(history, workflow(), direct, { seed: 1, measured: holdout })).toThrow(/net effect/);
});

it('broadcasts that come as often before the trigger as after leave the organic rate seen, and are named', () => {
  const people = Array.from({ length: 3000 }, (_, i) => `p${i}`);
  const weekly = people.flatMap((person) =>
    Array.from({ length: 22 }, (_, k) => ({ person, name: 'Email Sent', time: -14 * DAY_MS + k * 4 * DAY_MS })),
  );
  const got = run(workflow(), null, shop(3000, weekly));
  expect(got.identified).toBe(true);
  expect(got.incremental.expected).not.toBeNull();
  expect(got.notices.at(-1)).toMatch(/taken as broadcasts that go on/);
  // The same people with a mail two hours after each trigger on top.
  const carts = people.map((person) => {
    const time = history.times.at(history.personStart[history.personIndex(person)] as number) + 3 * HOUR_MS;
    return { person, name: 'Email Sent', time };
  });
  expect(run(workflow(), null, shop(3000, [...weekly, ...carts])).identified).not.toBe(true);
});

describe('a response file', () => {
  const issues = (json: unknown) => checkResponse(json).issues.map((issue) => `${issue.at}: ${issue.message}`);

  it('nothing is the graded default', () => {
    expect(checkResponse(null).response?.mode).toBe('net');
    expect(checkResponse({ notes: 'x' }).issues).toEqual([]);
  });

  it('reads every name, durations with their unit', () => {
    const got = response({
      mode: 'net',
      level: { mean: 0.2, sd: 0.1 },
      curve: { waits: ['15m', '24h'], share: [0, 1], sd: [0.1, 0.1], correlation: 0.5 },
      weights: [1, 0.5],
      harmWeights: [1],
      delay: { kind: 'lognormal', median: '3h', sigma: 1 },
      unsub: [{ a: 1, b: 99 }, 0.01],
      repeat: 0.5,
    });
    expect(got.curve?.waitsMs).toEqual([15 * MINUTE_MS, DAY_MS]);
    expect(got.delay).toEqual({ kind: 'lognormal', median: 3 * HOUR_MS, sigma: 1 });
    expect(got.unsub).toEqual([{ a: 1, b: 99 }, 0.01]);
  });

  it('names the place, the nearest key and the way out', () => {
    expect(issues({ levle: {} })[0]).toMatch(/^levle: Unknown key "levle"\. The nearest is "level"\./);
    expect(issues({ level: { mean: 'x', sd: 1 } })[0]).toMatch(/^level\.mean: .*must be a number/);
    expect(issues({ delay: { kind: 'lognormal', median: 180, sigma: 1 } })[0]).toMatch(
      /^delay\.median: .*"3h".*no unit/,
    );
    expect(issues({ delay: { kind: 'weibull' } })[0]).toMatch(/lognormal.*exponential/);
    expect(issues({ mode: 'direct' })[0]).toMatch(/^p: .*must say "p"/);
    expect(issues({ mode: 'net', p: 0.1 })[0]).toMatch(/^p: .*no meaning in mode "net"/);
    expect(issues({ mode: 'direct', p: 1.5 })[0]).toMatch(/^p: .*from 0 to 1/);
    expect(issues({ curve: { waits: ['1h', '30m'], share: [1, 1] } })[0]).toMatch(/must increase/);
    expect(issues({ weights: [0, 0] })[0]).toMatch(/above 0/);
    expect(issues([])[0]).toMatch(/must be an object/);
    expect(checkResponse({ repeat: -1 }).response).toBeNull();
  });
});

it('says where one conversion counts for two entries, which takes an exit before the goal window is over', () => {
  const rows = Array.from({ length: 50 }, (_, i): EventRow[] => {
    const person = `p${i}`;
    const at = (hours: number) => i * HOUR_MS + hours * HOUR_MS;
    return [
      { person, name: 'Added to Cart', time: at(0) },
      { person, name: 'Added to Cart', time: at(6) },
      ...(i % 2 === 0 ? [{ person, name: 'Purchased', time: at(20), value: 50 }] : []),
    ];
  }).flat();
  const twice = buildHistory(rows, [], { observedUntil: END });
  const sequence = [{ id: 'one', delay: '0s' }];
  const notices = (exit: object) => run(workflow({ sequence, exit }), point({}), twice).notices.join(' ');
  expect(notices({ after: '1h' })).toMatch(/25 conversions lie in the goal windows of two entries/);
  expect(notices({})).not.toMatch(/two entries/);
});

describe('the cheapest test', () => {
  const one = [{ id: 'one', delay: '1h' }];
  const test = (economics: object) => run(workflow({ sequence: one, economics })).cheapestTest;

  it('tells the effect at which the emails pay: everybody gets one, and a conversion leaves 40% of 50', () => {
    for (const costPerSend of [0.2, 1]) {
      const got = test({ margin: 0.4, costPerSend });
      expect(got.smallestEffect).toBeCloseTo(costPerSend / (0.4 * 50), 3);
      expect(got.text).toMatch(/pay their cost and discount/);
    }
  });

  it('counts discounts of those who would have bought anyway: 10% of 50, redeemed by at most all 30%', () => {
    const sequence = [{ id: 'one', delay: '1h', incentive: { percent: 10, expires: '7d' } }];
    const got = run(workflow({ sequence, economics: { margin: 0.4, costPerSend: 0, organicRedemption: 1 } }));
    // 30% x 5 given away, over the 20 - 5 that a gained conversion leaves; who buys before the email comes gets none.
    expect(got.cheapestTest.smallestEffect).toBeGreaterThan(0.085);
    expect(got.cheapestTest.smallestEffect).toBeLessThan(0.105);
  });

  it('says what the default level would take, where what pays is too small to be seen', () => {
    const got = test({ margin: 0.4, costPerSend: 0.002 });
    expect(got.cheapest).toBeNull();
    expect(got.text).toMatch(
      /pay their cost and discount from .* no holdout can tell .* larger one: .* assumed by default/,
    );
    const shown = testInReach(got);
    expect(shown).toBe(got.larger);
    expect(shown.smallestEffect).toBeGreaterThan(got.smallestEffect ?? 1);
    expect(shown.cheapest?.weeks).toBeLessThanOrEqual(26);
    const far = got.offers.map(({ weeks }) => weeks);
    expect(Math.min(...far)).toBeGreaterThan(26);
  });

  it.each([{ margin: 0.4 }, { costPerSend: 1 }, {}])(
    'says that it falls back on a default, with %o alone',
    (economics) => {
      expect(test(economics).text).toContain('the level assumed by default');
    },
  );
});
