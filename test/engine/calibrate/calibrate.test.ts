import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import {
  buildEpisodes,
  buildGaps,
  calibrate,
  declineProfile,
  silencesBeyond,
} from '../../../engine/calibrate/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import { kaplanMeier, survivalLimits } from '../../../engine/stats/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

function workflow(trigger: object, within = '7d'): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger,
    sequence: [{ id: 'one', delay: '1h' }],
    goal: { event: 'B', within },
  });
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  return checked.workflow;
}
const inaction = (more: object = {}) => ({
  type: 'inaction',
  after: { event: 'A' },
  without: { event: 'B' },
  within: '60m',
  ...more,
});

/** `n` people, each one anchor; a share converts log-normally around `medianMin`. Starts spread over `days`. */
function carts(
  n: number,
  options: { share: number; medianMin: number; sigma: number; days: number; seed?: number },
): History {
  const random = seededRandom(options.seed ?? 1, 'carts');
  const end = options.days * DAY_MS;
  const rows: EventRow[] = [];
  for (let i = 0; i < n; i++) {
    const start = Math.floor(random.uniform() * end);
    rows.push({ person: `p${i}`, name: 'A', time: start });
    const wait = Math.round(options.medianMin * MINUTE_MS * Math.exp(options.sigma * random.normal()));
    if (random.uniform() < options.share && start + wait <= end) {
      rows.push({ person: `p${i}`, name: 'B', time: start + wait });
    }
  }
  return buildHistory(rows, [], { observedUntil: end });
}

describe('a rule that points beyond the longest window', () => {
  it('names the longest, and what twice the time would be', () => {
    const rows = Array.from({ length: 180 }, (_, i): EventRow[] => {
      const person = `p${i}`;
      const added = { person, name: 'A', time: i * HOUR_MS };
      return [added, { person, name: 'B', time: added.time + (i + 1) * DAY_MS }];
    }).flat();
    const history = buildHistory(rows, [], { observedUntil: 600 * DAY_MS });
    const { recommended } = calibrate(history, workflow(inaction(), '180d'), { seed: 1, replicates: 0 });
    expect(recommended.settled).toBe(true);
    expect(recommended.window).toBe(90 * DAY_MS);
    expect(recommended.why).toMatch(/rounded, is 90 d \(it is 324 d, and longer windows than that are not offered\)/);
  });
});

describe('a plain cart history', () => {
  const history = carts(3000, { share: 0.4, medianMin: 12, sigma: 0.8, days: 60 });
  const got = calibrate(history, workflow(inaction()), { seed: 1, replicates: 200 });

  it('counts episodes, conversions and the rest, which add up', () => {
    expect(got.horizon).toBe(7 * DAY_MS + HOUR_MS);
    expect(got.anchors).toBe(3000);
    expect(got.converted + got.censored).toBe(got.anchors);
    expect(got.lapsed + got.open).toBe(got.censored);
    expect(got.clock).toBe('first');
  });

  it('finds the planted percentiles and a window that holds at three horizons', () => {
    const p90 = 12 * MINUTE_MS * Math.exp(0.8 * 1.2815515655446004);
    expect(Math.abs((got.percentilesAmongConverters.p90 as number) / p90 - 1)).toBeLessThan(0.08);
    expect(Math.abs((got.percentilesAmongConverters.p50 as number) / (12 * MINUTE_MS) - 1)).toBeLessThan(0.08);
    expect(got.recommended.settled).toBe(true);
    expect(got.recommended.window).toBe(60 * MINUTE_MS);
    expect(got.recommended.p90.low).toBeLessThan(p90);
    expect(got.recommended.p90.high).toBeGreaterThan(p90);
    expect(got.recommended.low).toBeLessThanOrEqual(got.recommended.window as number);
    expect(got.recommended.high).toBeGreaterThanOrEqual(got.recommended.window as number);
  });

  it('judges the present window on mature episodes only', () => {
    const { current } = got;
    expect(current.clock).toBe('reset');
    expect(current.episodes + current.leftOut + current.unresolved).toBe(3000);
    expect(current.triggered).toBe((current.never as number) + (current.wouldConvertAnyway as number));
    expect((current.wouldConvertAnyway as number) / (current.triggered as number)).toBeLessThan(0.03);
  });

  it('starts the curve at 1, lets it fall only, and keeps its limits around it', () => {
    const certain = { low: 1, high: 1 };
    expect(got.survival[0]).toEqual({ t: 0, notConverted: 1, ...certain, byPerson: certain, atRisk: 3000 });
    got.survival.forEach((point, i) => {
      const before = got.survival[i - 1];
      if (before !== undefined) expect(point.notConverted).toBeLessThanOrEqual(before.notConverted);
      if (point.low !== null) expect(point.low).toBeLessThanOrEqual(point.notConverted);
      if (point.high !== null) expect(point.high).toBeGreaterThanOrEqual(point.notConverted);
    });
  });

  it('gives the same answer to the same seed', () => {
    expect(calibrate(history, workflow(inaction()), { seed: 1, replicates: 200 })).toEqual(got);
  });
});

it('thins a long curve to 2,000 points without changing any of them', () => {
  const history = carts(9000, { share: 0.9, medianMin: 300, sigma: 1.5, days: 90 });
  const got = calibrate(history, workflow(inaction()), { seed: 1, replicates: 0 });
  expect(got.survival.length).toBe(2000);
  const match = (event: string) => ({ event, where: [] });
  const episodes = buildEpisodes(history, {
    after: match('A'),
    without: match('B'),
    rearm: 'first',
    key: null,
    windowMs: HOUR_MS,
    horizonMs: got.horizon,
  });
  const curve = kaplanMeier({
    times: episodes.closedAt.map((t, i) => t - (episodes.starts[i] as number)),
    events: episodes.status.map((s) => (s === 0 ? 1 : 0)),
  });
  expect(curve.events.filter((d) => d > 0).length).toBeGreaterThan(2000);
  for (const point of got.survival.slice(1)) {
    const at = curve.times.indexOf(point.t);
    expect([point.notConverted, point.atRisk]).toEqual([curve.survival[at], curve.atRisk[at]]);
  }
  const last = got.survival.at(-1);
  expect(last?.t).toBe(got.horizon);
  expect(got.recommended.p90.low).toBeNull();
});

it('uses the longest quiet stretch where the anchor moves, the opening where it does not', () => {
  const rows: EventRow[] = [];
  for (let i = 0; i < 40; i++) {
    // Added, quiet for two hours, added again, bought five minutes later.
    rows.push({ person: `p${i}`, name: 'A', time: i * HOUR_MS });
    rows.push({ person: `p${i}`, name: 'A', time: (i + 2) * HOUR_MS });
    rows.push({ person: `p${i}`, name: 'B', time: (i + 2) * HOUR_MS + 5 * MINUTE_MS });
  }
  const history = buildHistory(rows, [], { observedUntil: 60 * DAY_MS });
  const reset = calibrate(history, workflow(inaction()), { seed: 1, replicates: 0 });
  expect([reset.current.clock, reset.current.triggered, reset.current.wouldConvertAnyway]).toEqual(['reset', 40, 40]);
  expect(reset.recommended.p90.value).toBe(2 * HOUR_MS);
  expect(reset.percentilesAmongConverters.p50).toBe(2 * HOUR_MS + 5 * MINUTE_MS);
  const wide = calibrate(history, workflow(inaction({ within: '2h' })), { seed: 1, replicates: 0 });
  expect(wide.current.triggered).toBe(0);
});

describe('too little, which is an answer and no failure', () => {
  const until = (days: number) => ({ observedUntil: days * DAY_MS });
  const finite = (value: unknown): void => {
    if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    else if (value !== null && typeof value === 'object') for (const v of Object.values(value)) finite(v);
  };

  it('an empty history', () => {
    const got = calibrate(buildHistory([]), workflow(inaction()), { seed: 1 });
    expect([got.anchors, got.survival, got.historyHeld]).toEqual([0, [], 0]);
    expect(got.percentilesAmongConverters.p50).toBeNull();
    expect(got.percentilesAmongConverters.reason).toMatch(/no anchor event/);
    expect(got.recommended.settled).toBe(false);
    finite(got);
  });

  it('nobody converts', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ person: `p${i}`, name: 'A', time: i * HOUR_MS }));
    const got = calibrate(buildHistory(rows, [], until(60)), workflow(inaction()), { seed: 1 });
    expect([got.converted, got.censored, got.percentilesAmongConverters.p90]).toEqual([0, 50, null]);
    expect(got.percentilesAmongConverters.reason).toBe('Nobody converted within the horizon.');
    expect(got.current).toMatchObject({ episodes: 50, triggered: 50, wouldConvertAnyway: 0, never: 50 });
    finite(got);
  });

  it('everybody converts', () => {
    const rows = Array.from({ length: 50 }, (_, i) => [
      { person: `p${i}`, name: 'A', time: i * HOUR_MS },
      { person: `p${i}`, name: 'B', time: i * HOUR_MS + (i + 1) * MINUTE_MS },
    ]).flat();
    const got = calibrate(buildHistory(rows, [], until(60)), workflow(inaction()), { seed: 1, replicates: 50 });
    expect(got.converted).toBe(50);
    expect(got.percentilesAmongConverters.p50).toBe(25 * MINUTE_MS);
    expect(got.survival.at(-1)).toMatchObject({ notConverted: 0, low: null, high: null });
    expect(got.current.triggered).toBe(0);
    finite(got);
  });

  it('a history shorter than the horizon says what it would need', () => {
    const history = carts(500, { share: 0.4, medianMin: 12, sigma: 0.8, days: 4 });
    const got = calibrate(history, workflow(inaction({ rearm: 'first' })), { seed: 1, replicates: 50 });
    expect(got.current.episodes).toBe(0);
    expect(got.current.triggered).toBeNull();
    expect(got.current.reason).toMatch(/No mature episode is possible/);
    expect(got.recommended).toMatchObject({ settled: false, window: null, low: null, high: null });
    expect(got.recommended.why).toMatch(/holds 4 d|holds 3\.9\d? d|holds 95/);
    expect(got.historyNeeded).toBe(14 * DAY_MS + HOUR_MS);
    expect(got.historyHeld).toBeLessThan(got.historyNeeded);
    expect(got.history.largestHorizon).not.toBeNull();
    finite(got);
  });

  it('falls back to the clock from the opening where hardly any episode is mature on its own', () => {
    // 12 days: with a moving anchor maturity takes 2 × 7 days, from the opening 7.
    const history = carts(600, { share: 0.4, medianMin: 12, sigma: 0.8, days: 12 });
    const got = calibrate(history, workflow(inaction()), { seed: 1, replicates: 50 });
    expect(got.current.clock).toBe('first');
    expect(got.current.reason).toMatch(/mature on the trigger's own clock/);
    expect(got.current.episodes).toBeGreaterThan(20);
  });

  it('leaves out episodes that may have begun unseen, only where the start of observation was given', () => {
    const rows = [
      { person: 'p', name: 'A', time: 2 * DAY_MS },
      { person: 'q', name: 'A', time: 20 * DAY_MS },
    ];
    const plain = calibrate(buildHistory(rows, [], until(60)), workflow(inaction()), { seed: 1 });
    expect([plain.anchors, plain.washedIn]).toEqual([2, 0]);
    const given = buildHistory(rows, [], { ...until(60), observedFrom: 0 });
    const cut = calibrate(given, workflow(inaction()), { seed: 1 });
    expect([cut.anchors, cut.washedIn]).toEqual([1, 1]);
    expect(cut.historyNeeded - plain.historyNeeded).toBe(plain.horizon);
  });
});

it('says where emails of the history answer the trigger, and keeps quiet about broadcasts', () => {
  const rows: EventRow[] = [];
  for (let i = 0; i < 100; i++) {
    rows.push({ person: `p${i}`, name: 'Visit', time: 0 });
    rows.push({ person: `p${i}`, name: 'A', time: (10 + (i % 20)) * DAY_MS });
  }
  const mails = (at: (i: number) => number[]) =>
    Array.from({ length: 100 }, (_, i) => at(i).map((time) => ({ person: `p${i}`, name: 'Email Sent', time }))).flat();
  const of = (extra: EventRow[]) =>
    calibrate(buildHistory([...rows, ...extra], [], { observedUntil: 60 * DAY_MS }), workflow(inaction()), { seed: 1 });
  expect(of([]).alreadyMailed).toBe(false);
  const answers = of(mails((i) => [(10 + (i % 20)) * DAY_MS + 3 * HOUR_MS]));
  expect(answers.alreadyMailed).toBe(true);
  expect(answers.notes.at(-1)).toMatch(/already contains emails/);
  expect(
    of(mails(() => [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31].map((d) => d * DAY_MS))).alreadyMailed,
  ).toBe(false);
});

describe('triggers', () => {
  it('a behavior is timed from its event to the goal', () => {
    const history = carts(400, { share: 0.5, medianMin: 30, sigma: 0.5, days: 60 });
    const got = calibrate(history, workflow({ type: 'behavior', event: 'A' }), { seed: 1, replicates: 0 });
    expect([got.kind, got.current.window, got.horizon]).toEqual(['behavior', 0, 7 * DAY_MS]);
    expect(got.current.triggered).toBe(got.current.episodes);
  });

  it('a trigger without an anchor has no window: that is an answer', () => {
    const cron = workflow({ type: 'schedule', cron: '0 6 * * *' });
    const got = calibrate(buildHistory([]), cron, { seed: 1 });
    expect(got).toMatchObject({ kind: 'moment', anchors: 0, recommended: { settled: false, window: null } });
    expect(got.recommended.why).toBe('There is no window to choose: the trigger does not wait, it fires at each run.');
  });

  it('of several, the one with a waiting time is studied, and named', () => {
    const trigger = {
      type: 'anyOf',
      triggers: [
        { type: 'behavior', event: 'Cancelled' },
        { type: 'absence', for: '60d' },
      ],
    };
    const got = calibrate(buildHistory([]), workflow(trigger), { seed: 1 });
    expect(got.kind).toBe('absence');
    expect(got.notes[0]).toMatch(/number 2 \(absence\)/);
  });

  it('silences: the own emails are no activity, activities of one instant are one, tenure is asked before', () => {
    const rows = [
      { person: 'p', name: 'Visit', time: 0 },
      { person: 'p', name: 'Visit', time: 0 },
      { person: 'p', name: 'Email Opened', time: DAY_MS },
      { person: 'p', name: 'Visit', time: 40 * DAY_MS },
    ];
    const history = buildHistory(rows, [], { observedUntil: 100 * DAY_MS });
    const gaps = buildGaps(history, { of: null, afterActive: { kind: 'elapsed', ms: 30 * DAY_MS } }, 'UTC');
    expect(Array.from(gaps.lengths)).toEqual([40 * DAY_MS, 60 * DAY_MS]);
    expect(Array.from(gaps.ended)).toEqual([1, 0]);
    expect(Array.from(gaps.qualified)).toEqual([0, 1]);
    const days = { kind: 'activeDays', days: 2, inLastMs: 41 * DAY_MS } as const;
    expect(Array.from(buildGaps(history, { of: ['Visit'], afterActive: days }, 'UTC').qualified)).toEqual([0, 1]);
  });
});

it('a decline of two weeks before the last activity is seen as one, a sudden end as none', () => {
  const rows: EventRow[] = [];
  const active = (person: string, days: number[]) => {
    for (const day of days) rows.push({ person, name: 'Visit', time: day * DAY_MS });
  };
  const weekly = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => from + i).filter((d) => d % 7 < 4);
  active('slow', [...weekly(0, 56), 63, 70]);
  active('sudden', weekly(0, 70));
  active('new', [60, 61]);
  const history = buildHistory(rows, [], { observedUntil: 200 * DAY_MS });
  const gaps = buildGaps(history, { of: null, afterActive: null }, 'UTC');
  const both = declineProfile(gaps, 60 * DAY_MS, 'UTC');
  expect(both.weeks).toEqual({ people: 2, median: 1, q1: 0.5, q3: 1.5 });
  expect(both.personalSilence?.people).toBe(2);
  expect(both.personalSilence?.median).toBe(3 * DAY_MS);
  expect(declineProfile(gaps, 300 * DAY_MS, 'UTC').weeks).toBeNull();
});

it('breaks inside a day are no silences: one visit with many clicks weighs like one with few', () => {
  const visit = (person: string, day: number, clicks: number) =>
    Array.from({ length: clicks }, (_, i) => ({
      person,
      name: 'Visit',
      time: day * DAY_MS + 9 * HOUR_MS + i * MINUTE_MS,
    }));
  const rows = (clicks: number) =>
    Array.from({ length: 40 }, (_, p) =>
      [0, 2, 5, 30].flatMap((day) => visit(`p${p}`, day, p % 2 ? clicks : 1)),
    ).flat();
  const of = (clicks: number) => {
    const history = buildHistory(rows(clicks), [], { observedUntil: 100 * DAY_MS });
    const trigger = { type: 'absence', for: '14d' };
    return calibrate(history, workflow(trigger, '30d'), { seed: 1, replicates: 0 }).dormancy?.curve.map(
      (p) => p.returns,
    );
  };
  const [few, many] = [of(1), of(30)];
  few?.forEach((p, i) => {
    if (p !== null) expect(Math.abs((many?.[i] ?? Number.NaN) - p)).toBeLessThan(1e-9);
  });
});

describeShared('silences of a real shop (CDNOW)', () => {
  const facts = JSON.parse(readFileSync(sharedPath('data', 'reference.json'), 'utf8')).cdnow;
  const history = (() => {
    const text = gunzipSync(readFileSync(sharedPath('data', 'cdnow_transactions.csv.gz'))).toString('utf8');
    const rows = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [person, date] = line.split(',') as [string, string];
        const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`;
        return { person, name: 'Purchased', time: Date.parse(iso) };
      });
    return buildHistory(rows, [], { observedUntil: Date.parse('1998-06-30T00:00:00Z') });
  })();
  const gaps = buildGaps(history, { of: null, afterActive: null }, 'UTC');

  it('the survival curve of all spells', () => {
    const want = facts.km_all_spells_days;
    const curve = kaplanMeier({ times: gaps.lengths, events: gaps.ended });
    const limits = survivalLimits(curve, 0.95);
    expect(gaps.n).toBe(want.n_spells);
    for (const [days, at] of Object.entries(want.S) as [
      string,
      { S: number; ci95_loglog: number[]; at_risk: number },
    ][]) {
      const j = curve.times.findLastIndex((t) => t <= Number(days) * DAY_MS);
      expect(curve.survival[j]).toBeCloseTo(at.S, 6);
      expect(limits.low[j]).toBeCloseTo(at.ci95_loglog[0] as number, 5);
      expect(limits.high[j]).toBeCloseTo(at.ci95_loglog[1] as number, 5);
      expect(curve.atRisk[j]).toBe(at.at_risk);
    }
  });

  it('percentiles of the gaps, and how many silences end in a return', () => {
    const ended = gaps.lengths.filter((_, i) => gaps.ended[i] === 1).sort();
    for (const [p, at] of Object.entries(facts.observed_gap_days) as [string, { nearest_rank: number }][]) {
      expect((ended[Math.ceil((Number(p) / 100) * ended.length) - 1] as number) / DAY_MS).toBe(at.nearest_rank);
    }
    for (const [days, at] of Object.entries(facts.win_back_base) as [string, Record<string, number>][]) {
      const got = silencesBeyond(gaps, Number(days) * DAY_MS);
      expect([got.longer, got.returned]).toEqual([at['silences_longer_than'], at['ended_by_a_return']]);
    }
  });

  it('calibrate gives the same curve up to its horizon, and the point where a silence is a goodbye', () => {
    const got = calibrate(history, workflow({ type: 'absence', for: '60d' }, '90d'), { seed: 1, replicates: 20 });
    const at = (days: number) => got.survival.findLast((p) => p.t <= days * DAY_MS)?.notConverted;
    for (const days of [7, 30, 60, 120]) expect(at(days)).toBeCloseTo(facts.km_all_spells_days.S[days].S, 6);
    expect(got.anchors).toBe(facts.km_all_spells_days.n_spells);
    expect(got.current.window).toBe(60 * DAY_MS);
    expect(got.dormancy?.recommended).toBe(got.recommended.window);
    const curve = got.dormancy?.curve ?? [];
    const returns = curve.map((point) => point.returns).filter((p) => p !== null);
    expect(returns[0]).toBeGreaterThan(returns.at(-1) as number);
    const gone = curve.map((point) => point.gone).filter((p) => p !== null);
    gone.forEach((g, i) => {
      if (i > 0) expect(g).toBeGreaterThanOrEqual((gone[i - 1] as number) - 1e-12);
    });
  });
});

describe('a cancel', () => {
  it('is heard between any two replicates, and what is thrown is what the signal throws', () => {
    const history = carts(600, { share: 0.5, medianMin: 30, sigma: 1, days: 60 });
    const looks = (most: number) => {
      let n = 0;
      const signal = {
        aborted: false,
        addEventListener() {},
        removeEventListener() {},
        throwIfAborted() {
          if (++n > most) throw new Error('stop');
        },
      } as unknown as AbortSignal;
      const run = () => calibrate(history, workflow(inaction()), { seed: 1, replicates: 200, signal });
      return { run, count: () => n };
    };
    const free = looks(Number.POSITIVE_INFINITY);
    free.run();
    // Once per replicate at least, and between the parts of the work.
    expect(free.count()).toBeGreaterThan(200);
    for (const most of [0, 1, 3, 100, free.count() - 1]) {
      const stopped = looks(most);
      expect(stopped.run).toThrow('stop');
      expect(stopped.count()).toBe(most + 1);
    }
  });
});
