// A finished test as a file with one row per person, read as text: what a cell means is for the analysis to say, which
// names the row where it cannot.

import { existsSync } from 'node:fs';
import { UserError } from '../base/index.ts';
import { quotedPath, withDuckDB } from './duckdb.ts';

/**
 * @param path CSV or TSV, also .gz, or Parquet
 * @returns one list of cells per column asked for, each with one text per row, empty where there is none
 * @throws UserError for a missing column, naming those there are, and for a file that is no table
 */
export async function readTextColumns(path: string, columns: readonly string[]): Promise<string[][]> {
  if (!existsSync(path)) throw new UserError('ENOENT', `${path}: there is no such file.`);
  const source = /\.parquet$/i.test(path)
    ? `read_parquet(${quotedPath(path)})`
    : `read_csv(${quotedPath(path)}, all_varchar = true, header = true, null_padding = true, strict_mode = false)`;
  return withDuckDB(async (connection) => {
    const rowsOf = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
    let known: string[];
    try {
      known = (await rowsOf(`DESCRIBE SELECT * FROM ${source}`)).map((row) => String(row[0]));
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
      throw new UserError('UNREADABLE', `${path} cannot be read as a table: ${why}`);
    }
    for (const column of columns) {
      if (known.includes(column)) continue;
      const names = known.map((name) => `"${name}"`).join(', ');
      throw new UserError('NO_COLUMN', `${path} has no column "${column}". It has ${names}.`);
    }
    const list = columns.map((column) => `coalesce("${column.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ');
    const read = await connection.runAndReadAll(`SELECT ${list} FROM ${source}`);
    if (read.currentRowCount === 0) throw new UserError('EMPTY', `${path} has no rows under its header.`);
    return read.getColumns().map((column) => column.map(String));
  });
}
