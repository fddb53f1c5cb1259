// Did it work? One row per treated arm: the difference in percentage points with the interval that decides, and the other
// one thin beside it, on a common zero. A test before its planned end shows the always-valid interval alone.

import { exactCount, percent, points, range } from '../../engine/base/index.ts';
import type { ArmComparison } from '../../engine/holdout/index.ts';
import { axisLabel, baseOption, type ChartOption, type ChartSize, labelText, roundTicks } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type ChartTheme, FONT } from './theme.ts';

export interface HoldoutResultInput {
  readonly arms: readonly ArmComparison[];
  /** Which interval decides; `sequential` alone is drawn where the end is not reached. */
  readonly decidedBy: 'newcombe' | 'sequential';
}

const BOX = { left: 120, right: 150, top: 8, bottom: 22 };
const ROW_PX = 44;

export function holdoutResultHeight({ arms }: Pick<HoldoutResultInput, 'arms'>): number {
  return BOX.top + BOX.bottom + Math.max(1, arms.length) * ROW_PX;
}

/** Null where there is none. */
function decidingOf(arm: ArmComparison, { decidedBy }: Pick<HoldoutResultInput, 'decidedBy'>) {
  return decidedBy === 'newcombe' ? arm.newcombe : (arm.sequential?.interval ?? null);
}

export function holdoutResultOption(input: HoldoutResultInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const { arms, decidedBy } = input;
  const limits = arms.flatMap((arm) => [
    ...(decidingOf(arm, input) ?? []),
    ...(decidedBy === 'newcombe' ? (arm.sequential?.interval ?? []) : []),
    arm.difference ?? 0,
  ]);
  const ticks = roundTicks(Math.min(0, ...limits) * 100, Math.max(0, ...limits) * 100, 6);
  const [least = -1, most = 1] = [ticks[0], ticks.at(-1)];
  const width = Math.max(1, size.width - BOX.left - BOX.right);
  const x = (difference: number) => BOX.left + ((difference * 100 - least) / (most - least)) * width;
  return {
    ...baseOption(theme, BOX),
    xAxis: {
      type: 'value',
      min: least,
      max: most,
      axisLine: { show: false },
      axisTick: { show: false, customValues: ticks },
      splitLine: { show: true, lineStyle: { color: theme.line, width: 1 } },
      axisLabel: axisLabel(theme, {
        customValues: ticks,
        formatter: (value: number) => (value === 0 ? '0' : `${points(value / 100)} pp`),
      }),
    },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    series: [
      {
        type: 'custom',
        coordinateSystem: 'none',
        silent: true,
        data: arms.map((_, i) => [i]),
        renderItem: ({ dataIndex }: { dataIndex: number }) => {
          const arm = arms[dataIndex];
          if (arm === undefined) return null;
          const y = BOX.top + ROW_PX * (dataIndex + 0.5);
          return { type: 'group', children: rowOf(arm, y, x, input, theme, size) };
        },
      },
      {
        type: 'line',
        silent: true,
        data: [],
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { show: false },
          data: [{ xAxis: 0, lineStyle: { color: theme.lineStrong, width: 1.5, type: 'solid' } }],
        },
      },
    ],
  };
}

function rowOf(
  arm: ArmComparison,
  y: number,
  x: (difference: number) => number,
  input: HoldoutResultInput,
  theme: ChartTheme,
  size: ChartSize,
) {
  const deciding = decidingOf(arm, input);
  const beside = input.decidedBy === 'newcombe' ? (arm.sequential?.interval ?? null) : null;
  const line = (x1: number, x2: number, at: number, stroke: string, lineWidth: number) => ({
    type: 'line',
    shape: { x1, x2, y1: at, y2: at },
    style: { stroke, lineWidth },
  });
  const end = (at: number, middle: number, half: number, stroke: string, lineWidth: number) => ({
    type: 'line',
    shape: { x1: at, x2: at, y1: middle - half, y2: middle + half },
    style: { stroke, lineWidth },
  });
  const words = (text: string, at: number, fill: string, extra: object = {}) => ({
    type: 'text',
    style: { ...labelText(theme), text, x: at, y, verticalAlign: 'middle', fill, fontFamily: FONT, ...extra },
  });
  const right = size.width - BOX.right + 10;
  return [
    words(arm.arm, 0, theme.ink, { fontWeight: 600, width: BOX.left - 12, overflow: 'truncate' }),
    ...(beside === null
      ? []
      : [
          line(x(beside[0]), x(beside[1]), y + 9, theme.ink3, 1),
          end(x(beside[0]), y + 9, 3, theme.ink3, 1),
          end(x(beside[1]), y + 9, 3, theme.ink3, 1),
        ]),
    ...(deciding === null
      ? []
      : [
          line(x(deciding[0]), x(deciding[1]), y, theme.because, 2),
          end(x(deciding[0]), y, 5, theme.because, 2),
          end(x(deciding[1]), y, 5, theme.because, 2),
        ]),
    ...(arm.difference === null
      ? []
      : [
          {
            type: 'circle',
            shape: { cx: x(arm.difference), cy: y, r: 5 },
            style: { fill: theme.because, stroke: theme.surface, lineWidth: 1.5 },
          },
        ]),
    words(
      deciding === null ? 'too early to be shown' : `${range(deciding, points)} pp`,
      right,
      deciding === null ? theme.ink3 : theme.ink,
      { fontWeight: deciding === null ? 400 : 600 },
    ),
  ];
}

export function holdoutResultTable({ arms, decidedBy }: HoldoutResultInput): ChartTable {
  const isEnd = decidedBy === 'newcombe';
  return {
    columns: [
      'Arm',
      'people',
      'with it',
      'rate',
      'change, pp',
      ...(isEnd ? ['at the end, pp'] : []),
      'at any time, pp',
    ],
    rows: arms.map(({ arm, treated, difference, newcombe, sequential }) => [
      arm,
      exactCount(treated.n),
      exactCount(treated.x),
      treated.rate === null ? 'not defined' : percent(treated.rate, 2),
      difference === null ? 'not defined' : points(difference),
      ...(isEnd ? [newcombe === null ? 'not defined' : range(newcombe, points)] : []),
      sequential === null ? 'not yet' : range(sequential.interval, points),
    ]),
  };
}
