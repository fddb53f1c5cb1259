// The one interface the command line and the window talk to. Types only: engine/node/api/backend.ts carries it out.
// Everything that crosses is plain data, small enough for a chart. Long calls report progress and can be cancelled.

import type { Stamp } from './base/index.ts';
import type { Calibration } from './calibrate/index.ts';
import type { HistoryDescription } from './describe/index.ts';
import type { ImportReport } from './events/index.ts';
import type { Projection, Sweep } from './projection/index.ts';
import type { Explanation, ReplayTotals } from './replay/index.ts';
import type { CartTruth } from './synth/index.ts';
import type { WorkflowFile } from './workflow/index.ts';

export type { Stamp };

export interface Progress {
  /** What is being done, in words: `reading orders.csv`. */
  readonly stage: string;
  readonly done: number;
  /** Null where the total is not known. */
  readonly total: number | null;
  /** What done and total count: `rows`, `bytes`, `people`. */
  readonly unit: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

// ---------------------------------------------------------------- what is asked

export interface DatasetRequest {
  /** Null: the only one of the workspace; several are an error that names them. */
  readonly dataset: string | null;
}

export interface WorkflowRequest extends DatasetRequest {
  readonly workflow: WorkflowFile;
  /** Where the workflow comes from, for messages. */
  readonly workflowPath: string;
  /** `path=value`, as `--set` takes them. */
  readonly set: readonly string[];
  readonly seed: number;
}

export interface ImportRequest {
  readonly files: readonly string[];
  readonly dataset: string;
  readonly format: string | null;
  readonly map: { readonly user?: string; readonly event?: string; readonly time?: string; readonly value?: string };
  /** Where every row is one event: its name. */
  readonly eventName: string | null;
  readonly observedFrom: number | null;
  readonly observedUntil: number | null;
  readonly keepDuplicates: boolean;
  /** Rows set properties of people; into a dataset that is there, they are added to its people. */
  readonly asPeople: boolean;
  /** For times that are days counted from a start: that start, as `DATE` or `COLUMN:VALUE=DATE,..`. */
  readonly dayZero: string | null;
}

export interface SynthRequest {
  readonly persons: number;
  readonly seed: number;
  readonly dataset: string | null;
  readonly out: string | null;
}

export interface ReplayRequest extends WorkflowRequest {
  /** A file for the decisions, by its ending CSV, JSON lines or Parquet. */
  readonly log: string | null;
  /** Only the buckets with bucket mod of = index. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** A file for the totals of the shard, by bucket. */
  readonly part: string | null;
}

export interface SweepRequest extends WorkflowRequest {
  readonly over: readonly { readonly path: string; readonly values: readonly string[] }[];
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
}

export interface ProjectRequest extends WorkflowRequest {
  readonly response: unknown;
  readonly draws: number;
  /** A file for every draw, by its ending CSV, JSON lines or Parquet. */
  readonly drawsFile?: string | null;
}

export interface ExplainRequest extends WorkflowRequest {
  readonly person: string;
  /** Null: the end of the history. */
  readonly at: number | null;
}

// ---------------------------------------------------------------- what comes back

export interface DatasetInfo {
  readonly name: string;
  readonly persons: number;
  readonly events: number;
  readonly observedUntil: number;
  /** Paths of the files it was read from, or what else it came from. */
  readonly sources: readonly string[];
}

/** What was wrong or noteworthy with the question, in words: unknown event names, imprecise ends. */
export interface Answer {
  readonly dataset: string;
  readonly warnings: readonly string[];
  readonly stamp: Stamp;
}

export type ReplayAnswer = ReplayTotals & Answer;
export type CalibrateAnswer = Calibration & Answer;
export type SweepAnswer = Sweep & Answer;
export type ProjectAnswer = Projection &
  Answer & { readonly replay: ReplayTotals; readonly calibration: Calibration | null };
export type ExplainAnswer = Explanation & Answer;

/** What a holdout plan takes from a replay. */
export interface TrafficAnswer extends Answer {
  /** Rate of the goal per first entry; null with a reason where no entry is complete. */
  readonly baseline: number | null;
  readonly reason?: string;
  /** People enrolled for the first time, per week from the first to the end of observation; null for a shorter history. */
  readonly firstEntriesPerWeek: number | null;
  readonly goalWindowMs: number;
}

export interface SynthAnswer {
  readonly dataset: string | null;
  readonly out: string | null;
  readonly truthFile: string | null;
  readonly rows: number;
  readonly persons: number;
  readonly truth: CartTruth;
}

export interface Api {
  datasets(): Promise<readonly DatasetInfo[]>;
  importFiles(request: ImportRequest, options?: CallOptions): Promise<ImportReport>;
  synth(request: SynthRequest, options?: CallOptions): Promise<SynthAnswer>;
  describe(request: DatasetRequest, options?: CallOptions): Promise<HistoryDescription & { readonly dataset: string }>;
  calibrate(request: WorkflowRequest, options?: CallOptions): Promise<CalibrateAnswer>;
  replay(request: ReplayRequest, options?: CallOptions): Promise<ReplayAnswer>;
  sweep(request: SweepRequest, options?: CallOptions): Promise<SweepAnswer>;
  project(request: ProjectRequest, options?: CallOptions): Promise<ProjectAnswer>;
  traffic(request: WorkflowRequest, options?: CallOptions): Promise<TrafficAnswer>;
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainAnswer>;
}
