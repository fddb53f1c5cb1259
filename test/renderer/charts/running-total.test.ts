// The running total's chart, the calendar under it, and pictures that stand alone.

import { describe, expect, it } from 'vitest';
import { DAY_MS, WEEK_MS } from '../../../engine/base/index.ts';
import { PLAIN_TERMS } from '../../../engine/report/index.ts';
import { calendarTicks } from '../../../renderer/charts/calendar-ticks.ts';
import { pictureName, stampWords } from '../../../renderer/charts/picture.ts';
import {
  endLabels,
  type Running,
  runningOption,
  runningTable,
  runningTitle,
  runningX,
  spread,
} from '../../../renderer/charts/running-total.ts';
import type { ChartTheme } from '../../../renderer/charts/theme.ts';
import { creditedCounts, overCredit, ruleWords } from '../../../renderer/views/simulate/attributed.tsx';
import { classWords } from '../../../renderer/views/simulate/by-value.tsx';
import { strideOf } from '../../../renderer/views/simulate/use-replay.ts';

const theme = {
  ink: '#000',
  surface: '#fff',
  because: '#00f',
  anyway: '#888',
  band80: 0.26,
  band95: 0.13,
} as unknown as ChartTheme;
const size = { width: 400, height: 240 };
const FROM = Date.UTC(2026, 3, 1);

function running(
  ends: { anyway: number; because: number; low: number; high: number },
  n = 10,
  stepMs: number = WEEK_MS,
): Running {
  const part = (c: number, of: number) => (of * c) / n;
  return {
    stepMs,
    points: Array.from({ length: n + 1 }, (_, c) => ({
      at: FROM + c * stepMs,
      anyway: Math.round(part(c, ends.anyway)),
      because: part(c, ends.because),
      low95: part(c, ends.low),
      low80: part(c, ends.low / 2),
      high80: part(c, ends.high / 2),
      high95: part(c, ends.high),
      enrolled: c === 0 ? 0 : 5,
      open: c,
    })),
  };
}

const usual = running({ anyway: 1271, because: 483.4, low: -136, high: 1327 });

describe('the end labels', () => {
  it('say total, because, anyway and both limits, which add up', () => {
    const words = endLabels(usual, size).map((label) => label.words);
    expect(words).toEqual(['2,598', '1,754 in all', '+483 because', '1,271 anyway', '1,135']);
  });

  it('stand in order and never on each other, also where all is one', () => {
    for (const ends of [
      { anyway: 1271, because: 483, low: -136, high: 1327 },
      { anyway: 100, because: 0, low: 0, high: 0 },
      { anyway: 100, because: -40, low: -80, high: 5 },
      { anyway: 0, because: 0, low: 0, high: 0 },
    ]) {
      const places = endLabels(running(ends), size).map(({ y }) => y);
      places.slice(1).forEach((y, i) => {
        expect(y - (places[i] as number)).toBeGreaterThanOrEqual(15 - 1e-9);
      });
      expect(Math.min(...places)).toBeGreaterThan(0);
      expect(Math.max(...places)).toBeLessThan(size.height);
    }
  });

  it('say a loss as one', () => {
    const words = endLabels(running({ anyway: 100, because: -40, low: -80, high: 5 }), size).map(
      (label) => label.words,
    );
    expect(words).toContain('−40 because');
    expect(words).toContain('60 in all');
  });

  it('are moved apart as little as it takes', () => {
    const blocks = [10, 12, 100].map((y) => ({ y, height: 10 }));
    expect(spread(blocks, 0, 200)).toEqual([5, 15, 95]);
    expect(
      spread(
        [
          { y: 98, height: 10 },
          { y: 99, height: 10 },
        ],
        0,
        100,
      ),
    ).toEqual([80, 90]);
  });
});

describe('the plot', () => {
  it('draws what comes anyway from 0, and the sum over it', () => {
    const option = runningOption(usual, theme, size) as unknown as {
      yAxis: { min: number; max: number };
      series: { type: string; data: number[][]; areaStyle?: object }[];
    };
    expect(option.yAxis.min).toBe(0);
    expect(option.yAxis.max).toBeGreaterThanOrEqual(2598);
    const [anyway, , , total] = option.series;
    expect(anyway?.areaStyle).toBeDefined();
    expect(anyway?.data.at(-1)?.[1]).toBe(1271);
    expect(total?.data.at(-1)?.[1]).toBeCloseTo(1754.4, 9);
    expect(runningX(usual.points, 0, size)).toBe(44);
    expect(runningX(usual.points, 10, size)).toBe(302);
  });

  it('goes below 0 only where the total can', () => {
    const option = runningOption(running({ anyway: 3, because: -1, low: -6, high: 2 }), theme, size);
    expect((option['yAxis'] as { min: number }).min).toBeLessThanOrEqual(-3);
  });

  it('says the same as a table', () => {
    const { columns, rows } = runningTable(usual, PLAIN_TERMS);
    expect(columns).toHaveLength(6);
    expect(rows).toHaveLength(11);
    expect(rows.at(-1)).toEqual(['10 Jun 2026', '1,271', '+483', '−68 to +664', '−136 to +1,327', '5']);
    expect(runningTitle(7 * DAY_MS, PLAIN_TERMS)).toBe('Conversions within 7 d, running total');
  });
});

describe('the calendar', () => {
  const words = (from: number, to: number, most = 7) => calendarTicks(from, to, most).map((tick) => tick.words);

  it('ticks months, with the year in January', () => {
    expect(words(Date.UTC(2025, 9, 14), Date.UTC(2026, 3, 2))).toEqual(['Nov', 'Dec', '2026', 'Feb', 'Mar', 'Apr']);
  });

  it('ticks days and weeks on short spans, and never too often', () => {
    expect(words(FROM, FROM + 4 * DAY_MS)).toEqual(['1 Apr', '2 Apr', '3 Apr', '4 Apr', '5 Apr']);
    expect(words(FROM, FROM + 21 * DAY_MS, 4)).toEqual(['1 Apr', '8 Apr', '15 Apr', '22 Apr']);
    for (const days of [1, 9, 40, 100, 400, 3_000]) {
      const n = words(FROM + 1, FROM + days * DAY_MS).length;
      expect(n).toBeGreaterThan(0);
      expect(n).toBeLessThanOrEqual(8);
    }
  });
});

describe('the replay', () => {
  it('goes by weeks, and by days where there are few of them', () => {
    expect(strideOf(usual)).toBe(1);
    expect(strideOf(running({ anyway: 1, because: 0, low: 0, high: 0 }, 60, DAY_MS))).toBe(7);
    expect(strideOf(running({ anyway: 1, because: 0, low: 0, high: 0 }, 9, DAY_MS))).toBe(1);
  });
});

describe('credit', () => {
  const attributed = {
    rule: { withinMs: 5 * DAY_MS, model: 'last', halfLifeMs: 1 },
    credited: 1486.2,
    anyway: 1003.1,
    because: 483.1,
    steps: [
      { id: 'a', anyway: 600.6, because: 300.6 },
      { id: 'b', anyway: 402.5, because: 182.5 },
    ],
  } as const;
  const effect = (expected: number | null) => ({ incremental: { expected, low: expected, high: expected } }) as never;

  it('adds up by email and in all', () => {
    const { steps, anyway, because, credited } = creditedCounts(attributed);
    expect(credited).toBe(1486);
    expect(anyway + because).toBe(credited);
    expect(steps.reduce((sum, step) => sum + step.anyway, 0)).toBe(anyway);
    expect(ruleWords(attributed)).toBe('5 d after an email, to the last one');
  });

  it('is set against the effect, where there is one', () => {
    expect(overCredit(attributed, effect(483))).toBe('That is 3.1 times the projected effect.');
    expect(overCredit(attributed, effect(-20))).toMatch(/none, or harm/);
    expect(overCredit(attributed, effect(null))).toMatch(/not known/);
  });
});

it('names classes of value', () => {
  const one = (from: number | null, to: number | null) => classWords({ from, to } as never, 'USD');
  expect([one(null, 35), one(35, 70), one(70, null), one(null, null)]).toEqual([
    'Under $35',
    '$35 to $70',
    '$70 and over',
    'Without a value',
  ]);
});

it('names files by what they show, and says what they were made of', () => {
  expect(pictureName('Orders within 7 d, running total', 'png')).toBe('orders-within-7-d-running-total.png');
  expect(pictureName('…', 'svg')).toBe('chart.svg');
  const stamp = { history: '7f3a91c4aa', workflow: 'b20e6d17bb', version: '1.0.0', seed: 42 };
  expect(stampWords(stamp)).toBe('data 7f3a91c4, workflow b20e6d17, v1.0.0, seed 42');
});
