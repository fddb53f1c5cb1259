// The columns of a comparison: the workflow as it is, and variants of it by name and settings, the batch send, or a file
// of the user's. What is sent is made of them and of the workflow at the moment, so that variants follow its edits.

import type { CompareColumn, CompareRequest, SavedScenario, WorkflowFile } from '../../../engine/api/index.ts';
import { batchOf } from '../../../engine/difference/index.ts';
import {
  applyOverrides,
  checkScenario,
  checkWorkflow,
  fileKind,
  parseWorkflow,
} from '../../../engine/workflow/index.ts';
import { requestOf } from '../../state/questions.ts';
import type { WindowState } from '../../state/types.ts';

export type Variant = SavedScenario;

export const FIRST_NAME = 'the current workflow';
/** Beside the first column. */
export const MOST_VARIANTS = 3;
const DRAWS = 2000;

/** Null while the workflow is not valid or not checked, or there is nothing to compare it with. */
export function compareRequestOf(
  state: Pick<WindowState, 'session' | 'workflow'>,
  variants: readonly Variant[],
): CompareRequest | null {
  const request = requestOf(state);
  if (request === null || variants.length === 0) return null;
  const { workflowPath, dataset, seed } = request;
  const { response, scenario } = state.workflow;
  const workflow = scenario === null ? request.workflow : parseWorkflow(scenario.base, workflowPath ?? 'workflow.json');
  const column = (variant: Variant): CompareColumn => {
    const { name } = variant;
    const rest = { name, workflowPath, response };
    if (variant.kind === 'settings') return { ...rest, workflow, set: variant.set };
    return { ...rest, workflow: variant.kind === 'batch' ? batchOf(workflow, variant.cron) : variant.file, set: [] };
  };
  const first: CompareColumn = { name: FIRST_NAME, workflow, workflowPath, set: [], response };
  return { dataset, columns: [first, ...variants.map(column)], seed, draws: DRAWS, peopleFile: null };
}

/** With a number behind it where the name is taken. */
export function freeName(name: string, variants: readonly Variant[]): string {
  const taken = new Set([FIRST_NAME, ...variants.map((one) => one.name)]);
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name} (${n})`;
  return free;
}

/** `trigger.within=2h; holdout.fraction=0.2` as settings of the workflow. @returns words for what is wrong, or null */
export function settingsProblem(file: WorkflowFile, set: readonly string[]): string | null {
  if (set.length === 0) return 'Write a setting as path=value, such as trigger.within=2h.';
  try {
    const { issues } = checkWorkflow(applyOverrides(file, [...set]));
    const wrong = issues.find(({ severity }) => severity === 'error');
    return wrong === undefined ? null : `${wrong.at}: ${wrong.message}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function splitSettings(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * A workflow, or a scenario's settings on the workflow at hand; the files a scenario names cannot be read by the page.
 * @returns words for what is wrong, or the column
 */
export function variantOfFile(
  text: string,
  name: string,
  workflow: WorkflowFile,
): Variant | { readonly problem: string } {
  let file: WorkflowFile;
  try {
    file = parseWorkflow(text, name);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const bare = name.replace(/\.json$/i, '');
  const kind = fileKind(file);
  if (kind === 'programme') return { problem: `${name} is a programme; a column takes a workflow or a scenario.` };
  if (kind === 'scenario') {
    const { scenario, issues } = checkScenario(file);
    if (scenario === null) return { problem: `${name}: ${issues[0]?.at}: ${issues[0]?.message}` };
    const set = scenario.settings.map((one) => `${one.path}=${JSON.stringify(one.value)}`);
    const problem = settingsProblem(workflow, set);
    return problem === null ? { name: scenario.name, kind: 'settings', set } : { problem: `${name}: ${problem}` };
  }
  const wrong = checkWorkflow(file).issues.find(({ severity }) => severity === 'error');
  return wrong === undefined
    ? { name: bare, kind: 'file', file }
    : { problem: `${name}: ${wrong.at}: ${wrong.message}` };
}
