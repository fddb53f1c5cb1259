// What a pool and its threads say to each other.

import type { Issue } from '../../base/index.ts';
import type { SettingRun, SettingTask } from '../../projection/index.ts';
import type { ProgrammeTally, Tally } from '../../replay/index.ts';
import type { SecondaryTally } from '../../value/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { SharedHistory } from './shared-history.ts';

/** Some people of a history. */
export interface ReplayTask {
  readonly kind: 'replay';
  readonly history: SharedHistory;
  /** One of them where `isProgramme` is false. */
  readonly workflows: readonly Workflow[];
  readonly isProgramme: boolean;
  /** The people [from, to). */
  readonly from: number;
  readonly to: number;
}

/** Some settings of a sweep, each over the whole history. */
export interface SweepTask {
  readonly kind: 'sweep';
  readonly history: SharedHistory;
  readonly settings: readonly SettingTask[];
}

export type Task = ReplayTask | SweepTask;

/** Of the people of the task. */
export interface ReplayPart {
  readonly buckets: readonly (Tally | ProgrammeTally)[];
  readonly reaches: readonly ('known' | 'unknown')[];
  /** By secondary goal; of one workflow only. */
  readonly secondary: readonly SecondaryTally[];
}

/** By setting of the task. */
export type SweepPart = readonly SettingRun[];

export type Part<T extends Task> = T extends ReplayTask ? ReplayPart : SweepPart;

export type Said<T extends Task = Task> =
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'done'; readonly part: Part<T> }
  /** A UserError, which would lose its class on the way. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly issues: readonly Issue[] };
