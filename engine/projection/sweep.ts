// One row for each setting. A swept window reads the history once for all of them; any other path is replayed setting by
// setting.

import { UserError } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { planOf } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { ResponseModel } from './response.ts';
import { asGood } from './sweep-choice.ts';
import { foldRuns, runSetting, type SettingRun, type SettingTask } from './sweep-replays.ts';
import type { Settings, Sweep } from './sweep-result.ts';
import { sweepWindows } from './sweep-windows.ts';
import { hasWindow, isAnswerable, type SweptWindow } from './window-settings.ts';

export interface SweepDimension {
  readonly path: string;
  /** As `--set` takes them. */
  readonly values: readonly string[];
}

export interface SweepOptions {
  readonly seed: number;
  /** Of the bootstrap, default 1000; a replayed setting draws as many, and at least 1. */
  readonly replicates?: number;
  readonly signal?: AbortSignal;
  /** Settings done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const WINDOW_PATH = /^trigger\.(within|for)$|^trigger\.triggers(\[\d+\]|\.\d+)\.(within|for)$/;
const MOST_SETTINGS = 500;
const DEFAULT_REPLICATES = 1000;

/** What a sweep has to do. */
export interface SweepPlan {
  /** The workflow as it stands. */
  readonly loaded: Workflow;
  readonly settings: readonly SweptWindow[];
  /** By setting, what is to be replayed; null where one reading of the history answers for all of them. */
  readonly tasks: readonly SettingTask[] | null;
}

/**
 * @param makeWorkflow the workflow as loaded under `path=value` overrides; throws on what is wrong with them
 * @throws UserError `NOTHING_SWEPT`, `TOO_MANY_SETTINGS`, `NOT_REPLAYABLE`, and what makeWorkflow throws
 */
export function planSweep(
  over: readonly SweepDimension[],
  makeWorkflow: (sets: readonly string[]) => Workflow,
  response: ResponseModel,
  { seed, replicates = DEFAULT_REPLICATES }: SweepOptions,
): SweepPlan {
  const sets = settingsOf(over);
  const loaded = makeWorkflow([]);
  const settings = sets.map((set) => ({ set, workflow: makeWorkflow(setsOf(set)) }));
  const workflows = settings.map(({ workflow }) => workflow);
  const isOfWindows = over.some(({ path }) => WINDOW_PATH.test(path)) && hasWindow(loaded);
  if (isOfWindows && isAnswerable(loaded, workflows)) return { loaded, settings, tasks: null };
  workflows.forEach(planOf);
  const draws = Math.max(1, replicates);
  const tasks = workflows.map((workflow) => ({
    workflow,
    isLoaded: workflow.hash === loaded.hash,
    response,
    seed,
    draws,
  }));
  return { loaded, settings, tasks };
}

/**
 * @param makeWorkflow as in `planSweep`
 * @throws UserError as `planSweep`, and what replays throw
 */
export function sweep(
  history: History,
  over: readonly SweepDimension[],
  makeWorkflow: (sets: readonly string[]) => Workflow,
  response: ResponseModel,
  options: SweepOptions,
): Sweep {
  const plan = planSweep(over, makeWorkflow, response, options);
  if (plan.tasks === null) return sweepAtOnce(history, plan, response, options);
  const runs = plan.tasks.map((task, i) => {
    options.signal?.throwIfAborted();
    const run = runSetting(history, task, options.signal);
    options.onProgress?.(i + 1, plan.settings.length);
    return run;
  });
  return sweepOfRuns(plan, runs);
}

/** A sweep that one reading of the history answers. */
export function sweepAtOnce(
  history: History,
  { loaded, settings }: SweepPlan,
  response: ResponseModel,
  { seed, replicates = DEFAULT_REPLICATES, signal, onProgress }: SweepOptions,
): Sweep {
  const look = (done: number) => {
    signal?.throwIfAborted();
    onProgress?.(Math.floor((settings.length * done) / replicates), settings.length);
  };
  const swept = sweepWindows(history, loaded, settings, response, { seed, replicates, look });
  onProgress?.(settings.length, settings.length);
  return withAsGood(swept);
}

/** A sweep whose settings were replayed. @param runs in the order of the plan's tasks */
export function sweepOfRuns({ settings }: SweepPlan, runs: readonly SettingRun[]): Sweep {
  return withAsGood(foldRuns(settings, runs));
}

function withAsGood(swept: Sweep): Sweep {
  return { ...swept, asGood: asGood(swept) };
}

/** All combinations, the last dimension turning fastest. */
function settingsOf(over: readonly SweepDimension[]): Settings[] {
  if (over.length === 0 || over.some((dimension) => dimension.values.length === 0)) {
    throw new UserError(
      'NOTHING_SWEPT',
      'A sweep needs at least one path with values, such as trigger.within=30m,1h,2h.',
    );
  }
  const total = over.reduce((product, dimension) => product * dimension.values.length, 1);
  if (total > MOST_SETTINGS) {
    throw new UserError('TOO_MANY_SETTINGS', `That is ${total} settings; at most ${MOST_SETTINGS} are swept at once.`);
  }
  return over.reduce<Settings[]>(
    (done, { path, values }) => done.flatMap((set) => values.map((value) => ({ ...set, [path]: value }))),
    [{}],
  );
}

function setsOf(set: Settings): string[] {
  return Object.entries(set).map(([path, value]) => `${path}=${value}`);
}
