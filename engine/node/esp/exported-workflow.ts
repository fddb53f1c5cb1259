// A workflow as it goes to a service: as its file says, and with the global holdout of a programme that names it. Read by
// itself the file knows nothing of that, and people who are kept out of everything would get its emails. Programmes are
// looked for in the workflow's folder and the one above.

import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { exactPercent, type Issue, UserError } from '../../base/index.ts';
import { checkProgramme, fileKind, joinProgramme, type Programme, type Workflow } from '../../workflow/index.ts';
import { loadWorkflow, readWorkflow } from '../workflow-file.ts';

export interface ExportedWorkflow {
  readonly workflow: Workflow;
  readonly warnings: readonly Issue[];
  /** What is to be decided, as named from the workflow's folder: the programme, else the workflow's file. */
  readonly decides: string;
}

/** Far above any programme; state files and histories beside it are not read. */
const LARGEST = 200_000;

/** @throws UserError also where programmes disagree on who is held out of everything */
export function loadExported(path: string): ExportedWorkflow {
  const { workflow, warnings } = loadWorkflow(path);
  const around = programmesAround(path);
  const [first, ...others] = around;
  if (first === undefined) return { workflow, warnings, decides: basename(path) };
  const other = others.find(({ programme }) => !isSame(programme, first.programme));
  if (other !== undefined) {
    throw new UserError(
      'TWO_PROGRAMMES',
      `${first.path} and ${other.path} both name ${path}, and hold different people out of everything: leave it in one of them.`,
    );
  }
  const joined = joinProgramme(first.programme, [workflow]);
  const errors = joined.issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new UserError('PROGRAMME', `${first.path} and ${path} do not go together.`, errors);
  const fraction = first.programme.globalHoldout?.fraction ?? 0;
  const decides = relative(dirname(resolve(path)), resolve(first.path));
  const message = `${basename(first.path)} names this workflow and holds ${exactPercent(fraction)} of people out of everything; so does what is exported.`;
  const said: Issue = { code: 'IN_PROGRAMME', at: 'globalHoldout', message, severity: 'warning' };
  return { workflow: joined.workflows[0] ?? workflow, warnings: [...warnings, said], decides };
}

/**
 * @param path of a workflow or a programme
 * @throws UserError `IN_PROGRAMME` where a workflow would be decided without the global holdout of its programme
 */
export function refuseAlone(path: string): void {
  if (fileKind(readWorkflow(path)) === 'programme') return;
  const [first] = programmesAround(path);
  if (first === undefined) return;
  throw new UserError(
    'IN_PROGRAMME',
    `${first.path} names ${path} and holds people out of everything, whom this workflow alone would email: decide ${first.path} instead.`,
  );
}

interface Around {
  readonly path: string;
  readonly programme: Programme;
}

/** Those that name the workflow and hold people out of everything. */
function programmesAround(path: string): Around[] {
  const here = dirname(path);
  const own = real(path);
  return [here, join(here, '..')].flatMap((folder) =>
    jsonFiles(folder).flatMap((file): Around[] => {
      const programme = programmeAt(file);
      if (programme === null || (programme.globalHoldout?.fraction ?? 0) === 0) return [];
      return programme.workflows.some((name) => real(resolve(dirname(file), name)) === own)
        ? [{ path: file, programme }]
        : [];
    }),
  );
}

function jsonFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.json$/i.test(name))
      .map((name) => join(folder, name))
      .filter((file) => {
        const about = statSync(file, { throwIfNoEntry: false });
        return about?.isFile() === true && about.size <= LARGEST;
      })
      .sort();
  } catch {
    return [];
  }
}

/** Null for anything that is no programme that can run; it says so where it is used itself. */
function programmeAt(path: string): Programme | null {
  try {
    const file = readWorkflow(path);
    return fileKind(file) === 'programme' ? checkProgramme(file).programme : null;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function isSame(a: Programme, b: Programme): boolean {
  return a.globalHoldout?.salt === b.globalHoldout?.salt && a.globalHoldout?.fraction === b.globalHoldout?.fraction;
}
