// The price of a holdout by the share held out: whole weeks until the answer, and what is given up meanwhile, side by
// side on one scale of shares. The chosen share is solid; beyond the longest acceptable duration stands a line.

import { capital, count, percent, weeks } from '../../base/index.ts';
import type { FractionRow, HoldoutPlan } from '../../holdout/index.ts';
import type { Row, Table } from '../document.ts';
import { absent } from '../document.ts';
import type { Terms } from '../types.ts';
import {
  axisLabel,
  baseOption,
  type ChartSpec,
  FONT,
  HOLDOUT,
  INK,
  INK_2,
  INK_3,
  type Json,
  LINE_STRONG,
  roundTicks,
  type Tip,
  valueAxis,
} from './spec.ts';

const LEFT = 44;
const TOP = 34;
const PLOT = 130;
/** Of the largest bar, for its figure on top. */
const HEADROOM = 1.08;

/** The plan's table of shares, with the chosen one where it is none of them. */
export function plannedRows(plan: HoldoutPlan): readonly FractionRow[] {
  if (plan.fractions.some((row) => row.fraction === plan.fraction)) return plan.fractions;
  return [...plan.fractions, plan].sort((a, b) => a.fraction - b.fraction);
}

export function holdoutChart(plan: HoldoutPlan, terms: Terms): ChartSpec {
  const rows = plannedRows(plan);
  const names = rows.map((row) => percent(row.fraction, 0));
  const { deadlineWeeks } = plan.asked;
  const longest = roundTicks(0, Math.max(4, ...rows.map((row) => row.weeks ?? 0)) * HEADROOM);
  const prices = rows.map((row) => row.foregone);
  const price = roundTicks(Math.min(0, ...prices), Math.max(4, ...prices) * HEADROOM);
  const hasLimit = deadlineWeeks <= longest.max;
  const deadline = {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: INK_3, width: 1, type: [3, 3] },
    label: { show: false },
    data: [{ yAxis: deadlineWeeks }],
  };
  const panel = (index: number, values: readonly (number | null)[], color: string, soft: string) => ({
    type: 'bar',
    xAxisIndex: index,
    yAxisIndex: index,
    barWidth: '46%',
    emphasis: { disabled: true },
    label: { show: true, position: 'top', distance: 4, color: INK_2, fontSize: 11, fontFamily: FONT },
    data: rows.map((row, i): Json => {
      const isChosen = row.fraction === plan.fraction;
      return {
        value: values[i] ?? null,
        itemStyle: { color: isChosen ? color : soft, borderRadius: [2, 2, 0, 0] },
        label: isChosen ? { fontWeight: 600, color: INK } : {},
        tip: tipOf(row, terms) as unknown as Json,
      };
    }),
  });
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
        title(`Weeks until the answer${hasLimit ? `; dashed: ${weeks(deadlineWeeks)}, the limit` : ''}`, 0),
        title(`${capital(terms.goals)} given up, projected`, '48%'),
      ],
      xAxis: [category(0, names), category(1, names)],
      yAxis: [
        valueAxis({ gridIndex: 0, min: 0, max: longest.max, interval: longest.step, axisLabel: axisLabel() }),
        valueAxis({ gridIndex: 1, min: price.min, max: price.max, interval: price.step, axisLabel: axisLabel() }),
      ],
      series: [
        {
          ...panel(
            0,
            rows.map((row) => row.weeks),
            INK_2,
            soft('ink-2'),
          ),
          ...(hasLimit ? { markLine: deadline } : {}),
        },
        panel(1, prices.map(Math.round), HOLDOUT, soft('holdout')),
      ],
    },
    hooks: [{ path: ['tooltip', 'formatter'], helper: 'tip', args: null }],
  };
}

export function holdoutTable(plan: HoldoutPlan, terms: Terms): Table {
  return {
    columns: [
      { label: 'Held out', align: 'left' },
      { label: 'People needed', align: 'right' },
      { label: 'Until the answer', align: 'right' },
      { label: `${capital(terms.goals)} given up, projected`, align: 'right' },
    ],
    rows: plannedRows(plan).map((row): Row => {
      const cells = [
        percent(row.fraction, 0),
        count(row.n.total),
        row.weeks === null ? absent('traffic not known') : weeks(row.weeks),
        count(row.foregone),
      ];
      return row.fraction === plan.fraction ? { cells, as: 'marked' } : { cells };
    }),
  };
}

function tipOf(row: FractionRow, terms: Terms): Tip {
  return {
    title: `${percent(row.fraction, 0)} held out`,
    rows: [
      ['people needed', count(row.n.total)],
      ['until the answer', row.weeks === null ? 'traffic not known' : weeks(row.weeks)],
      [`${terms.goals} given up, projected`, count(row.foregone)],
    ],
  };
}

function category(gridIndex: number, names: readonly string[]): { [key: string]: Json } {
  return {
    type: 'category',
    gridIndex,
    data: names,
    axisTick: { show: false },
    axisLine: { show: true, lineStyle: { color: LINE_STRONG } },
    axisLabel: axisLabel({ interval: 0, margin: 8 }),
  };
}

function title(text: string, left: number | string): { [key: string]: Json } {
  return { type: 'text', left, top: 4, silent: true, style: { text, fill: INK_2, font: `11px ${FONT}` } };
}

/** Opaque, so that gridlines do not show through. */
function soft(token: string): string {
  return `color-mix(in srgb, var(--${token}) 42%, var(--surface))`;
}
