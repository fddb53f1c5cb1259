// What the window asks beyond the command line, and all it may ask.

import type { ChosenColumns, ImportReport, TimeUnit } from '../events/index.ts';
import type { Breakdown } from '../projection/index.ts';
import type { WorkflowFile } from '../workflow/index.ts';
import type { Answer, CallOptions, DatasetInfo, DatasetRequest, WorkflowRequest } from './calls.ts';
import type { Api } from './commands.ts';
import type { PullApi, ServiceApi } from './esp.ts';
import type { ProjectRequest } from './forecast.ts';
import type { ImportRequest, KeptMapping, SavedMapping } from './history.ts';
import type { HoldoutApi } from './holdout.ts';
import type { PeopleListRequest } from './people.ts';
import type { ProgrammeApi } from './programme.ts';

/** What a file would be read as, before it is read. */
export interface SniffRequest {
  /** Handles of files the host knows: paths in the desktop window, uploads over loopback. */
  readonly files: readonly string[];
  readonly format: string | null;
  readonly map: ImportRequest['map'];
  readonly eventName: string | null;
  readonly asPeople?: boolean;
  readonly observedFrom?: number | null;
  readonly asOf?: number | null;
  readonly dayZero?: string | null;
  readonly timeUnit?: TimeUnit | null;
}

/** What the user is asked about one column. */
export interface ColumnQuestion {
  readonly role: keyof ChosenColumns;
  /** `which`: several could be it. `none`: nothing looks like it. `unreadable`, `days`: what is there is no calendar time. */
  readonly kind: 'which' | 'none' | 'unreadable' | 'days';
  /** Those it is about; none for `none`. */
  readonly columns: readonly string[];
  /** Up to three cells of the first. */
  readonly examples: readonly string[];
}

export interface SniffAnswer {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly format: string;
  readonly delimiter: string | null;
  /** Column names in file order. */
  readonly names: readonly string[];
  /** Chosen columns and why; null where `problem` says what is unclear. */
  readonly columns: ChosenColumns | null;
  readonly problem: string | null;
  /** The problem, column by column; empty where there is none, or it is of another kind. */
  readonly questions: readonly ColumnQuestion[];
  /** What is clear, whatever else is not. */
  readonly found: Partial<ChosenColumns>;
  /** The first rows as text, one list of cells per row, in the order of `names`. */
  readonly rows: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  /** Where files are of several kinds: what each is, the kind shown first; absent or one where all are of one. */
  readonly parts?: readonly {
    readonly files: readonly string[];
    readonly format: string;
    readonly as: 'events' | 'people';
  }[];
  /** Files of a folder or an archive that are not read, and why. */
  readonly aside?: readonly { readonly file: string; readonly why: string }[];
  /** The file of the key that pseudonyms would be made by. */
  /** How files of these columns were read last time, where nothing is named now; absent where that is not known. */
  readonly saved?: SavedMapping;
  readonly pseudonymKey?: { readonly path: string; readonly isThere: boolean };
}

/** The workflow on disk. `revision` changes whenever the bytes do, whoever changed them. */
export interface WorkflowDocument {
  readonly path: string;
  readonly text: string;
  readonly revision: string;
}

export interface PlacedIssue {
  readonly at: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** From 1; null where the place is no place in the text. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface WorkflowCheckAnswer {
  /** Parsed; null where the text is no JSON. */
  readonly file: WorkflowFile | null;
  readonly issues: readonly PlacedIssue[];
  /** Null where there is an error. */
  readonly sentence: string | null;
  readonly canonical: string | null;
  readonly hash: string | null;
  /** What is valid but cannot be replayed here. */
  readonly limits: readonly PlacedIssue[];
}

/** Counts for every rung of the ladder, one horizon for all, so that a dragged handle needs no further question. */
export interface WindowCurveAnswer extends Answer {
  readonly horizon: number;
  readonly clock: 'first' | 'reset';
  readonly episodes: number;
  readonly never: number;
  readonly rungs: readonly { readonly window: number; readonly fired: number; readonly wouldConvertAnyway: number }[];
}

export interface BreakdownRequest extends ProjectRequest {
  /** Also by the segment of that kind a run begins in; absent or null: not. */
  readonly by?: 'engagement' | 'lifecycle' | 'adoption' | null;
}

/** A projection taken apart; with the seed and the draws of `project` its parts add up to that answer. */
export type BreakdownAnswer = Breakdown & Answer;

export interface PersonFound {
  readonly person: string;
  /** The moment it is about, for `explain`. */
  readonly at: number;
  /** Emails sent, ms the trigger was missed by, emails a cap skipped. */
  readonly n: number;
}

/** A few people worth looking at, the most telling first. */
export interface WindowPeople {
  readonly mostEmailed: readonly PersonFound[];
  /** Null for triggers that wait for nothing. */
  readonly nearestMiss: readonly PersonFound[] | null;
  /** Null where the workflow has no cap. */
  readonly atCap: readonly PersonFound[] | null;
}

export type PeopleAnswer = WindowPeople & Answer;

export type ExportKind = 'workflow' | 'figures-csv' | 'figures-parquet' | 'report';

export interface ExportRequest extends WorkflowRequest {
  readonly kind: ExportKind;
  readonly response: unknown;
}

/** A file made for the user. The bytes are fetched by `handle` once, as a download or by the desktop's save dialog. */
export interface ExportAnswer {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly handle: string;
}

/** Every event of a dataset, its remedies applied, as one file. */
export interface ExportDatasetRequest extends DatasetRequest {
  readonly kind: 'csv' | 'parquet';
}

/** A picture or table the page made, to be saved as any other file for the user. */
export interface KeepRequest {
  /** A file's name without folders, its ending that of the type. */
  readonly name: string;
  readonly type: 'image/png' | 'image/svg+xml' | 'text/csv';
  readonly base64: string;
}

/** A variant of the workflow, kept in the workspace; it follows the workflow's edits, but for that of a file. */
export type SavedScenario = { readonly name: string } & (
  | { readonly kind: 'settings'; readonly set: readonly string[] }
  /** The same emails to everyone at each run of a cron. */
  | { readonly kind: 'batch'; readonly cron: string }
  | { readonly kind: 'file'; readonly file: WorkflowFile }
);

export interface KeptEdits {
  /** As the window packs them. */
  readonly packed: object;
  /** Datasets that are set aside and can be brought back. */
  readonly aside: readonly { readonly name: string; readonly fingerprint: string }[];
}

export interface WindowApi extends Api, HoldoutApi, ProgrammeApi, PullApi, ServiceApi {
  /** Makes the demo dataset where the workspace has none; else gives what is there. */
  ready(options?: CallOptions): Promise<{
    readonly workspace: string;
    readonly datasets: readonly DatasetInfo[];
    readonly demo: string | null;
    /** Only where further histories of the demo are still to be made, by `growDemo`. */
    readonly isDemoGrowing?: boolean;
    /** Why nothing can be changed, in words; null where it can. Asked again, it may be had by then. */
    readonly readonly: string | null;
    /** What was under way when a process was ended, in words; told once. */
    readonly interrupted: readonly string[];
    /** Of the program, as stamps have it. */
    readonly version: string;
  }>;
  /** Makes what the demo still lacks, each history with a workflow beside it. @returns all there is then */
  growDemo(options?: CallOptions): Promise<readonly DatasetInfo[]>;
  sniff(request: SniffRequest, options?: CallOptions): Promise<SniffAnswer>;
  /** Mappings that are kept for the next files of their columns, those named last first. */
  savedMappings(): Promise<readonly KeptMapping[]>;
  forgetMapping(request: { readonly id: string }): Promise<void>;
  /** The import's report as it was; null for what was not imported. */
  importReport(request: DatasetRequest): Promise<ImportReport | null>;
  /** Columns user_id, event, timestamp (ISO 8601, UTC) and value, then one for each property of events. */
  exportDataset(request: ExportDatasetRequest, options?: CallOptions): Promise<ExportAnswer>;
  /** Takes an import back: the dataset is set aside, and `restoreDataset` brings it back until the workspace is closed. */
  removeDataset(request: { readonly dataset: string }): Promise<void>;
  /** The one set aside last under that name, or the one of that fingerprint (`stamp.history`). */
  restoreDataset(request: { readonly dataset: string; readonly fingerprint?: string }): Promise<void>;
  openWorkflow(): Promise<WorkflowDocument>;
  /** Writes the file in place. @throws UserError `CHANGED_OUTSIDE` where the bytes on disk are not those of `revision` */
  saveWorkflow(request: { readonly text: string; readonly revision: string }): Promise<WorkflowDocument>;
  /** What `keepEdits` was given last for the workflow that is open; null where there is nothing. */
  keptEdits(): Promise<KeptEdits | null>;
  /**
   * The edits of the open workflow, so that Undo reaches them after a restart.
   * @param request wanted: fingerprints of datasets they would bring back, which are kept as long as there is room
   */
  keepEdits(request: { readonly packed: object; readonly wanted: readonly string[] }): Promise<void>;
  checkWorkflow(request: { readonly text: string; readonly dataset: string | null }): Promise<WorkflowCheckAnswer>;
  windows(request: WorkflowRequest, options?: CallOptions): Promise<WindowCurveAnswer>;
  /** In time, by value, and beside what an email tool would credit. At most 121 points. */
  people(request: WorkflowRequest, options?: CallOptions): Promise<PeopleAnswer>;
  /** The whole list as CSV, whatever the request's window. */
  peopleFile(request: PeopleListRequest, options?: CallOptions): Promise<ExportAnswer>;
  breakdown(request: BreakdownRequest, options?: CallOptions): Promise<BreakdownAnswer>;
  exportFile(request: ExportRequest, options?: CallOptions): Promise<ExportAnswer>;
  scenarios(): Promise<readonly SavedScenario[]>;
  /** In the place of those kept. */
  saveScenarios(request: { readonly scenarios: readonly SavedScenario[] }): Promise<void>;
  /** @throws UserError `NOT_THAT_FILE` where the bytes are not what the type says */
  keepFile(request: KeepRequest): Promise<ExportAnswer>;
}
