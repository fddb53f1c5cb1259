// The further histories of the demo are made once the first figures are on screen, so that nobody waits for them. Where it
// fails they are made at the next start; nothing on screen rests on them.

import type { StoreApi } from 'zustand/vanilla';
import type { DatasetInfo, WindowApi } from '../../engine/api/index.ts';
import type { WindowState } from './types.ts';

/** @param done gets all datasets there are then */
export function growDemo(
  store: StoreApi<WindowState>,
  api: WindowApi,
  done: (datasets: readonly DatasetInfo[]) => void,
): void {
  const stop = store.subscribe((state) => {
    if (state.session.phase !== 'ready') return;
    if (state.session.isDemoGrowing !== true) return stop();
    if (!isFirstShown(state)) return;
    stop();
    api.growDemo().then(done, () => {});
  });
}

function isFirstShown({ answers }: WindowState): boolean {
  const asked = Object.values(answers).filter((one) => typeof one === 'object' && one !== null && 'status' in one);
  return asked.some(({ isCurrent }) => isCurrent) && asked.every(({ status }) => status !== 'asking');
}
