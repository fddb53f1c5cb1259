import { describe, expect, it } from 'vitest';
import { PLAIN_TERMS } from '../../../engine/report/index.ts';
import { roundTicks } from '../../../renderer/charts/base.ts';
import { csvOf } from '../../../renderer/charts/copy.ts';
import { axisWords, pairedPoints, pairedRange, pairedTable } from '../../../renderer/charts/paired-windows.ts';
import {
  censorTicks,
  laterPath,
  ruleWindows,
  survivalFloor,
  survivalOption,
  survivalTable,
} from '../../../renderer/charts/survival.ts';
import type { ChartTheme } from '../../../renderer/charts/theme.ts';
import { nearestRung, roundedTime, timeOfX, xOfTime } from '../../../renderer/charts/time-scale.ts';
import { wastePoints, wasteTable } from '../../../renderer/charts/waste-reach.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const theme = new Proxy(
  {},
  { get: (_, key) => (String(key).startsWith('band') ? 0.2 : `#${String(key)}`) },
) as ChartTheme;
const none = { low: null, high: null };

/** 100 watched; ten convert at each of four times, five leave after the third. */
const survival = [
  { t: 5 * MIN, notConverted: 0.9, low: 0.83, high: 0.94, byPerson: { low: 0.82, high: 0.95 }, atRisk: 100 },
  { t: 20 * MIN, notConverted: 0.8, low: 0.71, high: 0.86, byPerson: { low: 0.7, high: 0.87 }, atRisk: 90 },
  { t: 2 * HOUR, notConverted: 0.7, low: 0.6, high: 0.78, byPerson: { low: 0.59, high: 0.79 }, atRisk: 80 },
  { t: 2 * DAY, notConverted: 0.6, low: 0.5, high: 0.69, byPerson: { low: 0.48, high: 0.7 }, atRisk: 65 },
];
const recommended = {
  settled: true,
  window: 4 * HOUR,
  low: 2 * HOUR,
  high: 4 * HOUR,
  p90: { value: 2 * HOUR, ...none },
  atHorizons: [],
  why: '',
};
const calibration = {
  survival,
  horizon: 7 * DAY,
  anchors: 100,
  converted: 40,
  percentilesAmongConverters: { p50: 20 * MIN, p75: 2 * HOUR, p90: 2 * DAY, p95: null },
  recommended,
};
const row = (window: number, low: number, high: number, more = {}) => ({
  set: {},
  window,
  episodes: 200,
  fired: 100,
  wouldConvertAnyway: 20,
  never: 80,
  waste: 0.2,
  projected: { incremental: 5, low: -2, high: 12 },
  net: { expected: 1, low: 0, high: 2 },
  pBest: 0.5,
  behind: null,
  againstLoaded: { expected: (low + high) / 2, low, high },
  breakEvenResponse: null,
  pAboveBreakEven: null,
  ...more,
});
const curves = { referenceWindow: HOUR } as never;

describe('time on an axis', () => {
  const scale = { from: MIN, to: 100 * MIN, left: 10, right: 210 };

  it('goes both ways and stays on it', () => {
    expect(xOfTime(scale, 10 * MIN)).toBeCloseTo(110, 3);
    for (const ms of [MIN, 7 * MIN, 99 * MIN]) expect(timeOfX(scale, xOfTime(scale, ms)) / ms).toBeCloseTo(1, 3);
    expect(xOfTime(scale, 1)).toBe(10);
    expect(timeOfX(scale, 999)).toBeCloseTo(100 * MIN, 6);
  });

  it('snaps to the nearest rung on the log scale, or to a time one can say', () => {
    expect(nearestRung([60, 120, 240], 84)).toBe(60);
    expect(nearestRung([60, 120, 240], 86)).toBe(120);
    expect(roundedTime(61.4 * MIN)).toBe(61 * MIN);
    expect(roundedTime(5 * HOUR + 3 * MIN)).toBe(5 * HOUR + 5 * MIN);
    expect(roundedTime(3 * DAY + 20 * MIN)).toBe(3 * DAY);
    expect(roundedTime(3)).toBe(MIN);
  });
});

describe('ticks', () => {
  it.each([
    [0, 97],
    [-3_120, 5_480],
    [-0.08, 0.27],
    [0, 0.004],
  ])('are round, few, and enclose %d to %d', (min, max) => {
    const ticks = roundTicks(min, max);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect(ticks[0]).toBeLessThanOrEqual(min);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
    if (min < 0) expect(ticks).toContain(0);
  });
});

describe('the survival chart', () => {
  it('starts its axis below the band, and draws what comes after the window as an area down to the end', () => {
    expect(survivalFloor(calibration)).toBe(0.4);
    const at = (window: number | null) => {
      const option = survivalOption({ calibration, window, rungs: [5 * MIN], terms: PLAIN_TERMS }, theme, {
        width: 768,
        height: 210,
      });
      const series = option['series'] as { stack?: string; areaStyle?: object; data: number[][] }[];
      return series.filter((one) => one.stack === 'later' && one.areaStyle !== undefined)[0]?.data ?? [];
    };
    expect(at(HOUR)[0]?.[1]).toBeCloseTo(0.2, 9);
    expect(at(3 * HOUR)[0]?.[1]).toBeCloseTo(0.1, 9);
    expect(at(3 * DAY)[0]?.[1]).toBeCloseTo(0, 9);
    expect(at(null)).toEqual([]);
    const path = laterPath({ calibration, rungs: [5 * MIN] }, { width: 768, height: 210 });
    expect(path).toBe('M92 134.0L92.0 53.0H212.6V80.0H368.5V107.0H645.0V134.0H754.0V134.0V134.0Z');
  });

  it('says the same as a table', () => {
    const { times, rows } = survivalTable({ calibration, rungs: [5 * MIN], terms: PLAIN_TERMS });
    expect(rows).toHaveLength(times.length);
    expect(rows.at(-1)).toEqual(['7 d', '60%', '48% to 70%', '65']);
  });

  it('ticks where somebody left the watch, and nowhere else', () => {
    expect(censorTicks(survival, MIN, 7 * DAY)).toEqual([2 * DAY]);
  });

  it('shows one line where the rule settles, its answers side by side where it does not', () => {
    expect(ruleWindows({ recommended })).toEqual([{ window: 4 * HOUR, words: '4 h, the rule' }]);
    const answer = (horizon: number, window: number | null) => ({ horizon, converters: 30, p90: null, window });
    const open = {
      ...recommended,
      settled: false,
      window: null,
      atHorizons: [answer(DAY, 2 * DAY), answer(3 * DAY, 5 * DAY), answer(7 * DAY, 5 * DAY), answer(9 * DAY, null)],
    };
    expect(ruleWindows({ recommended: open }).map(({ words }) => words)).toEqual([
      '2 d, the rule over 24 h',
      '5 d, the rule over 3 d and 7 d',
    ]);
  });
});

describe('the words on the curve', () => {
  const answer = (horizon: number, window: number) => ({ horizon, converters: 30, p90: null, window });
  const open = {
    ...recommended,
    settled: false,
    window: null,
    atHorizons: [answer(DAY, 2 * DAY), answer(3 * DAY, 4 * DAY), answer(7 * DAY, 6 * DAY)],
  };
  const size = { width: 768, height: 210 };
  /** Middles of the rule's words from the top of the plot, and how each percentile is named. */
  const words = (steps: readonly number[]) => {
    const flat = survival.map((step, i) => ({
      ...step,
      notConverted: steps[i] ?? 1,
      byPerson: { low: (steps[i] ?? 1) - 0.02, high: 1 },
    }));
    const option = survivalOption(
      {
        calibration: { ...calibration, survival: flat, recommended: open },
        window: null,
        rungs: [5 * MIN],
        terms: PLAIN_TERMS,
      },
      theme,
      size,
    );
    const series = option['series'] as {
      symbol?: string;
      markLine?: { data: { label: { offset: number[] } }[] };
      data: { name: string; label: { show?: boolean; position?: string } }[];
    }[];
    const rule = series.flatMap(({ markLine }) => markLine?.data.map(({ label }) => (label.offset[1] ?? 0) - 13) ?? []);
    const named = series.find(({ symbol }) => symbol === 'circle')?.data ?? [];
    return { rule, named: named.filter(({ label }) => label.show !== false).map(({ name }) => name) };
  };

  it('stand along the top where the curve leaves room there', () => {
    expect(words([0.6, 0.3, 0.2, 0.1])).toEqual({ rule: [9, 24, 39], named: ['P50 20 min', 'P75 2 h', 'P90 2 d'] });
  });

  it('stand along the axis where the curve runs along the top', () => {
    const { rule } = words([0.995, 0.99, 0.98, 0.97]);
    // 162 px high: the last 9 px over the axis.
    expect(rule).toEqual([123, 138, 153]);
  });
});

describe('the charts of a sweep', () => {
  it('give shares of the emailed, below zero too, and leave out what is not projected', () => {
    const points = wastePoints({
      rows: [row(HOUR, 0, 0), row(2 * HOUR, 0, 0, { projected: { incremental: null, ...none } })],
    });
    expect(points[0]).toEqual({ window: HOUR, anyway: 0.2, because: 0.05, low: -0.02, high: 0.12 });
    expect(wasteTable(points, PLAIN_TERMS).rows).toEqual([
      ['60 min', '20%', '5.0%', '−2.0% to 12.0%'],
      ['2 h', '20%', 'not projected', 'not projected'],
    ]);
  });

  it('tell worse, better and the same apart by the interval, never by the dot', () => {
    const rows = [row(15 * MIN, -90, -10), row(HOUR, 0, 0), row(2 * HOUR, -50, 80), row(DAY, 5, 60)];
    const points = pairedPoints({ rows, curves });
    expect(points.map(({ is }) => is)).toEqual(['worse', 'current', 'same', 'better']);
    expect(pairedTable({ points, by: 'net', currency: 'USD' }).rows.map((cells) => cells.at(-1))).toEqual([
      'worse',
      'in force',
      'cannot be told apart',
      'better',
    ]);
  });

  it('one wild interval does not flatten the others', () => {
    const rows = [row(15 * MIN, -40, 20), row(HOUR, 0, 0), row(2 * HOUR, -50, 30), row(DAY, -9_000, 60)];
    const points = pairedPoints({
      rows: rows.map((r) => ({ ...r, againstLoaded: { ...r.againstLoaded, expected: -5 } })),
      curves,
    });
    const [low, high] = pairedRange(points);
    expect(low).toBeGreaterThan(-200);
    expect(high).toBeGreaterThanOrEqual(30);
  });

  it('write money on the axis in one unit', () => {
    expect([-7_500, 0, 2_500].map((value) => axisWords(value, 7_500, { by: 'net', currency: 'USD' }))).toEqual([
      '−$7.5k',
      '$0',
      '+$2.5k',
    ]);
    expect(axisWords(200, 400, { by: 'net', currency: null })).toBe('+200');
    expect(axisWords(12_500, 20_000, { by: 'incremental', currency: null })).toBe('+12,500');
  });

  it('are nothing where nothing was projected', () => {
    expect(pairedPoints({ rows: [row(HOUR, 0, 0, { againstLoaded: null })], curves })).toEqual([]);
  });
});

describe('copies', () => {
  it('quote what a CSV would misread', () => {
    expect(csvOf({ columns: ['a', 'b,c'], rows: [['1,271', 'say "no"']] })).toBe('a,"b,c"\n"1,271","say ""no"""\n');
  });
});
