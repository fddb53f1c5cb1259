// Tasks on threads, one each. Called off, or where one of them fails, the threads are ended where they stand.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../base/index.ts';
import { projectRoot } from '../report-assets.ts';
import type { Part, Said, Task } from './messages.ts';

export interface PoolOptions {
  /** 1 … 128. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
  /** People of a replay, settings of a sweep, over all threads. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * @param onProgress the sum of what all threads have done
 * @returns in the order of the tasks
 * @throws what a thread throws; an AbortError where the signal is aborted
 */
export async function onThreads<T extends Task>(
  tasks: readonly T[],
  signal: AbortSignal | undefined,
  onProgress: (done: number) => void,
): Promise<Part<T>[]> {
  signal?.throwIfAborted();
  const done = new Float64Array(tasks.length);
  const threads: Worker[] = [];
  try {
    return await Promise.all(
      tasks.map((task, index) => {
        const thread = new Worker(script(), { workerData: task });
        threads.push(thread);
        return partOf<T>(thread, signal, (mine) => {
          done[index] = mine;
          onProgress(done.reduce((sum, one) => sum + one, 0));
        });
      }),
    );
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function partOf<T extends Task>(
  thread: Worker,
  signal: AbortSignal | undefined,
  onDone: (done: number) => void,
): Promise<Part<T>> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    thread.on('message', (said: Said<T>) => {
      if (said.kind === 'progress') return onDone(said.done);
      signal?.removeEventListener('abort', stop);
      if (said.kind === 'done') resolve(said.part);
      else reject(new UserError(said.code, said.message, said.issues));
    });
    thread.once('error', reject);
    thread.once('exit', () => reject(new UserError('THREAD', 'A thread ended before it was through.')));
  });
}

function script(): URL | string {
  if (import.meta.url.endsWith('.ts')) return new URL('./pool-worker.ts', import.meta.url);
  // A part of the bundle stands beside its door, where the thread's file is, or in a folder there.
  const here = import.meta.dirname;
  const found = [here, dirname(here)].map((folder) => join(folder, 'pool-worker.js')).find(existsSync);
  return found ?? join(projectRoot(), 'out', 'cli', 'pool-worker.js');
}
