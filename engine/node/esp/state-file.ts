// The state file on disk: whole or not at all, on the disk before the next call goes out, and one writer at a time.

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { UserError } from '../../base/index.ts';
import { type EspState, type EspTarget, formatState, readState } from '../../esp/index.ts';
import { fileError, readText } from '../files.ts';
import { fileIssues } from './file-schema.ts';

/** `cart.json` has its state in `cart.klaviyo.json`. */
export function statePathOf(workflowPath: string, target: EspTarget): string {
  const name = basename(workflowPath, extname(workflowPath));
  return join(dirname(workflowPath), `${name}.${target}.json`);
}

/** Null where there is none. @throws UserError where the file is not a state, or of another service */
export function loadState(path: string, target: EspTarget): EspState | null {
  if (!existsSync(path)) return null;
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      'BAD_STATE',
      `${path} is not valid JSON; is a merge unfinished? Mend it, or remove it: it is made again from what the account holds.`,
    );
  }
  const issues = fileIssues('state', value, 'BAD_STATE');
  const { state } = issues.length > 0 ? { state: null } : readState(value);
  if (state === null) {
    const words = 'Mend it, or remove it: it is made again from what the account holds.';
    throw new UserError('BAD_STATE', `${path} is no state file that can be used. ${words}`, issues);
  }
  if (state.esp !== target)
    throw new UserError(
      'BAD_STATE',
      `${path} is the state of ${state.esp}, not of ${target}; name another with --state.`,
    );
  return state;
}

/** In place when whole, and on the disk when this returns. */
export function saveState(path: string, state: EspState): void {
  const partial = `${path}.partial`;
  try {
    const file = openSync(partial, 'w');
    try {
      writeSync(file, formatState(state));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(partial, { force: true });
    throw fileError(error, path);
  }
}

/** Without it a crash of the computer could bring the old name back. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Windows opens no folders; its file system keeps the order itself.
  }
}

/** Runs `work` as the only one on this state. A lock whose process is gone is taken over. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  take(lock);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): void {
  for (const isLast of [false, true]) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, lock);
      if (isLast || isHeld(lock)) {
        throw new UserError(
          'LOCKED',
          `Another Foresend is working with this state file (${lock}); wait until it has ended.`,
        );
      }
      rmSync(lock, { force: true });
    }
  }
}

function isHeld(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
