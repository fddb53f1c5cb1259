import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, roundedToSum, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import { breakDown, checkResponse, type Draw, project, type ResponseModel } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const END = 90 * DAY_MS;

function workflow(more: Record<string, unknown> = {}, without: string | null = null): Workflow {
  const file: Record<string, unknown> = {
    foresend: 1,
    id: 'cart',
    trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
    sequence: [
      { id: 'one', delay: '1h' },
      { id: 'two', delay: '24h' },
    ],
    goal: { event: 'Purchased', within: '7d' },
    attribution: { within: '24h', model: 'last' },
    ...more,
  };
  if (without !== null) delete file[without];
  const checked = checkWorkflow(file);
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  return checked.workflow;
}

function response(json: unknown): ResponseModel {
  const checked = checkResponse(json);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  return checked.response;
}

/** People who add once or twice, for 10 to 110; 30 % buy between 2 h and 3 d later. */
function shop(n: number, hasValues = true): History {
  return buildHistory(shopRows(n, hasValues), [], { observedUntil: END });
}

function shopRows(n: number, hasValues = true): EventRow[] {
  const random = seededRandom(4, 'shop');
  const rows: EventRow[] = [];
  for (let i = 0; i < n; i++) {
    for (let entry = 0; entry < 1 + (i % 3 === 0 ? 1 : 0); entry++) {
      const start =
        (Math.floor(random.uniform() * 40) + 41 * entry) * DAY_MS + Math.floor(random.uniform() * 20) * HOUR_MS;
      const value = 10 + Math.floor(random.uniform() * 100);
      const add = { person: `p${i}`, name: 'Added to Cart', time: start };
      rows.push(hasValues ? { ...add, value } : add);
      const wait = 2 * HOUR_MS + (1 + Math.floor(random.uniform() * 70 * 60)) * MINUTE_MS;
      if (random.uniform() < 0.3) rows.push({ person: `p${i}`, name: 'Purchased', time: start + wait, value: 50 });
    }
  }
  return rows;
}

const history = shop(1500);
const CASES: readonly [string, unknown][] = [
  ['the default effect', null],
  ['a harmful one', { level: { mean: -0.5, sd: 0.2 } }],
  [
    'stated per step, with harm, leaving and weaker repeats',
    { mode: 'direct', p: 0.05, harm: 0.04, unsub: 0.1, repeat: 0.4 },
  ],
];

describe.each(CASES)('with %s', (_, json) => {
  const options = { seed: 3, draws: 250 };
  const headline = project(history, workflow(), response(json), options);
  const { projection, breakdown } = breakDown(history, workflow(), response(json), options);
  const last = breakdown.running?.points.at(-1);

  it('is the projection itself, draw by draw', () => {
    expect(projection).toEqual(headline);
  });

  it('ends at the headline: what comes anyway, the increment, and its interval', () => {
    const { organic, incremental } = headline;
    expect(last?.at).toBe(END);
    expect(last?.anyway).toBe(organic.conversions);
    expect(last?.because).toBe(incremental.expected);
    expect([last?.low95, last?.high95]).toEqual([incremental.low, incremental.high]);
    expect(breakdown.running?.points[0]).toMatchObject({ anyway: 0, because: 0, low95: 0, high95: 0, open: 0 });
  });

  it('keeps the bands in order, and counts anyway only upwards', () => {
    let before = 0;
    for (const { anyway, low95, low80, high80, high95 } of breakdown.running?.points ?? []) {
      const bands = [low95, low80, high80, high95] as number[];
      expect(bands.toSorted((a, b) => a - b)).toEqual(bands);
      expect(anyway).toBeGreaterThanOrEqual(before);
      before = anyway;
    }
    const begun = breakdown.running?.points.reduce((sum, { enrolled }) => sum + enrolled, 0) ?? 0;
    expect(begun).toBe(headline.eligible + headline.incomplete);
    expect(last?.open).toBe(headline.incomplete);
  });

  it('splits by value into classes that add up', () => {
    const classes = breakdown.byValue?.classes ?? [];
    expect(classes.map(({ from, to }) => [from, to])).toEqual([
      [null, 40],
      [40, 80],
      [80, null],
    ]);
    const total = (pick: (one: (typeof classes)[number]) => number) => classes.reduce((sum, one) => sum + pick(one), 0);
    expect(total(({ runs }) => runs)).toBe(headline.eligible);
    expect(total(({ anyway }) => anyway)).toBe(headline.organic.conversions);
    expect(total(({ because }) => because.expected ?? 0)).toBeCloseTo(headline.incremental.expected ?? 0, 9);
    const rounded = roundedToSum(
      classes.map(({ because }) => because.expected ?? 0),
      1,
    );
    expect(rounded.reduce((sum, x) => sum + x, 0)).toBe(Math.round(headline.incremental.expected ?? 0));
    for (const { because } of classes) expect(because.low).toBeLessThanOrEqual(because.high ?? 0);
  });

  it('credits in parts that add up, and with a window as long as the horizon everything an email preceded', () => {
    const day = breakdown.attributed;
    expect(day?.credited).toBeCloseTo((day?.anyway ?? 0) + (day?.because ?? 0), 9);
    expect(day?.steps.map(({ id }) => id)).toEqual(['one', 'two']);
    const week = breakDown(
      history,
      workflow({ attribution: { within: '7d', model: 'linear' } }),
      response(json),
      options,
    );
    const { gained, lost } = headline.incremental;
    expect(week.breakdown.attributed?.because).toBeCloseTo(gained ?? 0, 6);
    // Everybody who buys does so after the first email: at most two hours pass before it.
    expect(week.breakdown.attributed?.anyway).toBeCloseTo((headline.organic.conversions ?? 0) - (lost ?? 0), 0);
    expect(day?.credited).toBeLessThan(week.breakdown.attributed?.credited ?? 0);
  });
});

describe('by hand', () => {
  // Ten people add at noon on ten days; one of them buys two days after. One email at once, answered within the second.
  const rows: EventRow[] = Array.from({ length: 10 }, (_, i) => ({
    person: `p${i}`,
    name: 'Added to Cart',
    time: i * DAY_MS + 12 * HOUR_MS,
    value: 10 * (i + 1),
  }));
  rows.push({ person: 'p3', name: 'Purchased', time: 5 * DAY_MS + 13 * HOUR_MS });
  const small = buildHistory(rows, [], { observedUntil: 20 * DAY_MS });
  const one = workflow({ sequence: [{ id: 'one', delay: '0s' }], goal: { event: 'Purchased', within: '7d' } });
  const direct = (more: object = {}) =>
    response({ mode: 'direct', p: 0.2, unsub: 0, delay: { kind: 'exponential', mean: '1s' }, ...more });

  it('lays a gain of 0.2 to the day each of the nine others is emailed', () => {
    const { running } = breakDown(small, one, direct(), { seed: 1, draws: 40 }).breakdown;
    expect(running?.stepMs).toBe(DAY_MS);
    const because = running?.points.map((point) => Number(point.because.toFixed(6))) ?? [];
    const anyway = running?.points.map((point) => point.anyway) ?? [];
    const first = running?.points.findIndex(({ enrolled }) => enrolled > 0) ?? 0;
    expect(because.slice(first, first + 11)).toEqual([0.2, 0.4, 0.6, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 1.8]);
    expect(because.at(-1)).toBe(1.8);
    expect(anyway.indexOf(1) - first).toBe(5);
  });

  it('takes a loss from the day on which the order would have come', () => {
    const { running } = breakDown(small, one, direct({ p: 0, harm: 0.5 }), { seed: 1, draws: 40 }).breakdown;
    const because = running?.points.map((point) => Number(point.because.toFixed(6))) ?? [];
    const anyway = running?.points.map((point) => point.anyway) ?? [];
    expect(because.every((value, c) => value === -0.5 * (anyway[c] as number))).toBe(true);
    expect(because.at(-1)).toBe(-0.5);
  });

  it('credits the nine answers of 0.2 each, and the order only where the window reaches it', () => {
    const credited = (within: string) =>
      breakDown(small, workflow({ sequence: [{ id: 'one', delay: '0s' }], attribution: { within } }), direct(), {
        seed: 1,
        draws: 40,
      }).breakdown.attributed;
    expect(credited('24h')?.because).toBeCloseTo(1.8, 9);
    // The one who orders after two days is won on the first with 0.2, and still comes anyway.
    expect(credited('24h')?.anyway).toBeCloseTo(0.2, 3);
    expect(credited('3d')?.anyway).toBeCloseTo(1, 6);
  });
});

describe('without figures', () => {
  const options = { seed: 1, draws: 60 };

  it('says that nobody enrolls', () => {
    const nobody = breakDown(buildHistory([], [], { observedUntil: END }), workflow(), response(null), options);
    expect(nobody.breakdown).toEqual({
      running: null,
      byValue: null,
      attributed: null,
      reason: 'Nobody enrolls in this history.',
    });
  });

  it('says that the history has no values, and that the workflow has no window', () => {
    const { breakdown } = breakDown(shop(60, false), workflow({}, 'attribution'), response(null), options);
    expect(breakdown.byValue).toEqual({
      events: ['Added to Cart'],
      reason: 'The history has no values for Added to Cart.',
      classes: [],
    });
    expect(breakdown.attributed).toBeNull();
    expect(breakdown.attributedReason).toMatch(/attribution\.within/);
    expect(breakdown.running?.points.length).toBeGreaterThan(2);
  });

  it('has a total without any conversion', () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({
      person: `p${i}`,
      name: 'Added to Cart',
      time: i * DAY_MS,
      value: 7,
    }));
    const none = buildHistory(rows, [], { observedUntil: END });
    const { projection, breakdown } = breakDown(none, workflow(), response(null), options);
    expect(breakdown.running?.points.at(-1)).toMatchObject({
      anyway: 0,
      because: projection.incremental.expected,
      low95: projection.incremental.low,
    });
    expect(breakdown.byValue?.reason).toBe('All runs begin with about the same value.');
    expect(breakdown.attributed?.anyway).toBe(0);
  });

  it('puts runs whose anchor has no value into a class of their own', () => {
    const rows: EventRow[] = Array.from({ length: 30 }, (_, i) => ({
      person: `p${i}`,
      name: 'Added to Cart',
      time: i * DAY_MS,
      ...(i % 3 === 0 ? {} : { value: i }),
    }));
    const { breakdown } = breakDown(
      buildHistory(rows, [], { observedUntil: END }),
      workflow(),
      response(null),
      options,
    );
    expect(breakdown.byValue?.classes.at(-1)).toMatchObject({ from: null, to: null, runs: 10 });
    expect(breakdown.byValue?.classes.slice(0, -1).every(({ from, to }) => from !== null || to !== null)).toBe(true);
  });
});

it('tells a watcher every draw, and changes none', () => {
  const seen: Draw[] = [];
  const options = { seed: 1, draws: 20 };
  const watched = project(history, workflow(), response(null), { ...options, watch: () => (draw) => seen.push(draw) });
  expect(seen).toHaveLength(20);
  expect(watched).toEqual(project(history, workflow(), response(null), options));
});

it('credits only what gates let through', () => {
  // At most one email in ten days for each person: hardly ever is the second of two the one that goes out.
  const gated = workflow({ gates: { cap: [{ n: 1, within: '10d', scope: 'workflow' }] } });
  const { attributed } = breakDown(history, gated, response(null), { seed: 1, draws: 40 }).breakdown;
  const [one, two] = attributed?.steps ?? [];
  expect(one?.anyway).toBeGreaterThan(100);
  expect((two?.anyway ?? 1) + (two?.because ?? 1)).toBeLessThan(1);
});

describe('split by classes that are given', () => {
  const { enrollments } = replayWorkflow(history, workflow());
  const names = ['first', 'second', 'nobody'];
  // By the half of the history a run begins in.
  const classOf = Uint8Array.from({ length: enrollments.n }, (_, i) =>
    (enrollments.triggerTimes[i] as number) < END / 2 ? 0 : 1,
  );

  it.each(CASES)('has parts that add up to the headline: %s', (_name, json) => {
    const options = { seed: 3, draws: 400 };
    const { projection, breakdown } = breakDown(history, workflow(), response(json), {
      ...options,
      split: { names, classOf },
    });
    const split = breakdown.split ?? [];
    expect(split.map(({ name }) => name)).toEqual(names);
    const sum = split.reduce((all, { because }) => all + (because.expected ?? 0), 0);
    expect(sum).toBeCloseTo(projection.incremental.expected ?? Number.NaN, 6);
    for (const c of [0, 1]) {
      let runs = 0;
      let anyway = 0;
      for (let i = 0; i < enrollments.n; i++) {
        if (classOf[i] !== c || enrollments.complete[i] !== 1) continue;
        runs++;
        if (!Number.isNaN(enrollments.goalTimes[i] as number)) anyway++;
      }
      expect(split[c]).toMatchObject({ runs, anyway });
      expect(split[c]?.because.low).toBeLessThanOrEqual(split[c]?.because.high ?? Number.NaN);
    }
    expect(split[2]).toMatchObject({ runs: 0, anyway: 0 });
    expect(split[2]?.because.expected).toBeCloseTo(0, 12);
    // It moves nothing else.
    expect(breakDown(history, workflow(), response(json), options).breakdown.byValue).toEqual(breakdown.byValue);
    for (const [c, { anyway, because }] of (breakdown.running?.points ?? []).entries()) {
      const total = (pick: (one: (typeof split)[number]['running']) => readonly number[]) =>
        split.reduce((all, one) => all + (pick(one.running)[c] ?? Number.NaN), 0);
      expect(total((one) => one.anyway)).toBe(anyway);
      expect(total((one) => one.because)).toBeCloseTo(because, 6);
    }
    for (const { anyway, because, running } of split) {
      expect(running.anyway.at(-1)).toBe(anyway);
      expect(running.because.at(-1)).toBeCloseTo(because.expected ?? Number.NaN, 6);
    }
  });

  it('follows each class in time as it would alone', () => {
    const direct = response({ mode: 'direct', p: 0.05, harm: 0.04, unsub: 0.1, repeat: 0.4 });
    const options = { seed: 3, draws: 60 };
    const isOdd = (person: string) => Number(person.slice(1)) % 2 === 1;
    const odd = Uint8Array.from({ length: enrollments.n }, (_, i) =>
      isOdd(history.personIds.at(enrollments.persons[i] as number)) ? 1 : 0,
    );
    const { split } = breakDown(history, workflow(), direct, {
      ...options,
      split: { names: ['even', 'odd'], classOf: odd },
    }).breakdown;
    const rows = shopRows(1500).filter(({ person }) => isOdd(person));
    const alone = breakDown(buildHistory(rows, [], { observedUntil: END }), workflow(), direct, options).breakdown;
    const points = alone.running?.points ?? [];
    const { anyway, because } = split?.[1]?.running ?? { anyway: [], because: [] };
    expect(points.length).toBeGreaterThan(50);
    for (let back = 1; back <= points.length; back++) {
      expect(anyway.at(-back)).toBe(points.at(-back)?.anyway);
      expect(because.at(-back)).toBeCloseTo(points.at(-back)?.because ?? Number.NaN, 9);
    }
  });
});
