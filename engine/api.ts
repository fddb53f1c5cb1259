// The one interface the command line and the window talk to. Types only: the implementation lives in engine/node/api.
// Everything that crosses is plain data, small enough for a chart. Long calls report progress and can be cancelled.

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

/** What makes a figure again. */
export interface Stamp {
  readonly history: string;
  readonly workflow: string;
  readonly version: string;
  readonly seed: number;
}
