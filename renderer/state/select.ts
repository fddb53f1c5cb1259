// Reading the state: small questions that more than one screen asks. No figure is made here.

import type { Stamp, WorkflowFile } from '../../engine/api/index.ts';
import { checkWorkflow } from '../../engine/workflow/index.ts';
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

/** The stamp of figures that are still shown and answer the question before; null where there are none. */
export function selectStaleStamp({ answers }: WindowState): Stamp | null {
  for (const kind of ANSWER_KINDS) {
    if (kind === 'describe') continue;
    const { value, isCurrent } = answers[kind];
    if (!isCurrent && value !== null) return value.stamp;
  }
  return null;
}

/**
 * The stamp of whatever is answered now: that of the newest answer, and where a screen asks for itself, of the question as
 * it stands. Null while there is no history or no valid workflow.
 */
export function selectQuestionStamp(state: WindowState): Stamp | null {
  const answered = selectStamp(state);
  if (answered !== null) return answered;
  const { session, workflow } = state;
  const history = session.datasets.find(({ name }) => name === session.dataset)?.fingerprint;
  if (history === undefined || session.version === null || workflow.file === null) return null;
  const hash = hashOf(workflow.file);
  return hash === null ? null : sameStamp({ history, workflow: hash, version: session.version, seed: session.seed });
}

const hashes = new WeakMap<WorkflowFile, string | null>();

function hashOf(file: WorkflowFile): string | null {
  const known = hashes.get(file);
  if (known !== undefined) return known;
  const hash = checkWorkflow(file).workflow?.hash ?? null;
  hashes.set(file, hash);
  return hash;
}

let last: Stamp | null = null;

/** The same object for the same stamp. */
function sameStamp(stamp: Stamp): Stamp {
  const isSame = last !== null && (Object.keys(stamp) as (keyof Stamp)[]).every((key) => stamp[key] === last?.[key]);
  if (!isSame) last = stamp;
  return last as Stamp;
}

/** The last computation that came back: what, and how long it took. */
export function selectLastTook({
  answers,
  session,
}: WindowState): { readonly what: AnswerKind | string; readonly tookMs: number } | null {
  let last: { what: AnswerKind | string; tookMs: number; at: number } | null = session.told;
  for (const kind of ANSWER_KINDS) {
    const { askedAt, tookMs } = answers[kind];
    if (askedAt === null || tookMs === null) continue;
    if (last === null || askedAt + tookMs > last.at) last = { what: kind, tookMs, at: askedAt + tookMs };
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
