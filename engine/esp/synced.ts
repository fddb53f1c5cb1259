// Properties of people that are kept up to date at a service, besides what emails show: those whose becoming a value starts
// the workflow. Each is a field of the contact like any other that Foresend fills.

import type { Workflow } from '../workflow/index.ts';
import { isRecord } from './canonical.ts';
import { unknownScope } from './liquid.ts';
import { type Dialect, type SentField, translatePersonal } from './personal.ts';
import { Problems } from './problems.ts';

export interface SyncedField {
  readonly property: string;
  readonly field: SentField;
}

/** In the order of the file; what the service keeps of a contact itself is left to it. */
export function syncedFields(workflow: Workflow, dialect: Dialect): SyncedField[] {
  return syncedProperties(workflow).flatMap((property) => {
    const source = `{{ person[${JSON.stringify(property)}] }}`;
    const { fields } = translatePersonal(source, dialect, unknownScope(false), 'trigger', new Problems());
    return fields.map((field) => ({ property, field }));
  });
}

/** Names, each once. */
export function syncedProperties({ trigger }: Workflow): string[] {
  return [...new Set(propertiesIn(trigger))];
}

function propertiesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(propertiesIn);
  if (!isRecord(node)) return [];
  const { type, property } = node;
  const own = type === 'property' && typeof property === 'string' ? [property] : [];
  return [...own, ...Object.values(node).flatMap(propertiesIn)];
}
