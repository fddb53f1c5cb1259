// Which is better: a row a figure, the paired difference of a version to the first as a dot with its 95 % interval. The
// figures have units of their own, so each row has its own scale; all share the line at 0.

import type { CompareAnswer } from '../../engine/api/index.ts';
import type { Currency } from '../../engine/base/index.ts';
import {
  differenceText,
  FIGURE_WORDS,
  FIGURES,
  type FigureDifference,
  type FigureKey,
  figureText,
  isToldApart,
} from '../../engine/difference/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, type RowBand } from './base.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';

export const DIFFERENCE_BOX: PlotBox = { left: 66, right: 14, top: 6, bottom: 6 };
export const ROW_PX = 37;

export interface DifferenceInput {
  readonly versions: CompareAnswer['versions'];
  /** Of the version that is held against the first. */
  readonly at: number;
  readonly currency: Currency;
}

export interface DifferenceRow {
  readonly key: FigureKey;
  readonly difference: FigureDifference;
  /** Of the row's own scale, −1 … 1; null where there is nothing to draw. */
  readonly drawn: { readonly low: number; readonly expected: number; readonly high: number } | null;
}

export function differenceRows({ versions, at }: Pick<DifferenceInput, 'versions' | 'at'>): DifferenceRow[] {
  return FIGURES.flatMap((key): DifferenceRow[] => {
    const difference = versions[at]?.figures[key].difference ?? null;
    if (difference === null) return [];
    const { expected, low, high, identical } = difference;
    if (expected === null || low === null || high === null) return [{ key, difference, drawn: null }];
    if (identical !== null) return [{ key, difference, drawn: { low: 0, expected: 0, high: 0 } }];
    const reach = 1.1 * Math.max(Math.abs(low), Math.abs(high), Math.abs(expected));
    return [{ key, difference, drawn: { low: low / reach, expected: expected / reach, high: high / reach } }];
  });
}

export function differenceBands(input: Pick<DifferenceInput, 'versions' | 'at'>, size: ChartSize): RowBand[] {
  const { top, bottom } = DIFFERENCE_BOX;
  const rows = differenceRows(input).length;
  const each = (size.height - top - bottom) / Math.max(1, rows);
  return Array.from({ length: rows }, (_, i) => ({ top: top + i * each, bottom: top + (i + 1) * each }));
}

export function differenceOption(input: DifferenceInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = differenceRows(input);
  const { left, right, top, bottom } = DIFFERENCE_BOX;
  const middle = left + (size.width - left - right) / 2;
  const half = (size.width - left - right) / 2;
  const each = (size.height - top - bottom) / Math.max(1, rows.length);
  return {
    ...baseOption(theme, DIFFERENCE_BOX),
    graphic: [
      line([middle, top, middle, size.height - bottom], theme.lineStrong, 1),
      ...rows.flatMap(({ key, difference, drawn }, i) => {
        const y = top + i * each + 27;
        const words = y - 14;
        const isTold = isToldApart(difference);
        const color = key === 'because' ? theme.because : theme.ink2;
        const x = (share: number) => middle + share * half;
        return [
          ...(i === 0 ? [] : [line([0, top + i * each, size.width, top + i * each], theme.line, 1)]),
          text(FIGURE_WORDS[key], 0, words, labelText(theme, { fill: theme.ink, fontWeight: 600 })),
          text(differenceText(key, difference, input.currency), left, words, labelText(theme, { fill: theme.ink2 })),
          ...(drawn === null
            ? []
            : [
                line([x(drawn.low), y, x(drawn.high), y], color, 1.5),
                {
                  type: 'circle',
                  silent: true,
                  shape: { cx: x(drawn.expected), cy: y, r: 3.5 },
                  style: { fill: isTold ? color : theme.surface, stroke: color, lineWidth: 1.5 },
                },
              ]),
        ];
      }),
    ],
  };
}

export function differenceTable({ versions, at, currency }: DifferenceInput): ChartTable {
  const [first] = versions;
  const second = versions[at];
  if (first === undefined || second === undefined) return { columns: [], rows: [] };
  return {
    columns: ['Figure', first.name, second.name, 'Difference, paired 95% interval'],
    rows: FIGURES.map((key) => {
      const { value, difference } = second.figures[key];
      return [
        FIGURE_WORDS[key],
        figureText(key, first.figures[key].value, currency),
        figureText(key, value, currency),
        difference === null ? '' : differenceText(key, difference, currency),
      ];
    }),
  };
}

function line([x1, y1, x2, y2]: readonly [number, number, number, number], stroke: string, lineWidth: number) {
  return { type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } };
}

function text(words: string, x: number, y: number, { color: _, ...style }: Record<string, unknown>) {
  return { type: 'text', silent: true, x, y, style: { text: words, verticalAlign: 'middle', ...style } };
}
