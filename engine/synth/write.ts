// A synthetic history as text: a plain CSV after identity resolution, or JSON lines with aliases and property rows in
// the manner of a KISSmetrics export (`_p` person, `_n` event, `_t` seconds, `_p2` the identity to merge with).
// Both are made in pieces, so that a large file needs no large string.

import { csvCell } from '../base/index.ts';
import type { EventRow } from '../events/index.ts';
import type { CartHistory } from './cart.ts';
import type { ExportRow } from './export-rows.ts';

/** Properties that get a column, in order. */
const COLUMNS = [
  'revenue',
  'item',
  'category',
  'price',
  'quantity',
  'items',
  'cart_id',
  'order_id',
  'currency',
  'channel',
  'method',
  'campaign',
  'step',
] as const;

const LINES_PER_PIECE = 2_000;

/**
 * user_id, event, timestamp (ISO 8601, UTC), value, email (once known) and a column per event property. People carry
 * their final ids here, since a plain CSV knows no aliases; other properties of people are in the JSON lines only. Rows
 * that cannot be read are spread evenly, as many as `faults.bad` says.
 * @returns pieces of text that end at line ends
 */
export function* synthCsv(history: CartHistory): Iterable<string> {
  const rows = history.rows.filter((row) => row.kind === 'event');
  const { effect, faults } = history.parameters;
  const { bad } = faults;
  const columns = COLUMNS.filter((column) => column !== 'step' || effect !== null);
  let piece = `user_id,event,timestamp,value,email,${columns.join(',')}\n`;
  let lines = 0;
  let written = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as (typeof rows)[number];
    while (written < bad && i >= ((written + 1) * rows.length) / (bad + 1))
      piece += csvLine(spoil(row, written++, columns));
    piece += csvLine(csvCells(row.event, row.email, columns));
    if (++lines % LINES_PER_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  for (; written < bad; written++) piece += csvLine(spoil(rows.at(-1), written, columns));
  if (piece !== '') yield piece;
}

function csvCells(event: EventRow, email: string | null, columns: readonly string[]): string[] {
  const { person, name, time, value, properties } = event;
  return [
    person,
    name,
    isoSeconds(time),
    value === undefined ? '' : String(value),
    email ?? '',
    ...columns.map((column) => String(properties?.[column] ?? '')),
  ];
}

/** A row like a good one but for one cell: no person, no event, no readable time, no readable value, in turn. */
function spoil(
  row: { event: EventRow; email: string | null } | undefined,
  turn: number,
  columns: readonly string[],
): string[] {
  const event = row?.event ?? { person: 'u000000', name: 'Visited Site', time: 0 };
  const cells = csvCells(event, row?.email ?? null, columns);
  const [column, text] = [
    [2, 'yesterday'],
    [0, ''],
    [1, ''],
    [3, 'n/a?'],
  ][turn % 4] as [number, string];
  cells[column] = text;
  return cells;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** @returns pieces of text that end at line ends, one JSON object a line, in order of arrival */
export function* synthJsonLines(history: CartHistory): Iterable<string> {
  let piece = '';
  let lines = 0;
  for (const row of history.rows) {
    piece += `${JSON.stringify(jsonRow(row))}\n`;
    if (++lines % LINES_PER_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

function jsonRow(row: ExportRow): Record<string, unknown> {
  switch (row.kind) {
    case 'alias':
      return { _p: row.id, _p2: row.person, _t: row.time / 1000 };
    case 'properties':
      return { _p: row.id, _t: row.time / 1000, ...row.properties };
    case 'event': {
      const { name, time, value, properties } = row.event;
      return { _p: row.id, _n: name, _t: time / 1000, ...(value === undefined ? {} : { value }), ...properties };
    }
  }
}
