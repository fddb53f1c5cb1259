// Files that Foresend itself wrote, held against their published schema when they are read again: a merge, an editor or
// another version may have been at them. The schema files are what is published, so they cannot differ from the check.

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Issue } from '../../base/index.ts';
import planSchema from '../../esp/esp-plan.schema.json' with { type: 'json' };
import stateSchema from '../../esp/esp-state.schema.json' with { type: 'json' };

const SCHEMAS = { plan: planSchema, state: stateSchema } as const;
const compiled = new Map<keyof typeof SCHEMAS, ValidateFunction>();

/** Empty where the value has the form; else what is wrong, each with its path, the first twenty. */
export function fileIssues(kind: keyof typeof SCHEMAS, value: unknown, code: string): readonly Issue[] {
  const validate = compiled.get(kind) ?? new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(SCHEMAS[kind]);
  compiled.set(kind, validate);
  if (validate(value)) return [];
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'anyOf' && keyword !== 'propertyNames');
  const issues = errors.map((error): Issue => ({ code, at: pathOf(error), message: words(error), severity: 'error' }));
  const seen = new Set<string>();
  const first = issues.filter(({ at, message }) => !seen.has(`${at} ${message}`) && seen.add(`${at} ${message}`));
  return first.slice(0, 20);
}

/** `/actions/3/requests` as `actions[3].requests`. */
function pathOf({ instancePath, keyword, params }: ErrorObject): string {
  const own = keyword === 'required' ? [params['missingProperty']] : [];
  const extra = keyword === 'additionalProperties' ? [params['additionalProperty']] : [];
  const parts = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [...parts, ...own, ...extra].reduce<string>((path, part) => {
    const text = String(part);
    if (/^\d+$/.test(text)) return `${path}[${text}]`;
    if (!/^[A-Za-z_][\w-]*$/.test(text)) return `${path}[${JSON.stringify(text)}]`;
    return path === '' ? text : `${path}.${text}`;
  }, '');
}

function words({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'required') return 'This is missing.';
  if (keyword === 'additionalProperties') return 'This key is not known here.';
  if (keyword === 'const') return `This must be ${JSON.stringify(params['allowedValue'])}.`;
  if (keyword === 'enum') return `This must be one of ${(params['allowedValues'] as unknown[]).join(', ')}.`;
  if (keyword === 'type') return `This must be ${[params['type']].flat().join(' or ')}.`;
  return `This ${message ?? 'does not have the form it must have'}.`;
}
