// What was foretold of each week beside what came: weeks behind the split as bars, the forecast as a dashed line with its
// bands after it, and what came as dots; a dot outside the 95 % band is filled.

import type { BacktestAnswer } from '../../engine/api/index.ts';
import type { Foretold, Measure } from '../../engine/backtest/index.ts';
import { count, day, percent, range, WEEK_MS } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, roundTicks, yAxis } from './base.ts';
import { calendarAxis, calendarTicks } from './calendar-ticks.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';

export type ForetoldInput = Pick<BacktestAnswer, 'behind' | 'split' | 'weekly'> & { readonly measure: Measure };

const BOX: PlotBox = { left: 48, right: 12, top: 22, bottom: 22 };

interface KnownWeek {
  readonly from: number;
  readonly value: number;
}

/** Weeks behind the split whose figure was known at it. */
export function knownWeeks({ behind, measure }: Pick<ForetoldInput, 'behind' | 'measure'>): KnownWeek[] {
  return behind.flatMap(({ from, enrolled, organic }) => {
    if (measure === 'enrolled') return [{ from, value: enrolled }];
    if (organic === null || (measure === 'organicRate' && enrolled === 0)) return [];
    return [{ from, value: measure === 'organic' ? organic : organic / enrolled }];
  });
}

export function foretoldWeeks({ weekly, measure }: Pick<ForetoldInput, 'weekly' | 'measure'>): Foretold[] {
  return weekly.filter((one) => one.measure === measure && one.segment === 'all');
}

export function foretoldText(measure: Measure, value: number): string {
  return measure === 'organicRate' ? percent(value) : count(value);
}

export function foretoldOption(input: ForetoldInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const known = knownWeeks(input);
  const ahead = foretoldWeeks(input);
  const [from, to] = spanOf(input);
  const most = Math.max(...known.map(({ value }) => value), ...ahead.map((one) => Math.max(one.high95, one.actual)), 0);
  const yTicks = roundTicks(0, most > 0 ? most : 1, Math.max(3, Math.min(6, Math.round(size.height / 45))));
  const xTicks = calendarTicks(from, to, Math.max(2, Math.floor((size.width - 80) / 60)));
  const middle = (one: { readonly from: number }) => one.from + WEEK_MS / 2;
  return {
    ...baseOption(theme, BOX),
    xAxis: calendarAxis(theme, from, to, xTicks),
    yAxis: yAxis(theme, yTicks, (value) => foretoldText(input.measure, value)),
    series: [
      {
        type: 'custom',
        silent: true,
        data: [...known, ...ahead].map((_, i) => [i]),
        renderItem: ({ dataIndex: i }: { dataIndex: number }, api: Draws) => {
          const week = known[i];
          if (week !== undefined) {
            return box(api, week.from, [0, week.value], { fill: theme.anyway, opacity: 0.5 }, 0.12);
          }
          const one = ahead[i - known.length];
          if (one === undefined) return null;
          const bands = [
            box(api, one.from, [one.low95, one.high95], { fill: theme.anyway, opacity: theme.band95 }),
            box(api, one.from, [one.low80, one.high80], { fill: theme.anyway, opacity: theme.band80 }),
          ];
          const [left = 0, y = 0] = api.coord([one.from, one.expected]);
          const [right = 0] = api.coord([one.from + WEEK_MS, one.expected]);
          const dashes = {
            type: 'line',
            shape: { x1: left, x2: right, y1: y, y2: y },
            style: { stroke: theme.ink2, lineWidth: 1.5, lineDash: [4, 3] },
          };
          return { type: 'group', children: [...bands, dashes] };
        },
      },
      {
        type: 'line',
        silent: true,
        data: ahead.map((one) => [middle(one), one.actual]),
        showSymbol: true,
        symbol: 'circle',
        symbolSize: 8,
        lineStyle: { width: 1, color: theme.ink3 },
        itemStyle: {
          borderWidth: 1.75,
          borderColor: theme.ink,
          color: ({ dataIndex }: { dataIndex: number }) =>
            ahead[dataIndex]?.inside.p95 === false ? theme.ink : theme.surface,
        },
        z: 4,
      },
      {
        type: 'line',
        silent: true,
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { ...labelText(theme), formatter: `split, ${day(input.split)}`, position: 'end', distance: [0, 6] },
          data: [{ xAxis: input.split, lineStyle: { color: theme.ink2, width: 1, type: 'solid' } }],
        },
      },
    ],
  };
}

/** In the frame, px from its left. @param row of the table */
export function foretoldX(input: ForetoldInput, row: number, { width }: Pick<ChartSize, 'width'>): number {
  const [from, to] = spanOf(input);
  const week = [...knownWeeks(input), ...foretoldWeeks(input)][row];
  const at = (week?.from ?? from) + WEEK_MS / 2;
  return BOX.left + ((at - from) / (to - from)) * (width - BOX.left - BOX.right);
}

export function foretoldTable(input: ForetoldInput): ChartTable {
  const show = (value: number) => foretoldText(input.measure, value);
  return {
    columns: ['Week of', 'came', 'foretold', '80% interval', '95% interval'],
    rows: [
      ...knownWeeks(input).map(({ from, value }) => [day(from), show(value), 'before the split', '', '']),
      ...foretoldWeeks(input).map((one) => [
        day(one.from),
        show(one.actual),
        show(one.expected),
        range([one.low80, one.high80], show),
        range([one.low95, one.high95], show),
      ]),
    ],
  };
}

function spanOf({ behind, weekly, split }: ForetoldInput): [number, number] {
  const from = behind[0]?.from ?? split;
  return [from, Math.max(...weekly.map((one) => one.to), split, from + WEEK_MS)];
}

interface Draws {
  readonly coord: (point: readonly number[]) => number[];
}

/** Over one week. @param inset of its width, on both sides */
function box(api: Draws, from: number, [low, high]: readonly [number, number], style: object, inset = 0) {
  const [left = 0, bottom = 0] = api.coord([from + inset * WEEK_MS, low]);
  const [right = 0, top = 0] = api.coord([from + (1 - inset) * WEEK_MS, high]);
  return { type: 'rect', shape: { x: left, y: top, width: right - left, height: bottom - top }, style };
}
