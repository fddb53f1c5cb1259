// The public door of the live interface: what decides for a batch replay, fed row by row and by a clock that is given.

import { UserError } from '../base/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { LiveReplay, type LiveState, type ReplayFacts } from './live.ts';
import { refuseSameIds } from './programme.ts';

export type DeciderOptions =
  /** What holds of the whole dataset, as `replayFacts` reads it from a history. */
  | { readonly facts: ReplayFacts }
  /** What `save` gave, of these workflows as they are now. */
  | { readonly state: LiveState };

/**
 * Decides for several workflows as one programme, or for one. Feed rows in order of time; an instant is decided when a
 * later row arrives or the clock passes it. Decisions are those of a batch replay of all rows that were fed, whatever
 * was saved and restored between.
 * @param workflows highest priority first, with ids of their own
 * @throws UserError `NOT_REPLAYABLE`, `SAME_ID`, `NO_WORKFLOW`, `STATE_OF_OTHER_WORKFLOW`, `STATE_OF_OTHER_VERSION`
 */
export function createDecider(workflows: readonly Workflow[], options: DeciderOptions): LiveReplay {
  if (workflows.length === 0) throw new UserError('NO_WORKFLOW', 'There is no workflow to decide for; give one.');
  refuseSameIds(workflows);
  return 'state' in options ? LiveReplay.from(workflows, options.state) : new LiveReplay(workflows, options.facts);
}
