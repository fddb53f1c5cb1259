// The names of events in a workflow file against those of a history.

import { listed } from '../../../engine/base/index.ts';
import { isGoalLike } from '../../../engine/describe/index.ts';
import { eventNamesOf, nearest, type WorkflowFile } from '../../../engine/workflow/index.ts';

/** Names the file asks for and the history lacks, each once, in file order. */
export function missingIn(file: WorkflowFile | null, names: readonly string[]): string[] {
  if (file === null) return [];
  const known = new Set(names);
  return [...new Set(eventNamesOf(file).map(({ event }) => event))].filter((event) => !known.has(event));
}

/** The history's name that is most likely meant; null where none looks like it. @param names the most frequent first */
export function likelyName(event: string, names: readonly string[]): string | null {
  const words = new Set(wordsOf(event));
  return (
    nearest(event, names) ??
    names.find((name) => wordsOf(name).some((word) => words.has(word))) ??
    (isGoalLike(event) ? (names.find(isGoalLike) ?? null) : null)
  );
}

/** Lower case, those that say something. */
function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return words.filter((word) => word.length >= 4);
}

/** One edit that puts other names in their place, wherever they stand. @returns null where nothing would change */
export function renameEdit(
  file: WorkflowFile | null,
  names: ReadonlyMap<string, string>,
): { readonly settings: { readonly path: string; readonly value: string }[]; readonly label: string } | null {
  if (file === null) return null;
  const settings = eventNamesOf(file).flatMap(({ path, event }) => {
    const value = names.get(event);
    return value === undefined || value === event ? [] : [{ path, value }];
  });
  if (settings.length === 0) return null;
  const renamed = [...names].filter(([event, name]) => event !== name);
  return { settings, label: `use ${listed(renamed.map(([event, name]) => `${name} for ${event}`))}` };
}
