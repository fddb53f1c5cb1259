// A programme with its workflows: settings by path, one global holdout for all, ids that tell them apart.

import type { Issue } from '../base/index.ts';
import { programmeHash, workflowHash } from './hash.ts';
import { applySettings, splitSet, workflowPath } from './overrides.ts';
import type { Programme } from './programme.ts';
import type { Suppression, Workflow, WorkflowFile } from './types.ts';

/** A programme and the workflow files it names, in its order. Plain JSON. */
export interface ProgrammeFiles {
  readonly file: WorkflowFile;
  /** `path` as the programme writes it. */
  readonly workflows: readonly { readonly path: string; readonly file: WorkflowFile }[];
}

/**
 * @param sets `path=value` each: `workflows.ID.trigger.within=2h` (or by index, `workflows[0]...`) inside a workflow, any
 *   other path in the programme itself
 * @throws UserError `BAD_SET`, `UNKNOWN_PATH`
 */
export function applyProgrammeOverrides(files: ProgrammeFiles, sets: readonly string[]): ProgrammeFiles {
  let { file } = files;
  const workflows = files.workflows.map((workflow) => ({ ...workflow }));
  const ids = workflows.map((workflow) => String(workflow.file['id'] ?? ''));
  for (const { path, value } of sets.map(splitSet)) {
    const inside = workflowPath(path, ids);
    const workflow = inside === null ? undefined : workflows[inside.index];
    if (inside === null || workflow === undefined) file = applySettings(file, [{ path, value }]);
    else workflow.file = applySettings(workflow.file, [{ path: inside.path, value }]);
  }
  return { file, workflows };
}

/** Workflows as they run in a programme; nothing runs where an issue is an error. */
export function joinProgramme(
  { globalHoldout }: Programme,
  workflows: readonly Workflow[],
): { readonly workflows: readonly Workflow[]; readonly hash: string; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const note = (severity: Issue['severity'], code: string, at: string, message: string) =>
    issues.push({ severity, code, at, message });
  const ids = workflows.map(({ id }) => id);
  workflows.forEach((workflow, w) => {
    const at = `workflows[${w}]`;
    if (ids.indexOf(workflow.id) < w) {
      note('error', 'DUPLICATE_ID', at, `The id "${workflow.id}" is taken by another workflow of the programme.`);
    }
    for (const unknown of workflow.suppress.flatMap((rule) => unknownSender(rule, ids))) {
      const message = `"${unknown.rule}" waits after emails of "${unknown.workflow}", which is none of the programme's workflows.`;
      note('warning', 'UNKNOWN_WORKFLOW', at, message);
    }
    if (globalHoldout === null) return;
    if (workflow.globalHoldout !== null) {
      const message = `The global holdout of "${workflow.id}" gives way to that of the programme.`;
      note('warning', 'NO_EFFECT', at, message);
    }
    const { holdout } = workflow;
    if (holdout.salt === globalHoldout.salt && holdout.fraction > 0 && globalHoldout.fraction > 0) {
      const message = `It shares the salt "${holdout.salt}" with "holdout" of "${workflow.id}", so both would draw the same people; give it another.`;
      note('error', 'SAME_SALT', 'globalHoldout.salt', message);
    }
  });
  const joined = globalHoldout === null ? workflows : workflows.map((one) => hashed({ ...one, globalHoldout }));
  return { workflows: joined, hash: programmeHash(joined), issues };
}

function hashed(workflow: Workflow): Workflow {
  return { ...workflow, hash: workflowHash(workflow) };
}

function unknownSender({ id, sent }: Suppression, ids: readonly string[]): { rule: string; workflow: string }[] {
  if (sent === null || sent.workflow === '*' || ids.includes(sent.workflow)) return [];
  return [{ rule: id, workflow: sent.workflow }];
}
