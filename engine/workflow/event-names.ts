// The event names a workflow names, each with its place, and those a history lacks: a typing error that would otherwise
// be a trigger that never fires.

import type { Issue } from '../base/index.ts';
import { pathKey } from './checked-paths.ts';
import { under } from './fields.ts';
import { isRecord, SHAPES } from './shapes.ts';
import { nearest } from './suggest.ts';
import type { Workflow, WorkflowFile } from './types.ts';

export interface NamedEvent {
  /** The name's path in the file: `trigger.after.event`, `audience[0].events[1]`. */
  readonly path: string;
  readonly event: string;
}

/**
 * In file order, one entry for each place a name stands. Of the file itself the paths are exact; of the checked form a
 * bare list of conditions reads as its `all`.
 */
export function eventNamesOf(workflow: Workflow | WorkflowFile): NamedEvent[] {
  const found: NamedEvent[] = [];
  walk(workflow, '', found);
  return found;
}

/** @returns a warning for each name that the history has no event of */
export function unknownEvents(workflow: Workflow | WorkflowFile, knownNames: Iterable<string>): Issue[] {
  const names = [...knownNames];
  const known = new Set(names);
  return eventNamesOf(workflow)
    .filter(({ event }) => !known.has(event))
    .map(({ path, event }): Issue => {
      const near = nearest(event, names);
      const hint = near === null ? '' : ` The nearest is "${near}".`;
      return {
        code: 'UNKNOWN_EVENT',
        message: `The history has no event "${event}".${hint}`,
        at: path,
        severity: 'warning',
      };
    });
}

/** Lists of names under `segments`, in the file. */
function isSegmentList(node: Record<string, unknown>, key: string): boolean {
  if (key === 'features') return Object.keys(node).every((other) => other in SHAPES.adoption);
  return (
    ['signup', 'activation', 'payment', 'end'].includes(key) && Object.keys(node).every((k) => k in SHAPES.lifecycle)
  );
}

/** Keys under which names stand: `of` is a list of names in triggers and of conditions in the checked form. */
function walk(node: unknown, at: string, found: NamedEvent[]): void {
  if (Array.isArray(node)) {
    for (const [i, entry] of node.entries()) walk(entry, `${at}[${i}]`, found);
    return;
  }
  if (!isRecord(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const path = under(at, pathKey(node, key));
    if (key === 'event' && typeof value === 'string') found.push({ path, event: value });
    else if ((key === 'events' || key === 'of' || isSegmentList(node, key)) && Array.isArray(value)) {
      value.forEach((entry, i) => {
        if (typeof entry === 'string') found.push({ path: `${path}[${i}]`, event: entry });
        else walk(entry, `${path}[${i}]`, found);
      });
    } else if (key === 'match' || key === 'condition') walk(value, at, found);
    else if (key === 'feature' && node['is'] === 'segment' && typeof value === 'string')
      found.push({ path, event: value });
    else if (key !== 'rules' && key !== 'where' && key !== 'template') walk(value, path, found);
  }
}
