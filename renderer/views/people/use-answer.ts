// Questions that belong to this screen alone: asked anew when what they are about changes, the one before called off, and
// a late answer dropped. The last answer stays in sight until the next one is there.

import { useEffect, useState } from 'react';
import type { CallOptions, WindowApi, WorkflowRequest } from '../../../engine/api.ts';
import { useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import type { Problem } from '../../state/types.ts';

export interface Answered<T> {
  /** Of the question as it stands, or of the one before while `isCurrent` is false. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isCurrent: boolean;
}

/**
 * @param key stands for everything `ask` reads besides the workflow and the dataset; null asks nothing
 * @param ask made anew at every drawing; only the key decides
 */
export function useAnswer<T>(
  key: string | null,
  ask: (api: WindowApi, request: WorkflowRequest, options: CallOptions) => Promise<T>,
): Answered<T> {
  const { api } = useHost();
  const store = useWindowStore();
  const text = useWindow(({ workflow }) => (workflow.isChecked ? workflow.text : null));
  const dataset = useWindow(({ session }) => session.dataset);
  const [answered, setAnswered] = useState<Answered<T>>({ value: null, problem: null, isCurrent: false });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is read from the state these stand for
  useEffect(() => {
    const request = requestOf(store.getState());
    setAnswered((before) => ({ ...before, isCurrent: false }));
    if (key === null || request === null) return;
    const control = new AbortController();
    ask(api, request, { signal: control.signal }).then(
      (value) => {
        if (!control.signal.aborted) setAnswered({ value, problem: null, isCurrent: true });
      },
      (error: unknown) => {
        if (!isAbort(error) && !control.signal.aborted)
          setAnswered({ value: null, problem: problemOf(error), isCurrent: true });
      },
    );
    return () => control.abort();
  }, [api, store, key, text, dataset]);
  return answered;
}
