// How many come back by themselves, by how long they have been silent, with a 95 % band.

import type { Row, Table } from '../document.ts';
import { count, duration, percent } from '../format.ts';
import type { SilenceCurve } from '../types.ts';
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

export function silenceChart(silence: SilenceCurve): ChartSpec {
  const { points } = silence;
  const x = (ms: number) => ms / 86_400_000;
  const range = roundTicks(0, Math.max(0.01, ...points.map((p) => p.high ?? p.returns)));
  const last = x(points.at(-1)?.silent ?? 1);
  const n = Math.round(range.max / range.step);
  const line = (data: Json[], more: { [key: string]: Json }): { [key: string]: Json } => ({
    type: 'line',
    symbol: 'none',
    silent: true,
    stackStrategy: 'all',
    lineStyle: { width: 0, color: ANYWAY },
    data,
    ...more,
  });
  return {
    height: 240,
    walk: 2,
    option: {
      ...baseOption(),
      grid: { left: 48, right: 20, top: 12, height: 172 },
      tooltip: {
        ...(baseOption()['tooltip'] as { [key: string]: Json }),
        trigger: 'axis',
        axisPointer: { lineStyle: { color: LINE_STRONG, type: 'solid' } },
      },
      xAxis: {
        type: 'value',
        min: 0,
        max: last,
        splitLine: { show: false },
        axisLine: { show: true, lineStyle: { color: LINE_STRONG } },
        axisTick: { show: false },
        name: 'days silent',
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle: axisLabel(),
        axisLabel: axisLabel({ margin: 8 }),
      },
      yAxis: valueAxis({ min: 0, max: range.max, interval: range.step, axisLabel: axisLabel({ margin: 10 }) }),
      series: [
        line(
          points.map((p) => [x(p.silent), p.low ?? p.returns]),
          { stack: 'band' },
        ),
        line(
          points.map((p) => [x(p.silent), (p.high ?? p.returns) - (p.low ?? p.returns)]),
          {
            stack: 'band',
            areaStyle: { color: ANYWAY, opacity: BAND * 1.6 },
          },
        ),
        {
          type: 'line',
          symbol: 'circle',
          symbolSize: 5,
          showSymbol: points.length <= 40,
          emphasis: { disabled: true },
          lineStyle: { width: 2, color: INK },
          itemStyle: { color: INK },
          data: points.map((p) => ({
            value: [x(p.silent), p.returns],
            tip: {
              title: `Silent for ${duration(p.silent)}`,
              rows: [
                [`come back within ${duration(silence.within)}`, percent(p.returns)],
                ...(p.low !== null && p.high !== null
                  ? [['95% interval', `${percent(p.low)} to ${percent(p.high)}`] as const]
                  : []),
                ['silences this long', count(p.n)],
              ],
            } satisfies Tip as unknown as Json,
          })),
        },
      ],
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      {
        path: ['yAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: Array.from({ length: n + 1 }, (_, i) => {
          const value = Number((i * range.step).toPrecision(12));
          return [value, percent(value, 0)];
        }),
      },
    ],
  };
}

export function silenceTable(silence: SilenceCurve): Table {
  return {
    columns: [
      { label: 'Silent for', align: 'left' },
      { label: `Come back within ${duration(silence.within)}`, align: 'right' },
      { label: '95% interval', align: 'right' },
      { label: 'Silences this long', align: 'right' },
    ],
    rows: silence.points.map(
      (p): Row => ({
        cells: [
          duration(p.silent),
          percent(p.returns),
          p.low === null || p.high === null ? 'not estimable' : `${percent(p.low)} to ${percent(p.high)}`,
          count(p.n),
        ],
      }),
    ),
  };
}
