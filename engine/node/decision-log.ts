// Writes rows as they come, such as the decisions of a replay, as CSV, JSON lines or Parquet, by the file's ending. The
// file appears whole, under its name, when the last row has been written; until then it grows beside it.

import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { csvCell, exactCsvCell, UserError } from '../base/index.ts';
import type { Decision } from '../replay/index.ts';
import { quoted, quotedPath, withDuckDB } from './duckdb.ts';
import { fileError } from './files.ts';
import { unfinished } from './unfinished.ts';

export interface RowFile<Row> {
  write(row: Row): void;
  /** Puts the file in place. */
  finish(): Promise<void>;
  /** Removes what was begun. */
  abandon(): void;
}

export type DecisionLog = RowFile<Decision>;

/** Names of columns, in order, with their types in a Parquet file. */
export type RowColumns<Row> = Readonly<
  Partial<Record<keyof Row & string, 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN'>>
>;

const COLUMNS: RowColumns<Decision> = {
  person: 'VARCHAR',
  workflow: 'VARCHAR',
  time: 'BIGINT',
  kind: 'VARCHAR',
  step: 'VARCHAR',
  reason: 'VARCHAR',
};
const FLUSH_BYTES = 1 << 20;

/** @param path ends in .csv, .jsonl or .parquet; `time` is milliseconds since the epoch */
export function openDecisionLog(path: string): DecisionLog {
  return openRowFile(path, COLUMNS);
}

/** Asked before long work. @throws UserError `LOG_FORMAT` */
export function checkRowPath(path: string): void {
  if (['.csv', '.jsonl', '.ndjson', '.parquet'].includes(extname(path).toLowerCase())) return;
  throw new UserError('LOG_FORMAT', `${path}: a log ends in .csv, .jsonl or .parquet; that decides its format.`);
}

/** @param path ends in .csv, .jsonl or .parquet */
export function openRowFile<Row extends object>(path: string, columns: RowColumns<Row>): RowFile<Row> {
  const names = Object.keys(columns) as (keyof Row & string)[];
  checkRowPath(path);
  const ending = extname(path).toLowerCase();
  const partial = unfinished(path);
  const isCsv = ending === '.csv' || ending === '.parquet';
  // A Parquet file is made of a CSV file that no spreadsheet sees.
  const cell = ending === '.parquet' ? exactCsvCell : csvCell;
  const lineOf = (row: Row) => (isCsv ? `${names.map((name) => cell(row[name])).join(',')}\n` : jsonLine(names, row));
  const inWords = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const fd = inWords(() => openSync(partial, 'w'));
  let isOpen = true;
  let held = isCsv ? `${names.map(cell).join(',')}\n` : '';
  const flush = () => {
    // Unlike a single write, this goes on until all of it is written.
    inWords(() => writeFileSync(fd, held));
    held = '';
  };
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  return {
    write(row) {
      held += lineOf(row);
      if (held.length > FLUSH_BYTES) flush();
    },
    async finish() {
      flush();
      close();
      if (ending !== '.parquet') return inWords(() => renameSync(partial, path));
      try {
        await toParquet(partial, `${partial}.parquet`, columns);
        inWords(() => renameSync(`${partial}.parquet`, path));
      } finally {
        rmSync(partial, { force: true });
        rmSync(`${partial}.parquet`, { force: true });
      }
    },
    abandon() {
      close();
      rmSync(partial, { force: true });
    },
  };
}

function jsonLine<Row>(names: readonly (keyof Row & string)[], row: Row): string {
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, row[name]])))}\n`;
}

async function toParquet(csv: string, parquet: string, columns: object): Promise<void> {
  const types = Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`);
  await withDuckDB((connection) =>
    connection.run(
      `COPY (SELECT * FROM read_csv(${quotedPath(csv)}, header = true, columns = { ${types.join(', ')} }))
       TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)`,
    ),
  );
}
