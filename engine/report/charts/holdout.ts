// The price of a holdout: weeks until the answer by the share held out. Weeks are whole, so the line is a step line
// between the shares that were worked out; a share that cannot answer within the limit has no point.

import type { Row, Table } from '../document.ts';
import { absent } from '../document.ts';
import { capital, count, percent, weeks } from '../format.ts';
import type { HoldoutPlanResult, Terms } from '../types.ts';
import {
  axisLabel,
  baseOption,
  type ChartSpec,
  FONT,
  HOLDOUT,
  INK,
  INK_2,
  type Json,
  LINE_STRONG,
  roundTicks,
  type Tip,
  valueAxis,
} from './spec.ts';

const LEFT = 44;
const TOP = 30;
const PLOT = 130;

export function holdoutChart(plan: HoldoutPlanResult, terms: Terms): ChartSpec {
  const answered = plan.fractions.filter((row) => row.weeks !== null);
  const top = roundTicks(0, Math.max(4, ...answered.map((row) => row.weeks ?? 0)));
  const names = plan.fractions.map((row) => percent(row.fraction, 0));
  const chosen = plan.fractions.findIndex((row) => row.fraction === plan.fraction);
  const prices = plan.fractions.map((row) => row.foregone ?? 0);
  const price = roundTicks(0, Math.max(4, ...prices));
  const category = (gridIndex: number): { [key: string]: Json } => ({
    type: 'category',
    gridIndex,
    data: names,
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: LINE_STRONG } },
    axisLabel: axisLabel({ interval: 0, margin: 8 }),
  });
  const bars = (data: Json[], color: string, axis: number): { [key: string]: Json } => ({
    type: 'bar',
    xAxisIndex: axis,
    yAxisIndex: axis,
    barWidth: '46%',
    emphasis: { disabled: true },
    itemStyle: { color, borderRadius: [2, 2, 0, 0] },
    label: { show: true, position: 'top', distance: 4, color: INK_2, fontSize: 11, fontFamily: FONT },
    data,
  });
  const item = (value: number | null, i: number): Json => {
    const row = plan.fractions[i];
    const tip: Tip = {
      title: `${names[i]} held out`,
      rows: [
        ['people needed', count(row?.total ?? 0)],
        ['weeks until the answer', row?.weeks === null || row === undefined ? 'cannot be answered' : weeks(row.weeks)],
        [
          `${terms.goals} given up, projected`,
          row?.foregone === null || row === undefined ? 'not known' : count(row.foregone),
        ],
      ],
    };
    const mark = i === chosen ? { fontWeight: 600, color: INK } : {};
    return { value, label: mark, itemStyle: i === chosen ? {} : { opacity: 0.45 }, tip: tip as unknown as Json };
  };
  return {
    height: TOP + PLOT + 30,
    walk: 0,
    option: {
      ...baseOption(),
      tooltip: { ...(baseOption()['tooltip'] as { [key: string]: Json }), trigger: 'item' },
      grid: [
        { left: LEFT, right: '54%', top: TOP, height: PLOT },
        { left: '52%', right: 8, top: TOP, height: PLOT },
      ],
      graphic: [
        {
          type: 'text',
          left: 0,
          top: 2,
          silent: true,
          style: { text: 'Weeks until the answer', fill: INK_2, font: `11px ${FONT}` },
        },
        {
          type: 'text',
          left: '48%',
          top: 2,
          silent: true,
          style: { text: `${capital(terms.goals)} given up, projected`, fill: INK_2, font: `11px ${FONT}` },
        },
      ],
      xAxis: [category(0), category(1)],
      yAxis: [
        valueAxis({ gridIndex: 0, min: 0, max: top.max, interval: top.step, axisLabel: axisLabel() }),
        valueAxis({ gridIndex: 1, min: 0, max: price.max, interval: price.step, axisLabel: axisLabel() }),
      ],
      series: [
        bars(
          plan.fractions.map((row, i) => item(row.weeks, i)),
          INK_2,
          0,
        ),
        bars(
          plan.fractions.map((row, i) => item(row.foregone === null ? null : Math.round(row.foregone), i)),
          HOLDOUT,
          1,
        ),
      ],
    },
    hooks: [{ path: ['tooltip', 'formatter'], helper: 'tip', args: null }],
  };
}

export function holdoutTable(plan: HoldoutPlanResult, terms: Terms): Table {
  return {
    columns: [
      { label: 'Held out', align: 'left' },
      { label: 'People needed', align: 'right' },
      { label: 'Until the answer', align: 'right' },
      { label: `${capital(terms.goals)} given up, projected`, align: 'right' },
    ],
    rows: plan.fractions.map((row): Row => {
      const cells = [
        percent(row.fraction, 0),
        count(row.total),
        row.weeks === null ? absent('cannot be answered') : weeks(row.weeks),
        row.foregone === null ? absent('not known') : count(row.foregone),
      ];
      return row.fraction === plan.fraction ? { cells, as: 'marked' } : { cells };
    }),
  };
}
