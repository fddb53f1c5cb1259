// A figure in words with what it was made of, so that whoever reads it can make it again.

import { useCallback } from 'react';
import { stampWords } from '../charts/picture.ts';
import { useActions, useWindowStore } from '../state/context.tsx';
import { selectQuestionStamp } from '../state/select.ts';
import { copyOrSave } from '../ui/copy-or-save.ts';

const FILE = 'foresend-figure.txt';

/** @returns takes a figure said in words */
export function useCopyFigure(): (words: string) => void {
  const store = useWindowStore();
  const { notify } = useActions();
  return useCallback(
    async (words: string) => {
      const stamp = selectQuestionStamp(store.getState());
      const taken = await copyOrSave(stamp === null ? words : `${words} (${stampWords(stamp)})`, FILE);
      notify(taken ? 'Figure copied' : `Figure saved as ${FILE}`);
    },
    [store, notify],
  );
}
