// Histories read straight from ClickHouse: for a replay what its workflows read, of a shard or of everybody, and for a
// dataset all that the source file names.

import type { CallOptions } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { History, ImportReport } from '../../events/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { fingerprintOf } from '../import/fingerprint.ts';
import type { StoredImport } from '../import/index.ts';
import { traceOf } from '../import/trace.ts';
import { Clickhouse, credentialsOf } from './client.ts';
import { type Connection, connect } from './connect.ts';
import { type Facts, factsOf } from './facts.ts';
import { partialHistory, readColumns } from './history.ts';
import { leftOutOf, reportOf } from './report.ts';
import { type ClickhouseSource, readClickhouseSource } from './source-file.ts';
import { allOf, type Shard, type Wanted, wantedBy } from './wanted.ts';

export { assertSourceAlone, isClickhouseSource } from './source-file.ts';

export interface SourceHistory {
  /** What answers call it. */
  readonly name: string;
  readonly history: History;
  readonly warnings: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What a replay of the workflows reads, and no more.
 * @param path of the source file
 * @param shard null: everybody
 * @throws UserError where it cannot be had, or not whole; what the signal is aborted with
 */
export async function historyFor(
  path: string,
  workflows: readonly Workflow[],
  shard: Shard | null,
  options: CallOptions,
  environment: Environment = process.env,
): Promise<SourceHistory> {
  const source = readClickhouseSource(path);
  const wanted = wantedBy(workflows, source, shard);
  const isPart = shard !== null && shard.of > 1;
  const { columns, facts } = await read(source, wanted, isPart ? shard : null, options, environment);
  const history = partialHistory(columns, facts, isPart);
  return { name: source.name, history, warnings: leftOutOf(source, facts) };
}

/** All that the source file names, as an import of files gives it. @throws as `historyFor` */
export async function importFrom(
  path: string,
  options: CallOptions,
  environment: Environment = process.env,
): Promise<StoredImport> {
  const source = readClickhouseSource(path);
  const { columns: read_, facts, connection } = await read(source, allOf(source), null, options, environment);
  const used = facts.events.reduce((sum, n) => sum + n, 0) + (facts.people?.rows.reduce((sum, n) => sum + n, 0) ?? 0);
  if (used === 0) {
    throw new UserError(
      'NO_ROW_KEPT',
      `${path}: no row in ${source.events.called} belongs to somebody and lies at or before "observedUntil". Nothing was imported.`,
    );
  }
  const columns = { ...read_, fingerprint: fingerprintOf(read_) };
  const report: ImportReport = reportOf(source, connection, facts, columns);
  return { columns, report, trace: traceOf(columns) };
}

async function read(
  source: ClickhouseSource,
  wanted: Wanted,
  shard: Shard | null,
  { signal, onProgress }: CallOptions,
  environment: Environment,
): Promise<{ columns: Awaited<ReturnType<typeof readColumns>>; facts: Facts; connection: Connection }> {
  const client = new Clickhouse(source.url, source.database, credentialsOf(environment));
  onProgress?.({ stage: 'asking ClickHouse what there is', done: 0, total: null, unit: 'events' });
  const connection = await connect(client, source, signal);
  const facts = await factsOf(connection, source, wanted, shard !== null, signal);
  const columns = await readColumns(connection, source, facts, wanted, {
    shard,
    signal,
    onRows: (done, total) => onProgress?.({ stage: 'reading from ClickHouse', done, total, unit: 'events' }),
  });
  return { columns, facts, connection };
}
