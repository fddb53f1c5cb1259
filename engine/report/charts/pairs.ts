// Share that has reached the goal over waiting time, one line per pair of events, named at its right end. Up to five:
// more lines than that are read from the table.

import { count, humanDuration, percent } from '../../base/index.ts';
import type { Row, Table } from '../document.ts';
import { absent } from '../document.ts';
import type { PairCurve } from '../types.ts';
import {
  axisLabel,
  baseOption,
  type ChartSpec,
  FONT,
  INK,
  type Json,
  LINE_STRONG,
  roundTicks,
  type Tip,
  valueAxis,
} from './spec.ts';
import { firstInterestingMs, survivalAt } from './survival-read.ts';
import { timeAxis, timeAxisOption, timeLabels, timeX } from './time-axis.ts';

const MOST = 5;
/** Ink only: no pair is "because" or "anyway". Dashes tell lines apart where they cross. */
const DASHES: readonly Json[] = ['solid', [6, 3], [2, 3], [9, 3, 2, 3], [12, 4]];
const NAME = 30;

/** Places along the axis where every curve is read: one tip then holds them all. */
const COLUMNS = 240;

export function pairsChart(pairs: readonly PairCurve[]): ChartSpec {
  const drawn = pairs.slice(0, MOST);
  const last = Math.max(...drawn.map((pair) => pair.horizon));
  const first = Math.min(...drawn.map((pair) => firstInterestingMs(pair.survival, pair.horizon)));
  const axis = timeAxis(first, last, 9);
  const times = columnTimes(axis.ticks[0] ?? first, last);
  const longest = drawn.findIndex((pair) => pair.horizon === last);
  const range = roundTicks(0, Math.min(1, Math.max(0.01, ...drawn.map(reached))));
  const n = Math.round(range.max / range.step);
  return {
    height: 300,
    walk: longest,
    option: {
      ...baseOption(),
      grid: { left: 48, right: 232, top: 12, height: 250 },
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
      series: drawn.map((pair, i) => ({
        type: 'line',
        step: 'end',
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: false,
        emphasis: { disabled: true },
        lineStyle: { width: 2, color: INK, type: DASHES[i] ?? 'solid' },
        itemStyle: { color: INK },
        endLabel: {
          show: true,
          formatter: endName(pair),
          color: INK,
          fontSize: 11,
          lineHeight: 14,
          fontFamily: FONT,
          distance: 10,
        },
        labelLayout: { moveOverlap: 'shiftY' },
        data: times
          .filter((ms) => ms <= pair.horizon)
          .map((ms) => ({
            value: [timeX(ms), reachedBy(pair, ms)],
            ...(i === longest ? { tip: tipAt(drawn, ms) as unknown as Json } : {}),
          })),
      })),
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      { path: ['xAxis', 'axisLabel', 'formatter'], helper: 'lookup', args: timeLabels(axis) },
      {
        path: ['yAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: Array.from({ length: n + 1 }, (_, i) => {
          const value = Number((i * range.step).toPrecision(12));
          return [value, percent(value, value < 0.1 ? 1 : 0)];
        }),
      },
    ],
  };
}

/** Evenly spaced in ln t, whole milliseconds, both ends included. */
function columnTimes(from: number, to: number): number[] {
  const step = Math.log(to / from) / COLUMNS;
  const inner = Array.from({ length: COLUMNS - 1 }, (_, i) => Math.round(from * Math.exp(step * (i + 1))));
  return [from, ...inner, to];
}

function reachedBy(pair: PairCurve, ms: number): number {
  return 1 - survivalAt(pair.survival, ms).notConverted;
}

function tipAt(pairs: readonly PairCurve[], ms: number): Tip {
  const minutes = ms > 120_000 ? Math.round(ms / 1_000) * 1_000 : ms;
  return {
    title: `Reached within ${humanDuration(minutes)}`,
    rows: pairs
      .filter((pair) => ms <= pair.horizon)
      .map((pair) => [`${pair.pair.anchor} to ${pair.pair.goal}`, percent(reachedBy(pair, ms), 1)]),
  };
}

export function pairsTable(pairs: readonly PairCurve[]): Table {
  return {
    columns: [
      { label: 'After', align: 'left' },
      { label: 'Goal', align: 'left' },
      { label: 'Times it began', align: 'right' },
      { label: 'Reached', align: 'right' },
      { label: 'within', align: 'right' },
      { label: 'Half of them by', align: 'right' },
      { label: '90% by', align: 'right' },
    ],
    rows: pairs.map(
      (pair): Row => ({
        cells: [
          pair.pair.anchor,
          pair.pair.goal,
          count(pair.pair.openings),
          percent(reached(pair), 1),
          humanDuration(pair.horizon),
          pair.p50 === null ? absent('too few') : humanDuration(pair.p50),
          pair.p90 === null ? absent('too few') : humanDuration(pair.p90),
        ],
      }),
    ),
  };
}

/** Share that reaches the goal within the horizon, those still open at the end of the history allowed for. */
export function reached(pair: PairCurve): number {
  return reachedBy(pair, pair.horizon);
}

/** Braces are ECharts' own placeholders; a name may hold them. */
function endName(pair: PairCurve): string {
  const end = percent(reached(pair), 1);
  const clean = (name: string) => shorten(name.replace(/[{}|]/g, ' '), NAME);
  return `${end}  ${clean(pair.pair.anchor)}\nto ${clean(pair.pair.goal)}`;
}

function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
