// When conversions come, and why: what comes anyway as an area from 0, what the emails are assumed to add as a line over
// it with the bands of its draws, and at the right end what it all amounts to. The last figures are the headline's.

import type { BreakdownAnswer } from '../../engine/api/index.ts';
import { capital, count, day, humanDuration as duration, range, signedCount } from '../../engine/base/index.ts';
import type { Terms } from '../../engine/report/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, roundTicks, yAxis } from './base.ts';
import { calendarAxis, calendarTicks } from './calendar-ticks.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';

export const RUNNING_BOX: PlotBox = { left: 44, right: 98, top: 20, bottom: 20 };

/** @param horizon of a run's goal window, ms */
export function runningTitle(horizon: number, { goals }: Terms): string {
  return `${capital(goals)} within ${duration(horizon)}, running total`;
}

export type Running = NonNullable<BreakdownAnswer['running']>;
export type RunningPoint = Running['points'][number];

/** What stands at the right end of the lines. */
export interface EndLabel {
  readonly key: 'total' | 'because' | 'anyway' | 'high' | 'low';
  readonly words: string;
  /** Middle of its row, px from the frame's top. */
  readonly y: number;
}

const ROW = 15;

export function runningOption(running: Running, theme: ChartTheme, size: ChartSize): ChartOption {
  const { points } = running;
  const yTicks = ticksOf(points, size);
  const line = (data: (number | undefined)[][], extra: object) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    data,
    ...extra,
  });
  return {
    ...baseOption(theme, RUNNING_BOX),
    xAxis: runningCalendar(theme, points, size),
    yAxis: yAxis(theme, yTicks, (value) => count(value)),
    series: [
      line(
        points.map(({ at, anyway }) => [at, anyway]),
        {
          lineStyle: { width: 2, color: theme.anyway },
          areaStyle: { color: theme.anyway, opacity: 0.38, origin: 'start' },
        },
      ),
      band(points, 'low95', 'high95', theme.because, theme.band95),
      band(points, 'low80', 'high80', theme.because, theme.band80),
      line(
        points.map(({ at, anyway, because }) => [at, anyway + because]),
        { lineStyle: { width: 2, color: theme.because }, z: 4 },
      ),
    ],
  };
}

/** With the end labels drawn in: for copies, where no words lie over the plot. */
export function runningPicture(running: Running, theme: ChartTheme, size: ChartSize): ChartOption {
  const option = runningOption(running, theme, size);
  const x = size.width - RUNNING_BOX.right + 6;
  return {
    ...option,
    graphic: endLabels(running, size).map(({ key, words, y }) => ({
      type: 'text',
      silent: true,
      style: {
        ...labelText(theme),
        text: words,
        x,
        y,
        verticalAlign: 'middle',
        fontWeight: key === 'total' ? 600 : 400,
        fill: key === 'because' ? theme.because : key === 'total' ? theme.ink : theme.ink2,
        stroke: theme.surface,
        lineWidth: 3,
      },
    })),
  };
}

/** In the frame, px from its left. */
export function runningX(points: readonly RunningPoint[], row: number, { width }: Pick<ChartSize, 'width'>): number {
  const [from, to] = spanOf(points);
  const at = points[row]?.at ?? from;
  const { left, right } = RUNNING_BOX;
  return left + ((at - from) / (to - from)) * (width - left - right);
}

/** Top to bottom, no two in one place. */
export function endLabels({ points }: Running, size: ChartSize): EndLabel[] {
  const last = points.at(-1);
  if (last === undefined) return [];
  const ticks = ticksOf(points, size);
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)];
  const { top, bottom } = RUNNING_BOX;
  const y = (value: number) => top + ((most - value) / (most - least)) * (size.height - top - bottom);
  const { anyway, because, low95, high95 } = last;
  const added = Math.round(because);
  const total = anyway + added;
  // Two rows that belong together: the sum, and under it what the emails add to it.
  const rows: Omit<EndLabel, 'y'>[][] = [
    [
      { key: 'total', words: `${count(total)} in all` },
      { key: 'because', words: `${signedCount(added)} because` },
    ],
    [{ key: 'anyway', words: `${count(anyway)} anyway` }],
    ...(high95 === null ? [] : [[{ key: 'high', words: count(anyway + high95) } as const]]),
    ...(low95 === null ? [] : [[{ key: 'low', words: count(anyway + low95) } as const]]),
  ];
  const places = [
    total,
    anyway,
    ...(high95 === null ? [] : [anyway + high95]),
    ...(low95 === null ? [] : [anyway + low95]),
  ];
  const blocks = rows
    .map((labels, i) => ({ labels, y: y(places[i] ?? 0), height: labels.length * ROW }))
    .sort((a, b) => a.y - b.y);
  const tops = spread(blocks, top - ROW / 2, size.height - bottom + ROW / 2);
  return blocks.flatMap(({ labels }, i) =>
    labels.map((label, row) => ({ ...label, y: (tops[i] as number) + row * ROW + ROW / 2 })),
  );
}

export function runningTable({ points }: Running, terms: Terms): ChartTable {
  return {
    columns: ['Up to', `${terms.goals} anyway`, 'because, projected', '80% band', '95% band', 'runs begun'],
    rows: points.map(({ at, anyway, because, low80, high80, low95, high95, enrolled }) => [
      day(at),
      count(anyway),
      signedCount(because),
      bandWords(low80, high80),
      bandWords(low95, high95),
      count(enrolled),
    ]),
  };
}

function bandWords(low: number | null, high: number | null): string {
  return low === null || high === null ? 'not known' : range([low, high], signedCount);
}

/** Tops of blocks moved apart as little as it takes; they stay in order and inside where they fit. */
export function spread(
  blocks: readonly { readonly y: number; readonly height: number }[],
  least: number,
  most: number,
): number[] {
  const tops: number[] = [];
  let free = least;
  for (const { y, height } of blocks) {
    const top = Math.max(free, y - height / 2);
    tops.push(top);
    free = top + height;
  }
  let floor = most;
  for (let i = blocks.length - 1; i >= 0; i--) {
    const height = blocks[i]?.height ?? 0;
    const top = Math.min(tops[i] as number, floor - height);
    tops[i] = top;
    floor = top;
  }
  return tops;
}

/** The calendar under a running total. */
export function runningCalendar(
  theme: ChartTheme,
  points: readonly RunningPoint[],
  { width }: ChartSize,
  hasWords = true,
) {
  const [from, to] = spanOf(points);
  const ticks = hasWords ? calendarTicks(from, to, Math.max(2, Math.floor((width - 140) / 46))) : [];
  return calendarAxis(theme, from, to, ticks);
}

function spanOf(points: readonly RunningPoint[]): [number, number] {
  const from = points[0]?.at ?? 0;
  return [from, Math.max(points.at(-1)?.at ?? 1, from + 1)];
}

function ticksOf(points: readonly RunningPoint[], { height }: Pick<ChartSize, 'height'>): number[] {
  let most = 1;
  let least = 0;
  for (const { anyway, because, low95, high95 } of points) {
    most = Math.max(most, anyway + because, anyway + (high95 ?? 0));
    least = Math.min(least, anyway + because, anyway + (low95 ?? 0));
  }
  return roundTicks(least, most, Math.max(4, Math.min(6, Math.round(height / 55))));
}

function band(
  points: readonly RunningPoint[],
  low: 'low80' | 'low95',
  high: 'high80' | 'high95',
  fill: string,
  opacity: number,
) {
  const known = points.filter((point) => point[low] !== null && point[high] !== null);
  const edge = (side: typeof low | typeof high) => known.map((point) => [point.at, point.anyway + (point[side] ?? 0)]);
  return {
    type: 'custom',
    silent: true,
    data: known.length === 0 ? [] : [0],
    renderItem: (_: unknown, api: { coord: (point: (number | undefined)[]) => number[] }) => ({
      type: 'polygon',
      shape: { points: [...edge(high), ...edge(low).reverse()].map((point) => api.coord(point)) },
      style: { fill, opacity },
    }),
  };
}
