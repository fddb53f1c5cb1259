// A finished test as a file with one row per person, read as text: what a cell means is for the analysis to say, which
// names the row where it cannot.

import { existsSync } from 'node:fs';
import { UserError } from '../base/index.ts';
import { analyzeRows, type CountsInput, type HoldoutAnalysis, readAmount, readOutcome } from '../holdout/index.ts';
import { quotedPath, withDuckDB } from './duckdb.ts';

/** Which columns say what. */
export interface TestColumns extends Pick<CountsInput, 'alpha' | 'ratio' | 'plannedTotal'> {
  readonly arm: string;
  readonly control: string;
  readonly outcomes: readonly string[];
  readonly value?: string | undefined;
  readonly before?: string | undefined;
  readonly per?: string | undefined;
  /** Conversions an email tool credits; empty cells are 0. */
  readonly credited?: string | undefined;
}

/** @param name as messages call the file; its path where absent @throws UserError naming the column or the row */
export async function readTest(path: string, asked: TestColumns, name = path): Promise<HoldoutAnalysis> {
  const { arm, control, outcomes, value, before, per, credited, ...reading } = asked;
  const amounts = [value, before, per, credited].filter((column) => column !== undefined);
  const wanted = [arm, ...outcomes, ...amounts];
  const cells = await readTextColumns(path, wanted);
  const column = (wantedName: string) => cells[wanted.indexOf(wantedName)] as string[];
  const amount = (of: string | undefined) =>
    of === undefined
      ? undefined
      : { name: of, values: Float64Array.from(column(of), (text) => (text.trim() === '' ? 0 : readAmount(text))) };
  return analyzeRows({
    arms: column(arm),
    control,
    outcomes: outcomes.map((of) => ({ name: of, values: Float64Array.from(column(of), readOutcome) })),
    value: amount(value),
    before: amount(before),
    per: amount(per),
    credited: amount(credited),
    ...reading,
    placeOf: (row) => `${name}, row ${row + 1} below the header`,
  });
}

/**
 * The file as a table of text called `test`, for questions about its columns.
 * @throws UserError for a file that is no table, or has no rows
 */
export async function withTestTable<T>(
  path: string,
  job: (columns: readonly string[], rowsOf: RowsOf, rows: number) => Promise<T>,
): Promise<T> {
  return withSource(path, async (source, rowsOf, connection) => {
    const names = await namesOf(path, source, rowsOf);
    await connection.run(`CREATE TEMP TABLE test AS SELECT * FROM ${source}`);
    const rows = Number((await rowsOf('SELECT count(*) FROM test'))[0]?.[0]);
    if (rows === 0) throw emptyError(path);
    return job(names, rowsOf, rows);
  });
}

/**
 * @param path CSV or TSV, also .gz, or Parquet
 * @returns one list of cells per column asked for, each with one text per row, empty where there is none
 * @throws UserError for a missing column, naming those there are, and for a file that is no table
 */
export async function readTextColumns(path: string, columns: readonly string[]): Promise<string[][]> {
  return withSource(path, async (source, rowsOf, connection) => {
    const known = await namesOf(path, source, rowsOf);
    for (const column of columns) {
      if (known.includes(column)) continue;
      const names = known.map((name) => `"${name}"`).join(', ');
      throw new UserError('NO_COLUMN', `${path} has no column "${column}". It has ${names}.`);
    }
    const list = columns.map((column) => `coalesce("${column.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ');
    const read = await connection.runAndReadAll(`SELECT ${list} FROM ${source}`);
    if (read.currentRowCount === 0) throw emptyError(path);
    return read.getColumns().map((column) => column.map(String));
  });
}

function emptyError(path: string): UserError {
  return new UserError('EMPTY', `${path} has no rows under its header.`);
}

type Connection = Parameters<Parameters<typeof withDuckDB>[0]>[0];
export type RowsOf = (sql: string) => Promise<unknown[][]>;

function withSource<T>(
  path: string,
  job: (source: string, rowsOf: RowsOf, connection: Connection) => Promise<T>,
): Promise<T> {
  if (!existsSync(path)) throw new UserError('ENOENT', `${path}: there is no such file.`);
  const source = /\.parquet$/i.test(path)
    ? `read_parquet(${quotedPath(path)})`
    : `read_csv(${quotedPath(path)}, all_varchar = true, header = true, null_padding = true, strict_mode = false)`;
  return withDuckDB((connection) =>
    job(source, async (sql) => (await connection.runAndReadAll(sql)).getRows(), connection),
  );
}

async function namesOf(path: string, source: string, rowsOf: RowsOf): Promise<string[]> {
  try {
    return (await rowsOf(`DESCRIBE SELECT * FROM ${source}`)).map((row) => String(row[0]));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new UserError('UNREADABLE', `${path} cannot be read as a table: ${why}`);
  }
}
