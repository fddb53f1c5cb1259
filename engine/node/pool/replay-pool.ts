// A replay on several threads: each takes neighbouring people with about as many events, over the same shared memory, so
// that what a replay works out for itself is worked out once for everybody. The totals are folded from the tallies of all
// threads, whose sums are exact, so they are the same to the last digit whatever the number of threads. Called off, the
// threads are ended where they stand.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { lowerBound, UserError } from '../../base/index.ts';
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
import { projectRoot } from '../report-assets.ts';
import type { Said, Task } from './messages.ts';
import { shareHistory } from './shared-history.ts';

export interface PoolOptions {
  /** 1 … 128. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** People, over all threads. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

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
  signal?.throwIfAborted();
  const cuts = cutsOf(history, workers);
  const shared = shareHistory(history);
  const done = new Float64Array(workers);
  const threads: Worker[] = [];
  const end = () => Promise.all(threads.map((thread) => thread.terminate()));
  try {
    const parts = await Promise.all(
      Array.from({ length: workers }, (_, index) => {
        const [from, to] = [cuts[index] as number, cuts[index + 1] as number];
        const task: Task = { history: shared, workflows, isProgramme, from, to };
        const thread = new Worker(script(), { workerData: task });
        threads.push(thread);
        return part(thread, signal, (people) => {
          done[index] = people;
          // Every thread passes by all people and replays its own.
          onProgress?.(Math.floor(done.reduce((sum, one) => sum + one, 0) / workers), history.nPersons);
        });
      }),
    );
    return {
      tallies: parts.flatMap(({ buckets }) => buckets.map(revived)),
      reaches: parts[0]?.reaches ?? [],
      secondary: parts.map(({ secondary }) => secondary),
    };
  } finally {
    await end();
  }
}

/** Where people are cut: `workers` + 1 places, between which there are about as many events and changes each time. */
function cutsOf({ nPersons, personStart, changes }: History, workers: number): number[] {
  const rowsBefore = (person: number) => (personStart[person] as number) + (changes.personStart[person] as number);
  const nRows = rowsBefore(nPersons);
  return Array.from({ length: workers + 1 }, (_, i) =>
    i === workers ? nPersons : lowerBound(rowsBefore, (nRows * i) / workers, 0, nPersons),
  );
}

function part(
  thread: Worker,
  signal: AbortSignal | undefined,
  onPeople: (done: number) => void,
): Promise<Extract<Said, { kind: 'done' }>> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    thread.on('message', (said: Said) => {
      if (said.kind === 'progress') onPeople(said.done);
      else {
        signal?.removeEventListener('abort', stop);
        resolve(said);
      }
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(new UserError('THREAD', 'A thread of the replay ended before it was through.')));
  });
}

/** Sums lose their class on the way. */
function revived(tally: Tally | ProgrammeTally): Tally | ProgrammeTally {
  return 'workflows' in tally ? { ...tally, workflows: tally.workflows.map(revive) } : revive(tally);
}

function script(): URL | string {
  if (import.meta.url.endsWith('.ts')) return new URL('./replay-worker.ts', import.meta.url);
  // A part of the bundle stands beside its door, where the thread's file is, or in a folder there.
  const here = import.meta.dirname;
  const found = [here, dirname(here)].map((folder) => join(folder, 'replay-worker.js')).find(existsSync);
  return found ?? join(projectRoot(), 'out', 'cli', 'replay-worker.js');
}
