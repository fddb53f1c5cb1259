// What each window would do, on one axis of windows: above, the share of the emailed who would have converted anyway;
// below, what the emails add, with its interval, around one zero line. Windows that cannot be told apart from the best
// are filled.

import type { Row, Table, Text } from '../document.ts';
import { absent, strong } from '../document.ts';
import {
  type Currency,
  capital,
  count,
  duration,
  interval,
  percent,
  share,
  signedCount,
  signedMoney,
} from '../format.ts';
import type { SweepResult, SweepRow, Terms } from '../types.ts';
import {
  ANYWAY,
  axisLabel,
  BECAUSE,
  baseOption,
  type ChartSpec,
  FONT,
  INK_2,
  type Json,
  LINE_STRONG,
  roundTicks,
  SURFACE,
  type Tip,
  valueAxis,
} from './spec.ts';

const LEFT = 58;
const RIGHT = 16;
const TOP = 30;
const UPPER = 84;
const GAP = 44;
const LOWER = 150;

export function sweepChart(sweep: SweepResult, currentWindow: number, terms: Terms): ChartSpec {
  const names = sweep.rows.map((row) => duration(row.window));
  const shares = sweep.rows.map((row) => (row.fired === 0 ? 0 : row.wouldConvertAnyway / row.fired));
  const upper = roundTicks(0, Math.max(...shares, 0.001) * 1.1);
  const lower = roundTicks(
    Math.min(0, ...sweep.rows.map((row) => row.projected.low)),
    Math.max(0, ...sweep.rows.map((row) => row.projected.high)),
  );
  const xAxis = (gridIndex: number, labels: boolean): { [key: string]: Json } => ({
    type: 'category',
    gridIndex,
    data: names,
    axisTick: { show: false },
    axisLine: { show: true, onZero: !labels, lineStyle: { color: LINE_STRONG } },
    axisLabel: labels ? axisLabel({ interval: 0, margin: 10, lineHeight: 15 }) : { show: false },
  });
  return {
    height: TOP + UPPER + GAP + LOWER + 34,
    walk: 1,
    option: {
      ...baseOption(),
      grid: [
        { left: LEFT, right: RIGHT, top: TOP, height: UPPER },
        { left: LEFT, right: RIGHT, top: TOP + UPPER + GAP, height: LOWER },
      ],
      tooltip: { ...(baseOption()['tooltip'] as { [key: string]: Json }), trigger: 'item' },
      graphic: [
        title(`Share of the emailed who convert anyway`, TOP - 26),
        title(`${capital(terms.goals)} the emails add, projected, 95% interval`, TOP + UPPER + GAP - 26),
      ],
      xAxis: [xAxis(0, false), xAxis(1, true)],
      yAxis: [
        valueAxis({ gridIndex: 0, min: 0, max: upper.max, interval: upper.step, axisLabel: axisLabel() }),
        valueAxis({ gridIndex: 1, min: lower.min, max: lower.max, interval: lower.step, axisLabel: axisLabel() }),
      ],
      series: [
        {
          type: 'bar',
          xAxisIndex: 0,
          yAxisIndex: 0,
          barWidth: '46%',
          emphasis: { disabled: true },
          itemStyle: { color: ANYWAY, borderRadius: [2, 2, 0, 0] },
          label: { show: true, position: 'top', distance: 4, color: INK_2, fontSize: 11, fontFamily: FONT },
          data: sweep.rows.map((row, i) => ({ value: shares[i] ?? 0, tip: tipOf(row, terms) as unknown as Json })),
        },
        {
          type: 'scatter',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'circle',
          symbolSize: 9,
          emphasis: { disabled: true },
          z: 4,
          data: sweep.rows.map((row, i) => ({
            value: [i, row.projected.incremental],
            itemStyle: {
              color: sweep.indistinguishable.includes(row.window) ? BECAUSE : SURFACE,
              borderColor: BECAUSE,
              borderWidth: 1.8,
            },
            tip: tipOf(row, terms) as unknown as Json,
          })),
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            label: { show: false },
            lineStyle: { color: BECAUSE, width: 1.6, type: 'solid' },
            data: [
              { yAxis: 0, lineStyle: { color: LINE_STRONG, width: 1 } },
              ...sweep.rows.map((row, i) => [{ coord: [i, row.projected.low] }, { coord: [i, row.projected.high] }]),
            ],
          },
        },
      ],
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      {
        path: ['yAxis', 0, 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: ticks(upper, (x) => percent(x, x < 0.1 ? 1 : 0)),
      },
      { path: ['yAxis', 1, 'axisLabel', 'formatter'], helper: 'lookup', args: ticks(lower, signedCount) },
      {
        path: ['series', 0, 'label', 'formatter'],
        helper: 'lookup',
        args: sweep.rows.map((row, i) => [shares[i] ?? 0, share(row.wouldConvertAnyway, row.fired)]),
      },
      {
        path: ['xAxis', 1, 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: sweep.rows.map((row, i) => [
          names[i] ?? '',
          row.window === currentWindow ? `${names[i]}\nnow` : (names[i] ?? ''),
        ]),
      },
    ],
  };
}

/** One row per window; `marked` is the one in force. */
export function sweepTable(sweep: SweepResult, currentWindow: number, currency: Currency): Table {
  const net = sweep.rows.some((row) => row.net !== null);
  const best = sweep.best;
  return {
    columns: [
      { label: 'Window', align: 'left' },
      { label: 'Would be emailed', align: 'right' },
      { label: 'Convert anyway', align: 'right' },
      { label: 'of the emailed', align: 'right' },
      { label: 'Never convert', align: 'right' },
      { label: 'Emails add, projected', align: 'right' },
      { label: '95% interval', align: 'right' },
      ...(net ? [{ label: 'Net, projected', align: 'right' as const }] : []),
    ],
    rows: sweep.rows.map((row): Row => {
      const { incremental, low, high } = row.projected;
      const window: Text = row.window === best ? [strong(duration(row.window)), ' highest mean'] : duration(row.window);
      const cells: Text[] = [
        window,
        count(row.fired),
        count(row.wouldConvertAnyway),
        share(row.wouldConvertAnyway, row.fired),
        count(row.never),
        [strong(signedCount(incremental))],
        `${signedCount(low)} to ${signedCount(high)}`,
      ];
      if (net) {
        cells.push(
          row.net === null ? absent('not known') : signedMoney(row.net.expected, currency, row.net.high - row.net.low),
        );
      }
      return row.window === currentWindow ? { cells, as: 'marked' } : { cells };
    }),
  };
}

function tipOf(row: SweepRow, terms: Terms): Tip {
  return {
    title: `Window ${duration(row.window)}`,
    rows: [
      ['would be emailed', `${count(row.fired)} of ${count(row.episodes)} ${terms.anchors}`],
      ['convert anyway', `${count(row.wouldConvertAnyway)}, ${share(row.wouldConvertAnyway, row.fired)} of them`],
      ['never convert', count(row.never)],
      [
        'emails add, projected',
        `${signedCount(row.projected.incremental)}, ${interval(signedCount(row.projected.low), signedCount(row.projected.high))}`,
      ],
    ],
  };
}

function title(text: string, top: number): { [key: string]: Json } {
  return { type: 'text', left: 0, top, silent: true, style: { text, fill: INK_2, font: `11px ${FONT}` } };
}

function ticks(range: { min: number; max: number; step: number }, text: (x: number) => string): Json {
  const n = Math.round((range.max - range.min) / range.step);
  return Array.from({ length: n + 1 }, (_, i) => {
    const value = Number((range.min + i * range.step).toPrecision(12));
    return [value, text(value)];
  });
}
