// Files made for the user, each under a handle of its own in the host's folder; the host hands it out once.

import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportAnswer } from '../../api/index.ts';
import { csvCell } from '../../base/index.ts';
import { withDuckDB } from '../duckdb.ts';
import { fileError } from '../files.ts';
import type { Figure } from './figures.ts';

const COLUMNS = ['name', 'value', 'low', 'high', 'unit', 'kind'] as const;

/** @param folder gets `HANDLE/NAME` */
export function exportText(folder: string, name: string, type: string, text: string): ExportAnswer {
  return place(folder, name, type, (path) => writeFileSync(path, text));
}

export function exportBytes(folder: string, name: string, type: string, bytes: Uint8Array): ExportAnswer {
  return place(folder, name, type, (path) => writeFileSync(path, bytes));
}

export function figuresCsv(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => COLUMNS.map((column) => csvCell(figure[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

export async function exportParquet(folder: string, name: string, figures: readonly Figure[]): Promise<ExportAnswer> {
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
  const csv = join(folder, `${randomBytes(16).toString('hex')}.csv`);
  const parquet = `${csv}.parquet`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(csv, figuresCsv(figures));
    await withDuckDB((connection) =>
      connection.run(`COPY (SELECT * FROM read_csv(${quoted(csv)}, header = true, columns = {
        'name': 'VARCHAR', 'value': 'DOUBLE', 'low': 'DOUBLE', 'high': 'DOUBLE', 'unit': 'VARCHAR', 'kind': 'VARCHAR'
      })) TO ${quoted(parquet)} (FORMAT parquet, COMPRESSION zstd)`),
    );
    return place(folder, name, 'application/vnd.apache.parquet', (path) => renameSync(parquet, path));
  } finally {
    rmSync(csv, { force: true });
    rmSync(parquet, { force: true });
  }
}

function place(folder: string, name: string, type: string, write: (path: string) => void): ExportAnswer {
  const handle = randomBytes(16).toString('hex');
  const path = join(folder, handle, name);
  try {
    mkdirSync(join(folder, handle), { recursive: true });
    write(path);
    return { name, type, bytes: statSync(path).size, handle };
  } catch (error) {
    throw fileError(error, path);
  }
}
