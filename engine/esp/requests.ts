// The bodies of the calls that write, and the ids that are put into them at the last moment.

import { assert } from '../base/index.ts';
import type { FlowAction, FlowDefinition } from './klaviyo-types.ts';
import type { DesiredSegment, DesiredTemplate, ObjectKey, ObjectType, PlannedRequest } from './types.ts';

/** With `#`, the id as a number. */
const PLACEHOLDER = /^\{\{(#?)((?:template|segment|field|tag|message):.+)\}\}$/;

/** A copy in which every text that is a placeholder as a whole is the object's id. Asserts that each is known. */
export function withIds<T>(value: T, ids: Readonly<Record<ObjectKey, string>>): T {
  return map(value, (text) => {
    const [, number, key] = PLACEHOLDER.exec(text) ?? [];
    if (key === undefined) return text;
    const id = ids[key];
    assert(id !== undefined, `the id of ${key} is known before it is used`);
    return number === '#' ? Number(id) : id;
  }) as T;
}

/** The objects a body waits for. */
export function keysIn(value: unknown): ObjectKey[] {
  const keys = new Set<ObjectKey>();
  map(value, (text) => {
    const key = PLACEHOLDER.exec(text)?.[2];
    if (key !== undefined) keys.add(key);
    return text;
  });
  return [...keys];
}

function map(value: unknown, change: (text: string) => string | number): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => map(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item, change)]));
}

export function createTemplate({ key, html }: DesiredTemplate, name: string): PlannedRequest {
  const attributes = { name, editor_type: 'CODE', html };
  return create('template', '/api/templates', key, name, attributes);
}

export function updateTemplate(
  id: string,
  { name, html }: { readonly name: string; readonly html: string },
): PlannedRequest {
  return patch('template', '/api/templates', id, { name, html });
}

export function createSegment({ key, definition }: DesiredSegment, name: string): PlannedRequest {
  return create('segment', '/api/segments', key, name, { name, definition });
}

export function updateSegment(id: string, definition: unknown): PlannedRequest {
  return patch('segment', '/api/segments', id, { definition });
}

export function createFlow(name: string, definition: FlowDefinition): PlannedRequest {
  return create('flow', '/api/flows', 'flow', name, { name, definition });
}

/** Of one action; its links stay as the vendor has them. */
export function updateAction(id: string, action: FlowAction, links: unknown): PlannedRequest {
  const { temporary_id: _, ...rest } = action;
  return patch('flow-action', '/api/flow-actions', id, { definition: { ...rest, id, links } });
}

/** Changes all actions of the flow; only ever on an explicit request. */
export function flowStatus(id: string, status: 'draft' | 'manual' | 'live'): PlannedRequest {
  return patch('flow', '/api/flows', id, { status });
}

export function remove(type: ObjectType, id: string, key: ObjectKey): PlannedRequest {
  return { method: 'DELETE', path: `/api/${type}s/${id}`, body: null, creates: null, removes: key, lookup: null };
}

function create(
  type: 'flow' | 'template' | 'segment',
  path: string,
  key: ObjectKey,
  name: string,
  attributes: unknown,
): PlannedRequest {
  return {
    method: 'POST',
    path,
    body: { data: { type, attributes } },
    creates: key,
    removes: null,
    lookup: { type, name },
  };
}

function patch(type: string, path: string, id: string, attributes: unknown): PlannedRequest {
  return {
    method: 'PATCH',
    path: `${path}/${id}`,
    body: { data: { type, id, attributes } },
    creates: null,
    removes: null,
    lookup: null,
  };
}

/** A request as a plan holds it; what is not said is null. */
export function plannedRequest(
  method: PlannedRequest['method'],
  path: string,
  body: unknown,
  {
    creates = null,
    removes = null,
    lookup = null,
  }: { creates?: ObjectKey | null; removes?: ObjectKey | null; lookup?: PlannedRequest['lookup'] },
): PlannedRequest {
  return { method, path, body, creates, removes, lookup };
}
