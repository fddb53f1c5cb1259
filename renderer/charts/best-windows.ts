// How often each window comes out best over the draws, as bars in the order of waiting; the best of all is filled, those
// that cannot be told apart from it are outlined, those told apart are hatched. Behind it the economics of each window.

import type { SweepAnswer } from '../../engine/api/index.ts';
import { humanDuration as duration, percent } from '../../engine/base/index.ts';
import { bestRows, STANDING_WORDS, standingOf } from '../../engine/report/index.ts';
import {
  axisLabel,
  baseOption,
  type ChartOption,
  type ChartSize,
  hatch,
  labelText,
  type PlotBox,
  roundTicks,
  yAxis,
} from './base.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';

export const BEST_BOX: PlotBox = { left: 38, right: 4, top: 18, bottom: 22 };

export function bestOption(sweep: SweepAnswer, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = bestRows(sweep);
  const ticks = roundTicks(0, Math.max(0.1, ...rows.map(({ pBest }) => pBest)), 4);
  const every = Math.max(1, Math.ceil(rows.length / Math.max(1, Math.floor((size.width - 50) / 44))));
  return {
    ...baseOption(theme, BEST_BOX),
    xAxis: {
      type: 'category',
      data: rows.map(({ window }) => duration(window)),
      axisLine: { show: true, lineStyle: { color: theme.lineStrong } },
      axisTick: { show: false },
      axisLabel: axisLabel(theme, { interval: (i: number) => i % every === 0 }),
    },
    yAxis: yAxis(theme, ticks, (share) => percent(share, 0)),
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: '62%',
        data: rows.map((row) => {
          const standing = standingOf(sweep, row);
          return {
            value: row.pBest,
            itemStyle:
              standing === 'best'
                ? { color: theme.ink }
                : standing === 'same'
                  ? { color: theme.surface, borderColor: theme.ink2, borderWidth: 1.5 }
                  : hatch(theme.suppressed, theme.surface),
            label: {
              show: row.pBest >= 0.01,
              position: 'top',
              formatter: percent(row.pBest, 0),
              ...labelText(theme, { fill: theme.ink2 }),
            },
          };
        }),
      },
    ],
  };
}

export function bestX({ rows }: Pick<SweepAnswer, 'rows'>, row: number, width: number): number {
  const all = bestRows({ rows }).length;
  return BEST_BOX.left + ((row + 0.5) / Math.max(1, all)) * (width - BEST_BOX.left - BEST_BOX.right);
}

/** What stands beside the bars. */
export function bestTable(sweep: SweepAnswer): ChartTable {
  return {
    columns: ['Window', 'best in', 'against the best'],
    rows: bestRows(sweep).map((row) => [
      duration(row.window),
      percent(row.pBest, 1),
      STANDING_WORDS[standingOf(sweep, row)],
    ]),
  };
}
