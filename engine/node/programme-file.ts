// Reads a programme and the workflows it names from disk, and turns what is wrong with them into one message.

import { dirname, resolve } from 'node:path';
import { type Issue, issueText, UserError } from '../base/index.ts';
import {
  applyOverrides,
  applyProgrammeOverrides,
  checkProgramme,
  fileKind,
  joinProgramme,
  type ProgrammeFiles,
  type Workflow,
  type WorkflowFile,
} from '../workflow/index.ts';
import { readScenario } from './scenario-file.ts';
import { checkedWorkflow, readWorkflow, withLines } from './workflow-file.ts';

export interface LoadedProgramme {
  readonly id: string;
  /** Highest priority first, with the programme's global holdout. */
  readonly workflows: readonly Workflow[];
  readonly hash: string;
  readonly warnings: readonly Issue[];
}

/** What stands at `path`: a programme with its workflows, or null where it is no programme. */
export function programmeFiles(path: string, file: WorkflowFile): ProgrammeFiles | null {
  if (fileKind(file) !== 'programme') return null;
  const { programme, issues } = checkProgramme(file);
  if (programme === null) throw refusal(path, withLines(issues, file));
  const folder = dirname(path);
  const unread: Issue[] = [];
  const workflows = programme.workflows.flatMap((name, i) => {
    try {
      return [{ path: name, file: readWorkflow(resolve(folder, name)) }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push({ code: error.code, at: `workflows[${i}]`, message: error.message, severity: 'error' });
      return [];
    }
  });
  if (unread.length > 0) throw refusal(path, withLines(unread, file));
  return { file, workflows };
}

/**
 * The workflows of a programme, highest priority first, or the one of a workflow or scenario.
 * @param sets overrides, as `--set` takes them
 */
export function workflowsAt(
  path: string,
  sets: readonly string[],
): { readonly workflows: readonly Workflow[]; readonly warnings: readonly string[] } {
  const programme = programmeFiles(path, readWorkflow(path));
  if (programme !== null) {
    const { workflows, warnings } = checkedProgramme(programme, path, sets);
    return { workflows, warnings: warnings.map(issueText) };
  }
  const { workflow: file, workflowPath, set } = readScenario(path);
  const all = [...set, ...sets];
  const { workflow, warnings } = checkedWorkflow(applyOverrides(file, all), workflowPath, all);
  return { workflows: [workflow], warnings: warnings.map(issueText) };
}

/** @param path of the programme, for messages. @param sets as `applyProgrammeOverrides` takes them */
export function checkedProgramme(given: ProgrammeFiles, path: string, sets: readonly string[] = []): LoadedProgramme {
  const files = applyProgrammeOverrides(given, sets);
  const { programme, issues: found } = checkProgramme(files.file);
  const issues = withLines(found, files.file);
  if (programme === null) throw refusal(path, issues);
  const checked = allChecked(files, path);
  const joined = joinProgramme(
    programme,
    checked.map(({ workflow }) => workflow),
  );
  if (joined.issues.some((issue) => issue.severity === 'error')) throw refusal(path, joined.issues);
  const warnings = checked.flatMap(({ workflow, warnings: own }) => own.map((issue) => of(workflow, issue)));
  return {
    id: programme.id,
    workflows: joined.workflows,
    hash: joined.hash,
    warnings: [...issues, ...joined.issues, ...warnings],
  };
}

/** The workflows, or every problem of all of them at once. */
function allChecked({ workflows }: ProgrammeFiles, path: string) {
  const refused: { readonly path: string; readonly error: UserError }[] = [];
  const checked = workflows.flatMap((workflow) => {
    try {
      return [checkedWorkflow(workflow.file, workflow.path)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push({ path: workflow.path, error });
      return [];
    }
  });
  if (refused.length === 1) throw refused[0]?.error;
  if (refused.length > 1) {
    const issues = refused.flatMap(({ path: file, error }) =>
      error.issues.map((issue) => ({ ...issue, at: issue.at === '' ? file : `${file}: ${issue.at}` })),
    );
    throw refusal(path, issues);
  }
  return checked;
}

/** An issue of one workflow among several. */
export function of({ id }: Workflow, issue: Issue): Issue {
  return { ...issue, at: issue.at === '' ? id : `${id}: ${issue.at}` };
}

function refusal(path: string, issues: readonly Issue[]): UserError {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const n = errors.length;
  const message = `${path} is not a programme that can run: ${n} ${n === 1 ? 'problem' : 'problems'}.`;
  return new UserError('PROGRAMME', message, errors);
}
