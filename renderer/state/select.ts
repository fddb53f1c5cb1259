// Reading the state: small questions that more than one screen asks. No figure is made here.

import type { Stamp } from '../../engine/api/index.ts';
import { ANSWER_KINDS } from './questions.ts';
import type { AnswerKind, AnswerValues, Asked, WindowState } from './types.ts';

export const selectAnswer =
  <K extends AnswerKind>(kind: K) =>
  (state: WindowState): Asked<AnswerValues[K]> =>
    state.answers[kind] as Asked<AnswerValues[K]>;

/** What Undo would undo, in words; null where there is nothing. */
export function selectUndoLabel({ workflow }: WindowState): string | null {
  return workflow.past.at(-1)?.label ?? null;
}

export function selectRedoLabel({ workflow }: WindowState): string | null {
  return workflow.future[0]?.label ?? null;
}

/** The stamp of the newest answer to the question as it stands; null before there is one. */
export function selectStamp({ answers }: WindowState): Stamp | null {
  for (const kind of ANSWER_KINDS) {
    if (kind === 'describe') continue;
    const { value, isCurrent } = answers[kind];
    if (isCurrent && value !== null) return value.stamp;
  }
  return null;
}

/** The last computation that came back: what, and how long it took. */
export function selectLastTook({
  answers,
}: WindowState): { readonly kind: AnswerKind; readonly tookMs: number } | null {
  let last: { kind: AnswerKind; tookMs: number; at: number } | null = null;
  for (const kind of ANSWER_KINDS) {
    const { askedAt, tookMs } = answers[kind];
    if (askedAt === null || tookMs === null) continue;
    if (last === null || askedAt + tookMs > last.at) last = { kind, tookMs, at: askedAt + tookMs };
  }
  return last;
}

/** The workflow's name as the file gives it. */
export function selectWorkflowName({ workflow }: WindowState): string | null {
  const name = workflow.file?.['name'] ?? workflow.file?.['id'];
  return typeof name === 'string' ? name : null;
}

/** How many errors keep the workflow from being replayed. */
export function selectErrors({ workflow }: WindowState): number {
  return (workflow.check?.issues ?? []).filter(({ severity }) => severity === 'error').length;
}

/** What money is in: the made shop trades in dollars, a history of one's own names no currency. */
export function selectCurrency({ session }: WindowState): string | null {
  return session.demo !== null && session.demo === session.dataset ? 'USD' : null;
}
