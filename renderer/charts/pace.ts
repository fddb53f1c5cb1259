// How fast those who have not converted yet do so, stretch by stretch: a constant rate in each with its exact Poisson
// limits, on two logarithmic axes. What an email has to beat when it arrives. A stretch in which nobody converted has a
// band up to its upper limit and no line.

import type { CalibrateAnswer } from '../../engine/api/index.ts';
import { humanDuration as duration, exactCount, orNotKnown, percent, range, rounded } from '../../engine/base/index.ts';
import { type Terms, timeX } from '../../engine/report/index.ts';
import { baseOption, type ChartOption, type ChartSize, type PlotBox, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type TimeMark, type TimeSpan, timeMarks, timeScaleOf, timeXAxis } from './log-time.ts';
import type { ChartTheme } from './theme.ts';
import { xOfTime } from './time-scale.ts';

export const PACE_BOX: PlotBox = { left: 52, right: 14, top: 16, bottom: 22 };

export type Hazard = NonNullable<CalibrateAnswer['hazard']>;

export interface PaceInput {
  readonly hazard: Hazard;
  readonly horizon: number;
  /** The window and the emails. */
  readonly marks: readonly TimeMark[];
}

/** Stretches in which anybody was watched. */
export function paceRows(hazard: Hazard): Hazard {
  return hazard.filter(({ exposure, perDay }) => exposure > 0 && perDay !== null);
}

/** Powers of ten over all rates above 0; null where nobody converts. */
export function paceTicks(rows: Hazard): number[] | null {
  const rates = rows.flatMap(({ perDay }) => (perDay !== null && perDay > 0 ? [perDay] : []));
  if (rates.length === 0) return null;
  const low = Math.floor(Math.log10(Math.min(...rates)) - 0.05);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...rates)) + 0.05));
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** From the shortest stretch's middle, since a logarithm has no 0. */
export function paceSpan(rows: Hazard, horizon: number): TimeSpan {
  const first = rows[0];
  return { from: Math.min((first?.to ?? horizon) / 5, horizon / 5), to: horizon };
}

export function paceOption({ hazard, horizon, marks }: PaceInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = paceRows(hazard);
  const ticks = paceTicks(rows) ?? [0, 1];
  const span = paceSpan(rows, horizon);
  const scale = timeScaleOf(span, PACE_BOX, size.width);
  const [bottom, top] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const place = (rate: number | null) =>
    rate === null || rate <= 0 ? bottom : Math.min(top, Math.max(bottom, Math.log10(rate)));
  return {
    ...baseOption(theme, PACE_BOX),
    xAxis: timeXAxis(span, theme, size),
    yAxis: yAxis(theme, ticks, (power) => rounded(10 ** power)),
    series: [
      {
        type: 'custom',
        silent: true,
        data: rows.map((_, i) => i),
        renderItem: ({ dataIndex }: { dataIndex: number }, api: { coord: (point: number[]) => number[] }) => {
          const row = rows[dataIndex];
          if (row === undefined || xOfTime(scale, row.to) - xOfTime(scale, row.from) < 2) return null;
          const at = (ms: number, power: number) => api.coord([timeX(Math.max(ms, scale.from)), power]);
          const [x1 = 0, y1 = 0] = at(row.from, place(row.high));
          const [x2 = 0, y2 = 0] = at(row.to, place(row.low));
          const [, y = 0] = at(row.to, place(row.perDay));
          const isSeen = row.perDay !== null && row.perDay > 0;
          return {
            type: 'group',
            children: [
              {
                type: 'rect',
                shape: { x: x1, y: y1, width: Math.max(1, x2 - x1 - 1), height: Math.max(1, y2 - y1) },
                style: { fill: theme.anyway, opacity: 0.3 },
              },
              ...(isSeen
                ? [
                    {
                      type: 'line',
                      shape: { x1, y1: y, x2: x2 - 1, y2: y },
                      style: { stroke: theme.ink, lineWidth: 2 },
                    },
                  ]
                : []),
            ],
          };
        },
      },
    ],
    graphic: timeMarks(marks, scale, PACE_BOX, theme, size),
  };
}

export function paceTable({ hazard, horizon }: Pick<PaceInput, 'hazard' | 'horizon'>, terms: Terms): ChartTable {
  return {
    columns: [
      'Between',
      terms.goals,
      'a day, of those waiting',
      '95% interval',
      `still to come within ${duration(horizon)}`,
    ],
    rows: paceRows(hazard).map((row) => [
      `${row.from === 0 ? '0' : duration(row.from)} and ${duration(row.to)}`,
      exactCount(row.converted),
      orNotKnown(row.perDay, (x) => rounded(x)),
      row.low === null || row.high === null ? 'not defined' : range([row.low, row.high], (x) => rounded(x)),
      orNotKnown(row.stillConverts, (x) => percent(x, 1)),
    ]),
  };
}

/** The middle of a stretch, in the frame. */
export function paceX({ hazard, horizon }: Pick<PaceInput, 'hazard' | 'horizon'>, row: number, width: number): number {
  const rows = paceRows(hazard);
  const scale = timeScaleOf(paceSpan(rows, horizon), PACE_BOX, width);
  const one = rows[row];
  if (one === undefined) return PACE_BOX.left;
  return (xOfTime(scale, one.from) + xOfTime(scale, one.to)) / 2;
}
