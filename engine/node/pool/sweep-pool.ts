// A sweep on several threads: each replays and projects some of the settings over the same shared memory. A setting needs
// nothing of another, and what they come to is folded in their order, so the answer is that of one thread, byte for byte.

import type { History } from '../../events/index.ts';
import {
  planSweep,
  type ResponseModel,
  type SettingRun,
  type Sweep,
  type SweepDimension,
  type SweepOptions,
  sweepAtOnce,
  sweepOfRuns,
} from '../../projection/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { SweepTask } from './messages.ts';
import { shareHistory } from './shared-history.ts';
import { onThreads, type PoolOptions } from './threads.ts';

/**
 * As `sweep(...)`. Settings that one reading of the history answers are not spread.
 * @throws as `sweep`; what a thread throws; an AbortError where the signal is aborted
 */
export async function sweepOnWorkers(
  history: History,
  over: readonly SweepDimension[],
  makeWorkflow: (sets: readonly string[]) => Workflow,
  response: ResponseModel,
  options: SweepOptions & PoolOptions,
): Promise<Sweep> {
  const plan = planSweep(over, makeWorkflow, response, options);
  const { settings, tasks } = plan;
  if (tasks === null) return sweepAtOnce(history, plan, response, options);
  const workers = Math.min(options.workers, tasks.length);
  const shared = shareHistory(history);
  // By turns, so that a dimension whose later values take longer is spread too.
  const dealt = Array.from(
    { length: workers },
    (_, k): SweepTask => ({
      kind: 'sweep',
      history: shared,
      settings: tasks.filter((_task, i) => i % workers === k),
    }),
  );
  const parts = await onThreads(dealt, options.signal, (done) => options.onProgress?.(done, settings.length));
  const runs = tasks.map((_, i) => parts[i % workers]?.[Math.floor(i / workers)] as SettingRun);
  return sweepOfRuns(plan, runs);
}
