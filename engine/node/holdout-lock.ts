// The file of a locked plan: written once, never over another, and read back with every field checked.

import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { UserError } from '../base/index.ts';
import {
  addLook,
  emptyLog,
  type HoldoutAnalysis,
  type HoldoutPlan,
  type LockedPlan,
  type LookLog,
  type LooksReading,
  lockPlan,
  type PlannedLook,
  readLockedPlan,
  readLookLog,
} from '../holdout/index.ts';
import { readText, writeText } from './files.ts';
import { loadWorkflow } from './workflow-file.ts';

export interface LockSettings {
  readonly metric: string;
  /** Default: the file's name. */
  readonly name?: string | undefined;
  readonly look: PlannedLook;
  /** Path of the workflow it is for. */
  readonly workflow?: string | undefined;
}

/** @throws UserError where the file is there: a plan that can be written over is not locked */
export function assertNoLock(path: string): void {
  if (!existsSync(path)) return;
  throw new UserError('LOCKED', `${path} is there already, and a locked plan is not written over. Name another file.`);
}

export function lockInto(path: string, plan: HoldoutPlan, settings: LockSettings): LockedPlan {
  const { metric, name = basename(path, extname(path)), look, workflow } = settings;
  const hash = workflow === undefined ? null : loadWorkflow(workflow).workflow.hash;
  assertNoLock(path);
  const locked = lockPlan({ plan, metric, name, look, lockedAt: Date.now(), workflow: hash });
  writeText(path, `${JSON.stringify(locked, null, 2)}\n`);
  return locked;
}

/** @param name as messages call it; the path where absent @throws UserError where it is no locked plan */
export function readLock(path: string, name = path): LockedPlan {
  return readLockedPlan(parsed(path, 'HOLDOUT_LOCK', `${name} is no locked plan: it is no JSON.`), name);
}

function parsed(path: string, code: string, message: string): unknown {
  try {
    return JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(code, message);
  }
}

/** Where looks are kept, and of what. */
export interface LookFile {
  readonly path: string;
  readonly plan: LockedPlan | null;
  /** People planned in all, where there is no plan. */
  readonly plannedTotal: number | null;
}

/**
 * Adds a look to the file, which is made by the first one.
 * @throws UserError where the file is of another plan, metric or error, or holds no looks
 */
export function keepLook({ path, plan, plannedTotal }: LookFile, analysis: HoldoutAnalysis): LooksReading {
  const metric = plan?.metric ?? analysis.arms[0]?.outcome ?? '';
  const before: LookLog = existsSync(path)
    ? readLookLog(parsed(path, 'LOOKS', `${path} holds no looks: it is no JSON.`), path)
    : emptyLog(metric, analysis.alpha, plan?.hash ?? null);
  if (plan !== null && before.plan !== plan.hash) {
    throw new UserError('LOOKS', `${path} holds the looks of another plan. Name another file with --looks.`);
  }
  const { log, reading } = addLook(before, analysis, { at: Date.now(), plannedTotal: plan?.n.total ?? plannedTotal });
  if (log !== before) writeText(path, `${JSON.stringify(log, null, 2)}\n`);
  return reading;
}
