// The running total by segment: cells that share the frame, one scale, and figures that are the parts' own.

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import {
  partCells,
  partsOption,
  partsPicture,
  partsTable,
  partWords,
  type RunningParts,
} from '../../../renderer/charts/running-parts.ts';
import type { ChartTheme } from '../../../renderer/charts/theme.ts';

const theme = { ink: '#000', surface: '#fff', because: '#00f', anyway: '#888' } as unknown as ChartTheme;
const size = { width: 400, height: 240 };
const FROM = Date.UTC(2026, 3, 1);

function parts(...ends: readonly (readonly [name: string, anyway: number, because: number])[]): RunningParts {
  const ramp = (to: number) => Array.from({ length: 11 }, (_, c) => (to * c) / 10);
  return {
    points: ramp(10).map((c) => ({
      at: FROM + c * DAY_MS,
      anyway: 0,
      because: 0,
      low95: null,
      low80: null,
      high80: null,
      high95: null,
      enrolled: 0,
      open: 0,
    })),
    parts: ends.map(([name, anyway, because]) => ({
      name,
      because: Math.round(because),
      running: { anyway: ramp(anyway), because: ramp(because) },
    })),
  };
}

const two = parts(['regular', 180, 13.4], ['occasional', 240, -12]);

interface Drawn {
  readonly grid: readonly { top: number; height: number }[];
  readonly yAxis: readonly { min: number; max: number; axisLabel: { formatter: (value: number) => string } }[];
  readonly series: readonly { xAxisIndex: number; data: readonly [number, number][] }[];
  readonly graphic: readonly { style: { text: string } }[];
}
const drawn = (of: RunningParts) => partsOption(of, theme, size) as unknown as Drawn;

describe('the cells', () => {
  it.each([1, 2, 5])('lie beneath each other inside the frame: %i', (n) => {
    const cells = partCells(parts(...Array.from({ length: n }, (_, i) => [`s${i}`, 5, 1] as const)), size);
    expect(cells).toHaveLength(n);
    for (const [i, { top, height }] of cells.entries()) {
      expect(height).toBeGreaterThan(20);
      const before = cells[i - 1];
      expect(top).toBeGreaterThan(before === undefined ? 0 : before.top + before.height);
      expect(top + height).toBeLessThanOrEqual(size.height - 20);
    }
  });

  it('have one scale, which holds the highest line and 0', () => {
    const { yAxis } = drawn(two);
    expect(new Set(yAxis.map(({ min, max }) => `${min} ${max}`)).size).toBe(1);
    expect(yAxis[0]?.min).toBe(0);
    expect(yAxis[0]?.max).toBeGreaterThanOrEqual(240);
    expect(drawn(parts(['a', 3, -8])).yAxis[0]?.min).toBeLessThanOrEqual(-5);
  });

  it('say the lowest number of the scale once', () => {
    const words = drawn(two).yAxis.map(({ min, axisLabel }) => axisLabel.formatter(min));
    expect(words).toEqual(['', '0']);
  });
});

it('draws what comes anyway, and over it what the emails add', () => {
  const last = drawn(two).series.map(({ xAxisIndex, data }) => [xAxisIndex, ...(data.at(-1) ?? [])]);
  const end = FROM + 10 * DAY_MS;
  expect(last).toEqual([
    [0, end, 180],
    [0, end, 193.4],
    [1, end, 240],
    [1, end, 228],
  ]);
});

it('says the same in words, in a table and in a copied picture', () => {
  expect(two.parts.map(partWords)).toEqual([
    ['180', '+13'],
    ['240', '−12'],
  ]);
  const table = partsTable(two);
  expect(table.columns).toEqual([
    'Up to',
    'regular: anyway',
    'regular: because, projected',
    'occasional: anyway',
    'occasional: because, projected',
  ]);
  expect(table.rows.at(-1)).toEqual(['11 Apr 2026', '180', '+13', '240', '−12']);
  const texts = (partsPicture(two, theme, size) as unknown as Drawn).graphic.map(({ style }) => style.text);
  expect(texts).toEqual(['regular', '180, +13', 'occasional', '240, −12']);
});
