// What a pool and its threads say to each other.

import type { ProgrammeTally, Tally } from '../../replay/index.ts';
import type { SecondaryTally } from '../../value/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { SharedHistory } from './shared-history.ts';

export interface Task {
  readonly history: SharedHistory;
  /** One of them where `isProgramme` is false. */
  readonly workflows: readonly Workflow[];
  readonly isProgramme: boolean;
  /** The people [from, to). */
  readonly from: number;
  readonly to: number;
}

export type Said =
  | { readonly kind: 'progress'; readonly done: number }
  | {
      readonly kind: 'done';
      /** Of these people, by bucket. */
      readonly buckets: readonly (Tally | ProgrammeTally)[];
      readonly reaches: readonly ('known' | 'unknown')[];
      /** Of these people, by secondary goal; of one workflow only. */
      readonly secondary: readonly SecondaryTally[];
    };
