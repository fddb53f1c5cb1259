// The window's backend on a workspace of its own with a small demo, and the question that its workflow asks.

import { join } from 'node:path';
import type { WorkflowRequest } from '../../engine/api/index.ts';
import { WindowBackend } from '../../engine/node/api/window-backend.ts';
import { parseWorkflow } from '../../engine/workflow/index.ts';
import { temporaryFolder } from './cli.ts';

export async function demoBackend() {
  const { path: folder, remove } = temporaryFolder();
  const backend = new WindowBackend({
    workspace: join(folder, 'a.foresend'),
    exports: join(folder, 'exports'),
    demoPersons: 300,
  });
  await backend.ready();
  const { path, text } = await backend.openWorkflow();
  const question: WorkflowRequest = {
    dataset: null,
    workflow: parseWorkflow(text, path),
    workflowPath: path,
    set: [],
    seed: 1,
  };
  return { folder, backend, question, remove };
}
