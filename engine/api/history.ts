// Bringing a history in, looking at it and mending it.

import type { HistoryDescription } from '../describe/index.ts';
import type { ImportEntry, TimeUnit } from '../events/index.ts';
import type { Remedy } from '../remedies/index.ts';
import type { SyntheticModel, SyntheticTruth } from '../synth/index.ts';
import type { DatasetRequest } from './calls.ts';

export interface DescribeRequest extends DatasetRequest {
  /** Whether findings that can be repaired say what that moves; default false. It takes a calibration for each. */
  readonly moves?: boolean;
}

export interface RemedyRequest extends DatasetRequest {
  /** The id of a finding, or of a remedy that is applied. */
  readonly finding: string;
}

export type DescribeAnswer = HistoryDescription & {
  readonly dataset: string;
  readonly remedies: readonly Remedy[];
  /** What was brought in, the first import first; none where the dataset was made and not imported. */
  readonly imports: readonly ImportEntry[];
};

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
  /** Where rows are of people: what they say was known from this moment on, ms since the epoch; no time column is read. */
  readonly asOf?: number | null;
  /** For times that are days counted from a start: that start, as `DATE` or `COLUMN:VALUE=DATE,..`. */
  readonly dayZero: string | null;
  /** How times are written; absent or null: found by looking. */
  readonly timeUnit?: TimeUnit | null;
  /** Takes the place of a dataset of that name, which is set aside. */
  readonly replace?: boolean;
  /** Adds to a dataset of that name what it does not hold yet. Without either, a name that is taken is refused. */
  readonly append?: boolean;
  /** Where nothing is named of the columns: by the mapping of the last files that had them. False: that is forgotten. */
  readonly savedMapping?: boolean;
  /** Replaces ids of people by pseudonyms: the path of the key's file, made where there is none. In the window `beside`. */
  readonly pseudonyms?: string | null;
}

/** What was named of the columns of files, kept for the next files of the same columns. */
export interface SavedMapping {
  readonly map: ImportRequest['map'];
  readonly eventName: string | null;
  readonly dayZero: string | null;
  readonly timeUnit: TimeUnit | null;
}

/** A mapping that is kept, and what it is for. */
export interface KeptMapping extends SavedMapping {
  readonly id: string;
  /** Of the files it is for; null where an earlier version kept it. */
  readonly names: readonly string[] | null;
  /** Whether rows are people. */
  readonly asPeople: boolean;
  /** When it was last named, ms since the epoch; null where an earlier version kept it. */
  readonly savedAt: number | null;
}

export interface SynthRequest {
  /** Absent: cart. */
  readonly model?: SyntheticModel;
  readonly persons: number;
  readonly seed: number;
  readonly dataset: string | null;
  readonly out: string | null;
}

export interface SynthAnswer {
  readonly dataset: string | null;
  readonly out: string | null;
  readonly truthFile: string | null;
  readonly rows: number;
  readonly persons: number;
  readonly truth: SyntheticTruth;
}
