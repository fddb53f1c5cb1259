import { describe, expect, it } from 'vitest';
import {
  backtest,
  type Forecast,
  forecastCount,
  forecastLimits,
  forecastRate,
  foretoldBefore,
  historyUntil,
  measureArms,
  pinballLoss,
} from '../../../engine/backtest/index.ts';
import { DAY_MS, HOUR_MS, type Random, seededRandom, WEEK_MS } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { assignArm } from '../../../engine/holdout/index.ts';
import { project } from '../../../engine/projection/index.ts';
import { responseOf } from '../../../engine/proof/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

function workflow(more: object = {}): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within: '1h', rearm: 'first' },
    sequence: [{ id: 'one', delay: '0s' }],
    goal: { event: 'B', within: '2d' },
    ...more,
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

/** Anchors over whole weeks from 0; a share converts five hours later. @param entries, rate by week */
function rowsOf(weeks: number, random: Random, entries: (week: number) => number, rate: (week: number) => number) {
  const rows: EventRow[] = [];
  for (let week = 0; week < weeks; week++) {
    const n = poisson(random, entries(week));
    for (let i = 0; i < n; i++) {
      const person = `p${week}-${i}`;
      const time = Math.floor((week + random.uniform()) * WEEK_MS);
      rows.push({ person, name: 'A', time });
      if (random.uniform() < rate(week)) rows.push({ person, name: 'B', time: time + 5 * HOUR_MS });
    }
  }
  return rows;
}

function poisson(random: Random, mean: number): number {
  let n = 0;
  let at = -Math.log(1 - random.uniform());
  while (at < mean) {
    n++;
    at -= Math.log(1 - random.uniform());
  }
  return n;
}

const steady = (seed: number, weeks = 16) =>
  rowsOf(
    weeks,
    seededRandom(seed, 'steady'),
    () => 90,
    () => 0.3,
  );

describe('a forecast of counts', () => {
  it('holds as often as it claims, for independent people and for weeks that spread four times as much', () => {
    const random = seededRandom(2, 'forecast');
    for (const isSpread of [false, true]) {
      const held = { 0.5: 0, 0.8: 0, 0.95: 0 };
      const runs = 2000;
      for (let run = 0; run < runs; run++) {
        // A gamma-like mix of three equal parts of the variance beyond Poisson.
        const draw = () => {
          const mean = isSpread ? Math.max(5, 60 * (1 + Math.sqrt(3 / 60) * random.normal())) : 60;
          return poisson(random, mean);
        };
        const weeks = Array.from({ length: 10 }, draw);
        const forecast = forecastCount(weeks, 2);
        const came = draw() + draw();
        for (const level of [0.5, 0.8, 0.95] as const) {
          const [low, high] = forecastLimits(forecast, level);
          if (came >= low && came <= high) held[level]++;
        }
      }
      // Not below the claim by more than three points, nor above by more than eight (the floor at Poisson).
      for (const level of [0.5, 0.8, 0.95] as const) {
        expect(held[level] / runs).toBeGreaterThan(level - 0.03);
        expect(held[level] / runs).toBeLessThan(Math.min(0.99, level + 0.08));
      }
    }
  });

  it('says something of nothing, and never leaves the range there is', () => {
    const none = forecastCount([0, 0, 0], 1);
    expect(none.expected).toBe(0);
    expect(forecastLimits(none, 0.95)[0]).toBe(0);
    expect(forecastLimits(none, 0.95)[1]).toBeGreaterThan(0);
    const rate = forecastRate(
      [
        { n: 10, x: 10 },
        { n: 10, x: 10 },
        { n: 0, x: 0 },
      ],
      5,
    ) as Forecast;
    expect(rate.expected).toBe(1);
    expect(forecastLimits(rate, 0.95)[1]).toBe(1);
    expect(
      forecastRate(
        [
          { n: 0, x: 0 },
          { n: 0, x: 0 },
          { n: 0, x: 0 },
        ],
        5,
      ),
    ).toBeNull();
  });

  it('pinball loss is least for who foretells best', () => {
    const forecast = (expected: number) => forecastCount([expected, expected, expected, expected], 1);
    expect(pinballLoss(forecast(100), 100)).toBeLessThan(pinballLoss(forecast(120), 100));
    expect(pinballLoss(forecast(100), 100)).toBeLessThan(pinballLoss(forecast(80), 100));
  });
});

describe('a backtest', () => {
  it('counts as a naive reading of the rows does, and leaves out those whose goal window spans the split', () => {
    const rows = steady(1);
    const split = 10 * WEEK_MS + 3 * DAY_MS;
    const end = 16 * WEEK_MS;
    const answer = backtest(buildHistory(rows, [], { observedUntil: end }), workflow(), { split });
    // By hand: everybody has one anchor; a purchase five hours later never prevents the trigger after one.
    const anchors = rows.filter((row) => row.name === 'A').map((row) => row.time + HOUR_MS);
    const bought = new Set(rows.filter((row) => row.name === 'B').map((row) => row.person));
    const buyers = rows.filter((row) => row.name === 'A' && bought.has(row.person)).map((row) => row.time + HOUR_MS);
    const within = (times: number[], from: number, to: number) => times.filter((t) => t >= from && t < to).length;
    const enrolled = answer.total.find((one) => one.segment === 'all' && one.measure === 'enrolled');
    const weeks = Math.floor((end - split) / WEEK_MS);
    expect(enrolled?.actual).toBe(within(anchors, split, split + weeks * WEEK_MS));
    expect(enrolled?.weeksBehind).toBe(10);
    const mean = within(anchors, split - 10 * WEEK_MS, split) / 10;
    expect(enrolled?.expected).toBeCloseTo(mean * weeks, 9);
    const organic = answer.total.find((one) => one.measure === 'organic');
    // The last week is left out where its goal windows have not all ended; likewise the week before the split.
    expect(organic?.actual).toBe(within(buyers, split, split + (weeks - 1) * WEEK_MS));
    expect(organic?.expected).toBeCloseTo((within(buyers, split - 10 * WEEK_MS, split - WEEK_MS) / 9) * (weeks - 1), 9);
    // What it rests on: ten weeks up to the split, of which the last was not known by then.
    expect(answer.behind.map(({ enrolled: n }) => n)).toEqual(
      Array.from({ length: 10 }, (_, i) => within(anchors, split - (10 - i) * WEEK_MS, split - (9 - i) * WEEK_MS)),
    );
    expect(answer.behind.map(({ organic: x }) => x)).toEqual([
      ...Array.from({ length: 9 }, (_, i) => within(buyers, split - (10 - i) * WEEK_MS, split - (9 - i) * WEEK_MS)),
      null,
    ]);
    expect(answer.straddling).toBe(anchors.filter((t) => t < split && t + 2 * DAY_MS > split).length);
  });

  it('reads nothing later than the split for what it foretells', () => {
    const rows = steady(3);
    const split = 10 * WEEK_MS;
    const foretold = (all: EventRow[]) =>
      backtest(buildHistory(all, [], { observedUntil: 16 * WEEK_MS }), workflow(), { split }).total.map((one) => [
        one.measure,
        one.expected,
        one.low95,
      ]);
    const other = [
      ...rows.filter((row) => row.time < split),
      ...rows.filter((row) => row.time >= split && row.name === 'A' && row.time % 2 === 0),
    ];
    const pick = (list: (string | number)[][]) => list.filter(([measure]) => measure !== 'organicRate');
    expect(pick(foretold(other))).toEqual(pick(foretold(rows)));
  });

  it('holds where nothing changes, and fails where a promotion follows', () => {
    let false_ = 0;
    for (let seed = 0; seed < 25; seed++) {
      const history = buildHistory(steady(100 + seed), [], { observedUntil: 16 * WEEK_MS });
      if (backtest(history, workflow(), { split: 10 * WEEK_MS }).verdict === 'fails') false_++;
    }
    expect(false_).toBeLessThanOrEqual(3);
    const promoted = rowsOf(
      16,
      seededRandom(5, 'promotion'),
      (week) => (week < 10 ? 90 : 130),
      (week) => (week < 10 ? 0.3 : 0.45),
    );
    const answer = backtest(buildHistory(promoted, [], { observedUntil: 16 * WEEK_MS }), workflow(), {
      split: 10 * WEEK_MS,
    });
    expect(answer.verdict).toBe('fails');
    expect(answer.notices.join(' ')).toMatch(/organic conversions came out .* above .* Project from weeks like those/s);
  });

  it('says why it has no figure, and refuses a split outside the history', () => {
    const short = buildHistory(steady(1, 2), [], { observedUntil: 2 * WEEK_MS });
    const answer = backtest(short, workflow(), { split: WEEK_MS });
    expect(answer.total).toEqual([]);
    expect(answer.reason).toMatch(/0 whole weeks before the split, 3 are needed/);
    expect(() => backtest(short, workflow(), { split: 3 * WEEK_MS })).toThrow(/lies outside the history/);
    expect(backtest(short, workflow(), { split: null }).split).toBeGreaterThan(WEEK_MS);
  });

  it('says beside a projection whether weeks foretold the next, and nothing of a short history', () => {
    const beside = (rows: EventRow[], weeks: number) => {
      const history = buildHistory(rows, [], { observedUntil: weeks * WEEK_MS });
      return foretoldBefore(history, workflow(), replayWorkflow(history, workflow()));
    };
    const calm = beside(steady(12), 16);
    expect(calm?.verdict).toBe('holds');
    expect(calm?.held.map(({ measure }) => measure)).toEqual(['enrolled', 'organic', 'organicRate']);
    // From the fourth week known, twelve before the last, whose goal windows have not all ended by then.
    expect(calm?.held.every(({ weeks }) => weeks >= 9 && weeks <= 12)).toBe(true);
    const jumps = rowsOf(
      16,
      seededRandom(13, 'jumps'),
      (week) => (week % 5 === 4 ? 400 : 90),
      () => 0.3,
    );
    const wild = beside(jumps, 16);
    expect(wild?.held[0]?.p95).toBeLessThan(1);
    expect(beside(steady(12, 3), 3)).toBeNull();
    const instant: EventRow[] = ['p', 'q'].map((person) => ({ person, name: 'Cart', time: WEEK_MS }));
    expect(beside(instant, 1)).toBeNull();
    expect(() => backtest(buildHistory(instant), workflow(), { split: null })).toThrow(/no before and after/);
    expect(beside([], 3)).toBeNull();
  });

  it('a history as known at a moment is that of its rows until then', () => {
    const rows = steady(7, 6);
    const changes = [
      { person: 'p0-1', time: DAY_MS, property: 'plan', value: 'a' },
      { person: 'p0-1', time: 4 * WEEK_MS, property: 'plan', value: 'b' },
    ];
    const valued = rows.map((row, i) => ({ ...row, value: i / 4, properties: { n: i } }));
    const at = 3 * WEEK_MS + 7;
    const cut = historyUntil(buildHistory(valued, changes, { observedUntil: 6 * WEEK_MS }), at);
    const anew = buildHistory(
      valued.filter((row) => row.time <= at),
      changes.filter((row) => row.time <= at),
      { observedUntil: at },
    );
    expect(replayWorkflow(cut, workflow()).totals).toEqual(replayWorkflow(anew, workflow()).totals);
    const one = project(cut, workflow(), responseOf(null), { seed: 1, draws: 50 });
    expect(one.organic.conversions).toBe(
      project(anew, workflow(), responseOf(null), { seed: 1, draws: 50 }).organic.conversions,
    );
    const person = cut.personIndex('p0-1');
    expect(cut.personProperty(person, 'plan', 5 * WEEK_MS)).toBe('a');
    expect(cut.nEvents).toBe(anew.nEvents);
    expect(cut.values.at(cut.nEvents - 1)).toBe(
      valued.filter((r) => r.person === cut.personIds.at(cut.nPersons - 1)).findLast((r) => r.time <= at)?.value ??
        cut.values.at(cut.nEvents - 1),
    );
  });
});

describe('a track record', () => {
  const split = 10 * WEEK_MS;
  /** @param lost share of those held out whom the history does not know */
  const live = (others: (holdout: boolean) => number, lost = 0) => {
    const random = seededRandom(8, 'live');
    const rows: EventRow[] = [];
    const arms = { treated: { n: 0, x: 0 }, holdout: { n: 0, x: 0 } };
    const end = 20 * WEEK_MS;
    for (let i = 0; i < 8000; i++) {
      const person = `p${i}`;
      const time = Math.floor(random.uniform() * 20 * WEEK_MS);
      const trigger = time + HOUR_MS;
      const arm = assignArm('live', person, 0.3);
      if (arm === 'holdout' && i % 10 < 10 * lost) continue;
      rows.push({ person, name: 'A', time });
      let buys = random.uniform() < 0.2;
      if (trigger >= split && arm === 'treated') {
        rows.push({ person, name: 'Email Sent', time: trigger, properties: { campaign: 'w' } });
        buys ||= random.uniform() < 0.05;
      }
      if (trigger >= split && random.uniform() < others(arm === 'holdout'))
        rows.push({ person, name: 'Email Sent', time: trigger + HOUR_MS, properties: { campaign: 'other' } });
      if (buys) rows.push({ person, name: 'B', time: trigger + DAY_MS / 2 });
      if (trigger < split || trigger + 2 * DAY_MS > end) continue;
      arms[arm].n++;
      if (buys) arms[arm].x++;
    }
    const goes = { holdout: { fraction: 0.3, salt: 'live' } };
    return { arms, answer: backtest(buildHistory(rows, [], { observedUntil: end }), workflow(goes), { split }) };
  };

  it('reads the arms as they were, scores the projection, and takes only the holdout for organic', () => {
    const { arms, answer } = live(() => 0);
    const record = answer.trackRecord;
    expect(record?.mailed.holdout).toBe(0);
    expect(record?.measured.goal.treated).toEqual(arms.treated);
    expect(record?.measured.goal.holdout).toEqual(arms.holdout);
    expect(record?.score?.measured).toBeCloseTo(arms.treated.x / arms.treated.n - arms.holdout.x / arms.holdout.n, 12);
    expect(record?.measured.otherEmails).toEqual({ treated: 0, holdout: 0, z: null });
    const rate = answer.total.find((one) => one.measure === 'organicRate');
    expect(Math.abs((rate?.actual ?? 1) - 0.2)).toBeLessThan(0.04);
    expect(rate?.inside.p95).toBe(true);
    expect(answer.total.some((one) => one.measure === 'organic')).toBe(false);
  });

  it('counts everybody with the first entry since a moment, whatever came before it, once they were watched', () => {
    const goes = workflow({ holdout: { fraction: 0.5, salt: 's' } });
    const rows: EventRow[] = [];
    const persons = Array.from({ length: 40 }, (_, i) => `q${i}`);
    for (const person of persons) {
      for (const week of [1, 3, 5]) rows.push({ person, name: 'A', time: week * WEEK_MS });
      rows.push({ person, name: 'B', time: 5 * WEEK_MS + DAY_MS });
    }
    const history = buildHistory(rows, [], { observedUntil: 6 * WEEK_MS });
    const { enrollments } = replayWorkflow(history, goes);
    expect(enrollments.n).toBe(120);
    const read = (from: number, until: number) => measureArms(history, goes, enrollments, { from, until })?.goal;
    const held = persons.filter((person) => assignArm('s', person, 0.5) === 'holdout').length;
    // The second entry is the first since week two; nobody bought within two days of it.
    expect(read(2 * WEEK_MS, 6 * WEEK_MS)?.holdout).toEqual({ n: held, x: 0 });
    expect(read(4 * WEEK_MS, 6 * WEEK_MS)?.holdout).toEqual({ n: held, x: held });
    expect(read(4 * WEEK_MS, 5 * WEEK_MS + DAY_MS)).toBeUndefined();
  });

  it('counts all goals from the first entry on over the days watched, per person and 30 days', () => {
    const goes = workflow({ holdout: { fraction: 0.5, salt: 's' } });
    const rows: EventRow[] = [];
    const persons = Array.from({ length: 60 }, (_, i) => `q${i}`);
    const until = 10 * WEEK_MS;
    const arms = { treated: [] as [number, number][], holdout: [] as [number, number][] };
    persons.forEach((person, i) => {
      const at = (1 + (i % 4)) * WEEK_MS;
      rows.push({ person, name: 'A', time: at });
      // Some goals come years of goal windows later: they count, since the person is still watched.
      const goals = i % 3;
      for (let k = 0; k < goals; k++) rows.push({ person, name: 'B', time: at + HOUR_MS * 2 + k * 3 * WEEK_MS });
      arms[assignArm('s', person, 0.5)].push([goals, (until - at - HOUR_MS) / DAY_MS]);
    });
    const history = buildHistory(rows, [], { observedUntil: until });
    const { enrollments } = replayWorkflow(history, goes);
    const found = measureArms(history, goes, enrollments, { from: 0, until })?.personMonth;
    const perMonth = (list: readonly [number, number][]) =>
      (30 * list.reduce((sum, [x]) => sum + x, 0)) / list.reduce((sum, [, days]) => sum + days, 0);
    expect(found?.treated).toBeCloseTo(perMonth(arms.treated), 9);
    expect(found?.control).toBeCloseTo(perMonth(arms.holdout), 9);
    expect(found?.difference).toBeCloseTo(perMonth(arms.treated) - perMonth(arms.holdout), 9);
    expect(found?.interval[0]).toBeLessThan(found?.difference ?? 0);
  });

  it('claims no effect where the arms have other sizes than the share held out', () => {
    const record = live(() => 0, 0.2).answer.trackRecord;
    expect(record?.measured.srm?.p).toBeLessThan(0.001);
    expect(record?.measured.notices).toEqual([
      expect.stringMatching(/^No effect is claimed: .* do not fit 30% held out/),
    ]);
    expect(record?.value).toBeNull();
    expect(record?.score).toBeNull();
    expect(record?.reason).toMatch(/do not fit the planned split/);
    expect(live(() => 0).answer.trackRecord?.measured.srm?.p).toBeGreaterThan(0.001);
  });

  it('names other mail that differs between the arms, and not mail that does not', () => {
    const differs = live((holdout) => (holdout ? 0.5 : 0.1)).answer.trackRecord?.measured;
    expect(differs?.otherEmails.holdout).toBeGreaterThan(0.4);
    expect(differs?.notices.join(' ')).toContain('given the other workflows');
    const alike = live(() => 0.3).answer.trackRecord?.measured;
    expect(alike?.notices.join(' ')).not.toContain('given the other workflows');
    expect(alike?.notices.join(' ')).toContain('alike');
  });

  it('is none where no email of the workflow follows the split', () => {
    const history = buildHistory(steady(1), [], { observedUntil: 16 * WEEK_MS });
    const goes = { holdout: { fraction: 0.3, salt: 'live' } };
    expect(backtest(history, workflow(goes), { split }).trackRecord).toBeNull();
  });
});
