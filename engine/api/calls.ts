// What every question and every answer has: whom it is about, how it is called off, what it can be made again from.

import type { Stamp } from '../base/index.ts';
import type { Remedy } from '../remedies/index.ts';
import type { WorkflowFile } from '../workflow/index.ts';

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

export interface DatasetInfo {
  readonly name: string;
  readonly persons: number;
  readonly events: number;
  readonly observedUntil: number;
  /** Of its contents: `stamp.history` of what is calculated from it. */
  readonly fingerprint: string;
  /** Paths of the files it was read from, or what else it came from. */
  readonly sources: readonly string[];
  /** When it was brought in, or last added to; ms since the epoch. */
  readonly savedAt: number;
  /** What was done about faults found in it, in the order it works; the figures above are with them. */
  readonly remedies: readonly Remedy[];
}

/** What was wrong or noteworthy with the question, in words: unknown event names, imprecise ends. */
export interface Answer {
  readonly dataset: string;
  readonly warnings: readonly string[];
  readonly stamp: Stamp;
}
