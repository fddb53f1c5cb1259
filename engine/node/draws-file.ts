// The draws of a projection as a file for a notebook, by its ending CSV, JSON lines or Parquet: one row per draw: what
// drawn assumptions give on people drawn anew, and what comes with chance on top.

import { renameSync, rmSync } from 'node:fs';
import { extname } from 'node:path';
import { UserError } from '../base/index.ts';
import type { DrawnRun } from '../projection/index.ts';
import { quoted, quotedPath, withDuckDB } from './duckdb.ts';
import { writeWhole } from './files.ts';
import { unfinished } from './unfinished.ts';

const COLUMNS = ['draw', 'organicRate', 'resampled', 'realised', 'revenue', 'profit'] as const;
const ENDINGS = ['.csv', '.jsonl', '.ndjson', '.parquet'];

function checkDrawsPath(path: string): void {
  if (ENDINGS.includes(extname(path).toLowerCase())) return;
  throw new UserError('DRAWS_FORMAT', `${path}: draws are written as .csv, .jsonl or .parquet; the ending decides.`);
}

/**
 * `resampled` and `realised` are increments in conversions, without and with chance; revenue and profit go with
 * `realised`. A draw of people that holds nobody enrolled is left out.
 */
export async function writeDraws(path: string, run: DrawnRun): Promise<void> {
  checkDrawsPath(path);
  const rows = run.realised.map((outcome, i) => [
    i + 1,
    run.organicRates[i] ?? null,
    run.resampled[i]?.net ?? null,
    outcome.net,
    outcome.revenue,
    outcome.profit,
  ]);
  const cell = (value: number | null) => (value === null || Number.isNaN(value) ? null : value);
  if (['.jsonl', '.ndjson'].includes(extname(path).toLowerCase())) {
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(COLUMNS.map((name, i) => [name, cell(row[i] ?? null)]))),
    );
    return writeWhole(path, `${lines.join('\n')}\n`);
  }
  const csv = `${COLUMNS.join(',')}\n${rows.map((row) => row.map((value) => cell(value) ?? '').join(',')).join('\n')}\n`;
  if (extname(path).toLowerCase() === '.csv') return writeWhole(path, csv);
  const making = unfinished(path);
  const partial = `${making}.csv`;
  writeWhole(partial, csv);
  try {
    const types = COLUMNS.map((name) => `'${name}': '${name === 'draw' ? 'INTEGER' : 'DOUBLE'}'`).join(', ');
    await withDuckDB((connection) =>
      connection.run(
        `COPY (SELECT * FROM read_csv(${quotedPath(partial)}, header = true, columns = {${types}})) TO ${quoted(making)} (FORMAT parquet, COMPRESSION zstd)`,
      ),
    );
    renameSync(making, path);
  } finally {
    rmSync(partial, { force: true });
    rmSync(making, { force: true });
  }
}
