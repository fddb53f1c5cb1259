// What waiting saves and costs, as shares of the emailed on one axis: those who convert anyway (counted) and those who
// convert because of the emails (projected, with its 95 % interval). Below zero the emails would cost orders.

import type { SweepAnswer } from '../../engine/api/index.ts';
import { humanDuration as duration, percent } from '../../engine/base/index.ts';
import { type Terms, timeX } from '../../engine/report/index.ts';
import {
  axisLabel,
  baseOption,
  type ChartOption,
  type ChartSize,
  labelText,
  type PlotBox,
  roundTicks,
  yAxis,
} from './base.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';
import { xOfTime } from './time-scale.ts';

export const WASTE_BOX: PlotBox = { left: 40, right: 10, top: 10, bottom: 20 };

export interface WastePoint {
  readonly window: number;
  /** Shares of the emailed; `because` and its limits null where not projected. */
  readonly anyway: number;
  readonly because: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export function wastePoints(sweep: Pick<SweepAnswer, 'rows'>): WastePoint[] {
  return sweep.rows.flatMap(({ window, fired, waste, projected }) => {
    if (window === null || waste === null || fired === 0) return [];
    const of = (x: number | null) => (x === null ? null : x / fired);
    return [
      { window, anyway: waste, because: of(projected.incremental), low: of(projected.low), high: of(projected.high) },
    ];
  });
}

export interface WasteInput {
  readonly points: readonly WastePoint[];
  /** Of the handle, ms; null leaves out its line and the words beside it. */
  readonly window: number | null;
  readonly terms: Terms;
}

export function wasteOption({ points, window, terms }: WasteInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const first = points[0]?.window ?? 1;
  const last = points.at(-1)?.window ?? 2;
  const ticks = wasteTicks(points);
  const labels = xTicks(points, size.width);
  const drawn = points.filter((p) => p.because !== null && p.low !== null && p.high !== null);
  const at = window === null ? null : nearestPoint(points, window);
  return {
    ...baseOption(theme, WASTE_BOX),
    xAxis: {
      type: 'value',
      min: timeX(first),
      max: timeX(last),
      splitLine: { show: false },
      axisTick: { show: false, customValues: labels.map(timeX) },
      axisLine: { show: false },
      axisLabel: axisLabel(theme, {
        customValues: labels.map(timeX),
        alignMinLabel: 'left',
        alignMaxLabel: 'right',
        formatter: (x: number) => duration(labels.find((ms) => Math.abs(timeX(ms) - x) < 1e-6) ?? 0),
      }),
    },
    yAxis: yAxis(theme, ticks, (value) => percentOrMinus(value)),
    series: [
      band(
        drawn.map((p) => [timeX(p.window), p.low ?? 0, p.high ?? 0]),
        theme,
      ),
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { width: 2, color: theme.because },
        data: drawn.map((p) => [timeX(p.window), p.because]),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            { yAxis: 0, label: { show: false }, lineStyle: { color: theme.lineStrong, width: 1, type: 'solid' } },
            ...(window !== null && window >= first && window <= last
              ? [
                  {
                    xAxis: timeX(window),
                    label: { show: false },
                    lineStyle: { color: theme.ink, width: 1.5, type: 'solid' },
                  },
                ]
              : []),
          ],
        },
      },
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { width: 2.2, color: theme.anyway },
        data: points.map((p) => [timeX(p.window), p.anyway]),
      },
      ...(at === null
        ? []
        : [
            pointLabel(
              [timeX(at.window), at.anyway],
              `{b|Anyway} ${percent(at.anyway)} ${terms.done} later`,
              theme.ink,
              'top',
              theme,
              timeX(at.window) > (timeX(first) + timeX(last)) / 2,
            ),
            ...(at.because === null
              ? []
              : [
                  pointLabel(
                    [timeX(at.window), at.because],
                    `{b|Because} ${percentOrMinus(at.because, 1)}, projected`,
                    theme.because,
                    'bottom',
                    theme,
                    timeX(at.window) > (timeX(first) + timeX(last)) / 2,
                  ),
                ]),
          ]),
    ],
  };
}

function wasteTicks(points: readonly WastePoint[]): number[] {
  const all = points.flatMap(({ anyway, low, high, because }) => [anyway, low ?? because ?? 0, high ?? because ?? 0]);
  return roundTicks(Math.min(0, ...all), Math.max(0.05, ...all), 4);
}

/** Places in the frame, px. */
export function wasteX(points: readonly WastePoint[], window: number, { width }: Pick<ChartSize, 'width'>): number {
  const { left, right } = WASTE_BOX;
  const scale = { from: points[0]?.window ?? 1, to: points.at(-1)?.window ?? 2, left, right: width - right };
  return xOfTime(scale, window);
}

export function wasteY(points: readonly WastePoint[], value: number, { height }: Pick<ChartSize, 'height'>): number {
  const ticks = wasteTicks(points);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const { top, bottom } = WASTE_BOX;
  return top + ((high - value) / (high - low)) * (height - top - bottom);
}

export function wasteTable(points: readonly WastePoint[], terms: Terms): ChartTable {
  return {
    columns: ['Window', `${terms.done} anyway`, 'because, projected', '95% interval'],
    rows: points.map((p) => [
      duration(p.window),
      percent(p.anyway),
      p.because === null ? 'not projected' : percentOrMinus(p.because, 1),
      p.low === null || p.high === null
        ? 'not projected'
        : `${percentOrMinus(p.low, 1)} to ${percentOrMinus(p.high, 1)}`,
    ]),
  };
}

/** −4.2%, 12%. */
export function percentOrMinus(rate: number, digits = 0): string {
  const text = percent(Math.abs(rate), Math.abs(rate) > 0 && Math.abs(rate) < 0.01 ? Math.max(1, digits) : digits);
  return rate < 0 ? `−${text}` : text;
}

function band(data: readonly (readonly number[])[], theme: ChartTheme) {
  return {
    type: 'custom',
    silent: true,
    data: data.length === 0 ? [] : [0],
    renderItem: (_: unknown, api: { coord: (point: number[]) => number[] }) => ({
      type: 'polygon',
      shape: {
        points: [
          ...data.map(([x = 0, , high = 0]) => api.coord([x, high])),
          ...data.map(([x = 0, low = 0]) => api.coord([x, low])).reverse(),
        ],
      },
      style: { fill: theme.because, opacity: theme.band95 },
    }),
  };
}

function pointLabel(
  value: readonly number[],
  words: string,
  color: string,
  side: 'top' | 'bottom',
  theme: ChartTheme,
  isRight: boolean,
) {
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 0,
    z: 6,
    data: [{ value, name: words }],
    label: labelText(theme, {
      show: true,
      formatter: words,
      position: isRight ? 'left' : 'right',
      distance: 8,
      offset: [0, side === 'top' ? -10 : 10],
      rich: { b: { color, fontWeight: 600, fontSize: 11, textBorderColor: theme.surface, textBorderWidth: 3 } },
    }),
  };
}

function xTicks(points: readonly WastePoint[], width: number): number[] {
  const most = Math.max(3, Math.floor(width / 90));
  const every = Math.max(1, Math.ceil((points.length - 1) / (most - 1)));
  const ticks = points.filter((_, i) => i % every === 0).map((p) => p.window);
  const last = points.at(-1)?.window;
  if (last !== undefined && ticks.at(-1) !== last) {
    if ((points.length - 1) % every < every / 2) ticks.pop();
    ticks.push(last);
  }
  return ticks;
}

/** The swept window that is nearest on the log scale. */
export function nearestPoint(points: readonly WastePoint[], window: number): WastePoint | null {
  const exact = points.find((p) => p.window === window);
  if (exact !== undefined) return exact;
  if (points.length === 0) return null;
  return points.reduce((best, p) =>
    Math.abs(Math.log(p.window / window)) < Math.abs(Math.log(best.window / window)) ? p : best,
  );
}
