// A replay on several threads: each takes neighbouring people with about as many events, over the same shared memory, so
// that what a replay works out for itself is worked out once for everybody. The totals are folded from the tallies of all
// threads, whose sums are exact, so they are the same to the last digit whatever the number of threads. Called off, the
// threads are ended where they stand.

import { lowerBound } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import {
  foldProgramme,
  foldTallies,
  type ProgrammeTally,
  type ProgrammeTotals,
  type ReplayTotals,
  type Tally,
} from '../../replay/index.ts';
import type { SecondaryTally } from '../../value/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { revive } from '../parts.ts';
import type { ReplayTask } from './messages.ts';
import { shareHistory } from './shared-history.ts';
import { onThreads, type PoolOptions } from './threads.ts';

/**
 * As `replayWorkflow(...).totals`, and what its secondary goals count.
 * @throws what a thread throws; an AbortError where the signal is aborted
 */
export async function replayOnWorkers(
  history: History,
  workflow: Workflow,
  options: PoolOptions,
): Promise<{ readonly totals: ReplayTotals; readonly secondary: readonly (readonly SecondaryTally[])[] }> {
  const { tallies, reaches, secondary } = await run(history, [workflow], false, options);
  return { totals: foldTallies(workflow, tallies as Tally[], reaches[0] ?? 'unknown'), secondary };
}

/** As `replayProgramme(...)`: the totals of the programme, and of each workflow in its order. */
export async function replayProgrammeOnWorkers(
  history: History,
  workflows: readonly Workflow[],
  options: PoolOptions,
): Promise<{ readonly programme: ProgrammeTotals; readonly workflows: readonly ReplayTotals[] }> {
  const { tallies, reaches } = await run(history, workflows, true, options);
  return foldProgramme(workflows, tallies as ProgrammeTally[], reaches);
}

async function run(
  history: History,
  workflows: readonly Workflow[],
  isProgramme: boolean,
  { workers, signal, onProgress }: PoolOptions,
): Promise<{
  tallies: (Tally | ProgrammeTally)[];
  reaches: readonly ('known' | 'unknown')[];
  /** By thread. */
  secondary: readonly (readonly SecondaryTally[])[];
}> {
  const cuts = cutsOf(history, workers);
  const shared = shareHistory(history);
  const tasks = Array.from({ length: workers }, (_, index): ReplayTask => {
    const [from, to] = [cuts[index] as number, cuts[index + 1] as number];
    return { kind: 'replay', history: shared, workflows, isProgramme, from, to };
  });
  // Every thread passes by all people and replays its own.
  const parts = await onThreads(tasks, signal, (done) => onProgress?.(Math.floor(done / workers), history.nPersons));
  return {
    tallies: parts.flatMap(({ buckets }) => buckets.map(revived)),
    reaches: parts[0]?.reaches ?? [],
    secondary: parts.map(({ secondary }) => secondary),
  };
}

/** Where people are cut: `workers` + 1 places, between which there are about as many events and changes each time. */
function cutsOf({ nPersons, personStart, changes }: History, workers: number): number[] {
  const rowsBefore = (person: number) => (personStart[person] as number) + (changes.personStart[person] as number);
  const nRows = rowsBefore(nPersons);
  return Array.from({ length: workers + 1 }, (_, i) =>
    i === workers ? nPersons : lowerBound(rowsBefore, (nRows * i) / workers, 0, nPersons),
  );
}

/** Sums lose their class on the way. */
function revived(tally: Tally | ProgrammeTally): Tally | ProgrammeTally {
  return 'workflows' in tally ? { ...tally, workflows: tally.workflows.map(revive) } : revive(tally);
}
