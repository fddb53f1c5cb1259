// The caps of a workflow file as a hand moves them: how many emails within how long; beyond the last bar there is no cap.

import { formatDuration, humanDuration, parseDuration } from '../../../engine/base/index.ts';
import type { WorkflowFile } from '../../../engine/workflow/index.ts';
import { valueAt } from '../workflow/values.ts';

export const CAPS = 'gates.cap';
/** A cap that a hand makes first. */
export const FIRST_WITHIN_MS = 7 * 86_400_000;

/** With whatever else the file says of it: scope, history. */
export type FileCap = Readonly<Record<string, unknown>> & { readonly n: number; readonly within: string };

export function capsOf(file: WorkflowFile | null): readonly FileCap[] {
  const list = valueAt(file, CAPS);
  return Array.isArray(list) ? (list as readonly FileCap[]) : [];
}

export function withinOf({ within }: FileCap): number {
  return parseDuration(within) ?? FIRST_WITHIN_MS;
}

/** @param n null takes the cap away @returns the list with that one moved */
export function movedCap(caps: readonly FileCap[], at: number, n: number | null, withinMs: number): readonly FileCap[] {
  const before = caps[at];
  if (n === null) return caps.filter((_, i) => i !== at);
  const next = { ...before, n, within: formatDuration(withinMs) };
  return before === undefined ? [...caps, next] : caps.map((one, i) => (i === at ? next : one));
}

/** `at most 3 emails within 7 d`. */
export function capWords({ n, within }: FileCap): string {
  return `at most ${n} ${n === 1 ? 'email' : 'emails'} within ${humanDuration(parseDuration(within) ?? 0)}`;
}
