// How episodes end: the share that converted and the share that left for good, by time since the opening, each with its
// interval clustered on person (Aalen and Johansen); what is left over did neither. One that left is not merely unwatched.

import type { CalibrateAnswer } from '../../engine/api/index.ts';
import { capital, humanDuration as duration, percent, range } from '../../engine/base/index.ts';
import type { Terms } from '../../engine/report/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, roundTicks, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type TimeSpan, timeBand, timeLine, timeScaleOf, timeXAxis } from './log-time.ts';
import { spread } from './running-total.ts';
import type { ChartTheme } from './theme.ts';
import { xOfTime } from './time-scale.ts';

export const ENDS_BOX: PlotBox = { left: 40, right: 92, top: 10, bottom: 22 };

export type Ends = NonNullable<CalibrateAnswer['competing']>;

export function endsOption({ curve, end }: Ends, terms: Terms, theme: ChartTheme, size: ChartSize): ChartOption {
  const points = curve.filter(({ t }) => t > 0);
  const span = endsSpan(points);
  const most = Math.max(0.01, ...points.flatMap((p) => [p.convertedInterval[1], p.leftInterval[1]]));
  const ticks = roundTicks(0, most, 5);
  const top = ticks.at(-1) ?? 1;
  const y = (share: number) => ENDS_BOX.top + (1 - share / top) * (size.height - ENDS_BOX.top - ENDS_BOX.bottom);
  const labels = [
    { words: `${capital(terms.done)} ${percent(end.converted, 1)}`, at: end.converted, fill: theme.ink },
    { words: `Left ${percent(end.left, 1)}`, at: end.left, fill: theme.suppressed },
  ].sort((a, b) => b.at - a.at);
  const tops = spread(
    labels.map(({ at }) => ({ y: y(at), height: 15 })),
    0,
    size.height - ENDS_BOX.bottom + 8,
  );
  return {
    ...baseOption(theme, ENDS_BOX),
    xAxis: timeXAxis(span, theme, size),
    yAxis: yAxis(theme, ticks, (share) => percent(share, top < 0.05 ? 1 : 0)),
    series: [
      timeBand(
        points.map((p) => [p.t, ...p.convertedInterval]),
        theme.anyway,
        0.3,
        true,
      ),
      timeBand(
        points.map((p) => [p.t, ...p.leftInterval]),
        theme.suppressed,
        theme.band80,
        true,
      ),
      timeLine(
        points.map((p) => [p.t, p.converted]),
        theme.ink,
        { step: 'end' },
      ),
      timeLine(
        points.map((p) => [p.t, p.left]),
        theme.suppressed,
        { step: 'end' },
      ),
    ],
    graphic: labels.map(({ words, fill }, i) => ({
      type: 'text',
      silent: true,
      x: size.width - ENDS_BOX.right + 6,
      y: tops[i],
      style: { ...labelText(theme), text: words, fill, stroke: theme.surface, lineWidth: 3 },
    })),
  };
}

export function endsTable({ curve }: Ends, terms: Terms): ChartTable {
  const both = (value: number, limits: readonly [number, number]) =>
    `${percent(value, 1)} (${range(limits, (x) => percent(x, 1))})`;
  return {
    columns: ['Within', `${terms.done}, 95% interval`, 'left for good, 95% interval', 'neither'],
    rows: curve
      .filter(({ t }) => t > 0)
      .map((p) => [
        duration(p.t),
        both(p.converted, p.convertedInterval),
        both(p.left, p.leftInterval),
        percent(p.neither, 1),
      ]),
  };
}

export function endsX({ curve }: Ends, row: number, width: number): number {
  const points = curve.filter(({ t }) => t > 0);
  return xOfTime(timeScaleOf(endsSpan(points), ENDS_BOX, width), points[row]?.t ?? 1);
}

function endsSpan(points: Ends['curve']): TimeSpan {
  const to = points.at(-1)?.t ?? 2;
  return { from: Math.min(Math.max(points[0]?.t ?? 1, to / 2_000), to / 2), to };
}
