// DuckDB for the length of one job: in memory, fetching nothing, in UTC, spilling to a folder of its own that goes with it.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { UserError } from '../base/index.ts';
import { OTHER_TEMPORARY } from './temporary.ts';
import { passingFolder } from './unfinished.ts';

export interface OpenedDuckDB {
  /** For temporary files of the job; removed by `close`. */
  readonly folder: string;
  readonly connection: DuckDBConnection;
  close(): void;
}

/**
 * @param parent where the folder for temporary files is made
 * @param settings DuckDB's own, beside those that keep it to itself
 * @throws UserError `NO_TEMP` where no folder can be made
 */
export async function openDuckDB(
  parent: string = tmpdir(),
  settings: Readonly<Record<string, string>> = {},
): Promise<OpenedDuckDB> {
  const folder = jobFolder(parent);
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: join(folder, 'spill'),
      ...settings,
    });
    const connection = await instance.connect();
    await connection.run("set TimeZone = 'UTC'");
    const close = () => {
      connection.closeSync();
      instance.closeSync();
      removeFolder();
    };
    return { folder, connection, close };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

/** Runs a job on a connection of its own; whatever happens, nothing is left behind. */
export async function withDuckDB<T>(job: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const duck = await openDuckDB();
  try {
    return await job(duck.connection);
  } finally {
    duck.close();
  }
}

/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path for DuckDB's readers, which would take `*`, `?` and `[` for patterns. */
export function quotedPath(path: string): string {
  return quoted(path.replace(/[*?[]/g, '[$&]'));
}

/** A folder for temporary files of one job. @throws UserError `NO_TEMP` where none can be made */
export function jobFolder(parent: string, name = 'foresend-duckdb'): string {
  try {
    return passingFolder(parent, name);
  } catch (error) {
    const { code } = error as { code?: string };
    throw new UserError(
      'NO_TEMP',
      `No folder for temporary files can be made in ${parent} (${code}). Look whether it is there, may be written and has room, or ${OTHER_TEMPORARY}.`,
    );
  }
}
