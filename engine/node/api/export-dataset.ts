// Every event of a history as a file that this and other tools read again. Properties of people are not among them: they
// hold over time, which a table of events has no room for.

import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { CallOptions, ExportAnswer } from '../../api/index.ts';
import type { PropertyColumn } from '../../columns/index.ts';
import type { History } from '../../events/index.ts';
import { openRowFile, type RowColumns } from '../decision-log.ts';
import { fileError } from '../files.ts';

type Row = Record<string, unknown>;

const LOOK_EVERY = 65_536;

/** @param folder gets `HANDLE/NAME`. @param name ends in .csv or .parquet */
export async function exportDataset(
  folder: string,
  name: string,
  history: History,
  { signal, onProgress }: CallOptions = {},
): Promise<ExportAnswer> {
  const handle = randomBytes(16).toString('hex');
  const path = join(folder, handle, name);
  try {
    mkdirSync(join(folder, handle), { recursive: true });
  } catch (error) {
    throw fileError(error, path);
  }
  const properties = namedProperties(history);
  const columns: RowColumns<Row> = {
    user_id: 'VARCHAR',
    event: 'VARCHAR',
    timestamp: 'VARCHAR',
    value: 'DOUBLE',
    ...Object.fromEntries(properties.map(([column]) => [column, 'VARCHAR' as const])),
  };
  const file = openRowFile<Row>(path, columns);
  try {
    for (let p = 0; p < history.nPersons; p++) {
      const user_id = history.personIds.at(p);
      for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
        if (row % LOOK_EVERY === 0) {
          signal?.throwIfAborted();
          onProgress?.({ stage: 'writing events', done: row, total: history.nEvents, unit: 'events' });
        }
        file.write(rowOf(history, row, user_id, properties));
      }
    }
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
  const type = extname(name) === '.csv' ? 'text/csv' : 'application/vnd.apache.parquet';
  return { name, type, bytes: statSync(path).size, handle };
}

function rowOf(
  history: History,
  row: number,
  user_id: string,
  properties: readonly (readonly [string, PropertyColumn])[],
): Row {
  const value = history.values.at(row);
  const cells: Row = {
    user_id,
    event: history.names[history.nameCodes[row] as number],
    timestamp: new Date(history.times.at(row)).toISOString(),
    value: Number.isNaN(value) ? null : value,
  };
  for (const [column, property] of properties) cells[column] = property.at(row);
  return cells;
}

/** Properties under the names their columns get: one that is called like a column of ours is numbered. */
function namedProperties(history: History): (readonly [string, PropertyColumn])[] {
  const taken = new Set(['user_id', 'event', 'timestamp', 'value']);
  return [...history.properties].map(([name, property]) => {
    let column = name;
    for (let n = 2; taken.has(column.toLowerCase()); n++) column = `${name} (${n})`;
    taken.add(column.toLowerCase());
    return [column, property] as const;
  });
}
