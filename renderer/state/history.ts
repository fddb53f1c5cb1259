// The one undo history: edits as snapshots with a name, so that undoing restores exactly what was there.

import type { WorkflowDocument } from '../../engine/api/index.ts';
import type { DataMove, Edit, FileMove, ProgrammeMove, Snapshot, WorkflowSlice } from './types.ts';

/** What is kept; older edits fall off. */
const MOST_EDITS = 500;

/** The slice after an edit; the same slice where nothing changes. @param change what is not named stays */
export function withEdit(
  slice: WorkflowSlice,
  change: Partial<Snapshot>,
  label: string,
  key: string | null,
): WorkflowSlice {
  const before = snapshotOf(slice);
  const after = { ...before, ...change };
  if (isSame(before, after)) return slice;
  const last = slice.past.at(-1);
  const joins = key !== null && last?.key === key && slice.future.length === 0;
  const edit: Edit = { label, before: joins ? last.before : before, after, key };
  const past = joins ? slice.past.slice(0, -1) : slice.past;
  return { ...slice, ...whole(after), past: [...past, edit].slice(-MOST_EDITS), future: [] };
}

/** The slice after something became of a dataset. */
export function withMove(slice: WorkflowSlice, move: DataMove, label: string): WorkflowSlice {
  const here = snapshotOf(slice);
  const edit: Edit = { label, before: here, after: here, key: null, move };
  return { ...slice, past: [...slice.past, edit].slice(-MOST_EDITS), future: [] };
}

/** The slice after the programme was changed. */
export function withProgramme(
  slice: WorkflowSlice,
  programme: ProgrammeMove,
  label: string,
  key: string | null,
): WorkflowSlice {
  const here = snapshotOf(slice);
  const last = slice.past.at(-1);
  const joined = key !== null && last?.key === key && slice.future.length === 0 ? last.programme : undefined;
  const move = joined === undefined ? programme : { ...programme, before: joined.before };
  const edit: Edit = { label, before: here, after: here, key, programme: move };
  const past = joined === undefined ? slice.past : slice.past.slice(0, -1);
  return { ...slice, past: [...past, edit].slice(-MOST_EDITS), future: [] };
}

/**
 * The slice after another file was opened; what is assumed of the emails before is not assumed of these.
 * @param text what became of it in the same step; default: as it is
 */
export function withFile(
  slice: WorkflowSlice,
  document: WorkflowDocument,
  move: FileMove,
  label: string,
  text = document.text,
): WorkflowSlice {
  const { path, revision } = document;
  const before = snapshotOf(slice);
  const after = { ...before, text, response: null, scenario: null };
  const file = text === document.text ? move : { ...move, opened: document.text };
  const edit: Edit = { label, before, after, key: null, file };
  const past = [...slice.past, edit].slice(-MOST_EDITS);
  return { ...slice, ...whole(edit.after), path, revision, past, future: [], save: { is: 'saved' } };
}

export function withUndo(slice: WorkflowSlice): WorkflowSlice {
  const edit = slice.past.at(-1);
  if (edit === undefined) return slice;
  return { ...slice, ...whole(edit.before), past: slice.past.slice(0, -1), future: [edit, ...slice.future] };
}

export function withRedo(slice: WorkflowSlice): WorkflowSlice {
  const [edit, ...future] = slice.future;
  if (edit === undefined) return slice;
  return { ...slice, ...whole(edit.after), past: [...slice.past, { ...edit, key: null }], future };
}

function snapshotOf({ text, response, test, scenario }: WorkflowSlice): Snapshot {
  return { text, response, test, ...(scenario === null ? {} : { scenario }) };
}

/** A snapshot that says nothing of a scenario is of none. */
function whole(snapshot: Snapshot) {
  return { ...snapshot, scenario: snapshot.scenario ?? null };
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  const rest = ({ response, test, scenario }: Snapshot) => JSON.stringify([response, test, scenario ?? null]);
  return a.text === b.text && rest(a) === rest(b);
}
