import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../engine/base/index.ts';
import { holdoutChart, plannedRows } from '../../../../engine/report/charts/holdout.ts';
import { pairsChart } from '../../../../engine/report/charts/pairs.ts';
import { returnPoints, silenceChart } from '../../../../engine/report/charts/silence.ts';
import { type ChartSpec, roundTicks } from '../../../../engine/report/charts/spec.ts';
import { splitChart } from '../../../../engine/report/charts/split.ts';
import { survivalChart, survivalTable } from '../../../../engine/report/charts/survival.ts';
import { drawnSteps, survivalAt } from '../../../../engine/report/charts/survival-read.ts';
import { sweepChart } from '../../../../engine/report/charts/sweep.ts';
import { timeAxis, timeX } from '../../../../engine/report/charts/time-axis.ts';
import { termsFor } from '../../../../engine/report/terms.ts';
import { sampleDemo, sampleLook } from '../sample.ts';

const demo = sampleDemo();
const look = sampleLook();
const terms = termsFor('Added to Cart', 'Purchased');
const plan = demo.holdout;
if (plan === null) throw new Error('the sample has a plan');
const effect = { expected: 483, low: -136, high: 1_327 };

const specs: [string, ChartSpec][] = [
  ['survival', survivalChart(demo.calibration, terms)],
  ['sweep', sweepChart(demo.sweep, HOUR_MS, terms)],
  ['split', splitChart(1_271, effect, terms)],
  ['holdout', holdoutChart(plan, terms)],
  ['pairs', pairsChart(look.pairs)],
  ['silence', silenceChart(look.silence)],
];

describe.each(specs)('the chart "%s"', (_, spec) => {
  it('is plain data without a hole in it', () => {
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(JSON.stringify(spec.option)).not.toMatch(/NaN|Infinity/);
  });

  it('names only helpers the page has, at places the option has', () => {
    for (const hook of spec.hooks) {
      let place: unknown = spec.option;
      for (const key of hook.path.slice(0, -1)) place = (place as Record<string, unknown>)[key];
      expect(place, hook.path.join('.')).toBeTypeOf('object');
      expect(['tip', 'lookup']).toContain(hook.helper);
    }
  });

  it('takes colours from the theme alone', () => {
    const colors = JSON.stringify(spec.option).matchAll(/"(?:color|borderColor|fill|backgroundColor)":"([^"]*)"/g);
    for (const [, color] of colors) expect(color).toMatch(/^(var\(--[a-z0-9-]+\)|color-mix\(.*\)|transparent)$/);
  });

  it('is walked with arrow keys along items that say what they are', () => {
    const series = spec.option['series'] as readonly { data: readonly { tip?: unknown }[] }[];
    const items = series[spec.walk ?? -1]?.data ?? [];
    expect(items.length).toBeGreaterThan(0);
    expect(items.every((item) => item.tip !== undefined)).toBe(true);
  });
});

interface Labelled {
  readonly name: string;
  readonly value: readonly [number, number];
  readonly label: { readonly offset: readonly [number, number] };
}

describe('the survival curve', () => {
  const marks = (calibration: typeof demo.calibration) => {
    const series = survivalChart(calibration, terms).option['series'] as readonly {
      markLine?: { data: readonly { label: { formatter: string } }[] };
    }[];
    return series.flatMap((s) => s.markLine?.data ?? []).map((mark) => mark.label.formatter);
  };

  it('marks the window in force, and the rule only where it settles', () => {
    expect(marks(demo.calibration)).toEqual(['60 min, now', '2 h, the rule']);
    const unsettled = { ...demo.calibration.recommended, settled: false, window: null };
    expect(marks({ ...demo.calibration, recommended: unsettled })).toEqual(['60 min, now']);
    const equal = { ...demo.calibration.recommended, window: HOUR_MS };
    expect(marks({ ...demo.calibration, recommended: equal })).toEqual(['60 min, now, and the rule']);
  });

  it('writes its percentiles beneath each other, wherever their points lie', () => {
    const { survival } = demo.calibration;
    // A fiftieth of the buyers: the three points lie within a few pixels.
    const rare = survival.map((point) => ({
      ...point,
      notConverted: 1 - (1 - point.notConverted) / 50,
      low: null,
      high: null,
    }));
    for (const curve of [survival, rare]) {
      const { option } = survivalChart({ ...demo.calibration, survival: curve }, terms);
      const axis = option['yAxis'] as { min: number };
      const series = option['series'] as unknown as readonly { type: string; data: readonly Labelled[] }[];
      const { height } = option['grid'] as { height: number };
      const points = series.find(({ type }) => type === 'scatter')?.data ?? [];
      expect(points.map(({ name }) => name.split(' ')[0])).toEqual(['50%', '75%', '90%']);
      const places = points.map(({ value, label }) => ((1 - value[1]) / (1 - axis.min)) * height + label.offset[1]);
      const gaps = places.slice(1).map((y, i) => y - (places[i] as number));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(13);
      expect(points[0]?.label.offset).toEqual([0, 0]);
      expect(Math.max(...places)).toBeLessThan(height);
    }
  });

  it('keeps exact steps when it thins them', () => {
    const { survival, horizon } = demo.calibration;
    const steps = drawnSteps(survival, 2 * MINUTE_MS, horizon, 300);
    expect(steps.length).toBeLessThanOrEqual(302);
    const exact = new Map(survival.map((point) => [point.t, point.notConverted]));
    for (const step of steps.slice(1, -1)) expect(exact.get(step.t)).toBe(step.notConverted);
    expect(steps[0]?.t).toBe(2 * MINUTE_MS);
    expect(steps.at(-1)).toEqual({ ...survivalAt(survival, horizon), t: horizon });
  });

  it('reads the step that holds at a time', () => {
    const none = { low: null, high: null };
    const points = [
      { t: 10, notConverted: 0.9, ...none, byPerson: none, atRisk: 10 },
      { t: 20, notConverted: 0.8, ...none, byPerson: none, atRisk: 9 },
    ];
    expect(survivalAt(points, 9).notConverted).toBe(1);
    expect(survivalAt(points, 10).notConverted).toBe(0.9);
    expect(survivalAt(points, 19).notConverted).toBe(0.9);
    expect(survivalAt(points, 99).notConverted).toBe(0.8);
    expect(survivalAt([], 5).notConverted).toBe(1);
  });

  it('says in words where limits are undefined', () => {
    const bare = demo.calibration.survival.map((point) => ({ ...point, low: null, high: null }));
    const table = survivalTable({ ...demo.calibration, survival: bare }, terms);
    expect(table.rows.every((row) => row.cells.at(-1) === 'not estimable')).toBe(true);
    expect(JSON.stringify(survivalChart({ ...demo.calibration, survival: bare }, terms))).not.toContain('NaN');
  });
});

describe('axes', () => {
  it('puts round times on a logarithmic axis, apart from each other, ends included', () => {
    const { ticks } = timeAxis(90_000, 8 * 24 * HOUR_MS, 10);
    expect(ticks[0]).toBe(60_000);
    expect(ticks.at(-1)).toBe(8 * 24 * HOUR_MS);
    expect(ticks.length).toBeLessThanOrEqual(13);
    expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
    expect(timeX(MINUTE_MS)).toBe(0);
  });

  it('covers a range that holds 0 in three to six round steps', () => {
    for (const [low, high] of [
      [0, 0.197],
      [-655, 1_327],
      [0, 1],
      [-3, 0],
      [0, 1e6],
    ] as const) {
      const { min, max, step } = roundTicks(low, high);
      expect(min).toBeLessThanOrEqual(low);
      expect(max).toBeGreaterThanOrEqual(high);
      const n = Math.round((max - min) / step);
      expect(n).toBeGreaterThanOrEqual(3);
      expect(n).toBeLessThanOrEqual(6);
    }
  });
});

describe('smaller charts', () => {
  it('show the chosen share of a holdout even where it is none of the table', () => {
    const other = { ...plan, fraction: 0.12 };
    expect(plannedRows(other).map((row) => row.fraction)).toEqual([0.05, 0.1, 0.12, 0.15, 0.2, 0.3, 0.5]);
  });

  it('leave out silences that too few could be followed in', () => {
    const [first, ...rest] = look.silence.steps;
    if (first === undefined) throw new Error('the sample has steps');
    const few = { ...look.silence, steps: [{ ...first, followed: 19, returnedWithinFollow: 9 }, ...rest] };
    expect(returnPoints(few)).toHaveLength(look.silence.steps.length - 1);
  });

  it('show a cost as a missing piece in the same hue', () => {
    const { option } = splitChart(1_271, { expected: -100, low: -300, high: 90 }, terms);
    const series = option['series'] as readonly {
      data: readonly { value: number }[];
      itemStyle: { borderColor?: string };
    }[];
    expect(series[0]?.data[0]?.value).toBe(1_171);
    expect(series[1]?.data[0]?.value).toBe(100);
    expect(series[1]?.itemStyle.borderColor).toBe('var(--because)');
  });
});
