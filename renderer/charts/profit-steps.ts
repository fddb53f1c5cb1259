// How profit comes about: what is added in blue, what is given away or spent hatched, the profit in ink, each step
// beginning where the one before ended.

import { type Currency, signedMoney } from '../../engine/base/index.ts';
import { type ProfitStep, profitStepText } from '../../engine/report/index.ts';
import { type ChartOption, type ChartSize, type RowBand, roundTicks } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type PieceRow, type PieceScale, piecesOption, rowBands } from './pieces.ts';
import type { ChartTheme } from './theme.ts';

export const PROFIT_TITLE = 'Profit, and what it costs';

export interface ProfitInput {
  /** Signed, adding up to `total`. */
  readonly parts: readonly ProfitStep[];
  readonly total: number;
  /** What all are rounded to. */
  readonly unit: number;
  readonly currency: Currency;
}

export function profitRows({ parts, total, unit, currency }: ProfitInput): PieceRow[] {
  let at = 0;
  const steps = parts.map(({ label, amount }, i): PieceRow => {
    const [from, to] = [Math.min(at, at + amount), Math.max(at, at + amount)];
    at += amount;
    return {
      name: label,
      pieces: [{ kind: i === 0 && amount > 0 ? 'because' : i === 0 ? 'prevented' : 'taken', from, to }],
      value: profitStepText(amount, unit, currency),
      isAbsent: amount === 0,
    };
  });
  return [
    ...steps,
    {
      name: 'Profit',
      pieces: [{ kind: 'kept', from: Math.min(0, total), to: Math.max(0, total) }],
      value: signedMoney(total, currency),
      isStrong: true,
    },
  ];
}

export function profitScale(rows: readonly PieceRow[]): PieceScale {
  const ends = rows.flatMap(({ pieces }) => pieces.flatMap(({ from, to }) => [from, to]));
  const [min, max] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return max > min ? { min, max } : { min: 0, max: roundTicks(0, 1)[1] ?? 1 };
}

export function profitOption(input: ProfitInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = profitRows(input);
  const scale = profitScale(rows);
  return piecesOption(rows, () => scale, { left: 204, right: 66, bar: barOf(size), zero: true }, theme, size);
}

export function profitBands(input: ProfitInput, size: ChartSize): RowBand[] {
  return rowBands(profitRows(input), size.height, barOf(size));
}

function barOf({ height }: ChartSize): number {
  return Math.round(Math.min(22, Math.max(13, height / 12)));
}

export function profitTable(input: ProfitInput): ChartTable {
  return {
    columns: ['Step', 'Mean, projected'],
    rows: profitRows(input).map(({ name, value }) => [name, value]),
  };
}
