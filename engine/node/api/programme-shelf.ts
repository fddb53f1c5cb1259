// What a programme can be put together from: the workflow that is open, those beside it, and those that ship; and
// programmes that stand beside them. A file that cannot be used is listed with what is wrong. Names are those of files in
// one folder, looked up here: nothing a page says is taken for a path.

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ProgrammeShelf, ShelfProgramme, ShelfWorkflow } from '../../api/index.ts';
import { type Issue, issueText, UserError } from '../../base/index.ts';
import {
  checkProgramme,
  checkWorkflow,
  fileKind,
  type ProgrammeFiles,
  parseWorkflow,
  type WorkflowFile,
} from '../../workflow/index.ts';
import { readText } from '../files.ts';
import { programmeFiles } from '../programme-file.ts';

const MOST_FILES = 200;
const LARGEST = 1_000_000;

/** A JSON file that says it is one of ours. */
interface Found {
  readonly path: string;
  readonly file: WorkflowFile;
}

/**
 * @param open the workflow that is edited
 * @param folders others that hold workflows of the user's
 * @param shipped the folder of those that ship
 */
export function programmeShelf(open: string, folders: readonly string[], shipped: string): ProgrammeShelf {
  const all = [...new Set([dirname(open), ...folders].map((folder) => resolve(folder)))];
  const beside = all.flatMap(ownFiles);
  const isOpen = ({ path }: Found) => path === resolve(open);
  const workflows = beside
    .filter(({ file }) => fileKind(file) === 'workflow')
    .map((found) => workflowOn(found, isOpen(found) ? 'open' : 'beside'))
    .sort((a, b) => Number(b.from === 'open') - Number(a.from === 'open'));
  const taken = new Set(workflows.map(({ id }) => id));
  const others = ownFiles(shipped)
    .filter(({ file }) => fileKind(file) === 'workflow')
    .map((found) => workflowOn(found, 'shipped'))
    .filter(({ id }) => !taken.has(id));
  const programmes = beside.filter(({ file }) => fileKind(file) === 'programme').map(programmeOn);
  return { workflows: [...workflows, ...others], programmes };
}

/**
 * The one programme among files, with the workflows it names: chosen with it, or known to the shelf.
 * @param names of the files as the user knows them, in the order of `paths`
 * @throws UserError `NO_PROGRAMME`, `PROGRAMME`
 */
export function programmeAmong(
  chosen: readonly { readonly path: string; readonly name: string }[],
  shelf: ProgrammeShelf,
): ProgrammeFiles {
  const files = chosen.map(({ path, name }) => ({ name, file: parseWorkflow(readText(path), name) }));
  const programmes = files.filter(({ file }) => fileKind(file) === 'programme');
  const [found, ...more] = programmes;
  if (found === undefined || more.length > 0) {
    throw new UserError(
      'NO_PROGRAMME',
      found === undefined
        ? 'None of these files is a programme. A programme is a file { "foresend": 1, "programme": ID, "workflows": [files] }; choose it together with the workflows it names.'
        : `${programmes.length} of these files are programmes: ${programmes.map(({ name }) => name).join(', ')}. Choose one.`,
    );
  }
  const { programme, issues } = checkProgramme(found.file);
  if (programme === null) throw refusal(found.name, issues);
  const missing: Issue[] = [];
  const workflows = programme.workflows.flatMap((path, i) => {
    const name = basename(path);
    const file =
      files.find((one) => basename(one.name) === name && fileKind(one.file) === 'workflow')?.file ??
      shelf.workflows.find((one) => one.path === name)?.file;
    if (file !== undefined) return [{ path, file }];
    const message = `"${path}" is neither among the files chosen nor beside the open workflow; choose it together with the programme.`;
    missing.push({ severity: 'error', code: 'NO_FILE', at: `workflows[${i}]`, message });
    return [];
  });
  if (missing.length > 0) throw refusal(found.name, missing);
  return { file: found.file, workflows };
}

function refusal(name: string, issues: readonly Issue[]): UserError {
  const errors = issues.filter(({ severity }) => severity === 'error');
  const n = errors.length;
  const message = `${name} is not a programme that can run: ${n} ${n === 1 ? 'problem' : 'problems'}.`;
  return new UserError('PROGRAMME', message, errors);
}

function workflowOn({ path, file }: Found, from: ShelfWorkflow['from']): ShelfWorkflow {
  const { workflow, issues } = checkWorkflow(file);
  const first = issues.find(({ severity }) => severity === 'error');
  const said = file['id'];
  const id = typeof said === 'string' ? said : basename(path);
  return {
    path: basename(path),
    id,
    name: workflow?.name ?? id,
    file,
    from,
    problem: workflow === null && first !== undefined ? issueText(first) : null,
  };
}

function programmeOn({ path, file }: Found): ShelfProgramme {
  const { programme } = checkProgramme(file);
  const said = file['programme'];
  const id = typeof said === 'string' ? said : basename(path);
  const known = { path: basename(path), id, name: programme?.name ?? id };
  try {
    return { ...known, programme: programmeFiles(path, file), problem: null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first] = error.issues;
    return { ...known, programme: null, problem: first === undefined ? error.message : issueText(first) };
  }
}

function ownFiles(folder: string): Found[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .slice(0, MOST_FILES)
    .flatMap((name): Found[] => {
      const path = join(folder, name);
      const file = ownFile(path);
      return file === null ? [] : [{ path, file }];
    });
}

/** Null for what is no file of ours, such as a package.json. */
function ownFile(path: string): WorkflowFile | null {
  try {
    if (statSync(path).size > LARGEST) return null;
    const file: unknown = JSON.parse(readText(path));
    if (typeof file !== 'object' || file === null || !('foresend' in file)) return null;
    const isOurs = 'trigger' in file || 'sequence' in file || 'programme' in file;
    return isOurs ? (file as WorkflowFile) : null;
  } catch {
    return null;
  }
}
