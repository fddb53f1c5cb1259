// Opening another workflow file, as an edit: what is unsaved goes into the file before first, and Undo opens that again.
// Each file keeps its own edits.

import type { WindowApi, WorkflowDocument } from '../../engine/api/index.ts';
import { withFile, withRedo, withUndo } from './history.ts';
import { problemOf } from './problem.ts';
import { fileOf } from './scenario-actions.ts';
import type { Edit, FileMove, WorkflowSlice } from './types.ts';

/** Another file, and which it was before. */
export interface Opened {
  readonly document: WorkflowDocument;
  readonly file: FileMove;
}

export interface OpenFileParts {
  readonly api: Pick<WindowApi, 'switchWorkflow' | 'saveWorkflow'>;
  readonly get: () => WorkflowSlice;
  readonly set: (change: (slice: WorkflowSlice) => WorkflowSlice) => void;
  /** Saves now. */
  readonly save: () => Promise<void>;
  /** After any change of the file: what depends on it is asked anew. */
  readonly changed: () => void;
  readonly saveSoon: () => void;
  readonly notify: (text: string) => void;
}

export function fileOpener({ api, get, set, save, changed, saveSoon, notify }: OpenFileParts) {
  /** @returns false where something is unsaved and stays so */
  async function settle(): Promise<boolean> {
    await save();
    const { is } = get().save;
    if (is === 'saved') return true;
    notify(
      is === 'conflict'
        ? 'The workflow was changed elsewhere; decide which one counts before another is opened'
        : 'The workflow could not be saved, so no other was opened',
    );
    return false;
  }

  return {
    /**
     * @param ask opens it in the host. @param change edits what was opened, in the same step
     * @returns whether it is open now; one that was open before is not changed
     */
    async open(label: string, ask: () => Promise<Opened>, change = (text: string) => text): Promise<boolean> {
      if (!(await settle())) return false;
      try {
        const { document, file } = await ask();
        if (file.before === file.after) return true;
        const text = change(document.text);
        set((slice) => withFile(slice, document, file, label, text));
        if (text !== document.text) saveSoon();
        changed();
        return true;
      } catch (error) {
        notify(problemOf(error).message);
        return false;
      }
    },

    /** Takes back, or does again, the opening of a file. */
    async step(direction: 'undo' | 'redo', { file }: Edit): Promise<void> {
      if (file === undefined || !(await settle())) return;
      if (direction === 'undo' && file.opened !== undefined && fileOf(get()) !== file.opened) {
        await api.saveWorkflow({ text: file.opened, revision: get().revision });
      }
      const { path, text, revision } = await api.switchWorkflow({
        workflow: direction === 'undo' ? file.before : file.after,
      });
      set((slice) => ({
        ...(direction === 'undo' ? withUndo : withRedo)(slice),
        path,
        revision,
        save: { is: 'saved' },
      }));
      // Typed while the other was being opened.
      if (fileOf(get()) !== text) saveSoon();
      changed();
    },
  };
}
