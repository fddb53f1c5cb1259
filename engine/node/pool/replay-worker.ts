// A thread of the pool: replays its people over shared memory, and hands their tallies back.

import { parentPort, workerData } from 'node:worker_threads';
import { replayProgramme, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Said, Task } from './messages.ts';
import { historyOf } from './shared-history.ts';

const port = parentPort;
if (port !== null) await run(workerData as Task, (said) => port.postMessage(said));

async function run(
  { history: shared, workflows, isProgramme, from, to }: Task,
  say: (said: Said) => void,
): Promise<void> {
  const history = historyOf(shared).part(from, to);
  const onProgress = (done: number) => say({ kind: 'progress', done });
  if (isProgramme) {
    const { buckets, workflows: results } = replayProgramme(history, workflows, { enrollments: 'none', onProgress });
    say({ kind: 'done', buckets, reaches: results.map(({ totals }) => totals.reach), secondary: [] });
    return;
  }
  const workflow = workflows[0] as Workflow;
  if (workflow.secondary.length === 0) {
    const { buckets, totals } = replayWorkflow(history, workflow, { enrollments: 'none', onProgress });
    say({ kind: 'done', buckets, reaches: [totals.reach], secondary: [] });
    return;
  }
  const { secondaryTallies } = await import('../../value/index.ts');
  const { buckets, totals, enrollments } = replayWorkflow(history, workflow, { onProgress });
  const secondary = secondaryTallies(history, workflow, enrollments);
  say({ kind: 'done', buckets, reaches: [totals.reach], secondary });
}
