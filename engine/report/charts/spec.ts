// A chart as plain data: an ECharts option that JSON can hold, and hooks that name the few functions it needs. The page
// puts a helper of that name at that path before drawing. Colours are tokens (`var(--because)`): the SVG follows the
// theme, and print, without being drawn again.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** `tip`: a small table from the data item's own `tip`. `lookup`: axis labels by value, from `args`. */
export type HelperName = 'tip' | 'lookup';

export interface Hook {
  readonly path: readonly (string | number)[];
  readonly helper: HelperName;
  readonly args: Json;
}

export interface ChartSpec {
  readonly option: { readonly [key: string]: Json };
  readonly hooks: readonly Hook[];
  /** Height on the page, px. */
  readonly height: number;
  /** The series whose items arrow keys step through, or null. */
  readonly walk: number | null;
}

/** What a pointer on an item shows. */
export type Tip = { readonly title: string; readonly rows: readonly (readonly [string, string])[] };

export const INK = 'var(--ink)';
export const INK_2 = 'var(--ink-2)';
export const INK_3 = 'var(--ink-3)';
export const LINE = 'var(--line)';
export const LINE_STRONG = 'var(--line-strong)';
export const SURFACE = 'var(--surface)';
export const BECAUSE = 'var(--because)';
export const ANYWAY = 'var(--anyway)';
export const HOLDOUT = 'var(--holdout)';
export const SUPPRESSED = 'var(--suppressed)';

/** Opacity of a 95 % band in its parent's colour. */
export const BAND = 0.15;

/** Must equal the page's own family: text in SVG is measured before it is drawn. */
export const FONT = '"Inter Variable", Inter, system-ui, sans-serif';

/** What all charts share: no motion, own colours, one tooltip. */
export function baseOption(): { [key: string]: Json } {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 11, color: INK_3 },
    tooltip: {
      confine: true,
      backgroundColor: SURFACE,
      borderColor: LINE_STRONG,
      borderWidth: 1,
      padding: [7, 10],
      extraCssText: 'box-shadow:0 4px 16px rgba(16,20,24,.14);border-radius:6px',
      transitionDuration: 0,
      textStyle: { color: INK, fontSize: 11, fontFamily: FONT },
    },
  };
}

export function axisLabel(extra: { [key: string]: Json } = {}): { [key: string]: Json } {
  return { color: INK_3, fontSize: 11, fontFamily: FONT, ...extra };
}

/** A y axis from the left: gridlines, no line, no ticks. */
export function valueAxis(extra: { [key: string]: Json }): { [key: string]: Json } {
  return {
    type: 'value',
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: LINE, width: 1 } },
    ...extra,
  };
}

/** A line that marks a place on the x axis, with its words at the top. */
export function verticalMark(
  x: number | string,
  label: string,
  style: { readonly dashed: boolean; readonly align: 'left' | 'right'; readonly color: string },
): { [key: string]: Json } {
  return {
    xAxis: x,
    lineStyle: { color: style.color, width: style.dashed ? 1.2 : 1.8, type: style.dashed ? [3, 3] : 'solid' },
    label: {
      show: true,
      formatter: label,
      position: 'end',
      align: style.align,
      distance: [4, 5],
      color: style.color,
      fontSize: 11,
      fontWeight: style.dashed ? 400 : 600,
      fontFamily: FONT,
    },
  };
}

/** Three to six round steps from 0 (or below) that cover both ends. */
export function roundTicks(low: number, high: number): { min: number; max: number; step: number } {
  const width = Math.max(high - low, 1e-9);
  const raw = width / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10) * power;
  return { min: Math.floor(low / step + 1e-9) * step, max: Math.ceil(high / step - 1e-9) * step, step };
}
