// Reads a programme and the workflows it names from disk, and turns what is wrong with them into one message.

import { dirname, resolve } from 'node:path';
import { type Issue, UserError } from '../base/index.ts';
import {
  applyProgrammeOverrides,
  checkProgramme,
  fileKind,
  joinProgramme,
  type ProgrammeFiles,
  type Workflow,
  type WorkflowFile,
} from '../workflow/index.ts';
import { checkedWorkflow, readWorkflow } from './workflow-file.ts';

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
  if (programme === null) throw refusal(path, issues);
  const folder = dirname(path);
  const workflows = programme.workflows.map((name) => ({ path: name, file: readWorkflow(resolve(folder, name)) }));
  return { file, workflows };
}

/** @param path of the programme, for messages. @param sets as `applyProgrammeOverrides` takes them */
export function checkedProgramme(given: ProgrammeFiles, path: string, sets: readonly string[] = []): LoadedProgramme {
  const files = applyProgrammeOverrides(given, sets);
  const { programme, issues } = checkProgramme(files.file);
  if (programme === null) throw refusal(path, issues);
  const checked = files.workflows.map((workflow) => checkedWorkflow(workflow.file, workflow.path));
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
