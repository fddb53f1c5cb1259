// What an import is asked for, and what it hands back beside the columns.

import type { CallOptions, ImportRequest, Progress } from '../../api/index.ts';
import type { HistoryColumns, ImportReport, TimeUnit } from '../../events/index.ts';
import type { StoredColumns, StoredTrace } from '../stored/index.ts';
import type { PseudonymKey } from './pseudonyms.ts';
import type { ImportTrace, Prior } from './trace.ts';
import type { Unpacked } from './unpack.ts';

export type Format = 'csv' | 'tsv' | 'json' | 'jsonl' | 'kissmetrics' | 'mixpanel' | 'amplitude' | 'posthog' | 'ga4';

interface ColumnMap {
  readonly user?: string | undefined;
  readonly event?: string | undefined;
  readonly time?: string | undefined;
  readonly value?: string | undefined;
}

export interface ImportOptions {
  /** Default: found by looking. */
  readonly format?: Format | undefined;
  /** Columns by name; what is left out is found by looking. */
  readonly map?: ColumnMap | undefined;
  /** The event's name where every row is one event. */
  readonly eventName?: string | undefined;
  /** Rows set properties of people and are no events. */
  readonly asPeople?: boolean | undefined;
  /** Where rows are of people: what they say was known from this moment on, ms since the epoch, and not before. */
  readonly asOf?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly observedFrom?: number | undefined;
  /** Milliseconds since the epoch; later rows are rejected. Default: the last event's time, with a warning. */
  readonly observedUntil?: number | undefined;
  /** Where times are counted in days: day 0 as a date, or `COLUMN:VALUE=DATE,VALUE=DATE` (see day-zero-spec.ts). */
  readonly dayZero?: string | undefined;
  readonly keepDuplicates?: boolean | undefined;
  /** Names of own email events, beside those every history has. */
  readonly emailEvents?: readonly string[] | undefined;
  /** Default: found by looking. */
  readonly timeUnit?: TimeUnit | undefined;
  /** What DuckDB may hold in memory before it goes to disk. */
  readonly memoryLimitMb?: number | undefined;
  /** Where a folder for temporary files is made and removed again. Default: the system's. */
  readonly tempDir?: string | undefined;
  /** The most that may be written there. Default: what the disk has. */
  readonly tempLimitMb?: number | undefined;
  /** How finely rows are dealt out on their way. What comes of it is the same. */
  readonly pieces?: PieceSizes | undefined;
  /** Who is known already, where the files are to join a history that is there. */
  readonly prior?: Prior | undefined;
  /** Puts pseudonyms by this key in the place of ids and of what else tells people. */
  readonly pseudonyms?: PseudonymKey | undefined;
  /** Files that are unpacked already, in the place of those named. */
  readonly unpacked?: Unpacked | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface PieceSizes {
  /** Rows of a range of people, where all are equally busy. */
  readonly rangeRows?: number;
  /** Rows that are sorted at once, where no range has more. */
  readonly sortedRows?: number;
  /** Bytes of columns that are kept in memory before they go to disk. */
  readonly memoryBytes?: number;
}

export interface ImportResult {
  readonly columns: HistoryColumns;
  readonly report: ImportReport;
  /** What a later import needs to join this one. */
  readonly trace: ImportTrace;
}

/** As an ImportResult, its large columns met in pieces. */
export interface StoredImport {
  readonly columns: StoredColumns;
  readonly report: ImportReport;
  readonly trace: StoredTrace;
}

/** What an import is asked for over the interface, as it is asked for here. */
export function optionsOf(request: Omit<ImportRequest, 'dataset'>, call: CallOptions): ImportOptions {
  return {
    format: (request.format as Format | null) ?? undefined,
    map: Object.values(request.map).some((column) => column !== undefined) ? request.map : undefined,
    eventName: request.eventName ?? undefined,
    asPeople: request.asPeople,
    asOf: request.asOf ?? undefined,
    dayZero: request.dayZero ?? undefined,
    observedFrom: request.observedFrom ?? undefined,
    observedUntil: request.observedUntil ?? undefined,
    keepDuplicates: request.keepDuplicates,
    timeUnit: request.timeUnit ?? undefined,
    signal: call.signal,
    onProgress: call.onProgress,
  };
}
