// Edits of the file as they are asked for by fields: tried on the checker first, so that what would break the workflow
// is refused where it was typed, and nothing wrong ever reaches the file this way.

import { useMemo } from 'react';
import { applySettings, checkWorkflow, type Setting } from '../../../engine/workflow/index.ts';
import { useActions, useWindowStore } from '../../state/context.tsx';

export interface Edit {
  /** @returns what is wrong with it, in words; null where it was made */
  set(settings: readonly Setting[], label: string): string | null;
  /** What would be wrong with it; null where it could be made. */
  problem(settings: readonly Setting[]): string | null;
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
