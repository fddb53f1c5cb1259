import { expect, it } from 'vitest';
import {
  aalenJohansen,
  arrangeSpells,
  clusteredSurvivalSe,
  conditionalEvent,
  followUp,
  kaplanMeier,
  type LimitsKind,
  logRank,
  piecewiseHazard,
  survivalAt,
  survivalLimits,
  survivalQuantiles,
} from '../../../engine/stats/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const close = (got: number | null, expected: number | null, what: string) => {
  if (expected === null) expect(got === null || Number.isNaN(got), `${what}: ${got} should be undefined`).toBe(true);
  else {
    const tolerance = 1e-9 + 1e-7 * Math.abs(expected);
    expect(got, what).not.toBeNull();
    expect(Math.abs((got as number) - expected), `${what}: ${got} against ${expected}`).toBeLessThanOrEqual(tolerance);
  }
};
const closeAll = (got: ArrayLike<number | null>, expected: readonly (number | null)[], what: string) => {
  expect(got.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    close(got[i] as number | null, value, `${what}[${i}]`);
  });
};
const se = (s: Float64Array, g: Float64Array) => Array.from(s, (value, i) => value * Math.sqrt(g[i] as number));

describeShared('survival against R survival', () => {
  const file = reference('survival.json');

  for (const c of file.kaplan_meier) {
    it(`matches survfit: ${c.id}`, () => {
      const curve = kaplanMeier({ times: c.input.time, events: c.input.status });
      for (const kind of Object.keys(c.expected.by_conf_type) as LimitsKind[]) {
        const { table, quantiles } = c.expected.by_conf_type[kind];
        closeAll(curve.times, table.time, 'time');
        closeAll(curve.atRisk, table.n_risk, 'n_risk');
        closeAll(curve.events, table.n_event, 'n_event');
        closeAll(curve.censored, table.n_censor, 'n_censor');
        closeAll(curve.survival, table.surv, 'surv');
        closeAll(se(curve.survival, curve.greenwood), table.se_surv, 'se');
        const level = c.input.conf_level;
        const limits = survivalLimits(curve, level, kind);
        closeAll(limits.low, table.lower, `${kind} lower`);
        closeAll(limits.high, table.upper, `${kind} upper`);
        const own = survivalQuantiles(curve, quantiles.p, level, kind);
        const inf = c.expected.quantile_inf_rule;
        closeAll(
          own.map((q) => q.value),
          inf.q,
          'quantile',
        );
        // R gives the middle of a segment that lies exactly at 1 − p; only where it does not, limits are comparable.
        own.forEach((q, i) => {
          const flat = (t: number | null) => t !== null && !table.time.includes(t);
          if (!flat(quantiles.lower[i])) close(q.low, quantiles.lower[i], `${kind} quantile lower ${q.p}`);
          if (!flat(quantiles.upper[i])) close(q.high, quantiles.upper[i], `${kind} quantile upper ${q.p}`);
        });
      }
      const end = followUp(curve);
      close(end?.plateau ?? null, c.expected.plateau, 'plateau');
      close(end?.lastWatched ?? null, c.expected.max_time, 'max_time');
      close(end?.lastEvent ?? null, c.expected.max_event_time ?? null, 'max_event_time');
    });
  }

  for (const c of file.conditional) {
    it(`matches survfit(start.time): ${c.id}`, () => {
      const curve = kaplanMeier({ times: c.input.time, events: c.input.status });
      const got = (c.input.h as number[]).map((h) => conditionalEvent(curve, c.input.t, h, 0.95));
      closeAll(
        got.map((g) => g?.value ?? null),
        c.expected.p_event_by_h_given_alive_at_t,
        'p',
      );
      for (const key of ['se', 'low', 'high'] as const) {
        const name = { se: 'se', low: 'lower', high: 'upper' }[key];
        closeAll(
          got.map((g) => g?.[key] ?? null),
          c.expected[name],
          name,
        );
      }
    });
  }

  for (const c of file.delayed_entry) {
    it(`matches survfit with delayed entry: ${c.id}`, () => {
      const curve = kaplanMeier({ times: c.input.exit, events: c.input.status, entries: c.input.entry });
      const { table } = c.expected;
      closeAll(curve.times, table.time, 'time');
      closeAll(curve.atRisk, table.n_risk, 'n_risk');
      closeAll(curve.events, table.n_event, 'n_event');
      closeAll(curve.survival, table.surv, 'surv');
      closeAll(se(curve.survival, curve.greenwood), table.se_surv, 'se');
      const limits = survivalLimits(curve, 0.95);
      closeAll(limits.low, table.lower, 'lower');
      closeAll(limits.high, table.upper, 'upper');
    });
  }

  for (const c of file.clustered) {
    it(`matches survfit(cluster): ${c.id}`, () => {
      const spells = { times: c.input.time, events: c.input.status };
      const curve = kaplanMeier(spells);
      const robust = clusteredSurvivalSe(spells, c.input.user);
      const at = (t: number) => curve.times.indexOf(t);
      closeAll(
        c.expected.time.map((t: number) => curve.survival[at(t)]),
        c.expected.surv,
        'surv',
      );
      closeAll(
        c.expected.time.map((t: number) => robust[at(t)]),
        c.expected.robust_se,
        'robust se',
      );
    });
  }

  for (const c of file.competing_risks) {
    it(`matches the multi-state survfit: ${c.id}`, () => {
      const got = aalenJohansen({ times: c.input.time }, c.input.cause);
      const pick = (column: Float64Array) => c.expected.time.map((t: number) => column[got.times.indexOf(t)]);
      closeAll(pick(got.none), c.expected.p_state0, 'none');
      closeAll(pick(got.shares[0] as Float64Array), c.expected.cif_convert, 'convert');
      closeAll(pick(got.shares[1] as Float64Array), c.expected.cif_leave, 'leave');
      closeAll(pick(got.se[0] as Float64Array), c.expected.se_convert, 'se convert');
    });
  }

  for (const c of file.piecewise_hazard) {
    it(`matches poisson.test: ${c.id}`, () => {
      const bins = piecewiseHazard({ times: c.input.time, events: c.input.status }, c.input.cuts, 0.95);
      closeAll(
        bins.map((b) => b.events),
        c.expected.events,
        'events',
      );
      closeAll(
        bins.map((b) => b.exposure),
        c.expected.exposure,
        'exposure',
      );
      closeAll(
        bins.map((b) => b.rate),
        c.expected.rate,
        'rate',
      );
      closeAll(
        bins.map((b) => b.low),
        c.expected.lower,
        'lower',
      );
      closeAll(
        bins.map((b) => b.high),
        c.expected.upper,
        'upper',
      );
    });
  }

  for (const c of file.logrank) {
    it(`matches survdiff and coxph: ${c.id}`, () => {
      const got = logRank({ times: c.input.time, events: c.input.status }, c.input.group);
      closeAll(got.observed, c.expected.observed, 'observed');
      closeAll(got.expected, c.expected.expected, 'expected');
      close(got.chiSquare, c.expected.chisq, 'chisq');
      close(got.p, c.expected.p, 'p');
      close(got.logHazardRatio, c.expected.cox_breslow_loghr, 'log hazard ratio');
      close(got.logHazardRatioSe, c.expected.cox_breslow_se, 'its se');
    });
  }
});

it('gives no quantile, no limits and no plateau for no spells', () => {
  const curve = kaplanMeier({ times: [], events: [] });
  expect(curve.times.length).toBe(0);
  expect(survivalQuantiles(curve, [0.5], 0.95)).toEqual([{ p: 0.5, value: null, low: null, high: null }]);
  expect(followUp(curve)).toBeNull();
  expect(survivalAt(curve, 3)).toBeNull();
});

it('has no answer beyond the last follow-up, but does where everybody had the event', () => {
  const open = kaplanMeier({ times: [1, 2, 5], events: [1, 1, 0] });
  expect(survivalAt(open, 5)).toBeCloseTo(1 / 3, 12);
  expect(survivalAt(open, 6)).toBeNull();
  expect(conditionalEvent(open, 1, 10, 0.95)).toBeNull();
  const closed = kaplanMeier({ times: [1, 2, 5], events: [1, 1, 1] });
  expect(survivalAt(closed, 6)).toBe(0);
  expect(conditionalEvent(closed, 5, 1, 0.95)).toBeNull();
});

it('counts frequency weights like repeated spells', () => {
  const spells = { times: [3, 1, 4, 1, 5], events: [1, 1, 0, 0, 1] };
  const weights = [2, 0, 1, 3, 2];
  const repeat = (column: number[]) => column.flatMap((x, i) => new Array<number>(weights[i] as number).fill(x));
  const weighted = kaplanMeier(arrangeSpells(spells), weights);
  const repeated = kaplanMeier({ times: repeat(spells.times), events: repeat(spells.events) });
  expect(Array.from(weighted.survival)).toEqual(Array.from(repeated.survival));
  expect(Array.from(weighted.atRisk)).toEqual(Array.from(repeated.atRisk));
});

it('leaves out a spell that is entered at its own end', () => {
  const curve = kaplanMeier({ times: [2, 4], events: [1, 1], entries: [2, 1] });
  expect(Array.from(curve.events)).toEqual([0, 1]);
  expect(Array.from(curve.atRisk)).toEqual([1, 1]);
});

it('agrees with the plain jackknife of persons, also with delayed entry', () => {
  const times = [2, 5, 5, 7, 8, 9, 12, 13, 15, 15, 20, 22];
  const events = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0];
  const entries = [0, 1, 0, 3, 0, 0, 2, 0, 6, 0, 0, 1];
  const persons = [1, 1, 2, 2, 3, 4, 4, 5, 6, 6, 6, 7];
  const spells = { times, events, entries };
  const got = clusteredSurvivalSe(spells, persons);
  const shares = aalenJohansen(
    { times, entries },
    events.map((e, i) => (e === 0 ? 0 : (i % 2) + 1)),
    persons,
  );
  // The influence as a numerical derivative in each person's weight.
  const base = arrangeSpells(spells);
  const delta = 1e-6;
  const influence = [1, 2, 3, 4, 5, 6, 7].map((p) => {
    const up = kaplanMeier(
      base,
      persons.map((q) => (q === p ? 1 + delta : 1)),
    ).survival;
    const down = kaplanMeier(
      base,
      persons.map((q) => (q === p ? 1 - delta : 1)),
    ).survival;
    return up.map((s, j) => (s - (down[j] as number)) / (2 * delta));
  });
  got.forEach((value, j) => {
    expect(value).toBeCloseTo(Math.sqrt(influence.reduce((sum, u) => sum + (u[j] as number) ** 2, 0)), 7);
  });
  // With one cause only, the share is 1 − S and its standard error that of S.
  const single = aalenJohansen({ times, entries }, events, persons);
  single.se[0]?.forEach((value, j) => {
    expect(value).toBeCloseTo(got[j] as number, 12);
  });
  shares.times.forEach((_, j) => {
    const total = (shares.none[j] as number) + (shares.shares[0]?.[j] as number) + (shares.shares[1]?.[j] as number);
    expect(total).toBeCloseTo(1, 12);
  });
});

it('takes a million spells, each person with two', () => {
  const n = 1_000_000;
  const times = Float64Array.from({ length: n }, (_, i) => (i * 7919) % 604_800);
  const events = Uint8Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const clusters = Uint32Array.from({ length: n }, (_, i) => i >> 1);
  const curve = kaplanMeier({ times, events });
  expect(curve.events.reduce((sum, d) => sum + d, 0)).toBe(333_334);
  const se = clusteredSurvivalSe({ times, events }, clusters);
  expect(se.every((x) => x >= 0 && x < 0.01)).toBe(true);
});
