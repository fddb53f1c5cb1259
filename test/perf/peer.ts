// The peer of the benchmark: DuckDB doing the same jobs in their best form, on the same machine, in the same run.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface Peer {
  readonly connection: DuckDBConnection;
  close(): void;
}

export async function openPeer(folder: string, file = ':memory:'): Promise<Peer> {
  const temporary = join(folder, 'duckdb-temporary');
  mkdirSync(temporary, { recursive: true });
  const instance = await DuckDBInstance.create(file, {
    threads: '2',
    temp_directory: temporary,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** Counts the fires of "A without B within W", A re-arming, by the next A or B of the same person (window function). */
export function windowCount(table: string, a: string, b: string, windowMs: number, observedUntil: number): string {
  return `SELECT count(*)::DOUBLE AS fires FROM (
    SELECT is_b, t, lead(t) OVER (PARTITION BY person ORDER BY t, is_b) AS next_t
    FROM (SELECT person, t, (name = '${b}') AS is_b FROM ${table} WHERE name IN ('${a}', '${b}')))
  WHERE NOT is_b AND t + ${windowMs} <= ${observedUntil} AND (next_t IS NULL OR next_t > t + ${windowMs})`;
}

/** The same count by an ASOF join of each instant with an A with the next instant of the same person. */
export function asofCount(table: string, a: string, b: string, windowMs: number, observedUntil: number): string {
  return `WITH instants AS (
    SELECT person, t, bool_or(name = '${b}') AS has_b FROM ${table} WHERE name IN ('${a}', '${b}') GROUP BY person, t)
  SELECT count(*)::DOUBLE AS fires
  FROM (SELECT * FROM instants WHERE NOT has_b AND t + ${windowMs} <= ${observedUntil}) a
  ASOF LEFT JOIN (SELECT person, t AS next_t FROM instants) b ON a.person = b.person AND a.t < b.next_t
  WHERE next_t IS NULL OR next_t > a.t + ${windowMs}`;
}

/** Text read, cast, rejects counted, duplicates dropped, sorted, written to a DuckDB file. */
export async function importWithPeer(csv: string, folder: string): Promise<{ kept: number; rejected: number }> {
  const file = join(folder, 'peer.duckdb');
  rmSync(file, { force: true });
  const peer = await openPeer(folder, file);
  try {
    const source = csv.replaceAll("'", "''");
    await peer.connection.run(`CREATE TEMP TABLE casted AS SELECT DISTINCT * FROM (
      SELECT user_id AS person, event AS name, TRY_CAST(timestamp AS BIGINT) AS t, TRY_CAST(value AS DOUBLE) AS value,
             value AS value_text
      FROM read_csv('${source}', all_varchar = true, header = true, null_padding = true, strict_mode = false, delim = ','))`);
    const reader = await peer.connection.runAndReadAll(`SELECT
      count(*) FILTER (WHERE person IS NULL OR name IS NULL OR t IS NULL OR (value IS NULL AND value_text <> ''))::DOUBLE
      FROM casted`);
    const rejected = reader.getRows()[0]?.[0] as number;
    await peer.connection.run(`CREATE TABLE events AS SELECT person, name, t, value FROM casted
      WHERE person IS NOT NULL AND name IS NOT NULL AND t IS NOT NULL ORDER BY person, t`);
    const kept = (
      await peer.connection.runAndReadAll('SELECT count(*)::DOUBLE FROM events')
    ).getRows()[0]?.[0] as number;
    await peer.connection.run('CHECKPOINT');
    return { kept, rejected };
  } finally {
    peer.close();
    rmSync(file, { force: true });
  }
}
