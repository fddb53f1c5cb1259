// Questions that belong to this screen alone: asked anew when what they are about changes, the one before called off, and
// a late answer dropped. The last answer stays in sight until the next one is there.

import { useEffect, useRef, useState } from 'react';
import type { CallOptions, Progress, WindowApi, WorkflowRequest } from '../../../engine/api.ts';
import { useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import type { Problem } from '../../state/types.ts';

export interface Answered<T> {
  /** Of the question as it stands, or of the one before while `isCurrent` is false. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isCurrent: boolean;
  readonly progress: Progress | null;
  /** Of the question under way, on the clock of `performance.now()`. */
  readonly askedAt: number;
  /** Ends the question under way; what was answered before stays. */
  readonly cancel: () => void;
  readonly again: () => void;
}

type Kept<T> = Pick<Answered<T>, 'value' | 'problem' | 'isCurrent' | 'progress' | 'askedAt'>;

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
  const [answered, setAnswered] = useState<Kept<T>>({ ...NOTHING, value: null });
  const [round, setRound] = useState(0);
  const control = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is read from the state these stand for
  useEffect(() => {
    const request = requestOf(store.getState());
    setAnswered(({ value }) => ({ ...NOTHING, value, askedAt: performance.now() }));
    if (key === null || request === null) return;
    const mine = new AbortController();
    control.current = mine;
    const { signal } = mine;
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) setAnswered((before) => ({ ...before, progress }));
    };
    ask(api, request, { signal, onProgress }).then(
      (value) => {
        if (!signal.aborted) setAnswered({ ...NOTHING, value, isCurrent: true });
      },
      (error: unknown) => {
        if (!isAbort(error) && !signal.aborted)
          setAnswered({ ...NOTHING, value: null, problem: problemOf(error), isCurrent: true });
      },
    );
    return () => mine.abort();
  }, [api, store, key, text, dataset, round]);
  return {
    ...answered,
    cancel: () => {
      control.current?.abort();
      setAnswered(({ value }) => ({ ...NOTHING, value, problem: STOPPED, isCurrent: true }));
    },
    again: () => setRound((n) => n + 1),
  };
}

const NOTHING = { problem: null, isCurrent: false, progress: null, askedAt: 0 };
const STOPPED: Problem = { code: 'STOPPED', message: 'You stopped this calculation.', issues: [] };
