// What an import did, as plain data: the answer of `import --json`, kept beside the dataset.

/** `day`: days from a start of their own, which the user gave. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns' | 'iso' | 'yyyymmdd' | 'day';

export interface RejectedRows {
  /** In words: `missing person`, `unreadable time`. */
  readonly reason: string;
  readonly count: number;
  /** The first places, in the order of files and lines. Lines count from 1, the header included. */
  readonly first: readonly { readonly file: string; readonly line: number }[];
}

/** Where a role was found, and why it was taken to be that. */
export interface ChosenColumn {
  readonly column: string;
  readonly why: string;
}

export interface ChosenColumns {
  readonly user: ChosenColumn;
  /** `constant`: every row is this event. Null where rows are no events. */
  readonly event: ChosenColumn | { readonly constant: string; readonly why: string } | null;
  /** Null where rows carry no time (people known from a given moment). */
  readonly time: (ChosenColumn & { readonly unit: TimeUnit }) | null;
  /** `decimals`: where they stand behind a comma, and thousands before a point. */
  readonly value: (ChosenColumn & { readonly decimals?: 'comma' }) | null;
}

export interface ImportReport {
  /** Empty until the dataset is saved under a name. */
  readonly dataset: string;
  /** `csv`, `jsonl`, `kissmetrics`, as it was read. */
  readonly format: string;
  readonly files: readonly string[];
  /** read = kept + duplicates + the sum of rejected counts, always. */
  readonly rows: {
    readonly read: number;
    readonly kept: number;
    readonly duplicates: number;
    readonly rejected: readonly RejectedRows[];
  };
  readonly persons: number;
  readonly events: number;
  /** Milliseconds since the epoch of the first and last event; null where there is no event. */
  readonly from: number | null;
  readonly to: number | null;
  readonly observedUntil: number;
  readonly columns: ChosenColumns;
  readonly warnings: readonly string[];
  /** Where files of several kinds were read as one: what each kind was, those with events first. */
  readonly parts?: readonly {
    readonly files: readonly string[];
    readonly format: string;
    readonly as: 'events' | 'people';
    readonly rows: {
      readonly read: number;
      readonly kept: number;
      readonly duplicates: number;
      readonly rejected: number;
    };
  }[];
  /** Files of a folder or an archive that were not read, and why. */
  readonly aside?: readonly { readonly file: string; readonly why: string }[];
  /** Where ids of people are pseudonyms: the mark of their key, and by name what else was replaced or left out. */
  readonly pseudonyms?: {
    readonly key: string;
    readonly replaced: readonly string[];
    readonly leftOut: readonly string[];
  };
  /** Of a dataset: its imports, the first one first. */
  readonly imports?: readonly ImportEntry[];
  /** Where rows were added to what a dataset held: how much more it holds now. Not kept beside the dataset. */
  readonly appended?: {
    readonly persons: number;
    readonly events: number;
    /** Events that were there already; they count as duplicates. */
    readonly repeated: number;
    /** People who turned out to be the same as another. */
    readonly joined: number;
    /** Before. */
    readonly observedUntil: number;
  };
}

/** One import, as a dataset remembers it. */
export interface ImportEntry {
  /** ms since the epoch. */
  readonly at: number;
  readonly files: readonly string[];
  readonly formats: readonly string[];
  readonly as: 'events' | 'people' | 'both';
  readonly rows: {
    readonly read: number;
    readonly kept: number;
    readonly duplicates: number;
    readonly rejected: number;
  };
  /** How many more the dataset held afterwards. */
  readonly persons: number;
  readonly events: number;
}

/** What was done so that people cannot be told, in a sentence or two. */
export function pseudonymWords({ key, replaced, leftOut }: NonNullable<ImportReport['pseudonyms']>): string {
  return [
    `Ids of people are pseudonyms, under the key of mark ${key}.`,
    ...(replaced.length === 0 ? [] : [`Replaced as well: ${replaced.join(', ')}.`]),
    ...(leftOut.length === 0 ? [] : [`Left out, since they tell who somebody is: ${leftOut.join(', ')}.`]),
  ].join(' ');
}
