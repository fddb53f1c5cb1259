// The running total by segment: a small chart for each, beneath each other, in one time and on one scale, so that heights
// can be compared. What comes anyway is an area from 0, with what the emails are assumed to add a line over it.

import type { BreakdownAnswer } from '../../engine/api/index.ts';
import { count, day, signedCount } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, roundTicks, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { RUNNING_BOX, runningCalendar } from './running-total.ts';
import type { ChartTheme } from './theme.ts';

type Points = NonNullable<BreakdownAnswer['running']>['points'];

export interface RunningParts {
  readonly points: Points;
  /** Segments with runs. */
  readonly parts: readonly {
    readonly name: string;
    /** Whole, so that all of them add up to the headline. */
    readonly because: number;
    readonly running: { readonly anyway: readonly number[]; readonly because: readonly number[] };
  }[];
}

/** Of one segment, px from the frame's top. */
export interface PartCell {
  readonly top: number;
  readonly height: number;
}

const TOP = 8;
const GAP = 10;

export function partCells({ parts }: RunningParts, { height }: Pick<ChartSize, 'height'>): PartCell[] {
  const n = Math.max(1, parts.length);
  const each = (height - TOP - RUNNING_BOX.bottom - GAP * (n - 1)) / n;
  return parts.map((_, i) => ({ top: TOP + i * (each + GAP), height: each }));
}

export function partsOption(of: RunningParts, theme: ChartTheme, size: ChartSize): ChartOption {
  const { points, parts } = of;
  const cells = partCells(of, size);
  const ticks = ticksOf(of, cells[0]?.height ?? 0);
  const line = (i: number, values: readonly number[], extra: object) => ({
    type: 'line',
    xAxisIndex: i,
    yAxisIndex: i,
    silent: true,
    symbol: 'none',
    data: points.map(({ at }, c) => [at, values[c] ?? 0]),
    ...extra,
  });
  const { left, right } = RUNNING_BOX;
  return {
    ...baseOption(theme, RUNNING_BOX),
    grid: cells.map(({ top, height }) => ({ left, right, top, height, outerBoundsMode: 'none' })),
    xAxis: cells.map((_, i) => ({
      ...runningCalendar(theme, points, size, i === cells.length - 1),
      gridIndex: i,
    })),
    // The lowest number of one would stand on the highest of the next.
    yAxis: cells.map((_, i) => ({
      ...yAxis(theme, ticks, (value) => (value === ticks[0] && i < cells.length - 1 ? '' : count(value))),
      gridIndex: i,
    })),
    series: parts.flatMap(({ running: { anyway, because } }, i) => [
      line(i, anyway, {
        lineStyle: { width: 1.5, color: theme.anyway },
        areaStyle: { color: theme.anyway, opacity: 0.38, origin: 'start' },
      }),
      line(
        i,
        anyway.map((value, c) => value + (because[c] ?? 0)),
        { lineStyle: { width: 1.5, color: theme.because }, z: 4 },
      ),
    ]),
  };
}

/** With the names drawn in: for copies, where no words lie over the plot. */
export function partsPicture(of: RunningParts, theme: ChartTheme, size: ChartSize): ChartOption {
  const x = size.width - RUNNING_BOX.right + 6;
  const cells = partCells(of, size);
  return {
    ...partsOption(of, theme, size),
    graphic: of.parts.flatMap((part, i) => {
      const { top, height } = cells[i] as PartCell;
      const words = (text: string, dy: number, extra: object) => ({
        type: 'text',
        silent: true,
        style: {
          ...labelText(theme),
          text,
          x,
          y: top + height / 2 + dy,
          verticalAlign: 'middle',
          stroke: theme.surface,
          lineWidth: 3,
          ...extra,
        },
      });
      return [
        words(part.name, -7, { fill: theme.ink, fontWeight: 600 }),
        words(partWords(part).join(', '), 8, { fill: theme.ink2 }),
      ];
    }),
  };
}

/** What it comes to: anyway, and because of the emails. */
export function partWords({ running, because }: RunningParts['parts'][number]): readonly [string, string] {
  return [count(running.anyway.at(-1) ?? 0), signedCount(because)];
}

export function partsTable({ points, parts }: RunningParts): ChartTable {
  return {
    columns: ['Up to', ...parts.flatMap(({ name }) => [`${name}: anyway`, `${name}: because, projected`])],
    rows: points.map(({ at }, c) => [
      day(at),
      ...parts.flatMap(({ running }) => [count(running.anyway[c] ?? 0), signedCount(running.because[c] ?? 0)]),
    ]),
  };
}

/** The one scale of all. @param height of a cell, px */
function ticksOf({ points, parts }: RunningParts, height: number): number[] {
  let most = 1;
  let least = 0;
  for (const { running } of parts) {
    for (let c = 0; c < points.length; c++) {
      const anyway = running.anyway[c] ?? 0;
      const all = anyway + (running.because[c] ?? 0);
      most = Math.max(most, anyway, all);
      least = Math.min(least, all);
    }
  }
  return roundTicks(least, most, height < 44 ? 2 : 3);
}
