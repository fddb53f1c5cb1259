// A replay on several threads: people are cut by their buckets, each thread replays its own over the same shared memory,
// and the totals are folded from the 128 buckets as those of one thread are, so they are the same to the last digit
// whatever the number of threads. Called off, the threads are ended where they stand.

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../base/index.ts';
import { type History, N_BUCKETS } from '../../events/index.ts';
import {
  foldProgramme,
  foldTallies,
  type ProgrammeTally,
  type ProgrammeTotals,
  type ReplayTotals,
  type Tally,
} from '../../replay/index.ts';
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

/** As `replayWorkflow(...).totals`. @throws what a thread throws; an AbortError where the signal is aborted */
export async function replayOnWorkers(
  history: History,
  workflow: Workflow,
  options: PoolOptions,
): Promise<ReplayTotals> {
  const { tallies, reaches } = await run(history, [workflow], false, options);
  return foldTallies(workflow, tallies as Tally[], reaches[0] ?? 'unknown');
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
): Promise<{ tallies: (Tally | ProgrammeTally)[]; reaches: readonly ('known' | 'unknown')[] }> {
  signal?.throwIfAborted();
  const of = Math.min(workers, N_BUCKETS);
  const shared = shareHistory(history);
  const done = new Float64Array(of);
  const threads: Worker[] = [];
  const end = () => Promise.all(threads.map((thread) => thread.terminate()));
  try {
    const parts = await Promise.all(
      Array.from({ length: of }, (_, index) => {
        const task: Task = { history: shared, workflows, isProgramme, index, of };
        const thread = new Worker(script(), { workerData: task });
        threads.push(thread);
        return part(thread, signal, (people) => {
          done[index] = people;
          // Every thread passes by all people and replays its own.
          onProgress?.(Math.floor(done.reduce((sum, one) => sum + one, 0) / of), history.nPersons);
        });
      }),
    );
    const tallies = new Array<Tally | ProgrammeTally>(N_BUCKETS);
    for (const { buckets } of parts) for (const [bucket, tally] of buckets) tallies[bucket] = revived(tally);
    return { tallies, reaches: parts[0]?.reaches ?? [] };
  } finally {
    await end();
  }
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
  return join(projectRoot(), 'out', 'cli', 'replay-worker.js');
}
