// The programme that is looked at: put together from workflows the window knows, or opened from a file, and kept in the
// workspace. Lasts as long as the window. The workflow that is open counts as it stands in the window, not as on disk.

import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProgrammeRequest, ProgrammeShelf, ShelfWorkflow, WindowApi } from '../../engine/api/index.ts';
import type { ProgrammeFiles } from '../../engine/workflow/index.ts';
import { useActions, useHost, useWindow, useWindowStore } from './context.tsx';
import { problemOf } from './problem.ts';
import { requestOf } from './questions.ts';
import type { Problem, WindowState } from './types.ts';
import type { WindowStore } from './window-store.ts';

interface Known {
  /** Null until it has been read. */
  readonly shelf: ProgrammeShelf | null;
  /** Of the last try to read or to open one. */
  readonly problem: Problem | null;
}

export interface ProgrammeState extends Known {
  /** Null until it has been read, and where the shelf has nothing that can run. */
  readonly files: ProgrammeFiles | null;
}

export interface ProgrammeHandles extends ProgrammeState {
  /** As an edit. @param label as Undo names it; @param key edits in a row with the same key become one */
  readonly set: (files: ProgrammeFiles, label: string, key?: string) => void;
  /** Files of the user's, a programme among them. */
  readonly open: (files: readonly File[]) => Promise<void>;
  readonly dropProblem: () => void;
}

const known = new WeakMap<WindowStore, StoreApi<Known>>();

export function useProgramme(): ProgrammeHandles {
  const window = useWindowStore();
  const path = useWindow(({ workflow }) => workflow.path);
  const { api, upload, release } = useHost();
  const files = useWindow(({ programme }) => programme);
  const { notify, setProgramme, showProgramme } = useActions();
  let store = known.get(window);
  if (store === undefined) {
    store = createStore<Known>(() => ({ shelf: null, problem: null }));
    known.set(window, store);
  }
  const state = useStore(store);
  const { setState } = store;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another workflow that is opened makes another shelf
  useEffect(() => {
    let isGone = false;
    readAll(api).then(
      ({ shelf, kept }) => {
        if (isGone) return;
        setState({ shelf });
        if (window.getState().programme === null) showProgramme(kept ?? firstProgramme(shelf));
      },
      (error: unknown) => {
        if (!isGone) setState({ problem: problemOf(error) });
      },
    );
    return () => {
      isGone = true;
    };
  }, [api, setState, showProgramme, window, path]);
  const set = (after: ProgrammeFiles, label: string, key: string | null = null) => {
    setState({ problem: null });
    setProgramme(after, label, key);
  };
  return {
    ...state,
    files,
    set,
    open: async (chosen) => {
      const handles: string[] = [];
      try {
        for (const file of chosen) handles.push(await upload(file));
        const opened = await api.openProgramme({ files: handles });
        set(opened, `open ${programmeId(opened)}`);
        notify(`Opened ${programmeId(opened)}`);
      } catch (error) {
        setState({ problem: problemOf(error) });
      } finally {
        for (const handle of handles) release(handle);
      }
    },
    dropProblem: () => setState({ problem: null }),
  };
}

async function readAll(api: WindowApi) {
  const [shelf, kept] = await Promise.all([api.programmeShelf(), api.keptProgramme()]);
  return { shelf, kept: kept === null ? null : asOnDisk(kept, shelf) };
}

/** Files may have been edited since it was kept. */
function asOnDisk({ file, workflows }: ProgrammeFiles, shelf: ProgrammeShelf): ProgrammeFiles {
  const now = (path: string) => shelf.workflows.find((one) => one.path === path)?.file;
  return { file, workflows: workflows.map((one) => ({ ...one, file: now(one.path) ?? one.file })) };
}

/** Of all that can run and are the user's own; the open one alone where there are no others. Null where none can run. */
function firstProgramme({ workflows }: ProgrammeShelf): ProgrammeFiles | null {
  const own = workflows.filter(({ from, problem }) => from !== 'shipped' && problem === null);
  return own.length === 0 ? null : programmeOf('programme', own, null);
}

export type GlobalHoldout = { readonly fraction: number; readonly salt: string } | null;

export function programmeOf(
  id: string,
  workflows: readonly Pick<ShelfWorkflow, 'path' | 'file'>[],
  globalHoldout: GlobalHoldout,
): ProgrammeFiles {
  return {
    file: {
      foresend: 1,
      programme: id,
      workflows: workflows.map(({ path }) => path),
      ...(globalHoldout === null ? {} : { globalHoldout }),
    },
    workflows: workflows.map(({ path, file }) => ({ path, file })),
  };
}

/** The same programme with other workflows, or in another order; all else in its file stays. */
export function withWorkflows({ file }: ProgrammeFiles, workflows: ProgrammeFiles['workflows']): ProgrammeFiles {
  return { file: { ...file, workflows: workflows.map(({ path }) => path) }, workflows };
}

export function withGlobalHoldout({ file, workflows }: ProgrammeFiles, fraction: number | null): ProgrammeFiles {
  const { globalHoldout: before, ...rest } = file;
  if (fraction === null || fraction === 0) return { file: rest, workflows };
  const salt = saltOf(before) ?? `${programmeId({ file, workflows })}-all`;
  return { file: { ...rest, globalHoldout: { fraction, salt } }, workflows };
}

function saltOf(holdout: unknown): string | null {
  if (typeof holdout !== 'object' || holdout === null || !('salt' in holdout)) return null;
  return typeof holdout.salt === 'string' ? holdout.salt : null;
}

/** Null where none is set. */
export function globalFraction({ file }: ProgrammeFiles): number | null {
  const holdout = file['globalHoldout'];
  if (typeof holdout !== 'object' || holdout === null || !('fraction' in holdout)) return null;
  return typeof holdout.fraction === 'number' ? holdout.fraction : null;
}

/** As the window saves it. */
export function programmeFileName(files: ProgrammeFiles): string {
  const name = programmeId(files)
    .replaceAll(/[^a-zA-Z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${name === '' ? 'programme' : name}.json`;
}

export function programmeId(files: ProgrammeFiles | null): string {
  const id = files?.file['programme'];
  return typeof id === 'string' ? id : 'programme';
}

/** Null while the open workflow is not valid, or nothing is chosen. */
export function programmeRequestOf(
  window: Pick<WindowState, 'session' | 'workflow'>,
  { files, shelf }: Pick<ProgrammeState, 'files' | 'shelf'>,
): ProgrammeRequest | null {
  const request = requestOf(window);
  if (request === null || files === null || files.workflows.length === 0) return null;
  const open = shelf?.workflows.find(({ from }) => from === 'open')?.path;
  const workflows = files.workflows.map((one) => (one.path === open ? { ...one, file: request.workflow } : one));
  const { dataset, seed } = request;
  return { dataset, seed, set: [], programme: { file: files.file, workflows }, programmePath: programmeId(files) };
}
