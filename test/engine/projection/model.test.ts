import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { windowCounts } from '../../../engine/calibrate/index.ts';
import {
  betaPredictive,
  breakEvenResponse,
  CART_CURVE,
  cheapestHoldout,
  commonUniforms,
  countSlots,
  curveMoments,
  DEFAULT_LEVEL,
  drawCurve,
  expectEpisode,
  expectPopulation,
  incrementOf,
  mailedBounds,
  measuredPersonMonth,
  mixedOrganic,
  netOf,
  oddsRatio,
  perPersonMonth,
  pointsAdded,
  posteriorLevel,
  responseOf,
  type SequenceModel,
  simulateEpisode,
  solveSequence,
  targetRate,
  updateCurve,
  valueAt,
} from '../../../engine/projection/index.ts';
import { normalCdf, normalQuantile } from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

// biome-ignore lint/suspicious/noExplicitAny: reference files are foreign, each with a shape of its own
type Any = any;

const near = (got: number | null | undefined, expected: number | null, rel = 1e-8, abs = 1e-9) => {
  if (expected === null) expect(got).toBeNull();
  else
    expect(Math.abs((got as number) - expected), `${got} against ${expected}`).toBeLessThanOrEqual(
      abs + rel * Math.abs(expected),
    );
};
const nearAll = (got: ArrayLike<number>, expected: readonly number[], rel = 1e-8) => {
  expect(got.length).toBe(expected.length);
  expected.forEach((x, i) => {
    near(got[i], x, rel);
  });
};
const model = (input: Any): SequenceModel => ({
  steps: input.steps.map((s: Any) => ({ at: s.at, p: s.p, unsub: s.unsub, harm: s.harm ?? 0 })),
  horizon: input.horizon,
  delay: input.delay,
});
const organicOf = (t: number | null) => t ?? Number.POSITIVE_INFINITY;
const population = (organic: Any, m: SequenceModel) =>
  countSlots(
    organic.map((o: Any) => organicOf(o.time)),
    m,
    organic.map((o: Any) => o.share),
  );

describeShared('projection against the closed-form references', () => {
  const file = reference('projection.json');

  for (const c of [...file.single_episode, ...file.harm_episodes]) {
    it(`one episode: ${c.id}`, () => {
      const got = expectEpisode(organicOf(c.input.organic_time), model(c.input));
      nearAll(got.sends, c.expected.expected_sends);
      near(got.converted, c.expected.p_converted_by_H);
      near(got.increment, c.expected.p_incremental);
      near(got.unsubscribed, c.expected.p_unsub);
    });
  }

  it('harm of zero gives the old numbers bit for bit', () => {
    const bare = (id: string) => file.single_episode.find((c: Any) => c.id === id);
    for (const c of file.harm_episodes.filter((c: Any) => c.id.startsWith('zero_harm_'))) {
      const twin = bare(c.id.replace('zero_harm_never', 'never_three_steps').replace('zero_harm_', ''));
      const a = expectEpisode(organicOf(c.input.organic_time), model(c.input));
      const b = expectEpisode(organicOf(twin.input.organic_time), model(twin.input));
      expect(a).toEqual(b);
    }
  });

  for (const c of file.population) {
    it(`a population: ${c.id}`, () => {
      const m = model(c.input);
      const got = expectPopulation(population(c.input.organic, m), m);
      near(got.organic, c.expected.organic_rate);
      near(got.treated, c.expected.treated_rate);
      near(got.gained, c.expected.gained);
      near(got.lost, c.expected.lost);
      near(got.net, c.expected.net);
      nearAll(got.sends, c.expected.expected_sends);
    });
  }

  for (const c of file.odds_solver) {
    it(`the solver: ${c.id}`, () => {
      const { input, expected } = c;
      const steps = input.at.map((at: number) => ({ at, p: 0, harm: 0, unsub: 0 }));
      const got = solveSequence({
        counts: population(input.organic, { steps, horizon: input.horizon, delay: input.delay }),
        at: input.at,
        unsub: input.unsub,
        weights: input.weights,
        harmWeights: input.harm_weights,
        delay: input.delay,
        horizon: input.horizon,
        logOddsRatio: input.log_odds_ratio,
        referenceRate: input.reference_rate,
      });
      near(got.organicRate, expected.organic_rate);
      near(got.target, expected.target);
      nearAll(got.reachable, expected.reachable);
      nearAll(got.p, expected.p, 1e-6);
      nearAll(got.harm, expected.harm, 1e-6);
      near(got.p[0], expected.p_1, 1e-6);
      near(got.harm[0], expected.h_1, 1e-6);
      expect(got.outOfReach).toBe(expected.out_of_reach);
      near(got.expectation.treated, expected.treated_rate);
      near(got.expectation.net, expected.net);
    });
  }

  for (const { input, expected } of file.literature_odds) {
    it(`odds from published counts: ${input.label}`, () => {
      const got = oddsRatio({ n: input.n_treat, x: input.x_treat }, { n: input.n_control, x: input.x_control });
      near(got?.logOddsRatio, expected.log_odds_ratio);
      near(got?.se, expected.se);
      near(Math.exp(got?.logOddsRatio ?? 0), expected.odds_ratio);
      const z = normalQuantile(0.975);
      near(Math.exp((got?.logOddsRatio ?? 0) - z * (got?.se ?? 0)), expected.ci95[0]);
      near(Math.exp((got?.logOddsRatio ?? 0) + z * (got?.se ?? 0)), expected.ci95[1]);
    });
  }

  file.odds_posterior.forEach(({ input, expected }: Any, i: number) => {
    it(`level after an own holdout: case ${i + 1}`, () => {
      const got = posteriorLevel(
        { mean: input.prior_mean, sd: input.prior_sd },
        { n: input.n_treat, x: input.x_treat },
        { n: input.n_control, x: input.x_control },
        input.transport_sd,
      );
      near(got.mean, expected.mean);
      near(got.sd, expected.sd);
      near(got.priorWeight, expected.prior_weight);
      near(got.pHarm, expected.p_harm);
    });
  });

  it('the default level, in points of the rate', () => {
    const prior = file.default_odds_prior;
    expect(DEFAULT_LEVEL).toEqual({ mean: prior.mean, sd: prior.sd });
    for (const row of prior.table) {
      prior.quantiles.forEach((q: number, i: number) => {
        near(100 * pointsAdded(row.organic_rate, prior.mean + prior.sd * normalQuantile(q)), row.points[i]);
      });
      near(normalCdf(-prior.mean / prior.sd), row.p_harm);
    }
  });

  for (const { id, input, expected } of file.mailed_history_bounds) {
    it(`bounds when everyone was mailed: ${id}`, () => {
      const got = mailedBounds({
        fired: input.fired,
        convertedBefore: input.converted_before_first_mail,
        convertedAfter: input.converted_after,
        maxHarm: input.max_harm,
        maxResponse: input.max_response,
        alpha: input.alpha,
        hazard:
          input.hazard_at_first_mail === null
            ? null
            : { rate: input.hazard_at_first_mail, remaining: input.horizon_after_first_mail },
      });
      near(got.treatedRate, expected.treated_rate);
      near(got.beforeRate, expected.before_first_mail);
      expect(got.bounds.map((b) => b.assumption)).toEqual(Object.keys(expected.organic));
      for (const b of got.bounds) {
        nearAll(b.organic, expected.organic[b.assumption]);
        nearAll(b.increment, expected.increment[b.assumption]);
        const interval = expected.increment_interval[b.assumption] ?? null;
        if (interval === null) expect(b.interval).toBeNull();
        else nearAll(b.interval ?? [], interval);
        near(b.criticalValue, expected.imbens_manski_c[b.assumption] ?? null);
      }
    });
  }

  for (const { id, input, expected } of file.cheapest_holdout) {
    it(`the cheapest holdout: ${id}`, () => {
      const got = cheapestHoldout({
        organicRate: input.organic_rate,
        smallestEffect: input.smallest_effect_that_matters,
        firstEntriesPerWeek: input.first_entries_per_week,
        horizonWeeks: input.horizon_weeks,
        deadlineWeeks: input.deadline_weeks,
        valuePerConversion: input.value_per_conversion,
        fractions: input.fractions,
        alpha: input.alpha,
        power: input.power,
      });
      got.offers.forEach((offer, i) => {
        const row = expected.rows[i];
        expect([offer.fraction, offer.treated, offer.holdout, offer.weeks]).toEqual([
          row.fraction,
          row.n_treat,
          row.n_holdout,
          row.weeks,
        ]);
        near(offer.foregoneConversions, row.foregone_conversions);
        near(offer.price, row.price);
      });
      expect(got.cheapest?.fraction ?? null).toBe(expected.cheapest_fraction);
      expect(got.reason === null).toBe(expected.cheapest_fraction !== null);
    });
  }

  file.per_person_month.forEach(({ input, expected }: Any, i: number) => {
    it(`per person-month: case ${i + 1}`, () => {
      const got = perPersonMonth(
        { firstEntries: input.first_entries, repeatEntries: input.repeat_entries, personDays: input.person_days },
        input.increment_per_first_entry,
        input.repeat_factor,
      );
      near(got?.personMonths, expected.person_months);
      near(got?.firstPerPersonMonth, expected.first_per_person_month);
      near(got?.repeatPerPersonMonth, expected.repeat_per_person_month);
      near(got?.incrementPerEntry, expected.increment_per_entry);
      near(got?.incrementPerPersonMonth, expected.increment_per_person_month);
    });
  });

  file.per_person_month_measured.forEach(({ input, expected }: Any, i: number) => {
    it(`per person-month, measured: case ${i + 1}`, () => {
      const arm = (rows: number[][]) => ({
        outcomes: rows.map((r) => r[0] as number),
        days: rows.map((r) => r[1] as number),
      });
      const got = measuredPersonMonth(arm(input.treat), arm(input.control), 0.05);
      near(got?.treated, expected.treat);
      near(got?.control, expected.control);
      near(got?.difference, expected.difference);
      near(got?.se, expected.se);
      nearAll(got?.interval ?? [], expected.ci95);
    });
  });

  file.beta_predictive.forEach(({ input, expected }: Any, i: number) => {
    it(`spread of gained conversions: case ${i + 1}`, () => {
      const got = betaPredictive(
        input.never_converters,
        input.beta.map(([a, b]: [number, number]) => ({ a, b })),
        input.F_by_horizon,
      );
      near(got.mean, expected.mean);
      near(got.chance, expected.var_sampling);
      near(got.parameters, expected.var_parameter);
      near(got.chance + got.parameters, expected.var_total);
    });
  });
});

describeShared('response by window against the references', () => {
  const file = reference('windows.json');
  const sweep = file.window_sweep_counts[0];
  const { time, status, horizon, windows, econ } = sweep.input;
  const sorted = (time as number[]).filter((t, i) => status[i] === 1 && t <= horizon).sort((a, b) => a - b);
  const counts = windowCounts(sorted, time.length, windows);
  const prices = {
    margin: econ.margin,
    discount: econ.discount,
    redemption: econ.take_up,
    costPerSend: econ.send_cost,
    unsubscribe: econ.unsub,
    subscriberValue: econ.unsub_value,
  };

  it('the decaying response as an input form', () => {
    const nets = counts.map((w, i) => {
      const response = { won: econ.r0 * 2 ** (-w.windowMs / econ.response_half_life), prevented: 0 };
      near(incrementOf(w, response), sweep.expected.projected_incremental[i]);
      const net = netOf(w, response, prices);
      near(net, sweep.expected.net_margin[i]);
      return net;
    });
    expect(windows[nets.indexOf(Math.max(...nets))]).toBe(sweep.expected.best_window);
  });

  for (const { id, input, expected } of file.response_curves) {
    it(`named curves: ${id}`, () => {
      const reference = counts[windows.indexOf(input.reference_window)];
      const rate = (reference?.organic ?? 0) / (reference?.fired ?? 1);
      near(rate, expected.reference_rate);
      counts.forEach((w, i) => {
        near(breakEvenResponse(w, prices), expected.break_even_response[i]);
      });
      for (const [name, shares] of Object.entries(input.curves)) {
        const want = expected.by_curve[name];
        const nets = counts.map((w, i) => {
          const levels = (shares as number[]).map((share) => share * input.level);
          const beta = valueAt(input.grid_minutes, levels, w.windowMs + input.first_delay);
          near(beta, want.log_odds_ratio[i]);
          const response = responseOf(beta, rate);
          near(response.won, want.response[i]);
          near(response.prevented, want.harm[i]);
          near(incrementOf(w, response), want.increment[i]);
          const net = netOf(w, response, prices);
          near(net, want.net[i]);
          return net;
        });
        expect(windows[nets.indexOf(Math.max(...nets))]).toBe(want.best_window);
      }
    });
  }

  it('the default cart curve', () => {
    const { input, expected } = file.default_curve;
    expect(CART_CURVE.waitsMs).toEqual(input.grid_minutes.map((m: number) => m * MINUTE_MS));
    expect(CART_CURVE.share).toEqual(input.level_share);
    expect(CART_CURVE.sd).toEqual(input.own_sd);
    expect(CART_CURVE.correlation).toBe(input.own_correlation);
    for (const row of expected) {
      const got = curveMoments(CART_CURVE, { mean: input.level_mean, sd: input.level_sd }, row.wait * MINUTE_MS);
      near(got.mean, row.mean);
      near(got.sd, row.sd);
      near(normalCdf(-got.mean / got.sd), row.p_harm);
    }
  });
});

const steps = [
  { at: 60, p: 0.2, harm: 0.3, unsub: 0.1 },
  { at: 300, p: 0.1, harm: 0, unsub: 0.1 },
  { at: 900, p: 0.3, harm: 0.2, unsub: 0 },
];
const example: SequenceModel = { steps, horizon: 2000, delay: { kind: 'lognormal', median: 180, sigma: 1 } };

it('a simulation meets the closed form within four of its standard errors', () => {
  const n = 20_000;
  for (const organic of [30, 200, 1500, Number.POSITIVE_INFINITY]) {
    const exact = expectEpisode(organic, example);
    let converted = 0;
    const sends = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const got = simulateEpisode(organic, example, commonUniforms(7, `p${i}`, 0, ['a', 'b', 'c']));
      if (got.convertedAt <= example.horizon) converted++;
      for (let k = 0; k < 3; k++) if (got.sent & (1 << k)) sends[k] = (sends[k] as number) + 1;
    }
    const within = (count: number, p: number) =>
      expect(Math.abs(count / n - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / n) + 1e-12);
    within(converted, exact.converted);
    exact.sends.forEach((p, k) => {
      within(sends[k] as number, p);
    });
  }
});

it('a scenario compared with itself differs by exactly nothing, and adding a step moves no other numbers', () => {
  const a = commonUniforms(1, 'ann', 5, ['first', 'last']);
  const b = commonUniforms(1, 'ann', 5, ['first', 'inserted', 'last']);
  expect(a('response', 1)).toBe(b('response', 2));
  expect(a('response', 1)).not.toBe(a('delay', 1));
  expect(simulateEpisode(500, example, a)).toEqual(simulateEpisode(500, example, a));
});

it('gained and lost are both reported, and the net may be negative', () => {
  const bad: SequenceModel = { ...example, steps: [{ at: 60, p: 0.02, harm: 0.4, unsub: 0 }] };
  const got = expectPopulation(countSlots([100, 400, Number.NaN, 3000], bad), bad);
  expect(got.net).toBeCloseTo(got.gained - got.lost, 12);
  expect(got.net).toBeLessThan(0);
  expect(got.lost).toBeGreaterThan(got.gained);
});

it('gained, lost and the net stay inside their bounds whatever the sequence', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  const step = fc.record({
    at: fc.integer({ min: 0, max: 3000 }),
    p: probability,
    harm: probability,
    unsub: probability,
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 5 }), fc.integer({ min: 0, max: 4000 }), (raw, organic) => {
      const m = { ...example, steps: raw.sort((x, y) => x.at - y.at) };
      const e = expectEpisode(organic, m);
      expect(e.converted).toBeGreaterThanOrEqual(-1e-12);
      expect(e.converted).toBeLessThanOrEqual(1 + 1e-12);
      if (organic <= m.horizon) expect(e.increment).toBeLessThanOrEqual(1e-12);
      else expect(e.increment).toBeGreaterThanOrEqual(-1e-12);
    }),
  );
});

it('a level from a holdout with almost no events uses the binomial likelihood itself', () => {
  const prior = { mean: 0.3, sd: 0.3 };
  const few = posteriorLevel(prior, { n: 900, x: 12 }, { n: 100, x: 0 }, 0);
  expect(few.priorWeight).toBeNull();
  expect(few.mean).toBeGreaterThan(prior.mean);
  expect(few.sd).toBeLessThan(prior.sd + 1e-6);
  // With enough events both ways agree: just below and just above the limit of five.
  const low = posteriorLevel(prior, { n: 4000, x: 400 }, { n: 40, x: 4 }, 0);
  const high = posteriorLevel(prior, { n: 4000, x: 400 }, { n: 50, x: 5 }, 0);
  expect(Math.abs(low.mean - high.mean)).toBeLessThan(high.sd / 4);
  const clear = posteriorLevel(prior, { n: 900, x: 90 }, { n: 100, x: 2 }, 0);
  const wide = posteriorLevel(prior, { n: 900, x: 90 }, { n: 100, x: 2 }, 0.3);
  expect(wide.mean).toBeLessThan(clear.mean);
  expect(wide.mean).toBeGreaterThan(prior.mean);
});

it('an effect seen at one wait moves the curve there most, and nothing moves without news', () => {
  const level = { mean: 0.3, sd: 0.3 };
  const observed = { waitMs: 60 * MINUTE_MS, logOddsRatio: -0.4, se: 0.1 };
  const after = updateCurve(CART_CURVE, level, observed);
  const before = CART_CURVE.share.map((c) => c * level.mean);
  const moved = after.mean.map((m, i) => (before[i] as number) - m);
  expect(Math.max(...moved)).toBeCloseTo(moved[0] as number, 1);
  expect(moved[1]).toBeGreaterThan(moved[4] as number);
  expect(after.covariance[1]?.[1]).toBeLessThan(0.01);
  const vague = updateCurve(CART_CURVE, level, { ...observed, se: 1e6 });
  vague.mean.forEach((m, i) => {
    expect(m).toBeCloseTo(before[i] as number, 9);
  });
});

it('draws of the curve have its mean and spread', () => {
  const random = seededRandom(3, 'test');
  const draws = Array.from({ length: 4000 }, () => drawCurve(CART_CURVE, DEFAULT_LEVEL, random)[3] as number);
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const sd = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
  expect(Math.abs(mean - 0.3)).toBeLessThan(0.02);
  expect(Math.abs(sd - 0.3354)).toBeLessThan(0.02);
});

it('bounds of a partly mailed population mix what was seen with what cannot be', () => {
  expect(mixedOrganic(0.5, 0.1, [0, 1])).toEqual([0.05, 0.55]);
});

it('odds at a reference of 0 or 1 say nothing: the target is the organic rate', () => {
  expect(targetRate(0, 0.5, 0)).toBe(0);
  expect(targetRate(1, -0.5, 1)).toBe(1);
  expect(oddsRatio({ n: 10, x: 0 }, { n: 10, x: 3 })).toBeNull();
});

it('no holdout answers for an effect that leaves the rate as it is', () => {
  const question = {
    organicRate: 0.3,
    smallestEffect: 1e-18,
    firstEntriesPerWeek: 100,
    horizonWeeks: 1,
    deadlineWeeks: 26,
    valuePerConversion: 9e13,
    fractions: [0.1, 0.5],
    alpha: 0.05,
    power: 0.8,
  };
  expect(cheapestHoldout(question)).toMatchObject({
    offers: [],
    cheapest: null,
    reason: expect.stringMatching(/within 26 weeks/),
  });
});
