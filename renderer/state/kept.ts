// What is kept in the browser from one visit to the next: the look of the window, the dataset that was chosen in the
// workspace that was open last, and edits that were under way when the page was left. What cannot be read counts as not
// kept.

import type { View } from './types.ts';

export type Kept = Pick<Storage, 'getItem' | 'setItem'>;

const VIEW_KEY = 'foresend-view';
const CHOICE_KEY = 'foresend-choice';
const UNSAVED_KEY = 'foresend-unsaved';
const RECENT_KEY = 'foresend-recent';
const MOST_RECENT = 5;

export function keepView(storage: Kept | undefined, view: Pick<View, 'theme' | 'rows' | 'isPanelOpen'>): void {
  storage?.setItem(VIEW_KEY, JSON.stringify(view));
}

export function keptView(storage: Kept | undefined): Partial<View> {
  try {
    const kept = JSON.parse(storage?.getItem(VIEW_KEY) ?? '{}') as Partial<View>;
    return {
      theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
      rows: kept.rows === 'compact' || kept.rows === 'comfortable' ? kept.rows : 'normal',
      isPanelOpen: kept.isPanelOpen !== false,
    };
  } catch {
    return {};
  }
}

export function keepChoice(storage: Kept | undefined, workspace: string | null, dataset: string | null): void {
  storage?.setItem(CHOICE_KEY, JSON.stringify({ workspace, dataset }));
}

/** Null where another workspace was open last, or nothing readable is kept. */
export function chosenIn(storage: Kept | undefined, workspace: string): string | null {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(CHOICE_KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('workspace' in kept) || !('dataset' in kept)) return null;
    return kept.workspace === workspace && typeof kept.dataset === 'string' ? kept.dataset : null;
  } catch {
    return null;
  }
}

/** The edits of a page that is being left before the host is known to have them. */
export interface Unsaved {
  /** As `packEdits` makes it. */
  readonly packed: object;
  /** The contents on their way into the file; null: none. */
  readonly writing: string | null;
}

/** What is on its way to the host may be dropped with the page; this stays. Null: the host has it all. */
export function keepUnsaved(storage: Kept | undefined, workspace: string | null, unsaved: Unsaved | null): void {
  try {
    storage?.setItem(UNSAVED_KEY, JSON.stringify(unsaved === null ? null : { workspace, ...unsaved }));
  } catch {
    // No room: what is on its way may still arrive.
  }
}

/** Null where the page that was left last had nothing unsaved, or was of another workspace. */
export function unsavedIn(storage: Kept | undefined, workspace: string | null): Unsaved | null {
  try {
    const kept = JSON.parse(storage?.getItem(UNSAVED_KEY) ?? 'null') as
      | (Partial<Unsaved> & { workspace?: string })
      | null;
    const { packed, writing = null } = kept ?? {};
    if (kept?.workspace !== workspace || typeof packed !== 'object' || packed === null) return null;
    return { packed, writing };
  } catch {
    return null;
  }
}

/** Commands of the palette by id, newest first. */
export function recentIn(storage: Kept): readonly string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(RECENT_KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

export function keepRecent(storage: Kept, id: string): void {
  const others = recentIn(storage).filter((one) => one !== id);
  storage.setItem(RECENT_KEY, JSON.stringify([id, ...others].slice(0, MOST_RECENT)));
}
