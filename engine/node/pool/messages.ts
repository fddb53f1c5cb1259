// What a pool and its threads say to each other.

import type { ProgrammeTally, Tally } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { SharedHistory } from './shared-history.ts';

export interface Task {
  readonly history: SharedHistory;
  /** One of them where `isProgramme` is false. */
  readonly workflows: readonly Workflow[];
  readonly isProgramme: boolean;
  /** The buckets with bucket mod of = index. */
  readonly index: number;
  readonly of: number;
}

export type Said =
  | { readonly kind: 'progress'; readonly done: number }
  | {
      readonly kind: 'done';
      readonly buckets: readonly (readonly [bucket: number, tally: Tally | ProgrammeTally])[];
      readonly reaches: readonly ('known' | 'unknown')[];
    };
