// What makes a figure again: with these four, the same bytes come out on every machine.

export interface Stamp {
  /** Fingerprint of the history. */
  readonly history: string;
  /** Hash of the workflow with its overrides. */
  readonly workflow: string;
  readonly version: string;
  readonly seed: number;
}
