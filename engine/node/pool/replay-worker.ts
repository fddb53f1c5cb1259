// A thread of the pool: replays the people of its buckets over shared memory, and hands their tallies back.

import { parentPort, workerData } from 'node:worker_threads';
import { replayProgramme, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Said, Task } from './messages.ts';
import { historyOf } from './shared-history.ts';

const port = parentPort;
if (port !== null) run(workerData as Task, (said) => port.postMessage(said));

function run({ history: shared, workflows, isProgramme, index, of }: Task, say: (said: Said) => void): void {
  const history = historyOf(shared);
  const options = {
    enrollments: 'none',
    buckets: (bucket: number) => bucket % of === index,
    onProgress: (done: number) => say({ kind: 'progress', done }),
  } as const;
  const mine = <T>(all: readonly T[]) =>
    all.map((tally, bucket) => [bucket, tally] as const).filter(([bucket]) => bucket % of === index);
  if (isProgramme) {
    const { buckets, workflows: results } = replayProgramme(history, workflows, options);
    say({ kind: 'done', buckets: mine(buckets), reaches: results.map(({ totals }) => totals.reach) });
  } else {
    const { buckets, totals } = replayWorkflow(history, workflows[0] as Workflow, options);
    say({ kind: 'done', buckets: mine(buckets), reaches: [totals.reach] });
  }
}
