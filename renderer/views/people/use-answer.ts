// Questions that belong to this screen alone: asked anew when what they are about changes, the one before called off, and
// a late answer dropped. The last answer stays in sight until the next one is there.

import { useEffect, useRef, useState } from 'react';
import type { CallOptions, Progress, WindowApi, WorkflowRequest } from '../../../engine/api/index.ts';
import { useActions, useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import { requestOf } from '../../state/questions.ts';
import type { Problem } from '../../state/types.ts';

export interface Answered<T> {
  /** Of the question as it stands, or of the one before while `isCurrent` is false. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isCurrent: boolean;
  readonly progress: Progress | null;
  /** Of the question under way, on the clock of `performance.now()`; 0 where nothing is asked. */
  readonly askedAt: number;
  /** Ends the question under way; what was answered before stays. */
  readonly cancel: () => void;
  readonly again: () => void;
}

type Kept<T> = Pick<Answered<T>, 'value' | 'problem' | 'isCurrent' | 'progress' | 'askedAt'>;

/**
 * @param key stands for everything `ask` reads besides the workflow and the dataset; null asks nothing
 * @param ask made anew at every drawing; only the key decides
 * @param what it asks for, in a word, for the line that says how long that took; absent: it is not said
 */
export function useAnswer<T>(
  key: string | null,
  ask: (api: WindowApi, request: WorkflowRequest, options: CallOptions) => Promise<T>,
  what?: string,
): Answered<T> {
  const store = useWindowStore();
  const text = useWindow(({ workflow }) => (workflow.isChecked ? workflow.text : null));
  const dataset = useWindow(({ session }) => session.dataset);
  return useAsked([key, text, dataset], () => (key === null ? null : requestOf(store.getState())), ask, what);
}

/** The same of a dataset alone, whatever the workflow is. */
export function useDatasetAnswer<T>(
  ask: (api: WindowApi, request: { readonly dataset: string }, options: CallOptions) => Promise<T>,
  what?: string,
): Answered<T> {
  const dataset = useWindow(({ session }) => session.dataset);
  const fingerprint = useWindow(
    ({ session }) => session.datasets.find(({ name }) => name === session.dataset)?.fingerprint ?? null,
  );
  return useAsked([dataset, fingerprint, ''], () => (dataset === null ? null : { dataset }), ask, what);
}

/** @param of what the question is about; it is asked anew when one of them changes */
function useAsked<T, R>(
  of: readonly [string | null, string | null, string | null],
  requestNow: () => R | null,
  ask: (api: WindowApi, request: R, options: CallOptions) => Promise<T>,
  what: string | undefined,
): Answered<T> {
  const { api } = useHost();
  const { told } = useActions();
  const [answered, setAnswered] = useState<Kept<T>>({ ...NOTHING, value: null });
  const [round, setRound] = useState(0);
  const control = useRef<AbortController | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the request is read from the state these stand for
  useEffect(() => {
    const request = requestNow();
    const askedAt = performance.now();
    setAnswered(({ value }) => ({ ...NOTHING, value, askedAt }));
    if (request === null) return;
    const mine = new AbortController();
    control.current = mine;
    const { signal } = mine;
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) setAnswered((before) => ({ ...before, progress }));
    };
    ask(api, request, { signal, onProgress }).then(
      (value) => {
        if (signal.aborted) return;
        setAnswered({ ...NOTHING, value, isCurrent: true });
        if (what !== undefined) told(what, performance.now() - askedAt);
      },
      (error: unknown) => {
        if (!isAbort(error) && !signal.aborted)
          setAnswered({ ...NOTHING, value: null, problem: problemOf(error), isCurrent: true });
      },
    );
    return () => mine.abort();
  }, [api, ...of, round]);
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
