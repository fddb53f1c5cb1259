// How many come back by themselves, by how long they have been silent, with Wilson's interval per length of silence.

import { count, humanDuration, percent } from '../../base/index.ts';
import type { Silence, SilenceStep } from '../../describe/index.ts';
import { wilsonInterval } from '../../stats/index.ts';
import type { Row, Table } from '../document.ts';
import {
  ANYWAY,
  axisLabel,
  BAND,
  baseOption,
  type ChartSpec,
  INK,
  type Json,
  LINE_STRONG,
  roundTicks,
  type Tip,
  valueAxis,
} from './spec.ts';
import { timeAxis, timeAxisOption, timeLabels, timeX } from './time-axis.ts';

export interface ReturnPoint {
  readonly silentMs: number;
  /** Of the silences that could be followed, the share that ended in time, 0 … 1. */
  readonly returns: number;
  readonly low: number;
  readonly high: number;
  readonly followed: number;
}

/** Fewer followed silences than this say nothing. */
const FEWEST = 20;

/** Lengths of silence with enough of them to follow. */
export function returnPoints(silence: Silence): ReturnPoint[] {
  return silence.steps.filter((step) => step.followed >= FEWEST).map(pointOf);
}

export function silenceChart(silence: Silence): ChartSpec {
  const points = returnPoints(silence);
  const first = points[0]?.silentMs ?? 1;
  const last = points.at(-1)?.silentMs ?? first;
  const range = roundTicks(0, Math.min(1, Math.max(0.01, ...points.map((p) => p.high))));
  const axis = timeAxis(first, Math.max(last, first * 2), 9);
  const band = (data: Json[], more: { [key: string]: Json }): { [key: string]: Json } => ({
    type: 'line',
    symbol: 'none',
    silent: true,
    stack: 'band',
    stackStrategy: 'all',
    lineStyle: { width: 0, color: ANYWAY },
    data,
    ...more,
  });
  return {
    height: 236,
    walk: 2,
    option: {
      ...baseOption(),
      grid: { left: 48, right: 24, top: 12, height: 186 },
      tooltip: {
        ...(baseOption()['tooltip'] as { [key: string]: Json }),
        trigger: 'axis',
        axisPointer: { lineStyle: { color: LINE_STRONG, type: 'solid' } },
      },
      xAxis: timeAxisOption(axis, {
        axisLine: { show: true, lineStyle: { color: LINE_STRONG } },
        axisLabel: axisLabel({ customValues: axis.ticks.map(timeX), hideOverlap: true, margin: 8 }),
      }),
      yAxis: valueAxis({ min: 0, max: range.max, interval: range.step, axisLabel: axisLabel({ margin: 10 }) }),
      series: [
        band(
          points.map((p) => [timeX(p.silentMs), p.low]),
          {},
        ),
        band(
          points.map((p) => [timeX(p.silentMs), p.high - p.low]),
          { areaStyle: { color: ANYWAY, opacity: BAND * 1.8 } },
        ),
        {
          type: 'line',
          symbol: 'circle',
          symbolSize: 5,
          emphasis: { disabled: true },
          lineStyle: { width: 2, color: INK },
          itemStyle: { color: INK },
          data: points.map((p) => ({
            value: [timeX(p.silentMs), p.returns],
            tip: {
              title: `Silent for ${humanDuration(p.silentMs)}`,
              rows: [
                [`come back within ${humanDuration(silence.followMs)}`, percent(p.returns, 1)],
                ['95% interval', limits(p)],
                ['silences followed', count(p.followed)],
              ],
            } satisfies Tip as unknown as Json,
          })),
        },
      ],
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      { path: ['xAxis', 'axisLabel', 'formatter'], helper: 'lookup', args: timeLabels(axis) },
      {
        path: ['yAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: Array.from({ length: Math.round(range.max / range.step) + 1 }, (_, i) => {
          const value = Number((i * range.step).toPrecision(12));
          return [value, percent(value, value < 0.1 ? 1 : 0)];
        }),
      },
    ],
  };
}

export function silenceTable(silence: Silence): Table {
  const byLength = new Map(silence.steps.map((step) => [step.silentMs, step]));
  return {
    columns: [
      { label: 'Silent for', align: 'left' },
      { label: `Come back within ${humanDuration(silence.followMs)}`, align: 'right' },
      { label: '95% interval', align: 'right' },
      { label: 'Silences followed', align: 'right' },
      { label: 'People silent this long now', align: 'right' },
    ],
    rows: returnPoints(silence).map(
      (p): Row => ({
        cells: [
          humanDuration(p.silentMs),
          percent(p.returns, 1),
          limits(p),
          count(p.followed),
          count(byLength.get(p.silentMs)?.silentNow ?? 0),
        ],
      }),
    ),
  };
}

function pointOf(step: SilenceStep): ReturnPoint {
  const { silentMs, followed, returnedWithinFollow } = step;
  const [low, high] = wilsonInterval({ n: followed, x: returnedWithinFollow }, 0.05);
  return { silentMs, returns: returnedWithinFollow / followed, low, high, followed };
}

function limits(point: ReturnPoint): string {
  return `${percent(point.low, 1)} to ${percent(point.high, 1)}`;
}
