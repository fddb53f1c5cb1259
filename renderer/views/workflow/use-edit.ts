// Edits of the file as they are asked for by fields: tried on the checker first, so that what would break the workflow
// is refused where it was typed, and nothing wrong ever reaches the file this way.

import { useMemo } from 'react';
import { applySettings, checkWorkflow, type Setting } from '../../../engine/workflow/index.ts';
import { useActions, useWindowStore } from '../../state/context.tsx';
import type { Reading } from '../../ui/field.tsx';

export interface Edit {
  /** @returns what is wrong with it, in words; null where it was made */
  set(settings: readonly Setting[], label: string): string | null;
  /** What would be wrong with it; null where it could be made. */
  problem(settings: readonly Setting[]): string | null;
}

/** Reads text for a field, and lets the checker judge what was read. @param settingsOf the edit that the value would be */
export function judged<T>(
  edit: Edit,
  settingsOf: (value: T) => readonly Setting[],
  read: (text: string) => Reading<T>,
): (text: string) => Reading<T> {
  return (text) => {
    const reading = read(text);
    if ('error' in reading) return reading;
    const error = edit.problem(settingsOf(reading.value));
    return error === null ? reading : { error };
  };
}

export function useEdit(): Edit {
  const actions = useActions();
  const store = useWindowStore();
  return useMemo(() => {
    const problem = (settings: readonly Setting[]): string | null => {
      const { file } = store.getState().workflow;
      if (file === null) return 'The file cannot be read just now; put its JSON right first';
      try {
        const { issues } = checkWorkflow(applySettings(file, settings));
        const error = issues.find(({ severity }) => severity === 'error');
        return error === undefined ? null : error.message;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    return {
      problem,
      set: (settings, label) => {
        const wrong = problem(settings);
        if (wrong === null) actions.setWorkflowAll(settings, label);
        return wrong;
      },
    };
  }, [actions, store]);
}
