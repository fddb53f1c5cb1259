// A thread of the pool: does its task over shared memory, and hands its part back.

import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../../base/index.ts';
import { replayProgramme, replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { ReplayPart, ReplayTask, Said, SweepPart, SweepTask, Task } from './messages.ts';
import { historyOf } from './shared-history.ts';

const port = parentPort;
if (port !== null) await run(workerData as Task, (said) => port.postMessage(said));

async function run(task: Task, say: (said: Said) => void): Promise<void> {
  const onProgress = (done: number) => say({ kind: 'progress', done });
  try {
    const part = task.kind === 'replay' ? await replay(task, onProgress) : await sweep(task, onProgress);
    say({ kind: 'done', part });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, issues } = error;
    say({ kind: 'refused', code, message, issues });
  }
}

async function replay(
  { history: shared, workflows, isProgramme, from, to }: ReplayTask,
  onProgress: (done: number) => void,
): Promise<ReplayPart> {
  const history = historyOf(shared).part(from, to);
  if (isProgramme) {
    const { buckets, workflows: results } = replayProgramme(history, workflows, { enrollments: 'none', onProgress });
    return { buckets, reaches: results.map(({ totals }) => totals.reach), secondary: [] };
  }
  const workflow = workflows[0] as Workflow;
  if (workflow.secondary.length === 0) {
    const { buckets, totals } = replayWorkflow(history, workflow, { enrollments: 'none', onProgress });
    return { buckets, reaches: [totals.reach], secondary: [] };
  }
  const { secondaryTallies } = await import('../../value/index.ts');
  const { buckets, totals, enrollments } = replayWorkflow(history, workflow, { onProgress });
  return { buckets, reaches: [totals.reach], secondary: secondaryTallies(history, workflow, enrollments) };
}

async function sweep({ history: shared, settings }: SweepTask, onProgress: (done: number) => void): Promise<SweepPart> {
  const { runSetting } = await import('../../projection/index.ts');
  const history = historyOf(shared);
  return settings.map((setting, i) => {
    const run = runSetting(history, setting);
    onProgress(i + 1);
    return run;
  });
}
