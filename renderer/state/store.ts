// What the page knows: how far the report is. Actions are named; the host is handed in, so that tests have their own.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Host, HostState } from '../start-host.ts';

export type PageState =
  | { readonly phase: 'connecting' }
  /** There is no session, and none can be had from this address. */
  | { readonly phase: 'refused' }
  /** The backend does not answer. */
  | { readonly phase: 'gone' }
  | HostState;

export interface Page {
  readonly state: PageState;
  /** Looks for a session and makes the report. */
  readonly begin: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export type PageStore = StoreApi<Page>;

export function createPageStore(host: Host): PageStore {
  return createStore<Page>((set) => ({
    state: { phase: 'connecting' },
    begin: async () => {
      set({ state: { phase: 'connecting' } });
      try {
        if (!(await host.enter())) return set({ state: { phase: 'refused' } });
        let ended = false;
        await host.makeReport((state) => {
          ended = state.phase !== 'working';
          set({ state });
        });
        if (!ended) set({ state: { phase: 'gone' } });
      } catch {
        set({ state: { phase: 'gone' } });
      }
    },
    stop: async () => {
      await host.stop().catch(() => set({ state: { phase: 'gone' } }));
    },
  }));
}
