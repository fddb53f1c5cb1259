// Numbers beside a stream: what its events are worth, read once from the history's columns and kept with the stream, so
// that a sum over a lookback touches neighbouring numbers only.

import type { ValueColumn } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { readNumber } from './filters.ts';
import { HistoryView } from './person-view.ts';
import type { Stream } from './stream.ts';

const kept = new WeakMap<Stream, Map<string, Float64Array>>();

/**
 * One number per stream row that has the role `bit`; NaN where the event has none, and where it has not the role.
 * @param property as in a filter; null reads the event's own value
 * @param orElse `own` falls back to the event's own value, then to 0, as the goal's value does
 */
export function amountsOf(
  history: History,
  stream: Stream,
  bit: number,
  property: string | null,
  orElse: 'none' | 'own',
): Float64Array {
  let amounts = kept.get(stream);
  if (amounts === undefined) kept.set(stream, (amounts = new Map()));
  const key = JSON.stringify([bit, property, orElse]);
  let found = amounts.get(key);
  if (found === undefined) amounts.set(key, (found = readAmounts(history, stream, bit, property, orElse)));
  return found;
}

function readAmounts(
  history: History,
  { rows, roles }: Stream,
  bit: number,
  property: string | null,
  orElse: 'none' | 'own',
): Float64Array {
  const amounts = new Float64Array(rows.length).fill(Number.NaN);
  const view = new HistoryView(history);
  const own = forwardReader(history.values);
  const isNamed = property !== null && history.properties.has(property);
  const mayBeOwn = property === null || property === 'value' || property === history.valueName;
  for (let i = 0; i < rows.length; i++) {
    if (((roles[i] as number) & bit) === 0) continue;
    const row = rows[i] as number;
    let amount = isNamed ? (readNumber(view.eventProperty(row, property)) ?? Number.NaN) : Number.NaN;
    if (Number.isNaN(amount) && (orElse === 'own' || (mayBeOwn && !isNamed))) amount = own(row);
    if (Number.isNaN(amount) && orElse === 'own') amount = 0;
    amounts[i] = amount;
  }
  return amounts;
}

/** Reads values of rows that only go up: a sparse column is walked along instead of searched each time. */
function forwardReader(column: ValueColumn): (row: number) => number {
  const { encoding } = column;
  if (encoding.kind !== 'sparse') return (row) => column.at(row);
  const { rows, values } = encoding;
  let i = 0;
  return (row) => {
    while (i < rows.length && (rows[i] as number) < row) i++;
    return rows[i] === row ? (values[i] as number) : Number.NaN;
  };
}
