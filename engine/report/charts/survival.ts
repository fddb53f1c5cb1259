// The survival curve with its band, the window in force, the rule's window, percentiles among converters, and beneath
// the same axis who is still watched and who has converted. The shaded area is what the window does not wait for.

import { count, humanDuration, percent } from '../../base/index.ts';
import type { Calibration } from '../../calibrate/index.ts';
import type { Column, Row, Table } from '../document.ts';
import type { Terms } from '../types.ts';
import {
  ANYWAY,
  axisLabel,
  BAND,
  baseOption,
  type ChartSpec,
  FONT,
  INK,
  INK_2,
  INK_3,
  type Json,
  LINE_STRONG,
  SURFACE,
  type Tip,
  valueAxis,
  verticalMark,
} from './spec.ts';
import { atRiskAt, drawnSteps, firstInterestingMs, survivalAt } from './survival-read.ts';
import { timeAxis, timeAxisOption, timeLabels, timeX } from './time-axis.ts';

const LEFT = 116;
const RIGHT = 20;
const TOP = 26;
const PLOT = 196;
/** Of a label in the plot, px. */
const LABEL = 14;

export function survivalChart(calibration: Calibration, terms: Terms): ChartSpec {
  const { survival, horizon, current, recommended } = calibration;
  const axis = timeAxis(firstInterestingMs(survival, horizon), horizon, 11);
  const from = axis.ticks[0] ?? 1_000;
  const steps = drawnSteps(survival, from, horizon);
  const end = survivalAt(survival, horizon).notConverted;
  const floor = Math.max(
    0,
    Math.min(0.9, Math.floor((steps.reduce((m, s) => Math.min(m, s.low ?? s.notConverted), 1) - 0.02) * 10) / 10),
  );

  const low = steps.map((s) => [timeX(s.t), s.low ?? s.notConverted]);
  const band = steps.map((s) => [timeX(s.t), (s.high ?? s.notConverted) - (s.low ?? s.notConverted)]);
  const line = steps.map((s) => ({ value: [timeX(s.t), s.notConverted], tip: tipOf(s, terms) as unknown as Json }));
  const later = steps.filter((s) => s.t > current.window);
  const laterFrom = { ...survivalAt(survival, current.window), t: Math.max(current.window, from) };
  const laterSteps = [laterFrom, ...later];

  // Left of their points, beneath the curve; where points lie close the later label moves down.
  let lowest = Number.NEGATIVE_INFINITY;
  const percentiles = (['p50', 'p75', 'p90'] as const).flatMap((name) => {
    const ms = calibration.percentilesAmongConverters[name];
    if (ms === null || ms < from || ms > horizon) return [];
    const { notConverted } = survivalAt(survival, ms);
    const y = ((1 - notConverted) / (1 - floor)) * PLOT;
    lowest = Math.max(y, lowest + LABEL);
    return [
      {
        name: `${name.slice(1)}% by ${humanDuration(ms)}`,
        value: [timeX(ms), notConverted],
        label: { offset: [0, Math.round(lowest - y)] },
      },
    ];
  });

  const marks: Json[] = [];
  const rule = recommended.settled ? recommended.window : null;
  if (current.window >= from && current.window <= horizon) {
    const align = rule !== null && rule < current.window ? 'left' : 'right';
    const words = rule === current.window ? 'now, and the rule' : 'now';
    marks.push(
      verticalMark(timeX(current.window), `${humanDuration(current.window)}, ${words}`, {
        dashed: false,
        align,
        color: INK,
      }),
    );
  }
  if (rule !== null && rule !== current.window && rule >= from && rule <= horizon) {
    const align = rule < current.window ? 'right' : 'left';
    marks.push(verticalMark(timeX(rule), `${humanDuration(rule)}, the rule`, { dashed: true, align, color: INK_2 }));
  }

  const grid = { left: LEFT, right: RIGHT, top: TOP, height: PLOT };
  return {
    height: TOP + PLOT + 62,
    walk: 2,
    option: {
      ...baseOption(),
      grid,
      tooltip: {
        ...(baseOption()['tooltip'] as { [key: string]: Json }),
        trigger: 'axis',
        axisPointer: { lineStyle: { color: LINE_STRONG, type: 'solid' } },
      },
      xAxis: timeAxisOption(axis, {
        axisLine: { show: true, onZero: false, lineStyle: { color: LINE_STRONG } },
        axisLabel: axisLabel({ customValues: axis.ticks.map(timeX), lineHeight: 17, hideOverlap: true, margin: 8 }),
      }),
      yAxis: valueAxis({
        min: floor,
        max: 1,
        interval: 1 - floor > 0.5 ? 0.2 : 0.1,
        axisLabel: axisLabel({ margin: 10 }),
      }),
      graphic: [rowLabel(`Still watched`, 1), rowLabel(`Had ${terms.done}`, 2)],
      series: [
        {
          type: 'line',
          step: 'end',
          stack: 'band',
          stackStrategy: 'all',
          silent: true,
          symbol: 'none',
          lineStyle: { width: 0, color: INK },
          data: low,
        },
        {
          type: 'line',
          step: 'end',
          stack: 'band',
          stackStrategy: 'all',
          silent: true,
          symbol: 'none',
          lineStyle: { width: 0, color: INK },
          areaStyle: { color: INK, opacity: BAND },
          data: band,
        },
        {
          type: 'line',
          step: 'end',
          symbol: 'circle',
          symbolSize: 5,
          showSymbol: false,
          lineStyle: { width: 2, color: INK },
          itemStyle: { color: INK },
          emphasis: { disabled: true },
          data: line,
          markLine: { silent: true, symbol: 'none', animation: false, data: marks },
        },
        {
          type: 'line',
          step: 'end',
          silent: true,
          symbol: 'none',
          stack: 'later',
          stackStrategy: 'all',
          lineStyle: { width: 0, color: ANYWAY },
          data: laterSteps.map((s) => [timeX(s.t), end]),
        },
        {
          type: 'line',
          step: 'end',
          silent: true,
          symbol: 'none',
          stack: 'later',
          stackStrategy: 'all',
          lineStyle: { width: 0, color: ANYWAY },
          areaStyle: { color: ANYWAY, opacity: 0.42 },
          data: laterSteps.map((s) => [timeX(s.t), s.notConverted - end]),
        },
        {
          type: 'scatter',
          silent: true,
          z: 5,
          symbol: 'circle',
          symbolSize: 8,
          itemStyle: { color: SURFACE, borderColor: INK, borderWidth: 1.6 },
          label: {
            show: true,
            formatter: '{b}',
            position: 'left',
            distance: 7,
            color: INK,
            fontSize: 11,
            fontFamily: FONT,
          },
          data: percentiles,
        },
      ],
    },
    hooks: [
      { path: ['tooltip', 'formatter'], helper: 'tip', args: null },
      {
        path: ['xAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: timeLabels(axis, (ms) => [
          count(atRiskAt(survival, ms)),
          percent(1 - survivalAt(survival, ms).notConverted, 1),
        ]),
      },
      {
        path: ['yAxis', 'axisLabel', 'formatter'],
        helper: 'lookup',
        args: Array.from({ length: 11 }, (_, i) => [i / 10, `${i * 10}%`]),
      },
    ],
  };
}

/** The curve at round times. */
export function survivalTable(calibration: Calibration, terms: Terms): Table {
  const { survival, horizon } = calibration;
  const { ticks } = timeAxis(firstInterestingMs(survival, horizon), horizon, 16);
  const columns: Column[] = [
    { label: 'After', align: 'left' },
    { label: 'Still watched', align: 'right' },
    { label: `Not yet ${terms.done}`, align: 'right' },
    { label: '95% interval', align: 'right' },
  ];
  const rows: Row[] = ticks.map((ms) => {
    const step = survivalAt(survival, ms);
    const limits =
      step.low === null || step.high === null ? 'not estimable' : `${percent(step.low, 2)} to ${percent(step.high, 2)}`;
    return { cells: [humanDuration(ms), count(atRiskAt(survival, ms)), percent(step.notConverted, 2), limits] };
  });
  return { columns, rows };
}

function tipOf(
  step: { t: number; notConverted: number; low: number | null; high: number | null; atRisk: number },
  terms: Terms,
): Tip {
  const rows: [string, string][] = [
    [`not yet ${terms.done}`, percent(step.notConverted, 2)],
    [`had ${terms.done}`, percent(1 - step.notConverted, 2)],
  ];
  if (step.low !== null && step.high !== null)
    rows.push(['95% interval', `${percent(step.low, 2)} to ${percent(step.high, 2)}`]);
  rows.push(['still watched', count(step.atRisk)]);
  return { title: humanDuration(roundTime(step.t)), rows };
}

/** Three digits are enough to read a time by. */
function roundTime(ms: number): number {
  return ms > 120_000 ? Math.round(ms / 1_000) * 1_000 : ms;
}

function rowLabel(text: string, line: number): { [key: string]: Json } {
  return {
    type: 'text',
    left: 0,
    top: TOP + PLOT + 12 + line * 17,
    silent: true,
    style: { text, fill: INK_3, font: `11px ${FONT}` },
  };
}
