// Two settings at once: windows across, the other setting downwards, in each cell what it is worth, the stronger the more.
// The best has a frame, what cannot be told apart from it a dot; a setting that cannot be had together has no cell. A
// price is no choice: where it goes down, the best under each has the frame.

import type { SweepAnswer } from '../../engine/api/index.ts';
import { type Currency, exactPercent, humanDuration, parseDuration, signedMoney } from '../../engine/base/index.ts';
import { STANDING_WORDS, standingOf, worthOf, worthWords } from '../../engine/report/index.ts';
import { baseOption, type ChartOption, type ChartSize, type PlotBox } from './base.ts';
import type { ChartTable } from './copy.ts';
import { axisWords } from './paired-windows.ts';
import { type ChartTheme, FONT } from './theme.ts';

export const GRID_BOX: PlotBox = { left: 64, right: 0, top: 2, bottom: 20 };

type SweepRow = SweepAnswer['rows'][number];

export interface Grid {
  /** Paths of what goes across and down. */
  readonly paths: readonly [across: string, down: string];
  readonly across: readonly string[];
  readonly down: readonly string[];
  /** Rows downwards; null where the pair was not answered. */
  readonly cells: readonly (readonly (SweepRow | null)[])[];
}

/** @param across and down paths that were swept; null where the sweep has no such two */
export function gridOf({ rows }: Pick<SweepAnswer, 'rows'>, across: string, down: string): Grid | null {
  if (rows.some(({ set }) => set[across] === undefined || set[down] === undefined)) return null;
  const distinct = (path: string) => [...new Set(rows.map(({ set }) => String(set[path])))];
  const grid = { paths: [across, down] as const, across: distinct(across), down: distinct(down) };
  if (grid.across.length < 2 || grid.down.length < 2) return null;
  return {
    ...grid,
    cells: grid.down.map((y) =>
      grid.across.map((x) => rows.find(({ set }) => String(set[across]) === x && String(set[down]) === y) ?? null),
    ),
  };
}

/** Whether what goes down is a price. */
export function isPrice(path: string): boolean {
  return path.startsWith('economics.');
}

/** A value as it is read. */
export function settingText(path: string, value: string): string {
  const number = Number(value);
  if (isPrice(path) && number <= 1) return exactPercent(number);
  if (path.endsWith('.percent')) return `${value}%`;
  const ms = parseDuration(value);
  return ms === null ? value : ms === 0 ? 'at once' : humanDuration(ms);
}

export interface GridInput {
  readonly sweep: SweepAnswer;
  readonly grid: Grid;
  readonly currency: Currency;
}

export function gridOption({ sweep, grid, currency }: GridInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const worths = grid.cells.flat().flatMap((cell) => (cell === null ? [] : [worthOf(sweep, cell)]));
  const known = worths.filter((worth) => worth !== null);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const wide = (size.width - GRID_BOX.left - GRID_BOX.right) / grid.across.length;
  const high = (size.height - GRID_BOX.top - GRID_BOX.bottom) / grid.down.length;
  const shapes: Record<string, unknown>[] = grid.across.map((value, i) =>
    text(settingText(grid.paths[0], value), GRID_BOX.left + (i + 0.5) * wide, size.height - 8, theme.ink3, 'center'),
  );
  grid.cells.forEach((cells, r) => {
    shapes.push(text(settingText(grid.paths[1], grid.down[r] ?? ''), 0, GRID_BOX.top + (r + 0.5) * high, theme.ink2));
    cells.forEach((cell, c) => {
      const worth = cell === null ? null : worthOf(sweep, cell);
      const x = GRID_BOX.left + c * wide;
      const y = GRID_BOX.top + r * high;
      const box = { x: x + 1, y: y + 1, width: Math.max(1, wide - 2), height: Math.max(1, high - 2), r: 2 };
      if (cell === null || worth === null) {
        shapes.push({ type: 'rect', silent: true, shape: box, style: { fill: theme.line, opacity: 0.5 } });
        return;
      }
      const share = most > least ? (worth - least) / (most - least) : 1;
      const opacity = 0.05 + 0.43 * share;
      const mark = markOf(sweep, grid, cell, r);
      shapes.push({ type: 'rect', silent: true, shape: box, style: { fill: theme.ink2, opacity } });
      if (mark === 'frame') {
        shapes.push({
          type: 'rect',
          silent: true,
          shape: { ...box, x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 },
          style: { fill: 'none', stroke: theme.ink, lineWidth: 2.5 },
        });
      }
      const words = axisWords(worth, Math.max(Math.abs(most), Math.abs(least)), { by: sweep.by, currency });
      if (words.length * 6.2 + 8 < wide) shapes.push(text(words, x + wide / 2, y + high / 2, theme.ink, 'center'));
      if (mark === 'dot') {
        shapes.push({
          type: 'circle',
          silent: true,
          shape: { cx: x + wide - 8, cy: y + 8, r: 2.5 },
          style: { fill: theme.ink },
        });
      }
    });
  });
  return { ...baseOption(theme, GRID_BOX), graphic: shapes };
}

function markOf(sweep: SweepAnswer, grid: Grid, cell: SweepRow, row: number): 'frame' | 'dot' | null {
  if (isPrice(grid.paths[1])) return bestUnder(sweep, grid, row) === cell ? 'frame' : null;
  const standing = standingOf(sweep, cell);
  return standing === 'best' ? 'frame' : standing === 'same' ? 'dot' : null;
}

/** The best cell of a row; null where none has a figure. */
export function bestUnder(sweep: SweepAnswer, grid: Grid, row: number): SweepRow | null {
  return (grid.cells[row] ?? []).reduce<SweepRow | null>((best, cell) => {
    const worth = cell === null ? null : worthOf(sweep, cell);
    const most = best === null ? null : worthOf(sweep, best);
    return worth !== null && (most === null || worth > most) ? cell : best;
  }, null);
}

/** @param name of the setting that goes down */
export function gridTable({ sweep, grid, currency }: GridInput, name: string): ChartTable {
  const word = (cell: SweepRow | null, row: number) => {
    const worth = cell === null ? null : worthOf(sweep, cell);
    if (cell === null || worth === null) return 'not known';
    const mark = markOf(sweep, grid, cell, row);
    const told = mark === null ? '' : `, ${STANDING_WORDS[mark === 'frame' ? 'best' : 'same']}`;
    return `${sweep.by === 'net' ? signedMoney(Math.round(worth), currency) : worthWords(sweep, worth, currency)}${told}`;
  };
  return {
    columns: [name, ...grid.across.map((value) => settingText(grid.paths[0], value))],
    rows: grid.cells.map((cells, r) => [
      settingText(grid.paths[1], grid.down[r] ?? ''),
      ...cells.map((cell) => word(cell, r)),
    ]),
  };
}

function text(words: string, x: number, y: number, fill: string, align: 'left' | 'center' = 'left') {
  return {
    type: 'text',
    silent: true,
    x,
    y,
    style: { text: words, fill, align, verticalAlign: 'middle', fontFamily: FONT, fontSize: 11 },
  };
}
