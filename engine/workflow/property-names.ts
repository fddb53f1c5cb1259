// The properties of people that a workflow names, each with its place, and those a history lacks: a typing error that
// would otherwise be a trigger that never fires, or a suppression that never holds. An event's own properties are listed
// apart; `reach` and a missing time zone are left out, whose absence has a meaning of its own.

import type { Issue } from '../base/index.ts';
import { pathKey } from './checked-paths.ts';
import { under } from './fields.ts';
import { isRecord } from './shapes.ts';
import { nearest } from './suggest.ts';
import type { Workflow, WorkflowFile } from './types.ts';

export interface NamedProperty {
  /** The name's path in the file: `trigger.property`, `suppress[0].where[0].property`. */
  readonly path: string;
  /** Without `person.` in front. */
  readonly property: string;
}

const OF_PERSON = 'person.';

/** In file order, one entry for each place a name stands. Paths as for event names. */
export function propertyNamesOf(workflow: Workflow | WorkflowFile): NamedProperty[] {
  const found: NamedProperty[] = [];
  walk(workflow, '', found, []);
  return found;
}

/** As `propertyNamesOf`, of events: what filters, sums and keys of timers name; not the goal's value. */
export function eventPropertyNamesOf(workflow: Workflow | WorkflowFile): NamedProperty[] {
  const found: NamedProperty[] = [];
  walk(workflow, '', [], found);
  return found;
}

/** @returns a warning for each name that nobody in the history has a property of */
export function unknownProperties(workflow: Workflow | WorkflowFile, knownNames: readonly string[]): Issue[] {
  const known = new Set(knownNames);
  return propertyNamesOf(workflow)
    .filter(({ property }) => !known.has(property))
    .map(({ path, property }): Issue => {
      const near = nearest(property, knownNames);
      const hint = near === null ? '' : ` The nearest is "${near}".`;
      return {
        code: 'UNKNOWN_PROPERTY',
        message: `Nobody in the history has a property "${property}".${hint}`,
        at: path,
        severity: 'warning',
      };
    });
}

function walk(node: unknown, at: string, found: NamedProperty[], ofEvents: NamedProperty[]): void {
  if (Array.isArray(node)) {
    for (const [i, entry] of node.entries()) walk(entry, `${at}[${i}]`, found, ofEvents);
    return;
  }
  if (!isRecord(node)) return;
  const { property } = node;
  if (typeof property === 'string') {
    const ofPerson = node['is'] === 'property' || node['type'] === 'property' || node['type'] === 'date';
    const name = property.startsWith(OF_PERSON) && !ofPerson ? property.slice(OF_PERSON.length) : property;
    const list = ofPerson || name !== property ? found : ofEvents;
    list.push({ path: under(at, 'property'), property: name });
  }
  if (node['type'] === 'inaction' && typeof node['key'] === 'string') {
    ofEvents.push({ path: under(at, 'key'), property: node['key'] });
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'template') continue;
    const path = key === 'match' || key === 'condition' ? at : under(at, pathKey(node, key));
    walk(value, path, found, ofEvents);
  }
}
