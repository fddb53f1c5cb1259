import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../engine/base/index.ts';
import {
  buildEpisodes,
  CONVERTED,
  historyNeed,
  percentileAmongConverters,
  quantileType1,
  RUNGS_MS,
  returnHump,
  rungOf,
  settles,
  windowCounts,
  windowRule,
} from '../../../engine/calibrate/index.ts';
import { buildHistory, observationStart } from '../../../engine/events/index.ts';
import { kaplanMeier } from '../../../engine/stats/index.ts';
import { describeShared, reference, sharedPath } from '../../helpers/shared.ts';

const ms = (minutes: readonly number[]) => minutes.map((m) => m * MINUTE_MS);
const near = (got: number | null, expected: number | null, rel = 1e-9) => {
  if (expected === null) expect(got).toBeNull();
  else expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(1e-9 + rel * Math.abs(expected));
};

function taobao() {
  const text = gunzipSync(readFileSync(sharedPath('data', 'taobao_cart_events.csv.gz'))).toString('utf8');
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',') as [string, string, string, string, string]);
  const last = rows.reduce((max, row) => Math.max(max, Number(row[4])), 0);
  return buildHistory(
    rows
      .filter((row) => row[3] === 'cart' || row[3] === 'buy')
      .map((row) => ({ person: row[0], name: row[3], time: Number(row[4]) * 1000 })),
    [],
    { observedUntil: last * 1000 },
  );
}

describeShared('windows against R', () => {
  const file = reference('windows.json');

  for (const c of file.converter_percentiles) {
    it(`percentiles among converters: ${c.id}`, () => {
      const curve = kaplanMeier({ times: c.input.time, events: c.input.status });
      const within = (c.input.time as number[])
        .filter((t, i) => c.input.status[i] === 1 && t <= c.input.horizon)
        .sort((a, b) => a - b);
      expect(within.length).toBe(c.expected.n_converters);
      c.input.probs.forEach((p: number, i: number) => {
        near(percentileAmongConverters(curve, c.input.horizon, p), c.expected.km_among_converters[i]);
        near(quantileType1(within, p), c.expected.naive_type1[i]);
      });
      near(2 * (percentileAmongConverters(curve, c.input.horizon, 0.9) as number), c.expected.seed_rule_raw_window);
    });
  }

  for (const c of file.window_sweep_counts) {
    it(`counts per window: ${c.id}`, () => {
      const { time, status, horizon, windows } = c.input;
      const sorted = (time as number[]).filter((t, i) => status[i] === 1 && t <= horizon).sort((a, b) => a - b);
      const counts = windowCounts(sorted, time.length, windows);
      expect(counts.map((w) => w.fired)).toEqual(c.expected.fired);
      expect(counts.map((w) => w.organic)).toEqual(c.expected.organic_after_fire);
      counts.forEach((w, i) => {
        expect(w.never).toBe(c.expected.never);
        near(w.waste, c.expected.waste_rate[i]);
        near(1 - w.organic / sorted.length, c.expected.share_of_converters_already_in[i]);
      });
    });
  }

  it('rounds to the ladder', () => {
    expect(RUNGS_MS).toEqual(ms(file.ladder.rungs_minutes));
    for (const { raw, rung } of file.ladder.cases) expect(rungOf(raw * MINUTE_MS), `${raw}`).toBe(rung * MINUTE_MS);
  });

  for (const { input, expected } of file.history) {
    it(`history needed and held: ${JSON.stringify(input)}`, () => {
      const need = historyNeed({
        heldMs: input.held * MINUTE_MS,
        horizonMs: input.horizon * MINUTE_MS,
        rearm: input.mode,
        washIn: input.wash_in,
      });
      expect({
        needed: need.neededMs / MINUTE_MS,
        entry_span: need.entrySpanMs / MINUTE_MS,
        status: need.status,
        largest_horizon: need.largestHorizonMs === null ? null : need.largestHorizonMs / MINUTE_MS,
      }).toEqual(expected);
      expect(need.reason === null).toBe(expected.status === 'enough');
    });
  }

  for (const { id, input, expected } of file.three_horizons) {
    it(`whether the 90 % rule settles: ${id}`, () => {
      const rule = windowRule(
        ms(input.converter_times).sort((a, b) => a - b),
        input.horizon * MINUTE_MS,
      );
      expect(rule.verdict).toBe(expected.verdict);
      rule.atHorizons.forEach((at, i) => {
        const want = expected.by_horizon[i];
        expect(at.horizonMs).toBe(want.horizon * MINUTE_MS);
        expect(at.converters).toBe(want.converters);
        near((at.p90Ms as number) / MINUTE_MS, want.p90);
        expect(at.rungMs).toBe(want.rung * MINUTE_MS);
      });
    });
  }

  for (const { id, input, expected } of file.return_hump) {
    it(`the return hump: ${id}`, () => {
      const hump = returnHump(ms(input.converter_times), input.horizon * MINUTE_MS);
      expect(hump.verdict).toBe(expected.verdict);
      near(hump.shareBackWithin, expected.share_back_within);
      hump.valleys.forEach((valley, i) => {
        near(valley && valley.atMs / MINUTE_MS, expected.antimode[i], file.additions.tolerance.antimode_rel);
        near(valley && rungOf(valley.atMs) / MINUTE_MS, expected.rungs[i]);
        if (valley !== null) {
          const off = Math.abs(valley.depthRatio - expected.depth_ratio[i]);
          expect(off).toBeLessThanOrEqual(file.additions.tolerance.depth_ratio_abs);
        }
      });
    });
  }

  it('a real cart log: one horizon is not enough', () => {
    const history = taobao();
    const want = file.real_cart_log;
    expect(history.observedUntil).toBe(want.observed_until * 1000);
    const at = (want.by_horizon as { horizon: number }[]).map(({ horizon }) => {
      const episodes = buildEpisodes(history, {
        after: { event: 'cart', where: [] },
        without: { event: 'buy', where: [] },
        rearm: 'first',
        key: null,
        windowMs: 0,
        horizonMs: horizon * MINUTE_MS,
      });
      const events = episodes.status.map((s) => (s === CONVERTED ? 1 : 0));
      const curve = kaplanMeier({ times: episodes.closedAt.map((t, i) => t - (episodes.starts[i] as number)), events });
      const p90Ms = percentileAmongConverters(curve, horizon * MINUTE_MS, 0.9) as number;
      const converters = events.reduce((sum, e) => sum + e, 0);
      return { horizonMs: horizon * MINUTE_MS, episodes: episodes.n, converters, p90Ms, rungMs: rungOf(2 * p90Ms) };
    });
    expect(at.map((a) => [a.episodes, a.converters, a.p90Ms / MINUTE_MS, a.rungMs / MINUTE_MS])).toEqual(
      // biome-ignore lint/suspicious/noExplicitAny: the reference file's own shape
      want.by_horizon.map((h: any) => [h.episodes, h.converted, h.p90_minutes, h.rung]),
    );
    expect(settles(at, 7 * DAY_MS)).toBe(want.verdict);
  });

  it('a real cart log without a horizon: openings, conversions and the survival curve', () => {
    const facts = JSON.parse(readFileSync(sharedPath('data', 'reference.json'), 'utf8')).taobao;
    const episodes = buildEpisodes(taobao(), {
      after: { event: 'cart', where: [] },
      without: { event: 'buy', where: [] },
      rearm: 'first',
      key: null,
      windowMs: 0,
      horizonMs: 1000 * DAY_MS,
    });
    const events = episodes.status.map((s) => (s === CONVERTED ? 1 : 0));
    expect(episodes.n).toBe(facts.episodes);
    expect(events.reduce((sum, e) => sum + e, 0)).toBe(facts.episodes_converted);
    const curve = kaplanMeier({ times: episodes.closedAt.map((t, i) => t - (episodes.starts[i] as number)), events });
    for (const [minutes, want] of Object.entries(facts.km_first_cart_to_buy_minutes.S)) {
      const at = curve.times.findLastIndex((t) => t <= Number(minutes) * MINUTE_MS);
      expect(curve.survival[at]).toBeCloseTo((want as { S: number }).S, 5);
    }
  });
});

it('begins observation at the 0.1 % quantile of event times, not at a stray row', () => {
  const rows = Array.from({ length: 5000 }, (_, i) => ({ person: `p${i}`, name: 'A', time: 1e9 + i * 1000 }));
  const stray = { person: 'x', name: 'A', time: 5 };
  expect(observationStart(buildHistory([...rows, stray]))).toBe(1e9 + 4 * 1000);
  expect(observationStart(buildHistory(rows, [], { observedFrom: 77 }))).toBe(77);
  expect(observationStart(buildHistory([stray]))).toBe(5);
  expect(observationStart(buildHistory([]))).toBeNull();
});
