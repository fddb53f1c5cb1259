// The state of the window and everything that may be done to it, as named actions. The host is handed in, so that tests
// have their own; time comes with it. Edits are saved as they are made, and can all be undone by name.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetInfo, Progress, WindowApi, WorkflowDocument } from '../../engine/api/index.ts';
import { plural } from '../../engine/base/index.ts';
import { applySettings, formatWorkflow, type ProgrammeFiles, parseWorkflow } from '../../engine/workflow/index.ts';
import type { Host } from '../host.ts';
import { Asker } from './asker.ts';
import { firstState } from './first-state.ts';
import { growDemo } from './grow-demo.ts';
import { withEdit, withMove, withProgramme, withRedo, withUndo } from './history.ts';
import { importActions } from './imports.ts';
import { chosenIn, type Kept, keepChoice, keepView } from './kept.ts';
import { fileOpener, type Opened } from './open-file.ts';
import { problemOf } from './problem.ts';
import { remedyActions } from './remedies.ts';
import { createSaver } from './saver.ts';
import { fileOf, isAcrossScenarios, scenarioActions } from './scenario-actions.ts';
import type { TestForm } from './test-form.ts';
import type { AnswerKind, DataMove, Rows, Theme, View, WindowState, WorkflowSlice } from './types.ts';

export interface WindowParts {
  readonly api: WindowApi;
  /** Takes files of the user's; absent: there is no way to hand any over. */
  readonly files?: Pick<Host, 'upload' | 'release'>;
  readonly now?: () => number;
  /** After the last edit, until it is saved; ms. */
  readonly saveAfterMs?: number;
  readonly screen?: string;
  /** Whether there is room for the side panel beside a screen; default true. */
  readonly hasRoom?: boolean;
  /** Keeps what the eye is used to between two visits; absent: nothing is kept. */
  readonly storage?: Kept;
}

export type WindowActions = ReturnType<typeof createWindow>['actions'];
export type WindowStore = StoreApi<WindowState>;

export function createWindow(parts: WindowParts) {
  const { api, now = () => performance.now(), saveAfterMs = 400, storage } = parts;
  const store = createStore<WindowState>(() => firstState(parts));
  const get = store.getState;
  const setSession = (change: Partial<WindowState['session']>) =>
    store.setState(({ session }) => ({ session: { ...session, ...change } }));
  const setWorkflowSlice = (change: (slice: WorkflowSlice) => WorkflowSlice) =>
    store.setState(({ workflow }) => ({ workflow: change(workflow) }));
  const setView = (change: Partial<View>) => {
    store.setState(({ view }) => ({ view: { ...view, ...change } }));
    const { theme, rows, isPanelOpen } = get().view;
    keepView(storage, { theme, rows, isPanelOpen });
  };
  const asker = new Asker({
    api,
    get,
    now,
    set: (change) => store.setState(({ answers }) => ({ answers: change(answers) })),
  });
  const saver = createSaver({
    api,
    get: () => get().workflow,
    set: setWorkflowSlice,
    session: () => get().session,
    saveScenario: (scenario, text) => scenarios.write(scenario, text),
    storage,
    afterMs: saveAfterMs,
  });
  let checks = 0;
  let counter = 0;
  let isMoving = false;
  let demoFingerprint: string | null = null;

  // -------------------------------------------------------------- the workflow, inside

  /** After any change of text, response or dataset: parse at once, check, then ask. */
  async function recheck(): Promise<void> {
    const { text, path } = get().workflow;
    const mine = ++checks;
    setWorkflowSlice((slice) => ({ ...slice, file: parsed(text, path), isChecked: false }));
    asker.workflowChanged();
    if (path === null) return;
    try {
      const check = await api.checkWorkflow({ text, dataset: get().session.dataset });
      if (mine !== checks) return;
      setWorkflowSlice((slice) => ({ ...slice, check, file: check.file, isChecked: true, problem: null }));
      asker.refresh();
    } catch (error) {
      if (mine !== checks) return;
      setWorkflowSlice((slice) => ({ ...slice, problem: problemOf(error) }));
      asker.refresh();
    }
  }

  function edit(change: (slice: WorkflowSlice) => WorkflowSlice): void {
    const before = get().workflow;
    const after = change(before);
    store.setState(({ answers }) => ({ workflow: after, answers: { ...answers, drag: null } }));
    if (after === before) return;
    if (after.text !== before.text) saver.saveSoon();
    // How a test is planned is no part of the question that figures answer.
    if (after.text !== before.text || after.response !== before.response) void recheck();
  }

  store.subscribe(({ workflow: now }, { workflow: before }) => {
    const isSame = now.past === before.past && now.future === before.future && now.path === before.path;
    if (!isSame && now.path !== null && now.path === before.path) saver.keepSoon();
    // What it offers to undo is no longer the last edit.
    if (now.past !== before.past && get().view.notice?.undo === true) setView({ notice: null });
  });

  async function open(workspace: string | null): Promise<void> {
    try {
      const { isChanged } = await saver.open(await api.openWorkflow(), workspace);
      if (isChanged) {
        actions.notify('The workflow file was changed since it was last open here; Undo brings back what it was', {
          undo: true,
        });
      }
    } catch (error) {
      setWorkflowSlice((slice) => ({ ...slice, problem: problemOf(error) }));
    }
  }

  /** @returns whether nothing can be changed, which is said */
  function refused(): boolean {
    const { readonly: reason } = get().session;
    if (reason !== null) actions.notify(`${reason} Nothing was changed.`);
    return reason !== null;
  }

  function chooseAmong(datasets: readonly DatasetInfo[], wanted: string | null): void {
    const before = get().session.dataset;
    const names = datasets.map(({ name }) => name);
    // Another history may stand under the demo's name.
    const demo = datasets.find(({ fingerprint }) => fingerprint === demoFingerprint)?.name ?? null;
    const dataset = wanted !== null && names.includes(wanted) ? wanted : (names[0] ?? null);
    setSession({ datasets, dataset, demo });
    if (dataset === before) return;
    keepChoice(storage, get().session.workspace, dataset);
    asker.datasetChanged();
    void recheck();
  }

  /** Takes a step in the history; one that is about a dataset is taken there first. */
  async function step(direction: 'undo' | 'redo'): Promise<void> {
    if (refused()) return;
    const { past, future } = get().workflow;
    const move = (direction === 'undo' ? past.at(-1) : future[0])?.move;
    const change = direction === 'undo' ? withUndo : withRedo;
    if (isMoving) return;
    const opened = direction === 'undo' ? past.at(-1) : future[0];
    if (opened?.file !== undefined) return moving(() => opener.step(direction, opened));
    if (opened?.programme !== undefined) {
      setWorkflowSlice(change);
      return keepProgramme(direction === 'undo' ? opened.programme.before : opened.programme.after);
    }
    if (move === undefined && opened !== undefined && isAcrossScenarios(opened)) {
      return scenarios.step(change, direction === 'undo' ? opened.before : opened.after);
    }
    if (move === undefined) return edit(change);
    const [from, to] = direction === 'undo' ? [move.after, move.before] : [move.before, move.after];
    isMoving = true;
    try {
      if (move.remedy === undefined) await moveDataset(move.name, from, to);
      else await remedies.step(direction, move.name, move.remedy);
      setWorkflowSlice(change);
      const taken = to === null ? undefined : move.name;
      await actions.refreshDatasets(direction === 'undo' ? (move.chosenBefore ?? move.name) : taken);
    } catch (error) {
      actions.notify(problemOf(error).message);
    } finally {
      isMoving = false;
    }
  }

  function keepProgramme(programme: ProgrammeFiles | null): void {
    store.setState({ programme });
    // What cannot be kept is there until the window closes.
    api.keepProgramme({ programme }).catch((error: unknown) => actions.notify(problemOf(error).message));
  }

  /** One at a time: each leaves the host as the next has to find it. */
  async function moving<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (isMoving) return undefined;
    isMoving = true;
    try {
      return await work();
    } catch (error) {
      actions.notify(problemOf(error).message);
      return undefined;
    } finally {
      isMoving = false;
    }
  }

  const opener = fileOpener({
    api,
    get: () => get().workflow,
    set: setWorkflowSlice,
    save: saver.save,
    changed: () => void recheck(),
    saveSoon: saver.saveSoon,
    notify: (text) => actions.notify(text),
  });

  /** Something became of a dataset: it is chosen, and Undo knows of it. */
  async function kept(move: DataMove, label: string): Promise<void> {
    await actions.refreshDatasets(move.name);
    const after = get().session.datasets.find(({ name }) => name === move.name)?.fingerprint ?? null;
    setWorkflowSlice((slice) => withMove(slice, { ...move, after }, label));
  }

  async function moveDataset(dataset: string, from: string | null, to: string | null): Promise<void> {
    if (from !== null) await api.removeDataset({ dataset });
    try {
      if (to !== null) await api.restoreDataset({ dataset, fingerprint: to });
    } catch (error) {
      if (from !== null) await api.restoreDataset({ dataset, fingerprint: from });
      throw error;
    }
  }

  const imports = importActions({
    api,
    files: parts.files ?? NO_FILES,
    session: () => get().session,
    get: () => get().draft,
    set: (draft) => store.setState({ draft }),
    run: (label, job) => actions.run(label, job, 'data'),
    cancel: (id) => actions.cancelCall(id),
    notify: (text) => actions.notify(text),
    async done(move, label, { events, persons }) {
      await kept(move, label);
      actions.notify(`${plural(events, 'event')} of ${plural(persons, 'person', 'people')} are in ${move.name}`, {
        undo: true,
      });
    },
  });

  const remedies = remedyActions({
    api,
    session: () => get().session,
    kept,
    moving,
    notify: (text, how) => actions.notify(text, how),
  });

  const scenarios = scenarioActions({
    api,
    get,
    set: (change) => store.setState({ scenarios: change }),
    setWorkflow: setWorkflowSlice,
    edit,
    save: saver.save,
    saveSoon: saver.saveSoon,
    moving: async (work) => void (await moving(work)),
    refused,
    notify: (text, how) => actions.notify(text, how),
  });

  const actions = {
    ...imports,
    ...remedies.actions,
    ...scenarios.actions,

    // ------------------------------------------------------------ session

    /** Connects: makes sure there is a history to look at, and opens the workflow. */
    async begin(): Promise<void> {
      setSession({ phase: 'connecting', reason: null, progress: null });
      try {
        const ready = await api.ready({ onProgress: (progress) => setSession({ progress }) });
        const kept = get().session.dataset ?? chosenIn(storage, ready.workspace);
        const isThere = ready.datasets.some(({ name }) => name === kept);
        const dataset = isThere ? kept : (ready.demo ?? ready.datasets[0]?.name ?? null);
        demoFingerprint = ready.datasets.find(({ name }) => name === ready.demo)?.fingerprint ?? null;
        await open(ready.workspace);
        setSession({ phase: 'ready', progress: null, ...ready, dataset });
        asker.datasetChanged();
        await recheck();
      } catch (error) {
        setSession({ phase: 'gone', reason: problemOf(error).message, progress: null });
      }
    },
    /** What the line to the backend does. */
    lineChanged(phase: 'ready' | 'reconnecting' | 'gone', reason: string | null): void {
      const before = get().session.phase;
      if (before === 'connecting' && phase === 'ready') return;
      setSession({ phase, reason });
      if (before === 'reconnecting' && phase === 'ready') asker.datasetChanged();
    },
    chooseDataset(name: string): void {
      chooseAmong(get().session.datasets, name);
    },
    /** Looks again at what is in the workspace; `choose` becomes the chosen one. The same name may hold new rows. */
    async refreshDatasets(choose?: string): Promise<void> {
      const { dataset } = get().session;
      const datasets = await api.datasets();
      chooseAmong(datasets, choose ?? dataset);
      if (get().session.dataset === dataset) {
        asker.datasetChanged();
        void recheck();
      }
    },
    /** A dataset came to be, or holds something else, by other ways than an import. @param label as Undo names it */
    async keepMove(move: DataMove, label: string): Promise<void> {
      await kept(move, label);
    },
    /** Takes a dataset out of the workspace, as an edit: until the workspace is closed it can be got back by Undo. */
    async takeBackDataset(name: string): Promise<void> {
      const { datasets, dataset: chosenBefore } = get().session;
      const before = datasets.find((one) => one.name === name)?.fingerprint ?? null;
      if (before === null || isMoving || refused()) return;
      try {
        await api.removeDataset({ dataset: name });
      } catch (error) {
        actions.notify(problemOf(error).message);
        return;
      }
      const move: DataMove = { name, before, after: null, chosenBefore };
      setWorkflowSlice((slice) => withMove(slice, move, `take back ${name}`));
      await actions.refreshDatasets();
      actions.notify(`${name} is taken out of the workspace`, { undo: true });
    },
    setSeed(seed: number): void {
      setSession({ seed });
      asker.workflowChanged();
    },
    /**
     * Runs a long call so that it is seen, with progress and a way to cancel it (`cancelCall`).
     * @returns what the job returns; null where it was cancelled. @throws what the job throws
     */
    async run<T>(
      label: string,
      job: (options: { signal: AbortSignal; onProgress: (progress: Progress) => void; id: number }) => Promise<T>,
      shownBy: string | null = null,
    ): Promise<T | null> {
      const id = ++counter;
      const control = new AbortController();
      cancels.set(id, control);
      const change = (progress: Progress) =>
        setSession({ busy: get().session.busy.map((call) => (call.id === id ? { ...call, progress } : call)) });
      setSession({ busy: [...get().session.busy, { id, label, startedAt: now(), progress: null, shownBy }] });
      try {
        return await job({ signal: control.signal, onProgress: change, id });
      } catch (error) {
        if (control.signal.aborted) return null;
        throw error;
      } finally {
        cancels.delete(id);
        setSession({ busy: get().session.busy.filter((call) => call.id !== id) });
      }
    },
    /** A question that a screen asked for itself was answered. @param what as `ANSWER_NAMES` would have it */
    told(what: string, tookMs: number): void {
      setSession({ told: { what, tookMs, at: now() } });
    },
    cancelCall(id: number): void {
      cancels.get(id)?.abort();
      setSession({ busy: get().session.busy.map((call) => (call.id === id ? { ...call, isEnding: true } : call)) });
    },

    // ------------------------------------------------------------ workflow

    /**
     * Opens another workflow file, which Undo takes back.
     * @param ask opens it in the host. @param change edits what was opened, in the same step
     * @returns whether it is open now; one that was open before is not changed
     */
    async openFile(label: string, ask: () => Promise<Opened>, change?: (text: string) => string): Promise<boolean> {
      if (refused()) return false;
      return (await moving(() => opener.open(label, ask, change))) ?? false;
    },
    /**
     * Sets one value in the file, as an edit that is undone by its label.
     * @param path as `--set` takes it: `trigger.within`, `sequence[1].delay`, `sequence.reminder.delay`
     * @param value JSON; null takes the key or the entry away
     * @param label the intent, lower case, without a full stop: `set window to 2 h`
     * @param key edits in a row with the same key become one
     * @throws UserError where the path is none
     */
    setWorkflow(path: string, value: unknown, label: string, key: string | null = null): void {
      actions.setWorkflowAll([{ path, value }], label, key);
    },
    /** Several values at once, as one edit. */
    setWorkflowAll(
      settings: readonly { path: string; value: unknown }[],
      label: string,
      key: string | null = null,
    ): void {
      const { file, response } = get().workflow;
      if (file === null || refused()) return;
      const text = formatWorkflow(applySettings(file, settings));
      edit((slice) => withEdit(slice, { text, response }, label, key));
    },
    /** The whole text, as typed. Typing in a row is one edit where `key` is the same. */
    setWorkflowText(text: string, label: string, key: string | null = null): void {
      if (refused()) return;
      edit((slice) => withEdit(slice, { text, response: slice.response }, label, key));
    },
    /** The assumptions about the effect of the emails: the JSON of a response file, or null for the graded default. */
    setResponse(response: unknown, label: string, key: string | null = null): void {
      if (refused()) return;
      edit((slice) => withEdit(slice, { text: slice.text, response }, label, key));
    },
    /** How a test of it is planned. */
    setTest(change: Partial<TestForm>, label: string, key: string | null = null): void {
      if (refused()) return;
      edit((slice) => withEdit(slice, { test: { ...slice.test, ...change } }, label, key));
    },
    /** What is kept or found is looked at; no edit. */
    showProgramme(programme: ProgrammeFiles | null): void {
      store.setState({ programme });
    },
    /** Another programme, as an edit. */
    setProgramme(after: ProgrammeFiles | null, label: string, key: string | null = null): void {
      const { programme: before } = get();
      if (JSON.stringify(before) === JSON.stringify(after) || refused()) return;
      setWorkflowSlice((slice) => withProgramme(slice, { before, after }, label, key));
      keepProgramme(after);
    },
    /** Puts away what is said about work that was cut off. */
    dropInterrupted(): void {
      setSession({ interrupted: [] });
    },
    undo(): void {
      void step('undo');
    },
    redo(): void {
      void step('redo');
    },
    /** The page is being left: what is unsaved goes its way, and is there for the next one. */
    leave(): void {
      saver.leave();
      void actions.save();
    },
    /** Saves now. */
    save: saver.saveAgain,
    /** The bytes on disk were changed by somebody else. Taken over as an edit where nothing is unsaved here. */
    changedOutside(document: WorkflowDocument): void {
      const { workflow } = get();
      if (workflow.path !== null && document.path !== workflow.path) {
        // Another page of this workspace opened another file: this one follows to what is open now. One that is being
        // opened here is told of as well.
        if (!isMoving) void open(get().session.workspace).then(recheck);
      } else if (document.revision === workflow.revision || document.text === fileOf(workflow)) {
        setWorkflowSlice((slice) => ({ ...slice, revision: document.revision }));
      } else if (workflow.save.is === 'saved' || workflow.scenario !== null) {
        actions.takeTheirs(document);
        actions.notify('The workflow file was changed elsewhere; that is taken over here', { undo: true });
      } else setWorkflowSlice((slice) => ({ ...slice, save: { is: 'conflict', theirs: document } }));
    },
    /** Ends a conflict with the file as it is on disk; what was here can be got back by Undo. */
    takeTheirs(theirs: { readonly text: string; readonly revision: string }): void {
      edit((slice) => ({
        ...withEdit(
          slice,
          { text: theirs.text, response: slice.response, scenario: null },
          'take over the change made elsewhere',
          null,
        ),
        revision: theirs.revision,
        save: { is: 'saved' },
      }));
      saver.forget();
    },
    /** Ends a conflict with the text as it is here. */
    async keepMine(): Promise<void> {
      const { save: state } = get().workflow;
      if (state.is !== 'conflict') return;
      const revision = state.theirs?.revision ?? (await api.openWorkflow()).revision;
      setWorkflowSlice((slice) => ({ ...slice, revision, save: { is: 'waiting' } }));
      await saver.save();
    },

    // ------------------------------------------------------------ answers

    /** The answers a screen shows; they are kept up to date, in this order, until another screen says otherwise. */
    need(kinds: readonly AnswerKind[]): void {
      asker.need(kinds);
    },
    askAgain(kind: AnswerKind): void {
      asker.again(kind);
    },
    cancelAnswer(kind: AnswerKind): void {
      asker.cancel(kind);
    },
    /** A setting moves under the hand: nothing is edited, only the replay follows. Ends with `setWorkflow` or `dropDrag`. */
    drag(path: string, value: string): void {
      store.setState(({ answers }) => ({
        answers: {
          ...answers,
          drag: { path, value, replay: answers.drag?.path === path ? answers.drag.replay : null },
        },
      }));
      void asker.drag();
    },
    dropDrag(): void {
      store.setState(({ answers }) => ({ answers: { ...answers, drag: null } }));
    },

    // ------------------------------------------------------------ view

    /**
     * The side panel of another screen opens on that screen's own tab: nothing is selected there whose rests it could show.
     * @param selection what to select there, in the screen's own words
     */
    go(screen: string, selection: string | null = null): void {
      const { view } = get();
      setView({ screen, selection, panelTab: view.screen === screen ? view.panelTab : 'own' });
    },
    select(selection: string | null, panelTab?: View['panelTab']): void {
      setView({ selection, ...(panelTab === undefined ? {} : { panelTab, isPanelOpen: true }) });
    },
    setPanelTab(panelTab: View['panelTab']): void {
      setView({ panelTab });
    },
    togglePanel(): void {
      setView({ isPanelOpen: !get().view.isPanelOpen });
    },
    /** @param wait the path of a waiting time of the trigger: the one Calibrate is about */
    chooseWait(wait: string): void {
      if (wait === get().view.wait) return;
      setView({ wait });
      actions.dropDrag();
      asker.waitChanged();
    },
    setCalibrate(change: Partial<View['calibrate']>): void {
      setView({ calibrate: { ...get().view.calibrate, ...change } });
    },
    setSimulate(change: Partial<View['simulate']>): void {
      setView({ simulate: { ...get().view.simulate, ...change } });
    },
    setTheme(theme: Theme): void {
      setView({ theme });
    },
    setRows(rows: Rows): void {
      setView({ rows });
    },
    showPalette(isPaletteOpen: boolean): void {
      setView({ isPaletteOpen });
    },
    showKeys(isKeyListOpen: boolean): void {
      setView({ isKeyListOpen });
    },
    notify(text: string, { undo = false }: { undo?: boolean } = {}): void {
      setView({ notice: { id: ++counter, text, undo } });
    },
    dropNotice(): void {
      setView({ notice: null });
    },
  };
  const cancels = new Map<number, AbortController>();
  growDemo(store, api, (datasets) => setSession({ datasets, isDemoGrowing: false }));
  return { store, actions };
}

const NO_FILES: NonNullable<WindowParts['files']> = {
  upload: () => Promise.reject(new Error('Files cannot be handed over here.')),
  release: () => {},
};

function parsed(text: string, path: string | null) {
  try {
    return parseWorkflow(text, path ?? 'workflow.json');
  } catch {
    return null;
  }
}
