// The comparison of the screen: its variants, which column is looked at, and the answer, asked anew whenever the workflow,
// the data or a variant changes. Kept for the window, so that going to another screen loses nothing.

import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CompareAnswer, Progress } from '../../../engine/api/index.ts';
import { useActions, useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import type { Problem } from '../../state/types.ts';
import type { WindowStore } from '../../state/window-store.ts';
import { compareRequestOf, type Variant } from './variants.ts';

interface Kept {
  /** Of the variants. */
  readonly focus: number;
  /** The last answer and what it answers. */
  readonly answer: { readonly of: string; readonly value: CompareAnswer } | null;
}

export interface Comparing extends Kept {
  /** Whether the variants kept in the workspace have been read. */
  readonly isRead: boolean;
  /** The scenarios of the workspace. */
  readonly variants: readonly Variant[];
}

const known = new WeakMap<WindowStore, StoreApi<Kept>>();

export function useComparing(): readonly [Comparing, (change: Partial<Comparing>) => void] {
  const window = useWindowStore();
  const { isRead, list } = useWindow(({ scenarios }) => scenarios);
  const { readScenarios, setScenarios } = useActions();
  let store = known.get(window);
  if (store === undefined) {
    store = createStore<Kept>(() => ({ focus: 0, answer: null }));
    known.set(window, store);
  }
  const kept = useStore(store);
  const { setState } = store;
  useEffect(() => void readScenarios(), [readScenarios]);
  const change = ({ variants, ...part }: Partial<Omit<Comparing, 'isRead'>>) => {
    setState(part);
    if (variants !== undefined) void setScenarios(variants);
  };
  return [{ ...kept, isRead, variants: list }, change];
}

export interface Compared {
  /** Of the question before, where `isCurrent` is false. */
  readonly value: CompareAnswer | null;
  readonly isCurrent: boolean;
  readonly problem: Problem | null;
  readonly progress: Progress | null;
  readonly askedAt: number;
  readonly cancel: () => void;
  readonly again: () => void;
}

export function useCompared(): Compared {
  const host = useHost();
  const session = useWindow((state) => state.session);
  const workflow = useWindow((state) => state.workflow);
  const fingerprint = session.datasets.find(({ name }) => name === session.dataset)?.fingerprint ?? '';
  const [{ variants, answer }, change] = useComparing();
  const request = useMemo(() => compareRequestOf({ session, workflow }, variants), [session, workflow, variants]);
  const of = request === null ? null : JSON.stringify([request, fingerprint]);
  const [round, setRound] = useState(0);
  const [now, setNow] = useState<{ progress: Progress | null; askedAt: number; problem: Problem | null }>(NOTHING);
  const [control, setControl] = useState<AbortController | null>(null);
  const isAnswered = of !== null && answer?.of === of;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `of` is the request as text; `round` asks it again
  useEffect(() => {
    if (request === null || of === null || isAnswered) return;
    const controller = new AbortController();
    setControl(controller);
    setNow({ progress: null, askedAt: performance.now(), problem: null });
    host.api
      .compare(request, {
        signal: controller.signal,
        onProgress: (progress) => setNow((before) => ({ ...before, progress })),
      })
      .then(
        (value) => {
          if (!controller.signal.aborted) change({ answer: { of, value } });
        },
        (error: unknown) => {
          if (controller.signal.aborted || isAbort(error)) return;
          setNow((before) => ({ ...before, problem: problemOf(error) }));
        },
      );
    return () => controller.abort();
  }, [of, round]);
  return {
    value: answer !== null && answer.value.dataset === request?.dataset ? answer.value : null,
    isCurrent: isAnswered,
    problem: isAnswered ? null : now.problem,
    progress: now.progress,
    askedAt: now.askedAt,
    cancel: () => {
      control?.abort();
      setNow({ ...NOTHING, problem: { code: 'STOPPED', message: 'You stopped this comparison.', issues: [] } });
    },
    again: () => setRound((n) => n + 1),
  };
}

const NOTHING = { progress: null, askedAt: 0, problem: null };
