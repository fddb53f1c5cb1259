// Failures of calls as plain data, whatever crossed the line: an Error with a code and places, or anything else thrown.

import type { Problem } from './types.ts';

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: null, message: String(error), issues: [] };
  const { code, issues } = error as { code?: unknown; issues?: unknown };
  return {
    code: typeof code === 'string' ? code : null,
    message: error.message,
    issues: Array.isArray(issues) ? (issues as Problem['issues']) : [],
  };
}

/** Whether a call ended because it was called off. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
