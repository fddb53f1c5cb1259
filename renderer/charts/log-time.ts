// A waiting time on a logarithmic axis, for charts whose figures come at times of their own: axis, lines, bands, and the
// marks that stand at a time.

import { humanDuration as duration } from '../../engine/base/index.ts';
import { timeAxis, timeX } from '../../engine/report/index.ts';
import { axisLabel, type ChartSize, labelText, type PlotBox } from './base.ts';
import type { ChartTheme } from './theme.ts';
import { type TimeScale, xOfTime } from './time-scale.ts';

/** ms; both > 0. The shorter end is moved down to a round time. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export function timeTicks({ from, to }: TimeSpan, width: number): readonly number[] {
  return timeAxis(from, to, Math.max(3, Math.round(width / 78))).ticks;
}

export function timeScaleOf(span: TimeSpan, box: PlotBox, width: number): TimeScale {
  const ticks = timeTicks(span, width);
  return { from: ticks[0] ?? span.from, to: span.to, left: box.left, right: width - box.right };
}

export function timeXAxis(span: TimeSpan, theme: ChartTheme, { width }: Pick<ChartSize, 'width'>) {
  const ticks = timeTicks(span, width);
  const x = ticks.map(timeX);
  return {
    type: 'value',
    min: x[0],
    max: timeX(span.to),
    splitLine: { show: false },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.lineStrong } },
    axisTick: { show: true, length: 4, lineStyle: { color: theme.lineStrong }, customValues: x },
    axisLabel: axisLabel(theme, {
      customValues: x,
      hideOverlap: true,
      alignMaxLabel: 'right',
      formatter: (at: number) => duration(ticks.find((ms) => Math.abs(timeX(ms) - at) < 1e-6) ?? 0),
    }),
  };
}

/** @param points time in ms, value; null breaks the line */
export function timeLine(points: readonly (readonly [number, number | null])[], color: string, extra: object = {}) {
  return {
    type: 'line',
    silent: true,
    symbol: 'none',
    lineStyle: { width: 2, color },
    data: points.map(([ms, value]) => [timeX(ms), value]),
    ...extra,
  };
}

/** @param points time in ms, low, high; those without limits are left out */
export function timeBand(
  points: readonly (readonly [number, number | null, number | null])[],
  fill: string,
  opacity: number,
  step = false,
) {
  const known = points.filter(
    (point): point is readonly [number, number, number] => point[1] !== null && point[2] !== null,
  );
  const edge = (side: 1 | 2) =>
    known.flatMap((point, i) => {
      const before = known[i - 1];
      const here = [timeX(point[0]), point[side]];
      return step && before !== undefined ? [[timeX(point[0]), before[side]], here] : [here];
    });
  return {
    type: 'custom',
    silent: true,
    data: known.length < 2 ? [] : [0],
    renderItem: (_: unknown, api: { coord: (point: number[]) => number[] }) => ({
      type: 'polygon',
      shape: { points: [...edge(2), ...edge(1).reverse()].map((point) => api.coord(point)) },
      style: { fill, opacity },
    }),
  };
}

export interface TimeMark {
  readonly at: number;
  readonly words: string;
  /** `solid`: the setting in force; `dashed`: what is recommended; `dotted`: an email. */
  readonly line: 'solid' | 'dashed' | 'dotted';
}

/** Lines at times, their words over the plot, moved down a row where two would overlap. Marks outside are left out. */
export function timeMarks(
  marks: readonly TimeMark[],
  scale: TimeScale,
  box: PlotBox,
  theme: ChartTheme,
  size: ChartSize,
): object[] {
  const inside = marks.filter(({ at }) => at >= scale.from && at <= scale.to).sort((a, b) => a.at - b.at);
  const ends: number[] = [];
  return inside.flatMap(({ at, words, line }) => {
    const x = xOfTime(scale, at);
    const wide = words.length * 5.6 + 6;
    const isLeft = x + wide > size.width - box.right;
    const from = isLeft ? x - wide : x;
    let row = ends.findIndex((end) => end <= from);
    if (row < 0) row = ends.length;
    ends[row] = from + wide;
    return [
      {
        type: 'line',
        silent: true,
        shape: { x1: x, y1: box.top, x2: x, y2: size.height - box.bottom },
        style: {
          stroke: line === 'dotted' ? theme.ink3 : theme.ink,
          lineWidth: line === 'solid' ? 1.5 : 1,
          ...(line === 'solid' ? {} : { lineDash: line === 'dashed' ? [4, 3] : [1.5, 3] }),
        },
      },
      {
        type: 'text',
        silent: true,
        x: isLeft ? x - 4 : x + 4,
        y: box.top + 1 + row * 13,
        style: {
          ...labelText(theme),
          text: words,
          align: isLeft ? 'right' : 'left',
          fill: line === 'dotted' ? theme.ink3 : theme.ink2,
          stroke: theme.surface,
          lineWidth: 3,
        },
      },
    ];
  });
}
