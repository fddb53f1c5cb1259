// The edits of a window in its workspace, a note for each workflow file. The window packs them; what is known here is
// which datasets they could bring back, so that these outlive a restart.

import type { KeptEdits } from '../../api/index.ts';
import type { Workspace } from '../store/index.ts';

/** What is set aside is kept up to this, the last first. */
export const MOST_ASIDE_BYTES = 2 ** 31;

const EDITS = 'edits:';

interface Note {
  readonly packed: object;
  readonly wanted: readonly string[];
}

/** @param id of the workflow file */
export function editsOf(workspace: Workspace, id: string): KeptEdits | null {
  const note = workspace.note(`${EDITS}${id}`) as Note | null;
  return note === null ? null : { packed: note.packed, aside: workspace.asideDatasets() };
}

export function keepEditsOf(workspace: Workspace, id: string, { packed, wanted }: Note): void {
  workspace.setNote(`${EDITS}${id}`, { packed, wanted } satisfies Note);
}

/** Fingerprints of what the edits of any workflow could bring back. */
export function wantedAside(workspace: Workspace): ReadonlySet<string> {
  return new Set((workspace.notesOf(EDITS) as Note[]).flatMap(({ wanted }) => wanted));
}
