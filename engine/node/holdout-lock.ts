// The file of a locked plan: written once, never over another, and read back with every field checked.

import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { UserError } from '../base/index.ts';
import { type HoldoutPlan, type LockedPlan, lockPlan, type PlannedLook, readLockedPlan } from '../holdout/index.ts';
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
  const text = readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError('HOLDOUT_LOCK', `${name} is no locked plan: it is no JSON.`);
  }
  return readLockedPlan(value, name);
}
