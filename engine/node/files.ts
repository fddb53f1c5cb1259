// Files as users meet them: read whole, with every failure in words.

import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../base/index.ts';
import { unfinished } from './unfinished.ts';

/** @throws UserError where the file cannot be read */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileError(error, path);
  }
}

/** A failure of the file system in the user's words. */
export function fileError(error: unknown, path: string): UserError {
  const code = (error as NodeJS.ErrnoException).code;
  const why: Record<string, string> = {
    ENOENT: existsSync(dirname(path)) ? 'there is no such file' : `there is no folder ${dirname(path)}`,
    EACCES: 'it may not be read or written by you',
    EISDIR: 'it is a folder',
    ENOSPC: 'the disk is full',
    EROFS: 'the disk is read-only',
  };
  return new UserError(
    code ?? 'FILE',
    `${path}: ${why[code ?? ''] ?? (error instanceof Error ? error.message : String(error))}.`,
  );
}

/**
 * Refuses a place for output that would cost the user something: a workspace, or a file that the same command reads.
 * @throws UserError before anything is written
 */
export function assertOutput(path: string, inputs: readonly string[]): void {
  if (!existsSync(path)) return;
  const same = inputs.find((input) => existsSync(input) && realpathSync(input) === realpathSync(path));
  if (same !== undefined)
    throw new UserError('OUTPUT_IS_INPUT', `${path} is what this command reads; write to another file.`);
  if (isWorkspace(path)) {
    throw new UserError('OUTPUT_IS_WORKSPACE', `${path} is a workspace with datasets; write to another file.`);
  }
}

function isWorkspace(path: string): boolean {
  if (!statSync(path).isFile()) return false;
  const head = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, 16, 0);
  } finally {
    closeSync(file);
  }
  return head.toString('latin1') === 'SQLite format 3\0';
}

/** What was under the name is written over. @throws UserError where it cannot be written */
export function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Written beside and put in place when whole, so that an interrupted run leaves no half file under the name. */
export function writeWhole(path: string, text: string): void {
  const partial = unfinished(path);
  try {
    writeFileSync(partial, text);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw fileError(error, path);
  }
}
