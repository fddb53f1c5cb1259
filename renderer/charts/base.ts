// What all charts have in common: no animation, the one typeface, hairline grids, quiet axes. Options are plain data;
// nothing here knows a figure.

import type { EChartsCoreOption } from 'echarts/core';
import { type ChartTheme, FONT } from './theme.ts';

export type ChartOption = EChartsCoreOption;

/** The inner box of a plot, in px from the frame's edges. */
export interface PlotBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of a row in a chart whose rows lie beneath each other, px from the frame's top. */
export interface RowBand {
  readonly top: number;
  readonly bottom: number;
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export function baseOption(theme: ChartTheme, box: PlotBox): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 11, color: theme.ink3 },
    grid: { ...box, outerBoundsMode: 'none' },
  };
}

export function axisLabel(theme: ChartTheme, extra: object = {}) {
  return { color: theme.ink3, fontSize: 11, fontFamily: FONT, margin: 8, ...extra };
}

/** A vertical axis with hairlines across. @param ticks ascending; the ends are the axis' ends */
export function yAxis(
  theme: ChartTheme,
  ticks: readonly number[],
  label: (value: number) => string,
  extra: object = {},
) {
  return {
    type: 'value',
    min: ticks[0],
    max: ticks.at(-1),
    axisLine: { show: false },
    axisTick: { show: false, customValues: ticks },
    axisLabel: axisLabel(theme, { customValues: ticks, formatter: label }),
    splitLine: { show: true, lineStyle: { color: theme.line, width: 1 } },
    ...extra,
  };
}

/** Words in the plot, legible over lines and bands. */
export function labelText(theme: ChartTheme, extra: object = {}) {
  return {
    fontFamily: FONT,
    fontSize: 11,
    lineHeight: 15,
    color: theme.ink2,
    textBorderColor: theme.surface,
    textBorderWidth: 3,
    ...extra,
  };
}

/** Diagonal hatching, for what is suppressed, still under way, or outside what the history can say. */
export function hatch(color: string, background = 'transparent') {
  return {
    color: background,
    decal: { symbol: 'rect', color, dashArrayX: [1, 0], dashArrayY: [1.6, 3.4], rotation: -Math.PI / 4, symbolSize: 1 },
  };
}

/** 3 to 6 round ticks over [min, max], 0 among them where it lies inside; the ends enclose the range. */
export function roundTicks(min: number, max: number, most = 5): number[] {
  if (!(max > min)) return [min, min + 1];
  const raw = (max - min) / Math.max(1, most - 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((s) => s * power >= raw * 0.999) ?? 10);
  const first = Math.floor(min / step + 1e-9);
  const last = Math.ceil(max / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}
