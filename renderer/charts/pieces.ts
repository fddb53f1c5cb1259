// Bars made of pieces on rows of words, drawn in px: a piece that got lost stands in its place, hatched. For charts whose
// rows are read like a ledger, where the figure stands at the right end of its row.

import type { ChartOption, ChartSize } from './base.ts';
import { baseOption, type RowBand } from './base.ts';
import { type ChartTheme, FONT } from './theme.ts';

/** `lost` is who a rule kept out, `other` who drops out for another reason: neither is a verdict. */
export type PieceKind = 'kept' | 'anyway' | 'because' | 'given-up' | 'lost' | 'other' | 'taken' | 'prevented';

export interface Piece {
  readonly kind: PieceKind;
  /** On the row's scale; from ≤ to. */
  readonly from: number;
  readonly to: number;
}

export interface PieceRow {
  readonly name: string;
  readonly pieces: readonly Piece[];
  /** Formatted, at the right end. */
  readonly value: string;
  /** Under the bar. */
  readonly note?: string;
  readonly isStrong?: boolean;
  /** Words in the place of a figure. */
  readonly isAbsent?: boolean;
  /** On the row's scale. */
  readonly whisker?: readonly [low: number, high: number];
  /** A hairline above it: another scale begins. */
  readonly isApart?: boolean;
}

export interface PieceScale {
  readonly min: number;
  readonly max: number;
}

export interface PieceLayout {
  /** Of the names and of the figures, px. */
  readonly left: number;
  readonly right: number;
  readonly bar: number;
  /** Draws a line at 0. */
  readonly zero?: boolean;
}

/** Of the first bar under the chart's title, px. */
const TOP = 5;

type Shape = Readonly<Record<string, unknown>>;

/** @param scaleOf by row; all its pieces and whiskers lie in it */
export function piecesOption(
  rows: readonly PieceRow[],
  scaleOf: (row: number) => PieceScale,
  layout: PieceLayout,
  theme: ChartTheme,
  size: ChartSize,
): ChartOption {
  const places = rowPlaces(rows, size.height, layout.bar);
  const left = layout.left;
  const width = Math.max(1, size.width - left - layout.right);
  return {
    ...baseOption(theme, { left: 0, right: 0, top: 0, bottom: 0 }),
    series: [
      {
        type: 'custom',
        coordinateSystem: 'none',
        silent: true,
        data: rows.map((_, i) => [i]),
        renderItem: ({ dataIndex }: { dataIndex: number }) => {
          const row = rows[dataIndex];
          const top = places[dataIndex];
          if (row === undefined || top === undefined) return null;
          const { min, max } = scaleOf(dataIndex);
          const x = (value: number) => left + ((value - min) / Math.max(1e-9, max - min)) * width;
          return { type: 'group', children: rowShapes(row, top, x, layout, theme, size) };
        },
      },
    ],
  };
}

/** The top of each bar, px. Rows with a note take more room; what is left over is shared. */
export function rowPlaces(rows: readonly PieceRow[], height: number, bar: number): number[] {
  const heights = rows.map(({ note, isApart }) => bar + (note === undefined ? 5 : 18) + (isApart === true ? 8 : 0));
  const rest = height - TOP - heights.reduce((sum, h) => sum + h, 0);
  const gap = Math.max(0, rest / Math.max(1, rows.length));
  let y = TOP;
  return heights.map((h, i) => {
    const top = y + (rows[i]?.isApart === true ? 8 : 0);
    y += h + gap;
    return top;
  });
}

/** Where each row lies, px from the top: it is pointed at from its bar to the next. */
export function rowBands(rows: readonly PieceRow[], height: number, bar: number): RowBand[] {
  const tops = rowPlaces(rows, height, bar).map((top) => top - 3);
  return tops.map((top, i) => ({ top, bottom: tops[i + 1] ?? height }));
}

function rowShapes(
  row: PieceRow,
  top: number,
  x: (value: number) => number,
  { left, bar, zero }: PieceLayout,
  theme: ChartTheme,
  size: ChartSize,
): Shape[] {
  const middle = top + bar / 2;
  const strong = row.isStrong === true;
  return [
    ...(row.isApart === true ? [line(0, top - 8, size.width, top - 8, theme.line)] : []),
    text(row.name, 0, middle, strong ? theme.ink : theme.ink2, { fontWeight: strong ? 600 : 400 }),
    ...(zero === true ? [line(x(0), top - 3, x(0), top + bar + 3, theme.lineStrong)] : []),
    ...row.pieces.flatMap((piece) => pieceShapes(piece, top, x, bar, theme)),
    ...(row.whisker === undefined ? [] : whiskerShapes(x(row.whisker[0]), x(row.whisker[1]), middle, theme)),
    text(row.value, size.width, middle, row.isAbsent === true ? theme.ink3 : theme.ink, {
      align: 'right',
      fontWeight: row.isAbsent === true ? 400 : 600,
      fontSize: row.isAbsent === true ? 11 : 11.5,
    }),
    ...(row.note === undefined ? [] : [text(row.note, left, top + bar + 9, theme.ink3)]),
  ];
}

function pieceShapes(piece: Piece, top: number, x: (value: number) => number, bar: number, theme: ChartTheme): Shape[] {
  const start = x(piece.from);
  const width = Math.max(x(piece.to) - start, piece.to > piece.from ? 1.5 : 0);
  if (width === 0) return [];
  const plain = (fill: string, opacity = 1): Shape[] => [
    {
      type: 'rect',
      shape: { x: start, y: top, width: Math.max(1, width - 1), height: bar, r: 1.5 },
      style: { fill, opacity },
    },
  ];
  const { suppressed, lineStrong } = theme;
  switch (piece.kind) {
    case 'kept':
      return plain(theme.ink2, 0.9);
    case 'taken':
    case 'lost':
      return hatched(start, top, width - 1, bar, suppressed, suppressed);
    case 'other':
      return hatched(start, top, width - 1, bar, lineStrong, lineStrong);
    case 'given-up':
      return plain(theme.holdout);
    case 'prevented':
      return hatched(start, top, width - 1, bar, theme.because, theme.because);
    default:
      return plain(piece.kind === 'anyway' ? theme.anyway : theme.because);
  }
}

/** An outline filled with lines at 45 degrees. */
function hatched(x: number, y: number, width: number, height: number, color: string, border: string): Shape[] {
  const w = Math.max(1, width);
  return [
    { type: 'rect', shape: { x, y, width: w, height }, style: { fill: color, opacity: 0.14 } },
    ...hatchLines(w, height, 5).map(([x1, y1, x2, y2]) => line(x + x1, y + y1, x + x2, y + y2, color, 1.6)),
    {
      type: 'rect',
      shape: { x: x + 0.5, y: y + 0.5, width: Math.max(0.5, w - 1), height: height - 1 },
      style: { fill: 'none', stroke: border, lineWidth: 1 },
    },
  ];
}

/** Lines rising to the right over a box from 0, cut at its edges. @param step between them along the box, px */
export function hatchLines(width: number, height: number, step: number): [number, number, number, number][] {
  const lines: [number, number, number, number][] = [];
  for (let foot = step - height; foot < width; foot += step) {
    // From (foot, height) up to (foot + height, 0).
    const from = Math.max(0, foot);
    const to = Math.min(width, foot + height);
    if (to > from) lines.push([from, height - (from - foot), to, height - (to - foot)]);
  }
  return lines;
}

function whiskerShapes(from: number, to: number, y: number, { ink }: ChartTheme): Shape[] {
  return [
    line(from, y, to, y, ink, 1.3),
    line(from, y - 4, from, y + 4, ink, 1.3),
    line(to, y - 4, to, y + 4, ink, 1.3),
  ];
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth = 1): Shape {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth, fill: 'none' } };
}

function text(words: string, x: number, y: number, fill: string, extra: Shape = {}): Shape {
  return {
    type: 'text',
    style: { text: words, x, y, fill, fontFamily: FONT, fontSize: 11, verticalAlign: 'middle', ...extra },
  };
}
