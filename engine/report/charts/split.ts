// Anyway and because on one bar, own scale from 0, with the interval of their sum as a whisker.

import { capital, count, interval, signedCount } from '../../base/index.ts';
import type { Table } from '../document.ts';
import type { Known } from '../estimates.ts';
import type { Terms } from '../types.ts';
import {
  ANYWAY,
  axisLabel,
  BECAUSE,
  baseOption,
  type ChartSpec,
  FONT,
  INK,
  INK_2,
  type Json,
  LINE,
  LINE_STRONG,
  roundTicks,
  type Tip,
} from './spec.ts';

/** @param organic conversions that come anyway, ≥ 0 */
export function splitChart(organic: number, effect: Known, terms: Terms): ChartSpec {
  const { expected, low, high } = effect;
  const range = roundTicks(0, organic + Math.max(high, expected, 0));
  const anyway: Tip = { title: 'Come anyway, counted', rows: [[terms.goals, count(organic)]] };
  const because: Tip = {
    title: 'Because of the emails, projected',
    rows: [
      [terms.goals, signedCount(expected)],
      ['95% interval', `${signedCount(low)} to ${signedCount(high)}`],
    ],
  };
  const from = Math.max(0, organic + low);
  const to = Math.max(from, organic + high);
  const kept = organic + Math.min(0, expected);
  const bar = { type: 'bar', stack: 'all', barWidth: 30, emphasis: { disabled: true }, cursor: 'default' } as const;
  return {
    height: 128,
    walk: 1,
    option: {
      ...baseOption(),
      grid: { left: 2, right: 28, top: 6, height: 92 },
      tooltip: { ...(baseOption()['tooltip'] as { [key: string]: Json }), trigger: 'item' },
      xAxis: {
        type: 'value',
        min: 0,
        max: range.max,
        interval: range.step,
        axisLine: { show: false },
        axisTick: { show: false },
        splitLine: { show: true, lineStyle: { color: LINE } },
        axisLabel: axisLabel({ margin: 8, alignMinLabel: 'left' }),
      },
      yAxis: {
        type: 'category',
        data: [''],
        axisLine: { show: true, lineStyle: { color: LINE_STRONG } },
        axisTick: { show: false },
        axisLabel: { show: false },
      },
      series: [
        {
          ...bar,
          itemStyle: { color: ANYWAY, borderRadius: [2, 0, 0, 2] },
          label: above(`${count(organic)} anyway`, INK, 18),
          data: [{ value: kept, tip: anyway as unknown as Json }],
        },
        {
          ...bar,
          itemStyle:
            expected >= 0
              ? { color: BECAUSE, borderRadius: [0, 2, 2, 0] }
              : { color: 'transparent', borderColor: BECAUSE, borderWidth: 1.4, borderType: 'dashed' },
          label: above(`${signedCount(expected)} because of the emails`, BECAUSE, kept < range.max / 7 ? 33 : 18),
          data: [{ value: Math.abs(expected), tip: because as unknown as Json }],
          markLine: {
            silent: true,
            symbol: ['rect', 'rect'],
            symbolSize: [1.6, 12],
            symbolRotate: 0,
            animation: false,
            label: { show: false },
            lineStyle: { color: INK, width: 1.6, type: 'solid' },
            data: [[{ coord: [from, 0] }, { coord: [to, 0] }]],
          },
        },
        {
          type: 'scatter',
          silent: true,
          symbol: 'circle',
          symbolSize: 1,
          itemStyle: { color: INK },
          label: {
            show: true,
            formatter: '{b}',
            position: 'bottom',
            distance: 17,
            color: INK_2,
            fontSize: 11,
            fontFamily: FONT,
          },
          data: [
            { name: count(organic + low), value: [from, 0] },
            { name: count(organic + high), value: [to, 0] },
          ],
        },
      ],
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      {
        path: ['xAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: Array.from({ length: Math.round(range.max / range.step) + 1 }, (_, i) => [
          Number((i * range.step).toPrecision(12)),
          count(i * range.step),
        ]),
      },
    ],
  };
}

/** Words over the start of a bar's piece. */
function above(text: string, color: string, up: number): { [key: string]: Json } {
  return {
    show: true,
    formatter: text,
    position: [1, -up],
    color,
    fontSize: 11,
    fontWeight: 600,
    fontFamily: FONT,
  };
}

export function splitTable(organic: number, effect: Known, terms: Terms): Table {
  const { expected, low, high } = effect;
  return {
    columns: [
      { label: capital(terms.goals), align: 'left' },
      { label: 'Number', align: 'right' },
      { label: 'Range', align: 'right' },
    ],
    rows: [
      { cells: ['Come anyway, counted', count(organic), 'none: it is a count'] },
      {
        cells: ['Because of the emails, projected', signedCount(expected), interval([low, high], signedCount)],
      },
      {
        cells: ['Together', count(organic + expected), `${count(organic + low)} to ${count(organic + high)}`],
        as: 'total',
      },
    ],
  };
}
