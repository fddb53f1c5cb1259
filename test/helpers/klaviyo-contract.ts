// Klaviyo's own description of its interface as a judge of both sides: what we send and what the stand-in answers.
// Without ../shared only what stands here is checked: known keys, known parameters.

import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { checkFlowBody } from '../../engine/esp/index.ts';
import { hasShared, sharedPath } from './shared.ts';

// biome-ignore lint/suspicious/noExplicitAny: the vendor's description, walked by its own keys
type Description = any;

const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
const made = new Map<string, ValidateFunction | null>();
let description: Description = null;

function api(): Description {
  if (description === null) {
    description = JSON.parse(readFileSync(sharedPath('esp', 'klaviyo.openapi.json'), 'utf8'));
    ajv.addSchema({ $id: 'klaviyo', components: description.components });
  }
  return description;
}

const KNOWN_BODIES: Readonly<Record<string, readonly string[]>> = {
  'POST /api/events': ['metric', 'profile', 'properties', 'time', 'unique_id'],
  'POST /api/templates': ['name', 'editor_type', 'html', 'text'],
  'PATCH /api/templates/{id}': ['name', 'html', 'text'],
  'POST /api/segments': ['name', 'definition'],
  'PATCH /api/segments/{id}': ['name', 'definition', 'is_starred'],
  'POST /api/flows': ['name', 'definition'],
  'PATCH /api/flows/{id}': ['status'],
  'PATCH /api/flow-actions/{id}': ['definition'],
  'POST /api/profile-bulk-import-jobs': ['profiles'],
};

const KNOWN_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'GET /api/accounts': [],
  'GET /api/events': ['include', 'filter', 'page[cursor]', 'page[size]', 'sort', 'fields[event]'],
  'GET /api/flows': ['filter', 'page[cursor]', 'page[size]', 'sort'],
  'GET /api/flows/{id}': ['additional-fields[flow]'],
  'GET /api/lists': ['filter', 'page[cursor]', 'page[size]', 'sort', 'fields[list]'],
  'GET /api/metrics': ['filter', 'page[cursor]'],
  'GET /api/profiles': [
    'filter',
    'page[cursor]',
    'page[size]',
    'sort',
    'additional-fields[profile]',
    'fields[profile]',
  ],
  'GET /api/segments': ['filter', 'page[cursor]', 'page[size]', 'sort', 'fields[segment]'],
  'GET /api/segments/{id}': [],
  'GET /api/templates': ['filter', 'page[cursor]', 'page[size]', 'sort', 'fields[template]'],
  'GET /api/templates/{id}': [],
};

/** What is wrong with a request; empty where nothing is. */
export function requestErrors(operation: string, query: URLSearchParams, body: unknown): string[] {
  return [...parameterErrors(operation, query), ...bodyErrors(operation, body)];
}

/** What is wrong with an answer of the stand-in. */
export function responseErrors(operation: string, status: number, body: unknown): string[] {
  if (!hasShared || status >= 400 || body === null) return [];
  const validate = validator(`${operation} ${status}`, () => {
    const content = operationOf(operation)?.responses?.[String(status)]?.content;
    return content === undefined ? null : (Object.values(content)[0] as { schema: { $ref: string } }).schema.$ref;
  });
  if (validate === null) return [`${operation} answers no ${status} with a body`];
  return validate(body) ? [] : errorsOf(validate);
}

function parameterErrors(operation: string, query: URLSearchParams): string[] {
  const known = KNOWN_PARAMETERS[operation] ?? [];
  const wrong = [...query.keys()].filter((key) => !known.includes(key)).map((key) => `unknown parameter ${key}`);
  if (wrong.length > 0 || !hasShared) return wrong;
  const parameters: readonly Description[] = operationOf(operation)?.parameters ?? [];
  return [...query].flatMap(([name, value]) => {
    const found = parameters.find((parameter) => parameter.name === name);
    if (found === undefined) return [`${operation} has no parameter ${name}`];
    const { schema } = found;
    const allowed: readonly string[] | undefined = schema?.enum ?? schema?.items?.enum;
    const values = schema?.type === 'array' ? value.split(',') : [value];
    const strange = allowed === undefined ? [] : values.filter((one) => !allowed.includes(one));
    const size = Number(value);
    const isOut = schema?.type === 'integer' && !(size >= schema.minimum && size <= schema.maximum);
    return [...strange.map((one) => `${name} takes no ${one}`), ...(isOut ? [`${name} is out of its range`] : [])];
  });
}

function bodyErrors(operation: string, body: unknown): string[] {
  const known = KNOWN_BODIES[operation];
  if (known === undefined) return body === null ? [] : [`${operation} takes no body`];
  const { data, ...top } = (body ?? {}) as { data?: Record<string, unknown> };
  const { type, id, attributes, relationships: _, ...rest } = data ?? {};
  const wrong = [
    ...Object.keys({ ...top, ...rest }).map((key) => `unknown key ${key}`),
    ...Object.keys((attributes ?? {}) as object).flatMap((key) =>
      known.includes(key) ? [] : [`unknown key attributes.${key}`],
    ),
    ...(typeof type === 'string' ? [] : ['data.type is missing']),
    ...(operation.startsWith('PATCH') && typeof id !== 'string' ? ['data.id is missing'] : []),
    ...(operation === 'POST /api/flows' ? checkFlowBody(body).map(({ at, message }) => `${at}: ${message}`) : []),
  ];
  if (wrong.length > 0 || !hasShared) return wrong;
  const validate = validator(operation, () => {
    const content = operationOf(operation)?.requestBody?.content;
    return content === undefined ? null : (Object.values(content)[0] as { schema: { $ref: string } }).schema.$ref;
  });
  return validate === null || validate(body) ? [] : errorsOf(validate);
}

/** The description names the id of a job otherwise. */
function operationOf(operation: string): Description {
  const [method = '', path = ''] = operation.split(' ');
  const { paths } = api();
  const found = paths[path] ?? paths[path.replace('{id}', '{job_id}')];
  return found?.[method.toLowerCase()];
}

function validator(key: string, find: () => string | null): ValidateFunction | null {
  const known = made.get(key);
  if (known !== undefined) return known;
  api();
  const ref = find();
  const validate = ref === null ? null : ajv.compile({ $ref: `klaviyo${ref}` });
  made.set(key, validate);
  return validate;
}

function errorsOf(validate: ValidateFunction): string[] {
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
