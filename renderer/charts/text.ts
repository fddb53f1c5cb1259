// A chart in words, for a message or a ticket: what it is, what it says, its figures in columns, what they were made of.

import type { ChartTable } from './copy.ts';

export interface ChartWords {
  readonly title: string;
  /** Beside the title: axis, band, unit; may be empty. */
  readonly hint: string;
  /** The finding, in sentences. */
  readonly alternative: string;
  readonly table: ChartTable;
  /** Of the figures; empty: not known yet. */
  readonly stamp: string;
}

/** Lines end in a line feed; columns stand under each other in a typeface of one width, the first left, others right. */
export function chartText({ title, hint, alternative, table, stamp }: ChartWords): string {
  const head = hint === '' ? title : `${title} (${hint})`;
  const parts = [[head, alternative].filter((line) => line !== '').join('\n'), columnsOf(table), stamp];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function columnsOf({ columns, rows }: ChartTable): string {
  const widths = columns.map((label, i) => Math.max(...[label, ...rows.map((cells) => cells[i] ?? '')].map(lengthOf)));
  const line = (cells: readonly string[]) =>
    columns
      .map((_, i) => padded(cells[i] ?? '', widths[i] ?? 0, i === 0))
      .join('  ')
      .trimEnd();
  return [columns, ...rows].map(line).join('\n');
}

function padded(text: string, width: number, isLeft: boolean): string {
  const room = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return isLeft ? text + room : room + text;
}

function lengthOf(text: string): number {
  return [...text].length;
}
