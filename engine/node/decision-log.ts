// Writes the decisions of a replay as CSV, JSON lines or Parquet, by the file's ending. The file appears whole, under its
// name, when the replay has ended; until then it grows beside it.

import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import { UserError } from '../base/index.ts';
import type { Decision } from '../replay/index.ts';
import { quoted, quotedPath, withDuckDB } from './duckdb.ts';
import { fileError } from './files.ts';

export interface DecisionLog {
  write(decision: Decision): void;
  /** Puts the file in place. */
  finish(): Promise<void>;
  /** Removes what was begun. */
  abandon(): void;
}

const COLUMNS = ['person', 'workflow', 'time', 'kind', 'step', 'reason'] as const;
const FLUSH_BYTES = 1 << 20;

/** @param path ends in .csv, .jsonl or .parquet; `time` is milliseconds since the epoch */
export function openDecisionLog(path: string): DecisionLog {
  const ending = extname(path).toLowerCase();
  if (!['.csv', '.jsonl', '.ndjson', '.parquet'].includes(ending)) {
    throw new UserError('LOG_FORMAT', `${path}: a log ends in .csv, .jsonl or .parquet; that decides its format.`);
  }
  const partial = `${path}.partial`;
  const lines = ending === '.csv' || ending === '.parquet' ? csvLine : jsonLine;
  const inWords = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const fd = inWords(() => openSync(partial, 'w'));
  let isOpen = true;
  let held = lines === csvLine ? `${COLUMNS.join(',')}\n` : '';
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
    write(decision) {
      held += lines(decision);
      if (held.length > FLUSH_BYTES) flush();
    },
    async finish() {
      flush();
      close();
      if (ending !== '.parquet') return inWords(() => renameSync(partial, path));
      try {
        await toParquet(partial, `${partial}.parquet`);
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

function csvLine(decision: Decision): string {
  return `${COLUMNS.map((column) => csvCell(decision[column])).join(',')}\n`;
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonLine(decision: Decision): string {
  return `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, decision[column]])))}\n`;
}

async function toParquet(csv: string, parquet: string): Promise<void> {
  await withDuckDB((connection) =>
    connection.run(`COPY (SELECT * FROM read_csv(${quotedPath(csv)}, header = true, columns = {
      'person': 'VARCHAR', 'workflow': 'VARCHAR', 'time': 'BIGINT', 'kind': 'VARCHAR', 'step': 'VARCHAR', 'reason': 'VARCHAR'
    })) TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)`),
  );
}
