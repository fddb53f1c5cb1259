// `--set path=value`: a workflow file with some of its values replaced. The result is a file again and is checked like
// one; this only finds the place.

import { UserError } from '../base/index.ts';
import { type Child, fileKind, isRecord, shape, shapeOf } from './shapes.ts';
import { nearest } from './suggest.ts';
import type { WorkflowFile } from './types.ts';

type Step = {
  readonly text: string;
  readonly bracket: boolean;
  /** Where in the path it ends. */
  readonly end: number;
};

/**
 * @param sets `path=value` each, applied in order. Value: JSON if it parses, else text; null takes a key or an entry away.
 *   Path: keys with dots; entries of lists by index (`sequence[0].delay`, `sequence.0.delay`) or by id
 *   (`sequence.reminder.delay`, `sequence["my.id"].delay`). A known key that is absent is made.
 * @throws UserError `BAD_SET` or `UNKNOWN_PATH`, naming the nearest path
 */
export function applyOverrides(file: WorkflowFile, sets: readonly string[]): WorkflowFile {
  return applySettings(file, sets.map(splitSet));
}

export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

/** As `applyOverrides`, with the values at hand. @throws UserError as there */
export function applySettings(file: WorkflowFile, settings: readonly Setting[]): WorkflowFile {
  const copy = JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
  for (const { path, value } of settings) place(copy, parsePath(path), value, path);
  return copy;
}

/**
 * Of a path in a programme (`workflows.ID.trigger.within`, `workflows[0].trigger.within`): which workflow it means and the
 * path in that; null for a path of the programme's own, such as `globalHoldout.fraction`.
 * @param ids of the workflows, in order
 * @throws UserError `BAD_SET`, `UNKNOWN_PATH`
 */
export function workflowPath(path: string, ids: readonly string[]): { index: number; path: string } | null {
  const [head, entry] = parsePath(path);
  if (head?.text !== 'workflows') return null;
  const inside = entry === undefined ? '' : path.slice(entry.end).replace(/^\./, '');
  if (entry === undefined || inside === '') {
    const message = `${path}: say what in which workflow, as in workflows.${ids[0] ?? 'ID'}.trigger.within.`;
    throw new UserError('UNKNOWN_PATH', message);
  }
  const entries = ids.map((id) => ({ id }));
  return { index: entryIndex(entries, entry, 'workflows', path), path: inside };
}

/** @throws UserError `BAD_SET` where there is no `path=` */
export function splitSet(set: string): Setting {
  // A quoted id may hold an equals sign.
  const match = /^((?:[^="]|"(?:[^"\\]|\\.)*")+)=([\s\S]*)$/.exec(set);
  const path = match?.[1]?.trim() ?? '';
  if (match === null || path === '') {
    throw new UserError('BAD_SET', `"${set}" is no setting; write path=value, as in trigger.within=2h.`);
  }
  const text = match[2] as string;
  try {
    return { path, value: JSON.parse(text) as unknown };
  } catch {
    return { path, value: text };
  }
}

function parsePath(path: string): readonly Step[] {
  const steps: Step[] = [];
  const part = /(?:^|\.)([^.[\]"]+)|\[(\d+)\]|\[?("(?:[^"\\]|\\.)*")\]?/y;
  while (part.lastIndex < path.length) {
    const at = part.lastIndex;
    const match = part.exec(path);
    if (match === null) {
      const message = `"${path}" is no path (at "${path.slice(at)}"); write keys with dots, as in sequence.reminder.delay.`;
      throw new UserError('BAD_SET', message);
    }
    const [, key, index, quoted] = match;
    const text = key ?? index ?? (JSON.parse(quoted as string) as string);
    steps.push({ text, bracket: index !== undefined, end: part.lastIndex });
  }
  return steps;
}

function place(root: Record<string, unknown>, steps: readonly Step[], value: unknown, path: string): void {
  let node: unknown = root;
  let child: Child = fileKind(root);
  let at = '';
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1;
    if (Array.isArray(node)) {
      const index = entryIndex(node, step, at, path);
      at = `${at}[${index}]`;
      child = typeof child === 'string' ? (child === 'condition' ? child : null) : (child?.[0] ?? null);
      if (!last) node = node[index];
      else if (value === null) node.splice(index, 1);
      else node[index] = value;
      continue;
    }
    if (!isRecord(node))
      throw new UserError('UNKNOWN_PATH', `${path}: "${at}" is no object, so nothing stands under it.`);
    const next: Child | undefined = childOf(node, child, step.text);
    if (next === undefined) throw unknownKey(node, child, step.text, at, path);
    const has = Object.hasOwn(node, step.text);
    if (last) {
      if (value === null && !isNullable(node, step.text)) delete node[step.text];
      else node[step.text] = value;
      return;
    }
    at = at === '' ? step.text : `${at}.${step.text}`;
    if (!has && typeof next === 'string') node[step.text] = {};
    else if (!has)
      throw new UserError(
        'UNKNOWN_PATH',
        `${path}: "${at}" is not set, so it has nothing under it; set it as a whole.`,
      );
    node = node[step.text];
    child = next;
  }
}

/** What may stand under a key, or undefined where the object knows no such key. */
function childOf(node: Record<string, unknown>, child: Child, key: string): Child | undefined {
  const name = typeof child === 'string' ? shapeOf(child, node) : null;
  const known = name === null ? {} : shape(name);
  if (Object.hasOwn(known, key)) return known[key];
  return Object.hasOwn(node, key) && key !== '__proto__' ? null : undefined;
}

function isNullable(node: Record<string, unknown>, key: string): boolean {
  return node['type'] === 'property' && (key === 'from' || key === 'to');
}

function entryIndex(list: readonly unknown[], step: Step, at: string, path: string): number {
  const ids = list.map((entry) => (isRecord(entry) && typeof entry['id'] === 'string' ? entry['id'] : null));
  const byId = step.bracket ? -1 : ids.indexOf(step.text);
  const index = byId >= 0 ? byId : /^\d+$/.test(step.text) ? Number(step.text) : -1;
  if (index >= 0 && index < list.length) return index;
  const known = ids.filter((id) => id !== null);
  const near = nearest(step.text, known);
  const hint =
    near !== null
      ? `The nearest is "${at}.${near}".`
      : list.length === 0
        ? 'It is empty.'
        : `It has ${known.length > 0 ? known.map((id) => `"${id}"`).join(', ') : `entries 0 to ${list.length - 1}`}.`;
  throw new UserError('UNKNOWN_PATH', `${path}: "${at}" has no entry ${JSON.stringify(step.text)}. ${hint}`);
}

function unknownKey(node: Record<string, unknown>, child: Child, key: string, at: string, path: string): UserError {
  const name = typeof child === 'string' ? shapeOf(child, node) : null;
  const known = name === null ? Object.keys(node) : Object.keys(shape(name));
  const near = nearest(key, known);
  const where = at !== '' ? `"${at}"` : child === 'programme' ? 'a programme' : 'a workflow';
  const prefix = at === '' ? '' : `${at}.`;
  const hint =
    near !== null ? `The nearest is "${prefix}${near}".` : `It knows ${known.map((k) => `"${k}"`).join(', ')}.`;
  return new UserError('UNKNOWN_PATH', `${path}: ${where} has no "${key}". ${hint}`);
}
