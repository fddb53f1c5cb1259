// Saves edits as they are made: the history of edits into the workspace, then the file it is about, a moment after the
// last edit and one at a time. What has not arrived when the page is left stays in the browser for the next page.

import type { WindowApi, WorkflowDocument } from '../../engine/api/index.ts';
import { type Kept, keepUnsaved, unsavedIn } from './kept.ts';
import { packEdits, withKept } from './kept-edits.ts';
import { problemOf } from './problem.ts';
import type { OpenScenario, WorkflowSlice } from './types.ts';

export interface SaverParts {
  readonly api: Pick<WindowApi, 'openWorkflow' | 'saveWorkflow' | 'keepEdits' | 'keptEdits'>;
  readonly get: () => WorkflowSlice;
  readonly set: (change: (slice: WorkflowSlice) => WorkflowSlice) => void;
  readonly session: () => { readonly workspace: string | null; readonly readonly: string | null };
  /** Of what was edited under a scenario; the file stays as it is. */
  readonly saveScenario: (scenario: OpenScenario, text: string) => Promise<void>;
  readonly storage: Kept | undefined;
  /** After the last edit, until it is saved; ms. */
  readonly afterMs: number;
}

export function createSaver({ api, get, set, session, saveScenario, storage, afterMs }: SaverParts) {
  let saveTimer: ReturnType<typeof setTimeout> | null = null;
  let keepTimer: ReturnType<typeof setTimeout> | null = null;
  let saving: Promise<void> | null = null;
  let isKeeping = false;
  /** What is on its way into the file. */
  let writing: string | null = null;

  function saveSoon(): void {
    if (get().save.is === 'conflict') return;
    set((slice) => ({ ...slice, save: { is: 'waiting' } }));
    if (saveTimer !== null) clearTimeout(saveTimer);
    saveTimer = setTimeout(() => void save(), afterMs);
  }

  function keepSoon(): void {
    if (keepTimer !== null) clearTimeout(keepTimer);
    keepTimer = setTimeout(() => void keepNow(), afterMs);
  }

  /** The history goes into the workspace, and before the file it is about: what cannot be kept is there until the end. */
  async function keepNow(): Promise<void> {
    if (keepTimer === null) return;
    clearTimeout(keepTimer);
    keepTimer = null;
    const edits = packEdits(get());
    if (edits === null || session().readonly !== null) return;
    isKeeping = true;
    try {
      await api.keepEdits(edits);
    } catch {
      // The file itself says whether anything can be saved.
    } finally {
      isKeeping = false;
    }
    allThere();
  }

  async function save(): Promise<void> {
    if (saveTimer !== null) clearTimeout(saveTimer);
    saveTimer = null;
    await keepNow();
    while (saving !== null) await saving;
    const { text, revision, save: state } = get();
    if (state.is === 'saved' || state.is === 'conflict') return;
    writing = text;
    saving = write(text, revision).finally(() => {
      saving = null;
      writing = null;
    });
    await saving;
    if (get().text !== text && get().save.is === 'saving') await save();
  }

  async function write(text: string, revision: string): Promise<void> {
    const { scenario } = get();
    set((slice) => ({ ...slice, save: { is: 'saving' } }));
    try {
      const saved = scenario === null ? await api.saveWorkflow({ text, revision }) : null;
      if (scenario !== null) await saveScenario(scenario, text);
      set((slice) => ({
        ...slice,
        ...(saved === null ? {} : { path: saved.path, revision: saved.revision }),
        save: slice.text === text ? { is: 'saved' } : slice.save,
      }));
      allThere();
    } catch (error) {
      const { code, message } = problemOf(error);
      if (code === 'CHANGED_OUTSIDE') {
        set((slice) => ({ ...slice, save: { is: 'conflict', theirs: null } }));
        const theirs = await api.openWorkflow().catch(() => null);
        if (theirs !== null) set((slice) => ({ ...slice, save: { is: 'conflict', theirs } }));
      } else set((slice) => ({ ...slice, save: { is: 'failed', message } }));
    }
  }

  /** Nothing has to be kept here any more for the page after this one, once the host has it all. */
  function allThere(): void {
    if (get().save.is !== 'saved' || keepTimer !== null) return;
    if (unsavedIn(storage, session().workspace) !== null) keepUnsaved(storage, null, null);
  }

  async function keptEdits() {
    try {
      return await api.keptEdits();
    } catch {
      return null;
    }
  }

  return {
    saveSoon,
    keepSoon,
    save,
    /** Saves now, also what could not be saved before. */
    async saveAgain(): Promise<void> {
      await keepNow();
      if (get().save.is === 'failed') set((slice) => ({ ...slice, save: { is: 'waiting' } }));
      await save();
    },
    /** Nothing is to be saved any more: what was edited gave way to what is on disk. */
    forget(): void {
      if (saveTimer !== null) clearTimeout(saveTimer);
      set((slice) => ({ ...slice, save: { is: 'saved' } }));
    },
    /** Takes the document in hand, with the edits that were kept of it or left by the page before; the rest is saved. */
    async open(document: WorkflowDocument, workspace: string | null): Promise<{ readonly isChanged: boolean }> {
      const kept = await keptEdits();
      const left = unsavedIn(storage, workspace);
      // What was on its way into the file when the page was left, and is there, was put there by these edits.
      const revision = left?.writing === document.text ? { revision: document.revision } : {};
      const newest = left === null ? kept : { packed: { ...left.packed, ...revision }, aside: kept?.aside ?? [] };
      const { slice, isUnsaved, isChanged } = withKept(get(), document, newest);
      set(() => slice);
      if (left !== null) keepSoon();
      if (isUnsaved) saveSoon();
      return { isChanged };
    },
    /** The page is being left: what is unsaved goes its way, and stays here until it is known to have arrived. */
    leave(): void {
      const { is } = get().save;
      const isThere = keepTimer === null && !isKeeping && (is === 'saved' || is === 'conflict');
      const edits = isThere || session().readonly !== null ? null : packEdits(get());
      if (edits !== null) keepUnsaved(storage, session().workspace, { packed: edits.packed, writing });
    },
  };
}
