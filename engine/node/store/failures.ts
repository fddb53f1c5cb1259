// What SQLite refuses, in the words of somebody who has a workspace and a disk.

import { UserError } from '../../base/index.ts';

export function notAWorkspace(path: string): UserError {
  return new UserError('NOT_A_WORKSPACE', `${path} is not a Foresend workspace.`);
}

export function cannotOpen(path: string): UserError {
  return new UserError('CANNOT_OPEN', `${path} cannot be opened or made; look at its folder and permissions.`);
}

/** A failure of SQLite as a UserError; anything else as it is. */
export function explainSqlite(path: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof UserError || typeof code !== 'string' || !code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new UserError(
      'LOCKED',
      `${path} is being written by another Foresend; wait until it is done, or close it. Reading works meanwhile.`,
    );
  }
  if (code.startsWith('SQLITE_FULL')) {
    return new UserError(
      'DISK_FULL',
      `The disk is full: ${path} could not be saved. What was in it before is still there.`,
    );
  }
  if (code.startsWith('SQLITE_NOTADB')) return notAWorkspace(path);
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new UserError(
      'DAMAGED',
      `${path} is damaged and cannot be read; use a copy of it, or import again into a new one.`,
    );
  }
  if (code.startsWith('SQLITE_CANTOPEN')) {
    return cannotOpen(path);
  }
  if (code.startsWith('SQLITE_READONLY'))
    return new UserError('READONLY', `${path} may not be written: permission denied.`);
  if (code.startsWith('SQLITE_IOERR'))
    return new UserError('IO_ERROR', `${path} could not be read or written (${code}).`);
  return error;
}
