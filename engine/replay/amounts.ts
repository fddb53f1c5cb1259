// Numbers beside a stream: what its events are worth, read once from the history's columns and kept with the stream, so
// that a sum over a lookback touches neighbouring numbers only.

import type { ValueColumn } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { readNumber } from './filters.ts';
import { HistoryView } from './person-view.ts';
import type { Stream } from './stream.ts';

/** One number per stream row; NaN where the event has none. Of rows without the role asked for, it may be any. */
export interface Amounts {
  readonly values: Float64Array;
  /** None is below 0, so that a sum only grows. */
  readonly isNonNegative: boolean;
}

const kept = new WeakMap<Stream, Map<string, Amounts>>();

/**
 * What the rows with the role `bit` are worth.
 * @param property as in a filter; null reads the event's own value
 * @param orElse `own` falls back to the event's own value, as the goal's value does
 */
export function amountsOf(
  history: History,
  stream: Stream,
  bit: number,
  property: string | null,
  orElse: 'none' | 'own',
): Amounts {
  const { properties, valueName } = history;
  if (property !== null && properties.has(property)) {
    return keep(stream, JSON.stringify([bit, property, orElse]), () => {
      const own = orElse === 'own' ? ownAmounts(history, stream).values : null;
      return readProperty(history, stream, bit, property, own);
    });
  }
  const isOwn = orElse === 'own' || property === null || property === 'value' || property === valueName;
  if (isOwn) return ownAmounts(history, stream);
  return keep(stream, 'none', () => amounts(new Float64Array(stream.rows.length).fill(Number.NaN)));
}

function ownAmounts(history: History, stream: Stream): Amounts {
  return keep(stream, 'own', () => amounts(ownValues(history.values, stream.rows)));
}

function keep(stream: Stream, key: string, read: () => Amounts): Amounts {
  let byKey = kept.get(stream);
  if (byKey === undefined) kept.set(stream, (byKey = new Map()));
  let found = byKey.get(key);
  if (found === undefined) byKey.set(key, (found = read()));
  return found;
}

function amounts(values: Float64Array): Amounts {
  let isNonNegative = true;
  for (let i = 0; i < values.length; i++) if ((values[i] as number) < 0) isNonNegative = false;
  return { values, isNonNegative };
}

function readProperty(
  history: History,
  { rows, roles }: Stream,
  bit: number,
  property: string,
  own: Float64Array | null,
): Amounts {
  const values = new Float64Array(rows.length).fill(Number.NaN);
  const view = new HistoryView(history);
  for (let i = 0; i < rows.length; i++) {
    if (((roles[i] as number) & bit) === 0) continue;
    const amount = readNumber(view.eventProperty(rows[i] as number, property)) ?? Number.NaN;
    values[i] = Number.isNaN(amount) && own !== null ? (own[i] as number) : amount;
  }
  return amounts(values);
}

/** @param rows increasing: a sparse column is walked along instead of searched each time */
function ownValues(column: ValueColumn, rows: Uint32Array): Float64Array {
  const own = new Float64Array(rows.length);
  const { encoding } = column;
  if (encoding.kind !== 'sparse') {
    for (let i = 0; i < rows.length; i++) own[i] = column.at(rows[i] as number);
    return own;
  }
  const { rows: filled, values } = encoding;
  own.fill(Number.NaN);
  let i = 0;
  let k = 0;
  while (i < rows.length && k < filled.length) {
    const ahead = (filled[k] as number) - (rows[i] as number);
    if (ahead === 0) own[i] = values[k] as number;
    if (ahead >= 0) i++;
    if (ahead <= 0) k++;
  }
  return own;
}
