// The generators of the reference values, laid out as histories without randomness: conversion times are the quantiles
// of their distribution, so every figure must meet the computed truth up to the grid.

import { expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildGaps, calibrate, dormancy } from '../../../engine/calibrate/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import { checkResponse, project, weeklyTrend } from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { normalQuantile } from '../../../engine/stats/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const N = 20_000;

function cartHistory(params: { p_ever_convert: number; lognormal_median: number; lognormal_sigma: number }): History {
  const buyers = Math.round(N * params.p_ever_convert);
  const rows: EventRow[] = [];
  for (let i = 0; i < N; i++) {
    const start = (i % 500) * HOUR_MS;
    rows.push({ person: `p${i}`, name: 'A', time: start });
    if (i >= buyers) continue;
    const z = normalQuantile((i + 0.5) / buyers);
    const minutes = params.lognormal_median * Math.exp(params.lognormal_sigma * z);
    rows.push({ person: `p${i}`, name: 'B', time: start + Math.round(minutes * MINUTE_MS) });
  }
  return buildHistory(rows, [], { observedUntil: 120 * DAY_MS });
}

function workflow(within: string, goal: string, sequence: object[]): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within, rearm: 'first' },
    sequence,
    goal: { event: 'B', within: goal },
  });
  if (checked.workflow === null) throw new Error(JSON.stringify(checked.issues));
  return checked.workflow;
}

function response(json: unknown) {
  const checked = checkResponse(json);
  if (checked.response === null) throw new Error(JSON.stringify(checked.issues));
  return checked.response;
}

describeShared('planted effects come back', () => {
  const file = reference('generators.json');
  const delay = { kind: 'lognormal', median: '180m', sigma: 1 };

  it('cart: survival, percentiles, waste and the increment', () => {
    const { params, truth } = file.generators.cart;
    const history = cartHistory(params);
    const w = workflow('60m', '167h', [
      { id: 'one', delay: '0s' },
      { id: 'two', delay: '1380m' },
      { id: 'three', delay: '4260m' },
    ]);
    const got = calibrate(history, w, { seed: 1, replicates: 0 });
    for (const [minutes, s] of Object.entries(truth.S) as [string, number][]) {
      const point = got.survival.findLast((p) => p.t <= Number(minutes) * MINUTE_MS);
      expect(Math.abs((point?.notConverted ?? 0) - s)).toBeLessThan(3e-4);
    }
    const { p50, p75, p90, p95 } = got.percentilesAmongConverters;
    [p50, p75, p90, p95].forEach((p, i) => {
      const want = truth.converter_quantiles_within_H[['0.5', '0.75', '0.9', '0.95'][i] as string];
      expect(Math.abs((p as number) / MINUTE_MS / want - 1)).toBeLessThan(2e-3);
    });
    const { triggered, wouldConvertAnyway, episodes } = got.current;
    expect(Math.abs((wouldConvertAnyway as number) / (triggered as number) - truth.waste_rate)).toBeLessThan(5e-4);
    expect(Math.abs((triggered as number) / episodes - truth.p_fire)).toBeLessThan(3e-4);
    const direct = response({ mode: 'direct', p: [0.05, 0.03, 0.02], unsub: [0.003, 0.004, 0.006], delay });
    const projected = project(history, w, direct, { seed: 1, draws: 200 });
    expect(projected.eligible).toBe(triggered);
    const perFired = (projected.incremental.expected as number) / projected.eligible;
    expect(Math.abs(perFired - truth.diff_among_fired)).toBeLessThan(1e-4);
    expect(Math.abs((projected.incremental.treatedRate as number) - truth.treat_rate_among_fired)).toBeLessThan(5e-4);
    const sends = truth.expected_sends_per_eligible.reduce((sum: number, s: number) => sum + s, 0);
    expect(Math.abs((projected.sends.expected as number) / N - sends)).toBeLessThan(2e-3);
  });

  it('harm: a net below zero although the mail gets conversions, signed and named', () => {
    const { params, truth } = file.misspecified.worlds.harm;
    const history = cartHistory(params);
    const w = workflow('45m', '10035m', [{ id: 'one', delay: '0s' }]);
    const projected = project(history, w, response({ mode: 'direct', p: 0.01, harm: 0.15, unsub: 0, delay }), {
      seed: 1,
      draws: 300,
    });
    expect(projected.organic.rate).toBeCloseTo(truth.control_rate, 3);
    expect((projected.incremental.expected as number) / projected.eligible).toBeCloseTo(truth.net, 3);
    expect(projected.incremental.gained).toBeGreaterThan(0);
    expect(projected.incremental.high).toBeLessThan(0);
    expect(projected.notices.some((notice) => notice.startsWith('Costs sales'))).toBe(true);
  });

  it('win-back: the chance of a return after a silence, and how many of the silent are gone', () => {
    const { params, truth } = file.generators.winback;
    const rows: EventRow[] = [];
    // One silence per person, in whole days; the share beyond each day follows the mixture exactly.
    const beyond = (d: number) =>
      params.p_never_return +
      (1 - params.p_never_return) *
        (params.class_weights as number[]).reduce(
          (sum, weight, k) => sum + weight * (1 - (params.daily_return_prob[k] as number)) ** d,
          0,
        );
    for (let i = 0; i < N; i++) {
      const u = (i + 0.5) / N;
      let d = 1;
      while (d <= 400 && beyond(d) >= u) d++;
      rows.push({ person: `p${i}`, name: 'Visit', time: 0 });
      if (d <= 400) rows.push({ person: `p${i}`, name: 'Visit', time: d * DAY_MS });
    }
    const history = buildHistory(rows, [], { observedUntil: 401 * DAY_MS });
    const all = buildGaps(history, { of: null, afterActive: null }, 'UTC');
    // The first silence of each person is the studied one.
    const first = all.qualified.map((_, i) => (all.starts[i] === 0 ? 1 : 0));
    const got = dormancy(
      history,
      { ...all, qualified: first },
      {
        churnMs: params.churn_days * DAY_MS,
        timezone: 'UTC',
        replicates: 0,
        random: seededRandom(1, 'test'),
      },
    );
    for (const [days, ppv] of Object.entries(truth.ppv_churn) as [string, number][]) {
      const point = got.curve.find((p) => p.inactive === Number(days) * DAY_MS);
      expect(Math.abs((point?.gone ?? 0) - ppv)).toBeLessThan(2e-3);
      const s = (d: number) => beyond(d);
      const within = 1 - s(Number(days) + 14) / s(Number(days));
      expect(Math.abs((point?.returns ?? 0) - within)).toBeLessThan(2e-3);
    }
  });
});

it('names a drift of entries or of the organic rate, and none where there is none', () => {
  const w = workflow('1h', '2d', [{ id: 'one', delay: '0s' }]);
  const make = (entries: (week: number) => number, rate: (week: number) => number) => {
    const random = seededRandom(9, 'drift');
    const rows: EventRow[] = [];
    for (let week = 0; week < 10; week++) {
      for (let i = 0; i < entries(week); i++) {
        const time = week * 7 * DAY_MS + Math.floor(random.uniform() * 6 * DAY_MS);
        const person = `p${week}-${i}`;
        rows.push({ person, name: 'A', time });
        if (random.uniform() < rate(week)) rows.push({ person, name: 'B', time: time + 5 * HOUR_MS });
      }
    }
    const history = buildHistory(rows, [], { observedUntil: 72 * DAY_MS });
    const trend = weeklyTrend(replayWorkflow(history, w).enrollments, 0, 70 * DAY_MS);
    const notices = project(history, w, response(null), { seed: 1, draws: 50 }).notices;
    return { trend, notices: notices.filter((notice) => notice.includes('will not look like this sample')) };
  };
  expect(
    make(
      () => 300,
      () => 0.3,
    ).notices,
  ).toEqual([]);
  const fewer = make(
    (week) => 600 - 40 * week,
    () => 0.3,
  );
  expect(fewer.trend?.entriesPerWeek).toBeLessThan(-0.05);
  expect(fewer.notices[0]).toMatch(/^Entries fall by/);
  const worse = make(
    () => 600,
    (week) => 0.5 - 0.03 * week,
  );
  expect(worse.trend?.rateZ).toBeLessThan(-3);
  expect(worse.notices[0]).toMatch(/^Organic conversions fall by/);
});
