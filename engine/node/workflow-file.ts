// Reads a workflow from disk and turns what is wrong with it into one message with every place.

import { type Issue, UserError } from '../base/index.ts';
import {
  applyOverrides,
  checkWorkflow,
  parseWorkflow,
  placeOf,
  type Workflow,
  type WorkflowFile,
} from '../workflow/index.ts';
import { readText } from './files.ts';

export interface LoadedWorkflow {
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly warnings: readonly Issue[];
}

interface Source {
  readonly path: string;
  readonly text: string;
}

/** What was read from a file, as long as it is as it stood there: a copy with other settings has no lines. */
const sources = new WeakMap<object, Source>();

/** The file as it stands, for those who check it later. @param what it should hold, for messages */
export function readWorkflow(path: string, what = 'workflow'): WorkflowFile {
  const text = readText(path);
  const file = parseWorkflow(text, path, what);
  sources.set(file, { path, text });
  return file;
}

/** The path a JSON was read from; null where it was made or changed since. */
export function pathOf(json: unknown): string | null {
  return sourceOf(json)?.path ?? null;
}

/** Issues of a JSON with their lines, where it was read from a file. */
export function withLines(issues: readonly Issue[], json: unknown): Issue[] {
  const source = sourceOf(json);
  return issues.map((issue) => {
    const place = source === null ? null : placeOf(source.text, issue.at);
    return place === null ? issue : { ...issue, line: place.line };
  });
}

function sourceOf(json: unknown): Source | null {
  return typeof json === 'object' && json !== null ? (sources.get(json) ?? null) : null;
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
  const { workflow, issues: found } = checkWorkflow(file);
  const issues = withLines(found, file);
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
