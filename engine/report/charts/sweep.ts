// What each window would do, on one axis of windows: above, the share of the emailed who would have converted anyway;
// below, what the emails add, with its interval, around one zero line. Windows that cannot be told apart from the best
// are filled.

import { type Currency, capital, count, interval, percent, share, signedCount, signedMoney } from '../../base/index.ts';
import type { Sweep, SweepRow } from '../../projection/index.ts';
import type { Row, Table, Text } from '../document.ts';
import { absent, strong } from '../document.ts';
import { known } from '../estimates.ts';
import type { Terms } from '../types.ts';
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
import { isBest, isNearBest, rowName } from './sweep-rows.ts';

const LEFT = 58;
const RIGHT = 16;
const TOP = 30;
const UPPER = 84;
const GAP = 44;
const LOWER = 150;

export function sweepChart(sweep: Sweep, currentWindow: number, terms: Terms): ChartSpec {
  const { rows } = sweep;
  const names = rows.map(rowName);
  const shares = rows.map((row) => row.waste ?? 0);
  const effects = rows.map(effectOf);
  const upper = roundTicks(0, Math.max(...shares, 0.001) * 1.1);
  const lower = roundTicks(
    Math.min(0, ...effects.map((effect) => effect?.low ?? 0)),
    Math.max(1, ...effects.map((effect) => effect?.high ?? 0)),
  );
  const xAxis = (gridIndex: number, hasLabels: boolean): { [key: string]: Json } => ({
    type: 'category',
    gridIndex,
    data: names,
    axisTick: { show: false },
    axisLine: { show: true, onZero: !hasLabels, lineStyle: { color: LINE_STRONG } },
    axisLabel: hasLabels ? axisLabel({ interval: 0, margin: 10, lineHeight: 15 }) : { show: false },
  });
  const tips = rows.map((row) => tipOf(row, terms) as unknown as Json);
  return {
    height: TOP + UPPER + GAP + LOWER + 34,
    walk: 0,
    option: {
      ...baseOption(),
      grid: [
        { left: LEFT, right: RIGHT, top: TOP, height: UPPER },
        { left: LEFT, right: RIGHT, top: TOP + UPPER + GAP, height: LOWER },
      ],
      tooltip: { ...(baseOption()['tooltip'] as { [key: string]: Json }), trigger: 'item' },
      graphic: [
        title('Share of the emailed who convert anyway', TOP - 26),
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
          barMaxWidth: 64,
          emphasis: { disabled: true },
          itemStyle: { color: ANYWAY, borderRadius: [2, 2, 0, 0] },
          label: { show: true, position: 'top', distance: 4, color: INK_2, fontSize: 11, fontFamily: FONT },
          data: shares.map((value, i) => ({ value, tip: tips[i] ?? null })),
        },
        {
          type: 'scatter',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbol: 'circle',
          symbolSize: 9,
          emphasis: { disabled: true },
          z: 6,
          data: rows.flatMap((row, i) => {
            const effect = effects[i];
            if (effect === null || effect === undefined) return [];
            const color = isNearBest(row, sweep) ? BECAUSE : SURFACE;
            const itemStyle = { color, opacity: 1, borderColor: BECAUSE, borderWidth: 1.8 };
            return [{ value: [i, effect.expected], itemStyle, tip: tips[i] ?? null }];
          }),
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            label: { show: false },
            lineStyle: { color: BECAUSE, width: 1.6, type: 'solid' },
            data: [
              { yAxis: 0, lineStyle: { color: LINE_STRONG, width: 1 } },
              ...effects.flatMap((effect, i) =>
                effect === null ? [] : [[{ coord: [i, effect.low] }, { coord: [i, effect.high] }]],
              ),
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
      { path: ['yAxis', 1, 'axisLabel', 'formatter'], helper: 'lookup', args: ticks(lower, signedTick) },
      {
        path: ['series', 0, 'label', 'formatter'],
        helper: 'lookup',
        args: rows.map((row, i) => [
          shares[i] ?? 0,
          row.wouldConvertAnyway === null ? '' : share(row.wouldConvertAnyway, row.fired, 1),
        ]),
      },
      {
        path: ['xAxis', 1, 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: rows.map((row, i) => [
          names[i] ?? '',
          row.window === currentWindow ? `${names[i]}\nnow` : (names[i] ?? ''),
        ]),
      },
    ],
  };
}

/** One row per setting; `marked` is the one in force. */
export function sweepTable(sweep: Sweep, currentWindow: number, currency: Currency): Table {
  const hasNet = sweep.rows.some((row) => row.net.expected !== null);
  return {
    columns: [
      { label: 'Window', align: 'left' },
      { label: 'Would be emailed', align: 'right' },
      { label: 'Convert anyway', align: 'right' },
      { label: 'of the emailed', align: 'right' },
      { label: 'Never convert', align: 'right' },
      { label: 'Emails add, projected', align: 'right' },
      { label: '95% interval', align: 'right' },
      ...(hasNet ? [{ label: 'Net, projected', align: 'right' as const }] : []),
    ],
    rows: sweep.rows.map((row): Row => {
      const effect = effectOf(row);
      const net = known(row.net);
      const name: Text = isBest(row, sweep) ? [strong(rowName(row)), ' highest mean'] : rowName(row);
      const cells: Text[] = [
        name,
        count(row.fired),
        ...(row.wouldConvertAnyway === null
          ? [absent('not known'), absent('not known')]
          : [count(row.wouldConvertAnyway), share(row.wouldConvertAnyway, row.fired, 1)]),
        row.never === null ? absent('not known') : count(row.never),
        effect === null ? absent('not estimable') : [strong(signedCount(effect.expected))],
        effect === null ? absent('not estimable') : `${signedCount(effect.low)} to ${signedCount(effect.high)}`,
      ];
      if (hasNet) {
        cells.push(net === null ? absent('not known') : signedMoney(net.expected, currency, net.high - net.low));
      }
      return row.window === currentWindow ? { cells, as: 'marked' } : { cells };
    }),
  };
}

function effectOf({ projected }: SweepRow) {
  return known({ expected: projected.incremental, low: projected.low, high: projected.high });
}

function tipOf(row: SweepRow, terms: Terms): Tip {
  const effect = effectOf(row);
  return {
    title: row.window === null ? rowName(row) : `Window ${rowName(row)}`,
    rows: [
      ['would be emailed', `${count(row.fired)} of ${count(row.episodes)} ${terms.anchors}`],
      [
        'convert anyway',
        row.wouldConvertAnyway === null
          ? 'not known'
          : `${count(row.wouldConvertAnyway)}, ${share(row.wouldConvertAnyway, row.fired, 1)} of them`,
      ],
      ['never convert', row.never === null ? 'not known' : count(row.never)],
      [
        'emails add, projected',
        effect === null
          ? 'not estimable'
          : `${signedCount(effect.expected)}, ${interval([effect.low, effect.high], signedCount)}`,
      ],
    ],
  };
}

/** Where few are added, ticks have fractions. */
function signedTick(x: number): string {
  if (Number.isInteger(x)) return signedCount(x);
  return `${x > 0 ? '+' : '\u2212'}${Math.abs(x)}`;
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
