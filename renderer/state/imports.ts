// Bringing files in: what was chosen, how it would be read, the import itself. It lives here and not in a screen, so that
// an import goes on while another screen is looked at. Nothing in the workspace changes before the engine has read all
// of it, and what has changed is one entry of the undo history.

import type { ImportRequest, Progress, SniffAnswer, SniffRequest, WindowApi } from '../../engine/api/index.ts';
import { listed } from '../../engine/base/index.ts';
import type { ImportReport } from '../../engine/events/index.ts';
import type { Host } from '../host.ts';
import { freeName, nameFor } from './dataset-names.ts';
import { isAbort, problemOf } from './problem.ts';
import type { DataMove, DraftFile, ImportDraft, ImportForm, Session } from './types.ts';

export interface ImportParts {
  readonly api: WindowApi;
  readonly files: Pick<Host, 'upload' | 'release'>;
  readonly session: () => Session;
  readonly get: () => ImportDraft | null;
  readonly set: (draft: ImportDraft | null) => void;
  /** Runs a long call so that it is seen everywhere, and can be cancelled there. Null: it was. */
  readonly run: <T>(
    label: string,
    job: (options: { signal: AbortSignal; onProgress: (progress: Progress) => void; id: number }) => Promise<T>,
  ) => Promise<T | null>;
  readonly cancel: (id: number) => void;
  /** The workspace holds something else now. */
  readonly done: (move: DataMove, label: string, report: ImportReport) => Promise<void>;
  readonly notify: (text: string) => void;
}

export function importActions({ api, files, session, get, set, run, cancel, done, notify }: ImportParts) {
  let lastId = 0;
  /** The call that runs: a handing over, or the import. */
  let running: number | null = null;
  let sniffing: AbortController | null = null;

  /** Changes a draft as long as it is the one on screen. */
  const change = (id: number, how: (draft: ImportDraft) => ImportDraft) => {
    const draft = get();
    if (draft?.id === id) set(how(draft));
  };
  const release = (draft: ImportDraft) => {
    for (const { handle } of draft.files) if (handle !== null) files.release(handle);
  };
  const names = () => session().datasets.map(({ name }) => name);

  async function hand(id: number, given: readonly File[]): Promise<void> {
    const total = given.reduce((sum, { size }) => sum + size, 0);
    const label = `handing over ${namesOf(given)}`;
    let before = 0;
    try {
      const handed = await run(label, async ({ signal, onProgress, id: call }) => {
        running = call;
        const arrived: DraftFile[] = [];
        for (const file of given) {
          try {
            const onBytes = (bytes: number) => onProgress({ stage: label, done: before + bytes, total, unit: 'bytes' });
            const handle = await files.upload(file, onBytes, signal);
            arrived.push({ name: file.name, bytes: file.size, handle });
            before += file.size;
            // Given up meanwhile: nobody else knows of it.
            if (get()?.id !== id) files.release(handle);
          } catch (error) {
            for (const { handle } of arrived) if (handle !== null) files.release(handle);
            throw error;
          }
        }
        return arrived;
      });
      if (handed === null) {
        change(id, (draft) => ({ ...draft, files: draft.files.filter(({ handle }) => handle !== null) }));
        if (get()?.id === id && get()?.files.length === 0) set(null);
        return;
      }
      change(id, (draft) => ({
        ...draft,
        phase: 'mapping',
        files: [...draft.files.filter(({ handle }) => handle !== null), ...handed],
      }));
      await look(id);
    } catch (error) {
      change(id, (draft) => ({ ...draft, phase: 'failed', problem: problemOf(error) }));
    }
  }

  async function look(id: number): Promise<void> {
    const draft = get();
    if (draft?.id !== id) return;
    sniffing?.abort();
    const control = new AbortController();
    sniffing = control;
    change(id, (now) => ({ ...now, isLooking: true }));
    try {
      const sniff = await api.sniff(sniffRequest(draft), { signal: control.signal });
      if (sniffing !== control) return;
      change(id, (now) => ({ ...now, phase: settled(now), sniff, isLooking: false, problem: null }));
    } catch (error) {
      if (sniffing !== control || isAbort(error)) return;
      change(id, (now) => ({ ...now, phase: 'failed', sniff: null, isLooking: false, problem: problemOf(error) }));
    }
  }

  const actions = {
    /** Chosen or dropped. Into an import that is being set up they come as further files of the same history. */
    async addFiles(given: readonly File[]): Promise<void> {
      if (given.length === 0) return;
      const open = get();
      if (open !== null && (open.phase === 'importing' || open.phase === 'sending')) {
        notify('Another import is under way; wait for it, or cancel it');
        return;
      }
      const waiting = given.map(({ name, size }): DraftFile => ({ name, bytes: size, handle: null }));
      const id = ++lastId;
      const kept = open === null || open.phase === 'failed' ? null : open;
      if (open !== null && kept === null) release(open);
      const form = kept?.form ?? firstForm(freeName(nameFor((given[0] as File).name), names()));
      set({
        id,
        phase: 'sending',
        files: [...(kept?.files ?? []), ...waiting],
        form,
        sniff: kept?.sniff ?? null,
        isLooking: false,
        problem: null,
      });
      await hand(id, given);
    },

    /** How files are read; what depends on it is looked at again. */
    async setImport(changed: Partial<ImportForm>): Promise<void> {
      const draft = get();
      if (draft === null || draft.phase === 'importing') return;
      set({ ...draft, form: { ...draft.form, ...changed }, problem: null });
      if (RELOOK.some((key) => key in changed)) await look(draft.id);
    },

    /** Looks once more, after a failure that may have passed. */
    async lookAgain(): Promise<void> {
      const draft = get();
      if (draft !== null && draft.phase !== 'importing') await look(draft.id);
    },

    /** Takes one file out of several. */
    async dropFile(handle: string): Promise<void> {
      const draft = get();
      if (draft === null || draft.phase === 'importing' || draft.files.length < 2) return;
      files.release(handle);
      set({ ...draft, files: draft.files.filter((file) => file.handle !== handle) });
      await look(draft.id);
    },

    /** Nothing was changed, and nothing is kept. */
    giveUpImport(): void {
      const draft = get();
      if (draft === null || draft.phase === 'importing') return;
      sniffing?.abort();
      if (draft.phase === 'sending') actions.cancelImport();
      release(draft);
      set(null);
    },

    /** The page is being left: what it uploaded is of use to nobody. */
    leaveImport(): void {
      const draft = get();
      if (draft !== null) release(draft);
    },

    /** Everything stays as it was, unless all was read already: then Undo takes it back. */
    cancelImport(): void {
      if (running !== null) cancel(running);
    },

    async startImport(): Promise<void> {
      const draft = get();
      if (draft === null || draft.phase !== 'mapping' || draft.sniff?.columns === null) return;
      const { id, form } = draft;
      const before = session().datasets.find(({ name }) => name === form.dataset)?.fingerprint ?? null;
      set({ ...draft, phase: 'importing', problem: null });
      const what = namesOf(draft.files);
      try {
        const report = await run(`importing ${what}`, ({ id: call, ...options }) => {
          running = call;
          return api.importFiles(importRequest(draft), options);
        });
        if (report === null) {
          change(id, (now) => ({ ...now, phase: 'mapping' }));
          notify('The import was cancelled; everything is as it was');
          return;
        }
        release(draft);
        if (get()?.id === id) set(null);
        const move = { name: form.dataset, before, after: null, chosenBefore: session().dataset };
        await done(move, `import ${what}`, report);
      } catch (error) {
        change(id, (now) => ({ ...now, phase: 'mapping', problem: problemOf(error) }));
      }
    },
  };
  return actions;
}

/** What a look at the files depends on. */
const RELOOK = ['map', 'eventName', 'timeUnit', 'asPeople', 'asOf', 'dayZero', 'observedFrom'] as const;

function settled({ phase }: ImportDraft): ImportDraft['phase'] {
  return phase === 'failed' ? 'mapping' : phase;
}

export function firstForm(dataset: string): ImportForm {
  return {
    dataset,
    replace: false,
    append: false,
    map: {},
    eventName: null,
    timeUnit: null,
    dayZero: null,
    observedFrom: null,
    observedUntil: null,
    keepDuplicates: false,
    asPeople: false,
    asOf: null,
    pseudonyms: false,
  };
}

function namesOf(files: readonly { readonly name: string }[]): string {
  const names = files.map(({ name }) => name);
  return names.length <= 2 ? listed(names) : `${names[0]} and ${names.length - 1} more`;
}

function handlesOf({ files }: ImportDraft): string[] {
  return files.flatMap(({ handle }) => (handle === null ? [] : [handle]));
}

/** Whether one kind of the files is of people. */
export function hasPeople(sniff: SniffAnswer | null): boolean {
  return sniff?.parts?.some(({ as }) => as === 'people') === true;
}

/** Days are counted only where nothing says that times are written otherwise. */
function sniffRequest(draft: ImportDraft) {
  const { map, eventName, timeUnit, asPeople, asOf, dayZero, observedFrom } = draft.form;
  const files = handlesOf(draft);
  const people = asPeople || hasPeople(draft.sniff) ? { asOf } : {};
  return {
    files,
    format: null,
    map,
    eventName,
    timeUnit,
    asPeople,
    ...people,
    dayZero,
    observedFrom,
  } satisfies SniffRequest;
}

function importRequest(draft: ImportDraft): ImportRequest {
  const { dataset, replace, append, observedUntil, keepDuplicates, pseudonyms } = draft.form;
  return {
    ...sniffRequest(draft),
    dataset,
    replace,
    append,
    observedUntil,
    keepDuplicates,
    pseudonyms: pseudonyms ? 'beside' : null,
  };
}
