// Scenarios in the place of the workflow: what a scenario makes of the file it stands over, and the scenario that an edited
// text is. While one is open the file stays as it is; every edit is the scenario's.

import type { SavedScenario, WorkflowFile } from '../../engine/api/index.ts';
import { UserError } from '../../engine/base/index.ts';
import { applyOverrides, formatWorkflow, parseWorkflow } from '../../engine/workflow/index.ts';
import type { OpenScenario } from './types.ts';

const NAME = 'workflow.json';

/** The text of a workflow under a scenario. @param base that of the file @throws UserError where it does not fit */
export async function textUnder(base: string, scenario: SavedScenario): Promise<string> {
  if (scenario.kind === 'file') return formatWorkflow(scenario.file);
  const file = parseWorkflow(base, NAME);
  if (scenario.kind === 'settings') return formatWorkflow(applyOverrides(file, [...scenario.set]));
  const { batchOf } = await import('../../engine/difference/index.ts');
  return formatWorkflow(batchOf(file, scenario.cron));
}

/** What is kept of a scenario whose text was edited. @throws UserError while the text is no JSON */
export async function keptAs(before: SavedScenario, base: string, text: string): Promise<SavedScenario> {
  const file = readable(text);
  if (file === null) throw new UserError('NOT_JSON', 'a scenario is kept once its text is JSON again.');
  const { name } = before;
  if (before.kind === 'file') return { name, kind: 'file', file };
  const stands = readable(base);
  if (before.kind === 'batch' && (await textUnder(base, before)) === text) return before;
  const set = before.kind === 'batch' || stands === null ? null : settingsBetween(stands, file);
  return set === null ? { name, kind: 'file', file } : { name, kind: 'settings', set };
}

/** The settings an open scenario makes on its file, as `--set` takes them. */
export function settingsOf(scenario: OpenScenario | null, file: WorkflowFile | null): readonly string[] {
  const base = scenario === null ? null : readable(scenario.base);
  return base === null || file === null ? [] : (settingsBetween(base, file) ?? []);
}

/**
 * The settings that make the second file of the first, each as deep as it can be said. Null: they are no settings of it.
 */
export function settingsBetween(before: WorkflowFile, after: WorkflowFile): string[] | null {
  const set = differences('', before, after);
  try {
    return isSame(applyOverrides(before, set), after) ? set : null;
  } catch {
    return null;
  }
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (isSame(before, after)) return [];
  if (isRecord(before) && isRecord(after) && namesIn(before, after).every((name) => /^\w[\w-]*$/.test(name))) {
    return namesIn(before, after).flatMap((name) => {
      const at = path === '' ? name : `${path}.${name}`;
      return name in after ? differences(at, before[name], after[name]) : [`${at}=null`];
    });
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((one: unknown, i) => differences(`${path}[${i}]`, one, after[i]));
  }
  return [`${path}=${written(after)}`];
}

function namesIn(...records: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

/** As it is typed: text stands bare where it cannot be taken for anything else. */
function written(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (isRecord(a) && isRecord(b))
    return namesIn(a, b).every((name) => name in a && name in b && isSame(a[name], b[name]));
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  return a === b;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readable(text: string): WorkflowFile | null {
  try {
    return parseWorkflow(text, NAME);
  } catch {
    return null;
  }
}
