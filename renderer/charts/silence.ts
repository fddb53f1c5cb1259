// After how long a silence is it a goodbye? By days of silence: the share that returns unaided within the time that
// follows, and the share of alarms that would be false, both with their intervals over people drawn anew. Lengths that
// were not watched for long enough have no figure and no line.

import type { CalibrateAnswer } from '../../engine/api/index.ts';
import { humanDuration as duration, orNotKnown, percent, range } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type TimeMark, type TimeSpan, timeBand, timeLine, timeMarks, timeScaleOf, timeXAxis } from './log-time.ts';
import { spread } from './running-total.ts';
import type { ChartTheme } from './theme.ts';
import { xOfTime } from './time-scale.ts';

export const SILENCE_BOX: PlotBox = { left: 40, right: 104, top: 30, bottom: 22 };

export type Silence = NonNullable<CalibrateAnswer['dormancy']>;
export type SilencePoint = Silence['curve'][number];

/** Lengths of which anything is known. */
export function silencePoints({ curve }: Pick<Silence, 'curve'>): SilencePoint[] {
  return curve.filter(({ returns, falseAlarms }) => returns !== null || (falseAlarms ?? null) !== null);
}

export interface SilenceInput {
  readonly dormancy: Silence;
  /** The silence the workflow waits for, ms. */
  readonly loaded: number;
}

export function silenceOption({ dormancy, loaded }: SilenceInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const points = silencePoints(dormancy);
  const span = silenceSpan(points);
  const scale = timeScaleOf(span, SILENCE_BOX, size.width);
  const alarms = (p: SilencePoint) => p.falseAlarms ?? null;
  const y = (share: number) => SILENCE_BOX.top + (1 - share) * (size.height - SILENCE_BOX.top - SILENCE_BOX.bottom);
  const last = (pick: (p: SilencePoint) => number | null) => {
    const found = points.findLast((p) => pick(p) !== null);
    return found === undefined ? null : pick(found);
  };
  const labels = [
    { words: 'Return unaided', at: last((p) => p.returns), fill: theme.ink },
    { words: 'False alarms', at: last((p) => alarms(p)?.value ?? null), fill: theme.suppressed },
  ]
    .flatMap(({ at, ...label }) => (at === null ? [] : [{ ...label, at }]))
    .sort((a, b) => b.at - a.at);
  const tops = spread(
    labels.map(({ at }) => ({ y: y(at), height: 15 })),
    0,
    size.height - SILENCE_BOX.bottom + 8,
  );
  const marks: TimeMark[] = [
    { at: loaded, words: `${duration(loaded)}, in force`, line: 'solid' },
    ...(dormancy.recommended === null || dormancy.recommended === loaded
      ? []
      : [
          {
            at: dormancy.recommended,
            words: `${duration(dormancy.recommended)}, recommended`,
            line: 'dashed',
          } as const,
        ]),
  ];
  return {
    ...baseOption(theme, SILENCE_BOX),
    xAxis: timeXAxis(span, theme, size),
    yAxis: yAxis(theme, [0, 0.25, 0.5, 0.75, 1], (share) => percent(share, 0)),
    series: [
      timeBand(
        points.map((p) => [p.inactive, p.low, p.high]),
        theme.anyway,
        0.3,
      ),
      timeBand(
        points.map((p) => [p.inactive, alarms(p)?.low ?? null, alarms(p)?.high ?? null]),
        theme.suppressed,
        theme.band80,
      ),
      timeLine(
        points.map((p) => [p.inactive, p.returns]),
        theme.ink,
        {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            data: [
              {
                yAxis: dormancy.highestReturn,
                label: { show: false },
                lineStyle: { color: theme.field, type: [4, 3], width: 1 },
              },
            ],
          },
        },
      ),
      timeLine(
        points.map((p) => [p.inactive, alarms(p)?.value ?? null]),
        theme.suppressed,
      ),
    ],
    graphic: [
      ...timeMarks(marks, scale, { ...SILENCE_BOX, top: 2 }, theme, size),
      ...labels.map(({ words, fill }, i) => ({
        type: 'text',
        silent: true,
        x: size.width - SILENCE_BOX.right + 6,
        y: tops[i],
        style: { ...labelText(theme), text: words, fill, stroke: theme.surface, lineWidth: 3 },
      })),
    ],
  };
}

export function silenceTable(dormancy: Silence): ChartTable {
  const whole = (x: number) => percent(x, 1);
  const limits = (low: number | null | undefined, high: number | null | undefined) =>
    low == null || high == null ? 'not defined' : range([low, high], whole);
  return {
    columns: [
      'Silent for',
      `return unaided within ${duration(dormancy.within)}`,
      '95% interval',
      'false alarms',
      'their 95% interval',
    ],
    rows: silencePoints(dormancy).map(({ inactive, returns, low, high, falseAlarms }) => [
      duration(inactive),
      orNotKnown(returns, whole, 'not defined'),
      limits(low, high),
      orNotKnown(falseAlarms?.value, whole, 'not defined'),
      limits(falseAlarms?.low, falseAlarms?.high),
    ]),
  };
}

export function silenceX(dormancy: Silence, row: number, width: number): number {
  const points = silencePoints(dormancy);
  return xOfTime(timeScaleOf(silenceSpan(points), SILENCE_BOX, width), points[row]?.inactive ?? 1);
}

function silenceSpan(points: readonly SilencePoint[]): TimeSpan {
  const from = points[0]?.inactive ?? 1;
  return { from, to: Math.max(from * 2, points.at(-1)?.inactive ?? 2) };
}
