// What the Holdout screen looks at beyond the undo history: the tab, the locked plans, the file of results and how its
// columns are read, and the last answers. Kept for the window, so that going to another screen loses nothing.

import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  HoldoutAnalyzeRequest,
  HoldoutPlanRequest,
  HoldoutReading,
  ProjectAnswer,
  ResultsFile,
  TrafficAnswer,
} from '../../../engine/api/index.ts';
import type { LockedPlan, QuestionsAnswer } from '../../../engine/holdout/index.ts';
import { useActions, useHost, useWindow, useWindowStore } from '../../state/context.tsx';
import { isAbort, problemOf } from '../../state/problem.ts';
import type { TestForm } from '../../state/test-form.ts';
import { liftOf, marginOf } from '../../state/test-lift.ts';
import type { Problem } from '../../state/types.ts';
import type { WindowStore } from '../../state/window-store.ts';

export type Columns = Omit<HoldoutAnalyzeRequest, 'file' | 'plan'>;

/** A file of results, as far as it has come. */
export interface Results {
  readonly id: number;
  readonly name: string;
  /** Null until the engine has it. */
  readonly handle: string | null;
  readonly look: ResultsFile | null;
  readonly columns: Partial<Columns>;
  /** Of the columns before, while `isReading`. */
  readonly reading: HoldoutReading | null;
  readonly isReading: boolean;
  /** Of the last step. */
  readonly problem: Problem | null;
}

export interface Testing {
  readonly tab: 'plan' | 'read' | 'record';
  /** Of the track record, ms; null: the one the engine takes. */
  readonly split: number | null;
  readonly plans: readonly LockedPlan[] | null;
  /** Hash of the one results are read under. */
  readonly plan: string | null;
  readonly results: Results | null;
  /** The last plan worked out, and of what. */
  readonly planned: { readonly of: string; readonly value: QuestionsAnswer } | null;
  readonly planProblem: { readonly of: string; readonly problem: Problem } | null;
}

const FIRST: Testing = {
  tab: 'plan',
  split: null,
  plans: null,
  plan: null,
  results: null,
  planned: null,
  planProblem: null,
};
const known = new WeakMap<WindowStore, StoreApi<Testing>>();

function storeOf(window: WindowStore): StoreApi<Testing> {
  let store = known.get(window);
  if (store === undefined) {
    store = createStore<Testing>(() => FIRST);
    known.set(window, store);
  }
  return store;
}

export function useTesting(): readonly [Testing, StoreApi<Testing>['setState'], () => Testing] {
  const store = storeOf(useWindowStore());
  return [useStore(store), store.setState, store.getState];
}

/** The locked plans of the workspace, read once. */
export function usePlans(): readonly LockedPlan[] {
  const [{ plans }, set] = useTesting();
  const { api } = useHost();
  useEffect(() => {
    if (plans !== null) return;
    api.holdoutPlans().then(
      (found) => set((now) => (now.plans === null ? { plans: found } : {})),
      () => set({ plans: [] }),
    );
  }, [plans, api, set]);
  return plans ?? [];
}

export interface Planned {
  readonly request: HoldoutPlanRequest | null;
  /** Of the question before, where `isCurrent` is false. */
  readonly value: QuestionsAnswer | null;
  readonly isCurrent: boolean;
  readonly problem: Problem | null;
}

/** @param project null where the effect is not known */
export function usePlanned(traffic: TrafficAnswer | null, project: ProjectAnswer | null): Planned {
  const { api } = useHost();
  const form = useWindow(({ workflow }) => workflow.test);
  const [{ planned, planProblem }, set] = useTesting();
  const request = useMemo(
    () => (traffic === null ? null : planRequest(traffic, project, form)),
    [traffic, project, form],
  );
  const of = request === null ? null : JSON.stringify(request);
  const isAnswered = planned?.of === of;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `of` is the request as text
  useEffect(() => {
    if (request === null || of === null || isAnswered) return;
    let isOver = false;
    api.holdoutPlan(request).then(
      (value) => {
        if (!isOver) set({ planned: { of, value }, planProblem: null });
      },
      (error: unknown) => {
        if (!isOver && !isAbort(error)) set({ planProblem: { of, problem: problemOf(error) } });
      },
    );
    return () => {
      isOver = true;
    };
  }, [of]);
  return {
    request,
    value: planned?.value ?? null,
    isCurrent: isAnswered,
    problem: planProblem !== null && planProblem.of === of ? planProblem.problem : null,
  };
}

export function planRequest(
  traffic: TrafficAnswer,
  project: ProjectAnswer | null,
  form: TestForm,
): HoldoutPlanRequest | null {
  if (traffic.questions.length === 0) return null;
  return {
    questions: traffic.questions.map((question) => ({
      key: question.key,
      kind: question.kind,
      baseline: question.baseline,
      sd: question.sd,
      lift: liftOf(question, form.lifts[question.key], project).value,
      eligiblePerWeek: question.firstEntriesPerWeek,
    })),
    settings: {
      power: form.power,
      alpha: form.alpha,
      deadlineWeeks: form.deadlineWeeks,
      outcomeWindowMs: traffic.goalWindowMs,
      valuePerConversion: marginOf(project),
      look: form.look,
    },
    inFull: chosenKey(traffic, form),
  };
}

/** The question the curve is about; amounts have none. */
export function chosenKey({ questions }: TrafficAnswer, { question }: TestForm): string {
  return questions.find(({ key, kind }) => key === question && kind === 'rate')?.key ?? 'goal';
}

/** Takes a file of results: sends it, looks at it, and reads it as soon as its columns are clear. */
export function useResults() {
  const host = useHost();
  const { notify } = useActions();
  const [testing, set, get] = useTesting();
  const change = (id: number, how: (results: Results) => Results) => {
    const { results } = get();
    if (results?.id === id) set({ results: how(results) });
  };

  async function read(id: number): Promise<void> {
    const { results, plans, plan: hash } = get();
    if (results?.id !== id || results.handle === null) return;
    const columns = complete(results.columns);
    if (columns === null) {
      change(id, (now) => ({ ...now, reading: null, isReading: false, problem: null }));
      return;
    }
    const plan = plans?.find((one) => one.hash === hash) ?? null;
    const of = JSON.stringify([columns, hash]);
    const isStill = () => {
      const now = get();
      return now.results?.id === id && JSON.stringify([complete(now.results.columns), now.plan]) === of;
    };
    change(id, (now) => ({ ...now, isReading: true }));
    try {
      const reading = await host.api.holdoutAnalyze({ ...columns, file: results.handle, plan });
      if (isStill()) change(id, (now) => ({ ...now, reading, isReading: false, problem: null }));
    } catch (error) {
      if (isStill()) change(id, (now) => ({ ...now, reading: null, isReading: false, problem: problemOf(error) }));
    }
  }

  /** @param bring the handle of a file that the engine has then */
  const takeFrom = async (name: string, bring: () => Promise<string>): Promise<void> => {
    const before = get().results;
    if (before?.handle != null) host.release(before.handle);
    const id = (before?.id ?? 0) + 1;
    const empty = { look: null, columns: {}, reading: null, isReading: false, problem: null };
    set({ tab: 'read', results: { id, name, handle: null, ...empty } });
    try {
      const handle = await bring();
      if (get().results?.id !== id) {
        host.release(handle);
        return;
      }
      change(id, (now) => ({ ...now, handle }));
      const look = await host.api.holdoutLook({ file: handle });
      const plan = get().plans?.find(({ hash }) => hash === get().plan) ?? null;
      change(id, (now) => ({ ...now, look, columns: guessed(look, plan) }));
      await read(id);
    } catch (error) {
      change(id, (now) => ({ ...now, problem: problemOf(error) }));
    }
  };

  return {
    async take(files: readonly File[]): Promise<void> {
      const [file, ...more] = files;
      if (file === undefined) return;
      if (more.length > 0) notify('One file of results at a time: the first is read');
      await takeFrom(file.name, () => host.upload(file));
    },
    takeFrom,
    async setColumns(part: Partial<Columns>): Promise<void> {
      const { results } = get();
      if (results === null) return;
      change(results.id, (now) => ({ ...now, columns: { ...now.columns, ...part } }));
      await read(results.id);
    },
    async setPlan(hash: string | null): Promise<void> {
      set({ plan: hash });
      const { results, plans } = get();
      if (results === null) return;
      const metric = plans?.find((one) => one.hash === hash)?.metric;
      if (metric !== undefined && results.look?.columns.some(({ name }) => name === metric) === true) {
        change(results.id, (now) => ({ ...now, columns: { ...now.columns, outcomes: [metric] } }));
      }
      await read(results.id);
    },
    /** A plan locked elsewhere. */
    async takePlan(file: File): Promise<void> {
      try {
        const handle = await host.upload(file);
        const plan = await host.api.holdoutReadPlan({ file: handle }).finally(() => host.release(handle));
        set(({ plans }) => ({ plans: [...(plans ?? []).filter(({ hash }) => hash !== plan.hash), plan] }));
        await this.setPlan(plan.hash);
      } catch (error) {
        notify(problemOf(error).message);
      }
    },
    drop(): void {
      const { results } = testing;
      if (results?.handle != null) host.release(results.handle);
      set({ results: null });
    },
  };
}

function complete(columns: Partial<Columns>): Columns | null {
  const {
    arm,
    control,
    outcomes = [],
    value = null,
    before = null,
    per = null,
    credited = null,
    ratio = null,
  } = columns;
  if (arm === undefined || control === undefined || outcomes.length === 0) return null;
  const money = value === null ? { before: null, per: null } : { before, per };
  return { arm, control, outcomes, value, ...money, credited, ratio };
}

const ARM_NAMES = /^(arm|group|variant|segment|bucket|cell|treatment)$/i;
const CONTROL_NAMES = /hold|control|^no\b|none|untreated/i;
const OUTCOME_NAMES = /^(outcome|converted|conversion|purchased|bought|goal)$/i;

/** What the columns look like; the user sees it and can say otherwise. */
export function guessed({ columns }: ResultsFile, plan: LockedPlan | null): Partial<Columns> {
  const arms = columns.filter(({ kind, values }) => kind === 'arm' || (kind === 'outcome' && values.length === 2));
  const arm = arms.find(({ name }) => ARM_NAMES.test(name)) ?? arms.find(({ kind }) => kind === 'arm');
  const outcomes = columns.filter(({ kind, name }) => kind === 'outcome' && name !== arm?.name);
  const outcome =
    outcomes.find(({ name }) => name === plan?.metric) ??
    outcomes.find(({ name }) => OUTCOME_NAMES.test(name)) ??
    (outcomes.length === 1 ? outcomes[0] : undefined);
  const control = arm?.values.find(({ text }) => CONTROL_NAMES.test(text)) ?? arm?.values.at(-1);
  return {
    ...(arm === undefined || control === undefined ? {} : { arm: arm.name, control: control.text }),
    ...(outcome === undefined ? {} : { outcomes: [outcome.name] }),
  };
}
