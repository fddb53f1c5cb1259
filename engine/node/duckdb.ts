// DuckDB for jobs on files: in memory, never fetching anything, spilling beside the work and cleaning up.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Runs a job on a connection of its own; whatever happens, nothing is left behind. */
export async function withDuckDB<T>(job: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const temporary = mkdtempSync(join(tmpdir(), 'foresend-'));
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: temporary,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    return await job(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(temporary, { recursive: true, force: true });
  }
}
