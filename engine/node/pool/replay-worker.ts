// A thread of the pool: replays its people over shared memory, and hands their tallies back.

import { parentPort, workerData } from 'node:worker_threads';
import { replayProgramme, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Said, Task } from './messages.ts';
import { historyOf } from './shared-history.ts';

const port = parentPort;
if (port !== null) run(workerData as Task, (said) => port.postMessage(said));

function run({ history: shared, workflows, isProgramme, from, to }: Task, say: (said: Said) => void): void {
  const history = historyOf(shared).part(from, to);
  const options = {
    enrollments: 'none',
    onProgress: (done: number) => say({ kind: 'progress', done }),
  } as const;
  if (isProgramme) {
    const { buckets, workflows: results } = replayProgramme(history, workflows, options);
    say({ kind: 'done', buckets, reaches: results.map(({ totals }) => totals.reach) });
  } else {
    const { buckets, totals } = replayWorkflow(history, workflows[0] as Workflow, options);
    say({ kind: 'done', buckets, reaches: [totals.reach] });
  }
}
