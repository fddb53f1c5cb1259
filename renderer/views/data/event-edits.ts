// The names of events in a workflow file against those of a history.

import { listed } from '../../../engine/base/index.ts';
import { eventNamesOf, type WorkflowFile } from '../../../engine/workflow/index.ts';

/** Names the file asks for and the history lacks, each once, in file order. */
export function missingIn(file: WorkflowFile | null, names: readonly string[]): string[] {
  if (file === null) return [];
  const known = new Set(names);
  return [...new Set(eventNamesOf(file).map(({ event }) => event))].filter((event) => !known.has(event));
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
