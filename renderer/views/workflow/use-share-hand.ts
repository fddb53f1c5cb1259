// The share held out while a hand moves it on the ledger: nothing is edited, the replay follows; letting go means it.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { exactPercent } from '../../../engine/base/index.ts';
import type { WorkflowFile } from '../../../engine/workflow/index.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import type { ShareHand } from './arms.tsx';
import type { Edit } from './use-edit.ts';
import { valueAt } from './values.ts';

const PATH = 'holdout.fraction';

export interface MovingShare {
  readonly hand: ShareHand;
  /** 0 … 1; null while no hand moves it. */
  readonly value: number | null;
  /** That of the last share that was replayed while it moves. */
  readonly replay: ReplayAnswer | null;
  /** Whether that is of another share than the one under the hand. */
  readonly isBehind: boolean;
}

export function useShareHand(file: WorkflowFile, edit: Edit): MovingShare {
  const actions = useActions();
  const drag = useWindow(({ answers }) => (answers.drag?.path === PATH ? answers.drag : null));
  const value = drag === null ? null : Number(drag.value);
  const release = () => {
    if (value === null) return;
    if (value === (valueAt(file, PATH) ?? 0)) return actions.dropDrag();
    const words = exactPercent(value);
    if (edit.set([{ path: PATH, value }], `set holdout to ${words}`) !== null) return actions.dropDrag();
    actions.notify(`Holdout set to ${words}`, { undo: true });
  };
  return {
    hand: {
      isMoving: drag !== null,
      onMove: (share) => actions.drag(PATH, String(share)),
      onRelease: release,
      onCancel: actions.dropDrag,
    },
    value,
    replay: drag?.replay?.value ?? null,
    isBehind: drag !== null && drag.replay?.of !== drag.value,
  };
}
