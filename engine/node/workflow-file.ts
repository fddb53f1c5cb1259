// Reads a workflow from disk and turns what is wrong with it into one message with every place.

import { type Issue, UserError } from '../base/index.ts';
import { applyOverrides, checkWorkflow, parseWorkflow, type Workflow, type WorkflowFile } from '../workflow/index.ts';
import { readText } from './files.ts';

export interface LoadedWorkflow {
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly warnings: readonly Issue[];
}

/** The file as it stands, for those who check it later. */
export function readWorkflow(path: string): WorkflowFile {
  return parseWorkflow(readText(path), path);
}

/** @param sets `path=value` overrides, as `--set` takes them */
export function loadWorkflow(path: string, sets: readonly string[] = []): LoadedWorkflow {
  const parsed = readWorkflow(path);
  const file = sets.length === 0 ? parsed : applyOverrides(parsed, [...sets]);
  return { file, ...checkedWorkflow(file, path, sets) };
}

/** @param sets overrides that `file` has already, for the message */
export function checkedWorkflow(
  file: WorkflowFile,
  path: string,
  sets: readonly string[] = [],
): { readonly workflow: Workflow; readonly warnings: readonly Issue[] } {
  const { workflow, issues } = checkWorkflow(file);
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (workflow === null || errors.length > 0) {
    const n = errors.length;
    const name = sets.length === 0 ? path : `${path} with ${sets.join(', ')}`;
    throw new UserError(
      'WORKFLOW',
      `${name} is not a workflow that can run: ${n} ${n === 1 ? 'problem' : 'problems'}.`,
      errors,
    );
  }
  return { workflow, warnings: issues.filter((issue) => issue.severity === 'warning') };
}
