// When people are active: a column for each local hour, the density as a line over them, the preferred minute and the
// moment an email would leave. Of one person, with everybody's density behind it, dashed.

import type { ActiveHoursAnswer } from '../../engine/api/index.ts';
import { clockTime, exactCount, percent, share } from '../../engine/base/index.ts';
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

export const HOURS_BOX: PlotBox = { left: 44, right: 20, top: 34, bottom: 22 };
const MINUTES = 1440;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];

export type Hours = NonNullable<ActiveHoursAnswer['everybody']>;

export interface HoursShown {
  readonly hours: Omit<Hours, 'gathering'>;
  /** Everybody's, behind one person's; null where it is everybody's already. */
  readonly behind: Omit<Hours, 'gathering'> | null;
}

export function hoursOption({ hours, behind }: HoursShown, theme: ChartTheme, size: ChartSize): ChartOption {
  const shares = hours.hours.map((n) => (hours.events === 0 ? 0 : n / hours.events));
  const most = Math.max(0.01, ...shares, ...hours.density, ...(behind?.density ?? []));
  const ticks = roundTicks(0, most, size.height < 200 ? 4 : 5);
  const top = ticks.at(-1) ?? 1;
  const line = (density: readonly number[], style: object) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    data: [...density.map((y, i) => [(i * MINUTES) / density.length, y]), [MINUTES, density[0] ?? 0]],
    lineStyle: style,
  });
  const mark = (minute: number, style: object) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    data: [
      [minute, 0],
      [minute, top],
    ],
    lineStyle: style,
  });
  const plot = size.width - HOURS_BOX.left - HOURS_BOX.right;
  /** Beside the top of a mark, on the side where there is more room. */
  const words = (minute: number, text: string, y: number) => {
    const isLate = minute > MINUTES / 2;
    return {
      type: 'text',
      silent: true,
      x: HOURS_BOX.left + (minute / MINUTES) * plot + (isLate ? -5 : 5),
      y,
      style: { ...labelText(theme), text, fill: theme.ink2, align: isLate ? 'right' : 'left', verticalAlign: 'middle' },
    };
  };
  return {
    ...baseOption(theme, HOURS_BOX),
    xAxis: {
      type: 'value',
      min: 0,
      max: MINUTES,
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: theme.lineStrong } },
      axisTick: {
        show: true,
        length: 4,
        lineStyle: { color: theme.lineStrong },
        customValues: HOURS.map((h) => h * 60),
      },
      axisLabel: axisLabel(theme, {
        customValues: HOURS.map((h) => h * 60),
        formatter: (minute: number) => (minute === MINUTES ? '24:00' : clockTime(minute)),
      }),
    },
    yAxis: yAxis(theme, ticks, (value) => percent(value)),
    series: [
      {
        type: 'custom',
        silent: true,
        data: shares.map((y, hour) => [hour * 60, y]),
        renderItem: (_: unknown, api: { value(i: number): number; coord(at: number[]): number[] }) => {
          const [left = 0, up = 0] = api.coord([api.value(0), api.value(1)]);
          const [right = 0, down = 0] = api.coord([api.value(0) + 60, 0]);
          return {
            type: 'rect',
            shape: { x: left + 1, y: up, width: Math.max(1, right - left - 2), height: Math.max(0, down - up) },
            style: { fill: theme.ink3, opacity: 0.35 },
          };
        },
      },
      ...(behind === null ? [] : [line(behind.density, { width: 1.5, color: theme.ink3, type: 'dashed' })]),
      line(hours.density, { width: 2, color: theme.ink }),
      mark(hours.sendMinute, { width: 1.5, color: theme.ink }),
      mark(hours.preferredMinute, { width: 1, color: theme.ink3, type: 'dotted' }),
    ],
    graphic: [
      words(hours.preferredMinute, `most active ${clockTime(hours.preferredMinute)}`, 10),
      words(hours.sendMinute, `an email would leave at ${clockTime(hours.sendMinute)}`, 24),
    ],
  };
}

/** In the frame, px from its left: the middle of the hour of a row. */
export function hoursX(row: number, { width }: Pick<ChartSize, 'width'>): number {
  return HOURS_BOX.left + ((row + 0.5) / 24) * (width - HOURS_BOX.left - HOURS_BOX.right);
}

export function hoursTable({
  hours,
  preferred,
}: {
  readonly hours: HoursShown['hours'];
  readonly preferred: readonly number[] | null;
}): ChartTable {
  return {
    columns: ['Local hour', 'Events', 'Share', ...(preferred === null ? [] : ['Own hour of'])],
    rows: hours.hours.map((n, hour) => [
      clockTime(hour * 60),
      exactCount(n),
      hours.events === 0 ? '' : share(n, hours.events),
      ...(preferred === null ? [] : [exactCount(preferred[hour] ?? 0)]),
    ]),
  };
}
