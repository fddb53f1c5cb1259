// Looking at a scenario in the place of the workflow, as an edit that Undo takes back. What is edited under it is kept as
// the scenario, in the workspace; the file stays as it is until the scenario is made the workflow.

import type { SavedScenario, WindowApi } from '../../engine/api/index.ts';
import { withEdit } from './history.ts';
import { problemOf } from './problem.ts';
import { keptAs, textUnder } from './scenarios.ts';
import type { Edit, OpenScenario, Scenarios, Snapshot, WorkflowSlice } from './types.ts';

export interface ScenarioParts {
  readonly api: Pick<WindowApi, 'scenarios' | 'saveScenarios' | 'saveWorkflow'>;
  readonly get: () => { readonly workflow: WorkflowSlice; readonly scenarios: Scenarios };
  readonly set: (scenarios: Scenarios) => void;
  readonly setWorkflow: (change: (slice: WorkflowSlice) => WorkflowSlice) => void;
  /** A change of the open text and of what follows from it. */
  readonly edit: (change: (slice: WorkflowSlice) => WorkflowSlice) => void;
  /** Saves now. */
  readonly save: () => Promise<void>;
  readonly saveSoon: () => void;
  /** One at a time; what goes wrong is said. */
  readonly moving: (work: () => Promise<void>) => Promise<void>;
  /** Whether nothing can be changed, which is said. */
  readonly refused: () => boolean;
  readonly notify: (text: string, how?: { undo: boolean }) => void;
}

export function scenarioActions(parts: ScenarioParts) {
  const { api, get, setWorkflow, edit, save, moving, refused, notify } = parts;

  async function read(): Promise<readonly SavedScenario[]> {
    const { isRead, list } = get().scenarios;
    if (isRead) return list;
    const found = await api.scenarios().catch(() => []);
    if (!get().scenarios.isRead) parts.set({ isRead: true, list: found });
    return get().scenarios.list;
  }

  async function keep(list: readonly SavedScenario[]): Promise<void> {
    parts.set({ isRead: true, list });
    await api.saveScenarios({ scenarios: list });
  }

  /** What is unsaved goes where it belongs before something else is open. @returns whether it is there */
  async function settled(): Promise<boolean> {
    await save();
    const isThere = get().workflow.save.is === 'saved';
    if (!isThere) notify('What is open could not be saved, so nothing else was opened');
    return isThere;
  }

  const saved = () => setWorkflow((slice) => ({ ...slice, save: { is: 'saved' } }));

  /** The same place on screen, with the text of another scenario, or of the file, in it. */
  function show(scenario: OpenScenario | null, text: string, label: string): void {
    edit((slice) => withEdit(slice, { text, scenario }, label, null));
    saved();
  }

  const actions = {
    /** Those of the workspace, once. */
    async readScenarios(): Promise<void> {
      await read();
    },
    /** In the place of those kept; one that is open and no longer among them is left. */
    async setScenarios(list: readonly SavedScenario[]): Promise<void> {
      const { scenario } = get().workflow;
      if (scenario !== null && !list.some(({ name }) => name === scenario.name)) await actions.chooseScenario(null);
      // What cannot be kept is there until the window closes.
      await keep(list).catch((error: unknown) => notify(problemOf(error).message));
    },
    /** All screens are about that scenario, or about the workflow as its file says. */
    async chooseScenario(name: string | null): Promise<void> {
      await moving(async () => {
        const { scenario: open } = get().workflow;
        if ((open?.name ?? null) === name || !(await settled())) return;
        const base = fileOf(get().workflow);
        if (name === null) return show(null, base, 'look at the workflow as it is');
        const chosen = (await read()).find((one) => one.name === name);
        if (chosen !== undefined) show({ name, base }, await textUnder(base, chosen), `look at ${name}`);
      });
    },
    /** A scenario that differs in nothing yet, and is open: what is edited from now on is its own. */
    async addScenario(name: string): Promise<void> {
      if (refused()) return;
      await actions.setScenarios([...(await read()), { name, kind: 'settings', set: [] }]);
      await actions.chooseScenario(name);
    },
    /** The open scenario becomes the workflow. */
    async adoptScenario(): Promise<void> {
      const { scenario } = get().workflow;
      if (scenario === null || refused()) return;
      await moving(async () => {
        if (!(await settled())) return;
        edit((slice) => withEdit(slice, { scenario: null }, `use ${scenario.name}`, null));
        parts.saveSoon();
        notify(`${scenario.name} is the workflow now`, { undo: true });
      });
    },
  };

  return {
    actions,

    /** What was edited under a scenario goes into the workspace. @throws what the host says, or that it cannot be kept */
    async write({ name, base }: OpenScenario, text: string): Promise<void> {
      const list = await read();
      const before = list.find((one) => one.name === name);
      if (before === undefined) return;
      const kept = await keptAs(before, base, text);
      if (JSON.stringify(kept) === JSON.stringify(before)) return;
      await keep(list.map((one) => (one.name === name ? kept : one)));
    },

    /** Takes an edit back, or makes it again, that leads from one scenario to another. */
    async step(change: (slice: WorkflowSlice) => WorkflowSlice, to: Snapshot): Promise<void> {
      await moving(async () => {
        if (!(await settled())) return;
        const { workflow } = get();
        if (fileOf(workflow) !== fileOf(to)) {
          const { revision } = await api.saveWorkflow({ text: fileOf(to), revision: workflow.revision });
          setWorkflow((slice) => ({ ...slice, revision }));
        }
        edit(change);
        saved();
      });
    },
  };
}

/** What the file holds while this is open. */
export function fileOf({ text, scenario }: Pick<Snapshot, 'text' | 'scenario'>): string {
  return scenario?.base ?? text;
}

export function isAcrossScenarios({ before, after }: Edit): boolean {
  return JSON.stringify(before.scenario ?? null) !== JSON.stringify(after.scenario ?? null);
}
