// From the text of a workflow file to its JSON, and from an issue's path back to its line.

import { UserError } from '../base/index.ts';
import { under } from './fields.ts';
import { type JsonPlace, placeAt, scanJson } from './json-text.ts';
import { isRecord } from './shapes.ts';
import type { WorkflowFile } from './types.ts';

/**
 * @param fileName for messages only, and so `what` it should hold
 * @throws UserError `INVALID_JSON` with line, column and what was expected; a key that stands twice is one
 */
export function parseWorkflow(text: string, fileName: string, what = 'workflow'): WorkflowFile {
  const bare = withoutMark(text);
  const fail = (place: JsonPlace, message: string): never => {
    const at = `${fileName}:${place.line}:${place.column}`;
    throw new UserError('INVALID_JSON', `${at}: ${message}.`, [
      { code: 'INVALID_JSON', message: `${message}.`, at, severity: 'error' },
    ]);
  };
  if (bare.trim() === '') return fail({ line: 1, column: 1 }, 'the file is empty');
  const { problem } = scanJson(bare, under);
  if (problem !== null) return fail(problem, problem.message);
  const value: unknown = JSON.parse(bare);
  return isRecord(value) ? value : fail({ line: 1, column: 1 }, `expected one object { ... } with the ${what} in it`);
}

/** Where a path (`sequence[1].delay`) stands in a text, or the nearest place around it; null for no JSON at all. */
export function placeOf(text: string, path: string): JsonPlace | null {
  const bare = withoutMark(text);
  const { offsets } = scanJson(bare, under);
  for (let at: string | null = path; at !== null; at = parentOf(at)) {
    const offset = offsets.get(at);
    if (offset !== undefined) return placeAt(bare, offset);
  }
  return null;
}

/** The path without its last part. */
function parentOf(path: string): string | null {
  if (path === '') return null;
  const parent = path.replace(/(\.[^.[\]]*|\[("(\\.|[^"\\])*"|\d+)\]|^[^.[\]]+)$/, '');
  return parent === path ? '' : parent;
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
