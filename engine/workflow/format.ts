// The canonical form of a workflow file (programme and scenario files too): keys in the order of the shapes, two spaces, and whatever fits on one line on
// one line. It changes the order of keys and white space and nothing else: no duration, default or remark.

import { type Child, type ChildName, fileKind, isRecord, shape, shapeOf } from './shapes.ts';
import type { WorkflowFile } from './types.ts';

const WIDTH = 120;

/** Idempotent; a file that is not valid is formatted as far as its objects are known. Ends with a line feed. */
export function formatWorkflow(file: WorkflowFile): string {
  return `${lines(file, fileKind(file), 0, 0, true)}\n`;
}

/**
 * @param indent in spaces
 * @param around how many characters stand on the line beside the value, before and after
 */
function lines(value: unknown, child: Child, indent: number, around: number, open = false): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const flat = inline(value, child);
  if (!open && indent + around + flat.length <= WIDTH) return flat;
  const inner = ' '.repeat(indent + 2);
  if (Array.isArray(value)) {
    const entry = entryOf(child);
    const items = value.map((item, i) => inner + lines(item, entry, indent + 2, i < value.length - 1 ? 1 : 0));
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${' '.repeat(indent)}]`;
  }
  const entries = ordered(value as Record<string, unknown>, child);
  const items = entries.map(([key, item, next], i) => {
    const name = `${JSON.stringify(key)}: `;
    return inner + name + lines(item, next, indent + 2, name.length + (i < entries.length - 1 ? 1 : 0));
  });
  return items.length === 0 ? '{}' : `{\n${items.join(',\n')}\n${' '.repeat(indent)}}`;
}

/** On one line: `{ "a": 1 }`, `[1, 2]`. */
function inline(value: unknown, child: Child): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, entryOf(child))).join(', ')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  const entries = ordered(value, child).map(([key, item, next]) => `${JSON.stringify(key)}: ${inline(item, next)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** The entries of an object in canonical order, unknown keys last, each with what may stand under it. */
function ordered(value: Record<string, unknown>, child: Child): [string, unknown, Child][] {
  const name = typeof child === 'string' ? shapeOf(child, value) : null;
  const known = name === null ? {} : shape(name);
  const keys = Object.keys(value);
  const first = Object.keys(known).filter((key) => Object.hasOwn(value, key));
  const rest = keys.filter((key) => !Object.hasOwn(known, key));
  return [...first, ...rest].map((key) => [key, value[key], Object.hasOwn(known, key) ? (known[key] ?? null) : null]);
}

/** What may stand in a list: conditions may stand as a bare list where one condition may. */
function entryOf(child: Child): ChildName | null {
  if (child === null) return null;
  if (typeof child === 'string') return child === 'condition' ? child : null;
  return child[0];
}
