// The making of the report, once for all who watch: a page that is reloaded joins the run that is going on. A failed or
// stopped run can be started anew; a finished one stays.

import type { Progress } from '../../engine/api.ts';
import type { DemoMaker } from '../demo-maker.ts';

export type JobState =
  | { readonly phase: 'working'; readonly progress: Progress | null }
  | { readonly phase: 'ready'; readonly html: string; readonly tookMs: number }
  | { readonly phase: 'failed'; readonly message: string }
  | { readonly phase: 'stopped' };

export interface ReportJob {
  /** Starts the work unless it is going on or done, and calls `onState` now and at every change. @returns unsubscribe */
  watch(onState: (state: JobState) => void): () => void;
  stop(): void;
  readonly html: string | null;
}

export function createReportJob(makeDemo: DemoMaker): ReportJob {
  let state: JobState | null = null;
  let abort = new AbortController();
  const watchers = new Set<(state: JobState) => void>();

  const become = (next: JobState) => {
    state = next;
    for (const watcher of watchers) watcher(next);
  };

  const run = async () => {
    const mine = new AbortController();
    abort = mine;
    const startedAt = performance.now();
    become({ phase: 'working', progress: null });
    try {
      const { html } = await makeDemo((progress) => {
        if (!mine.signal.aborted) become({ phase: 'working', progress });
      }, mine.signal);
      if (!mine.signal.aborted) become({ phase: 'ready', html, tookMs: performance.now() - startedAt });
    } catch (error) {
      if (!mine.signal.aborted) become({ phase: 'failed', message: messageOf(error) });
    }
  };

  return {
    watch(onState) {
      watchers.add(onState);
      if (state === null || state.phase === 'failed' || state.phase === 'stopped') void run();
      else onState(state);
      return () => watchers.delete(onState);
    },
    stop() {
      if (state?.phase !== 'working') return;
      abort.abort();
      become({ phase: 'stopped' });
    },
    get html() {
      return state?.phase === 'ready' ? state.html : null;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'Something failed without saying why.';
}
