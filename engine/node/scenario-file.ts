// Reads a scenario and the files it names, or a workflow that stands by itself, and turns what is wrong with them into
// one message with every place. Files are looked for beside the scenario.

import { basename, dirname, extname, relative, resolve } from 'node:path';
import { type Issue, UserError } from '../base/index.ts';
import {
  applySettings,
  checkScenario,
  fileKind,
  type Setting,
  splitSet,
  type WorkflowFile,
} from '../workflow/index.ts';
import { readWorkflow, withLines } from './workflow-file.ts';

/** A workflow with all that a question about it takes; null is what nobody said. */
export interface ScenarioFile {
  /** Of the scenario, else of the file without its ending. */
  readonly name: string;
  readonly isScenario: boolean;
  readonly workflow: WorkflowFile;
  readonly workflowPath: string;
  /** As `--set` takes them. */
  readonly set: readonly string[];
  readonly dataset: string | null;
  readonly response: unknown;
  readonly seed: number | null;
  /** Every file that was read. */
  readonly paths: readonly string[];
}

/** @throws UserError `SCENARIO` with the place of every problem; `PROGRAMME` for a programme */
export function readScenario(path: string): ScenarioFile {
  const file = readWorkflow(path);
  const kind = fileKind(file);
  if (kind === 'programme') {
    throw new UserError(
      'PROGRAMME',
      `${path} is a programme; here it takes a workflow or a scenario. "foresend replay" and "foresend explain" take programmes.`,
    );
  }
  const bare = basename(path, extname(path));
  if (kind === 'workflow') {
    const nothing = { set: [], dataset: null, response: null, seed: null };
    return { name: bare, isScenario: false, workflow: file, workflowPath: path, ...nothing, paths: [path] };
  }
  const { scenario, issues } = checkScenario(file);
  if (scenario === null) throw refusal(path, withLines(issues, file));
  const unread: Issue[] = [];
  const beside = (key: string, name: string): { file: WorkflowFile; path: string } | null => {
    const found = relative('', resolve(dirname(path), name));
    try {
      return { file: readWorkflow(found, key), path: found };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push({ code: error.code, at: key, message: error.message, severity: 'error' });
      return null;
    }
  };
  const workflow = beside('workflow', scenario.workflow);
  if (workflow !== null && fileKind(workflow.file) !== 'workflow') {
    const message = `${workflow.path} is a ${fileKind(workflow.file)}; a scenario names a workflow.`;
    unread.push({ code: 'NO_WORKFLOW', at: 'workflow', message, severity: 'error' });
  }
  const response = scenario.response === null ? null : beside('response', scenario.response);
  if (workflow === null || unread.length > 0) throw refusal(path, withLines(unread, file));
  const misplaced = settingIssues(workflow.file, scenario.settings);
  if (misplaced.length > 0) throw refusal(path, withLines(misplaced, file));
  const seed = Object.hasOwn(file, 'seed') ? scenario.seed : null;
  return {
    name: scenario.name,
    isScenario: true,
    workflow: workflow.file,
    workflowPath: workflow.path,
    set: scenario.settings.map(settingText),
    dataset: scenario.dataset,
    response: response?.file ?? null,
    seed,
    paths: [path, workflow.path, ...(response === null ? [] : [response.path])],
  };
}

/** Settings without a place, one may make the place of the next; what they say is checked with the workflow. */
function settingIssues(file: WorkflowFile, settings: readonly Setting[]): Issue[] {
  const issues: Issue[] = [];
  let changed = file;
  for (const setting of settings) {
    try {
      changed = applySettings(changed, [setting]);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const at = `set[${JSON.stringify(setting.path)}]`;
      issues.push({ code: error.code, at, message: error.message, severity: 'error' });
    }
  }
  return issues;
}

/** As it would be typed: text without quotation marks where it cannot be read as anything else. */
function settingText({ path, value }: Setting): string {
  const isPlain = typeof value === 'string' && splitSet(`${path}=${value}`).value === value;
  return `${path}=${isPlain ? value : JSON.stringify(value)}`;
}

function refusal(path: string, issues: readonly Issue[]): UserError {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const n = errors.length;
  const message = `${path} is not a scenario that can run: ${n} ${n === 1 ? 'problem' : 'problems'}.`;
  return new UserError('SCENARIO', message, errors);
}
