// Which windows can be told apart: for each, the projected difference to the one in force, on the same draws, as a dot
// with its 95 % interval. An interval without 0 is filled; one that leaves the plot ends in an arrow.

import type { SweepAnswer } from '../../engine/api/index.ts';
import { type Currency, humanDuration as duration, range, signedCount, signedMoney } from '../../engine/base/index.ts';
import { axisLabel, baseOption, type ChartOption, type ChartSize, type PlotBox, roundTicks, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type ChartTheme, FONT } from './theme.ts';

export const PAIRED_BOX: PlotBox = { left: 52, right: 8, top: 8, bottom: 20 };

export interface PairedPoint {
  readonly window: number;
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly is: 'current' | 'same' | 'worse' | 'better';
}

/** Empty where nothing could be projected. */
export function pairedPoints(sweep: Pick<SweepAnswer, 'rows' | 'curves'>): PairedPoint[] {
  return sweep.rows.flatMap(({ window, againstLoaded }) => {
    if (window === null || againstLoaded == null) return [];
    const { low, high } = againstLoaded;
    const is = window === sweep.curves?.referenceWindow ? 'current' : high < 0 ? 'worse' : low > 0 ? 'better' : 'same';
    return [{ window, ...againstLoaded, is } as const];
  });
}

export interface PairedInput {
  readonly points: readonly PairedPoint[];
  readonly by: SweepAnswer['by'];
  readonly currency: Currency;
}

/** What is drawn: all dots, and whiskers as far as the typical one reaches. */
export function pairedRange(points: readonly PairedPoint[]): [number, number] {
  const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const others = points.filter(({ is }) => is !== 'current');
  const dots = others.map(({ expected }) => expected);
  return [
    Math.min(0, 1.15 * Math.min(...dots, 0), 1.6 * middle(others.map(({ low }) => Math.min(0, low)))),
    Math.max(0, 1.15 * Math.max(...dots, 0), 1.6 * middle(others.map(({ high }) => Math.max(0, high)))),
  ];
}

export function pairedOption(input: PairedInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const { points } = input;
  const [least, most] = pairedRange(points);
  const ticks = roundTicks(least, most > least ? most : least + 1, size.height > 220 ? 6 : 4);
  const bottom = ticks[0] ?? 0;
  const top = ticks.at(-1) ?? 1;
  const every = Math.max(1, Math.ceil(points.length / Math.max(1, Math.floor((size.width - 60) / 26))));
  return {
    ...baseOption(theme, PAIRED_BOX),
    xAxis: {
      type: 'category',
      data: points.map(({ window }) => duration(window)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: axisLabel(theme, {
        interval: (i: number) => i % every === 0 || points[i]?.is === 'current',
        formatter: (_: string, i: number) => {
          const words = shortWords(points, i);
          return points[i]?.is === 'current' ? `{now|${words}}` : words;
        },
        rich: { now: { color: theme.ink, fontWeight: 600, fontSize: 11, fontFamily: FONT } },
      }),
    },
    yAxis: yAxis(theme, ticks, (value) => axisWords(value, Math.max(-bottom, top), input)),
    series: [
      {
        type: 'custom',
        silent: true,
        data: points.map((_, i) => i),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [{ yAxis: 0, label: { show: false }, lineStyle: { color: theme.lineStrong, type: 'solid', width: 1 } }],
        },
        renderItem: (params: { dataIndex: number }, api: { coord: (point: number[]) => number[] }) => {
          const point = points[params.dataIndex];
          if (point === undefined) return null;
          return whisker(
            point,
            (value) => api.coord([params.dataIndex, Math.min(top, Math.max(bottom, value))]),
            { bottom, top },
            theme,
          );
        },
      },
    ],
  };
}

export function pairedTable(input: PairedInput): ChartTable {
  const verdict = { current: 'in force', same: 'cannot be told apart', worse: 'worse', better: 'better' };
  return {
    columns: ['Window', input.by === 'net' ? 'Profit, difference' : 'Added, difference', '95% interval', 'Verdict'],
    rows: input.points.map((p) => [
      duration(p.window),
      p.is === 'current' ? 'in force' : differenceWords(p.expected, input),
      p.is === 'current' ? '' : range([p.low, p.high], (x) => differenceWords(x, input)),
      verdict[p.is],
    ]),
  };
}

export function pairedX(points: readonly PairedPoint[], row: number, width: number): number {
  const { left, right } = PAIRED_BOX;
  return left + ((row + 0.5) / points.length) * (width - left - right);
}

function differenceWords(value: number, { by, currency }: Pick<PairedInput, 'by' | 'currency'>): string {
  return by === 'incremental' ? signedCount(value) : signedMoney(Math.round(value), currency);
}

/** In thousands where the axis reaches 2,000: `+$2.5k`. @param largest of the axis, absolute */
export function axisWords(
  value: number,
  largest: number,
  { by, currency }: Pick<PairedInput, 'by' | 'currency'>,
): string {
  if (by === 'incremental' || largest < 2_000 || value === 0) return differenceWords(value, { by, currency });
  const thousands = Number((Math.abs(value) / 1_000).toFixed(2));
  const text = signedMoney(1, currency).replace('1', `${thousands}k`);
  return value < 0 ? text.replace('+', '−') : text;
}

/** The unit once for each run of it: `15 min, 20, 30, 2 h, 3`. */
function shortWords(points: readonly PairedPoint[], i: number): string {
  const [value = '', unit = ''] = duration(points[i]?.window ?? 0).split(' ');
  const before = i === 0 ? '' : duration(points[i - 1]?.window ?? 0).split(' ')[1];
  return unit === before ? value : `${value} ${unit}`;
}

function whisker(
  point: PairedPoint,
  place: (value: number) => number[],
  { bottom, top }: { bottom: number; top: number },
  theme: ChartTheme,
) {
  const [x = 0, y = 0] = place(point.expected);
  const isTold = point.is === 'worse' || point.is === 'better';
  const color = point.is === 'worse' ? theme.suppressed : point.is === 'better' ? theme.because : theme.ink2;
  const stroke = { stroke: color, lineWidth: 1.5, fill: 'none' };
  if (point.is === 'current') return { type: 'circle', shape: { cx: x, cy: y, r: 4.5 }, style: { fill: theme.ink } };
  const yLow = place(point.low)[1] ?? 0;
  const yHigh = place(point.high)[1] ?? 0;
  const arrow = (at: number, way: 1 | -1) => ({
    type: 'polyline',
    shape: {
      points: [
        [x - 3.5, at - 5 * way],
        [x, at],
        [x + 3.5, at - 5 * way],
      ],
    },
    style: stroke,
  });
  return {
    type: 'group',
    children: [
      { type: 'line', shape: { x1: x, y1: yLow, x2: x, y2: yHigh }, style: stroke },
      ...(point.low < bottom ? [arrow(yLow, 1)] : []),
      ...(point.high > top ? [arrow(yHigh, -1)] : []),
      {
        type: 'circle',
        shape: { cx: x, cy: y, r: 3.5 },
        style: { fill: isTold ? color : theme.surface, stroke: color, lineWidth: 1.5 },
      },
    ],
  };
}
