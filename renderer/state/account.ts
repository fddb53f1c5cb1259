// The account that is pulled, as far as the window knows: its key's standing, the pull under way or interrupted, and its
// flows beside the history of the dataset that is looked at; and the workflow files there are to open. It lives here and
// not in a screen, so that a pull goes on while another screen is looked at. The network is asked only by an action.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  LiveFlowsAnswer,
  PullAnswer,
  PullStanding,
  WindowApi,
  WorkflowChoice,
  WorkflowDocument,
} from '../../engine/api/index.ts';
import { exactPercent, exactPlural, listed, plural } from '../../engine/base/index.ts';
import { applySettings, formatWorkflow, parseWorkflow } from '../../engine/workflow/index.ts';
import { problemOf } from './problem.ts';
import type { Problem, Session } from './types.ts';
import type { WindowActions } from './window-store.ts';

export interface AccountState {
  /** Whether connecting is what the Data screen shows. */
  readonly isOpen: boolean;
  readonly standing: PullStanding | null;
  /** The dataset that is being pulled; null: none is. */
  readonly pulling: string | null;
  /** Of the last try. */
  readonly problem: Problem | null;
  /** What the last pull brought, in a sentence. */
  readonly said: string;
  /** The dataset as that pull left it: of any other it says nothing. */
  readonly saidOf: string | null;
  readonly flows: FlowsState;
  readonly workflows: readonly WorkflowChoice[];
  /** Demo histories that are looked at with another workflow than their own. */
  readonly keptApart: readonly string[];
}

/** The flows of one dataset; `value` is null where it was not pulled, or while it is read. */
export interface FlowsState {
  readonly dataset: string | null;
  /** Of the dataset they were read of. */
  readonly fingerprint: string | null;
  readonly isReading: boolean;
  /** That reads them, or read them last. */
  readonly call: number | null;
  readonly value: LiveFlowsAnswer | null;
  readonly problem: Problem | null;
}

export interface AccountParts {
  readonly api: WindowApi;
  readonly session: () => Session;
  readonly actions: Pick<
    WindowActions,
    'run' | 'cancelCall' | 'keepMove' | 'openFile' | 'setWorkflowAll' | 'go' | 'notify'
  >;
}

export type AccountStore = StoreApi<AccountState>;
export type Account = ReturnType<typeof createAccount>;

const STOPPED: Problem = { code: 'CANCELLED', message: 'That was cancelled', issues: [] };
const TARGET = { target: 'klaviyo' } as const;
const NO_FLOWS: FlowsState = {
  dataset: null,
  fingerprint: null,
  isReading: false,
  call: null,
  value: null,
  problem: null,
};

export function createAccount({ api, session, actions: window }: AccountParts) {
  const store = createStore<AccountState>(() => ({
    isOpen: false,
    standing: null,
    pulling: null,
    problem: null,
    said: '',
    saidOf: null,
    flows: NO_FLOWS,
    workflows: [],
    keptApart: [],
  }));
  const { setState: set, getState: get } = store;
  let running: number | null = null;
  const setFlows = (change: Partial<FlowsState>) => set(({ flows }) => ({ flows: { ...flows, ...change } }));
  const fingerprintOf = (dataset: string) =>
    session().datasets.find(({ name }) => name === dataset)?.fingerprint ?? null;

  const look = () =>
    api.espPulls(TARGET).then(
      (standing) => set({ standing }),
      (error: unknown) => set({ problem: problemOf(error) }),
    );
  const lookForFiles = () =>
    api.workflows().then(
      (workflows) => set({ workflows }),
      () => {},
    );

  /** @param change edits what was opened, in the same step @returns which it is now; null: none was opened */
  async function openBy(
    name: string,
    ask: () => Promise<WorkflowDocument>,
    { label = `open ${name}`, change }: { label?: string; change?: (text: string) => string } = {},
  ): Promise<'other' | 'same' | null> {
    let isOther = false;
    const isOpened = await window.openFile(
      label,
      async () => {
        const before = openId(await api.workflows());
        const document = await ask();
        await lookForFiles();
        const after = openId(get().workflows);
        isOther = after !== before;
        return { document, file: { before, after } };
      },
      change,
    );
    if (!isOpened) return null;
    if (isOther && change === undefined) window.notify(`${name} is open`, { undo: true });
    return isOther ? 'other' : 'same';
  }

  const actions = {
    /** Shows what it takes to connect. */
    open(): void {
      set({ isOpen: true, problem: null, said: '' });
      void look();
    },
    leave(): void {
      if (get().pulling === null) set({ isOpen: false, problem: null });
    },
    look,
    lookForFiles,

    /** Reads the account into a dataset; one that was interrupted goes on, a later one gets what is new. */
    async pull(dataset: string): Promise<void> {
      if (get().pulling !== null) return;
      const { dataset: chosenBefore } = session();
      const before = fingerprintOf(dataset);
      set({ pulling: dataset, isOpen: true, problem: null, said: '' });
      try {
        const answer = await window.run(
          `pulling ${dataset}`,
          ({ id, ...options }) => {
            running = id;
            return api.espPull({ ...TARGET, dataset }, options);
          },
          'data',
        );
        if (answer === null) {
          await look();
          const isAside = get().standing?.pulls.some((one) => one.dataset === dataset) === true;
          const rest = isAside
            ? 'What was read is kept aside; the next pull goes on from there.'
            : 'Nothing was read yet.';
          set({ said: `Stopped. ${rest}` });
          return;
        }
        await window.keepMove({ name: dataset, before, after: null, chosenBefore }, `pull ${dataset}`);
        set({ isOpen: false, said: pulledWords(answer), saidOf: fingerprintOf(dataset) });
        void lookForFiles();
      } catch (error) {
        set({ problem: problemOf(error) });
      } finally {
        running = null;
        set({ pulling: null });
        void look();
      }
    },
    cancelPull(): void {
      if (running !== null) window.cancelCall(running);
    },

    /** The flows of a dataset beside its history, unless they are known. */
    async readFlows(dataset: string): Promise<void> {
      const fingerprint = fingerprintOf(dataset);
      const { flows } = get();
      if (flows.dataset === dataset && flows.fingerprint === fingerprint && flows.problem === null) return;
      const { sources = [] } = session().datasets.find(({ name }) => name === dataset) ?? {};
      const isPulled = sources.some((source) => source.startsWith('klaviyo:'));
      set({ flows: { ...NO_FLOWS, dataset, fingerprint, isReading: isPulled } });
      if (!isPulled) return;
      const isMine = () => get().flows.dataset === dataset && get().flows.fingerprint === fingerprint;
      try {
        const value = await window.run(
          'replaying the flows',
          ({ id, ...options }) => {
            setFlows({ call: id });
            return api.liveFlows({ dataset }, options);
          },
          'data',
        );
        if (isMine()) setFlows({ value, isReading: false, problem: value === null ? STOPPED : null });
      } catch (error) {
        if (isMine()) setFlows({ problem: problemOf(error), isReading: false });
      }
    },
    cancelFlows(): void {
      const { call } = get().flows;
      if (call !== null) window.cancelCall(call);
    },
    async readFlowsAgain(): Promise<void> {
      const { dataset } = get().flows;
      set({ flows: NO_FLOWS });
      if (dataset !== null) await actions.readFlows(dataset);
    },

    /** The workflow made for this demo history is not offered again. */
    keepApart(dataset: string): void {
      set(({ keptApart }) => ({ keptApart: [...keptApart, dataset] }));
    },
    /** @param id of one of `workflows` */
    async openWorkflow(id: string): Promise<void> {
      const choice = get().workflows.find((one) => one.id === id);
      if (choice === undefined || choice.isOpen) return;
      await openBy(choice.name, () => api.switchWorkflow({ workflow: id }));
    },
    /** A flow as the window's workflow, on the dataset it was pulled with. */
    async openFlow(flow: { readonly id: string; readonly name: string }): Promise<boolean> {
      const { dataset } = get().flows;
      const isOpened = (await openBy(flow.name, () => api.openFlow({ dataset, flow: flow.id }))) !== null;
      if (isOpened) window.go('workflow');
      return isOpened;
    },
    /** The flow as the window's workflow, with a share held out: one edit. */
    async plan(flow: { readonly id: string; readonly name: string }, fraction: number): Promise<void> {
      const { dataset } = get().flows;
      const share = exactPercent(fraction);
      const settings = [{ path: 'holdout.fraction', value: fraction }];
      const opened = await openBy(flow.name, () => api.openFlow({ dataset, flow: flow.id }), {
        label: `open ${flow.name} and hold out ${share}`,
        change: (text) => formatWorkflow(applySettings(parseWorkflow(text, flow.name), settings)),
      });
      if (opened === null) return;
      if (opened === 'same') window.setWorkflowAll(settings, `hold out ${share}`);
      window.go('workflow');
      window.notify(`${flow.name} is open and holds out ${share}`, { undo: true });
    },
  };
  return { store, actions };
}

const openId = (workflows: readonly WorkflowChoice[]) => workflows.find(({ isOpen }) => isOpen)?.id ?? '';

/** What a pull brought, and that a later one reads only what is new. */
export function pulledWords({ account, before, persons, events, incremental, resumed }: PullAnswer): string {
  const from = `account ${account}`;
  if (!incremental || before === null) {
    const ended = resumed ? 'The interrupted pull is finished: ' : '';
    return `${ended}${plural(events, 'event')} of ${plural(persons, 'person', 'people')} read from ${from}. The next pull asks only for what is new.`;
  }
  const news = [
    ...(events > before.events ? [exactPlural(events - before.events, 'event')] : []),
    ...(persons > before.persons ? [exactPlural(persons - before.persons, 'person', 'people')] : []),
  ];
  if (news.length === 0) return `Nothing new in ${from}; only what came since the last pull was asked for.`;
  return `New from ${from}: ${listed(news)}. Only what came since the last pull was asked for.`;
}
