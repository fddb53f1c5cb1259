// What SQLite refuses, in the words of somebody who has a workspace and a disk: what happened, what is untouched, and the
// way out. Copies that lie beside the workspace are named, the newest first.

import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../base/index.ts';
import { isUnfinished } from '../unfinished.ts';

/** @param why a reason beyond not having our mark */
export function notAWorkspace(path: string, why?: string): UserError {
  const reason = why === undefined ? '' : `: ${why}`;
  return new UserError('NOT_A_WORKSPACE', `${path} is not a Foresend workspace${reason}. ${wayBack(path)}`.trimEnd());
}

export function cannotOpen(path: string): UserError {
  return new UserError('CANNOT_OPEN', `${path} cannot be opened or made; look at its folder and permissions.`);
}

/** @param dataset what of it is damaged, where that is known */
export function damaged(path: string, dataset?: string): UserError {
  const what = dataset === undefined ? path : `The dataset "${dataset}" in ${path}`;
  const way = wayBack(path);
  return new UserError(
    'DAMAGED',
    `${what} is damaged: it does not read back as it was saved. Nothing was changed. ${
      way === '' ? 'Restore a copy with "foresend restore COPY", or import again into a new workspace.' : way
    }`,
  );
}

/** A failure of SQLite as a UserError; anything else as it is. */
export function explainSqlite(path: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof UserError || typeof code !== 'string') return error;
  if (code === 'ENOSPC' || code.startsWith('SQLITE_FULL')) {
    return new UserError(
      'DISK_FULL',
      `The disk is full: ${path} could not be saved. What was in it before is still there; make room and try again.`,
    );
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return readonlyPlace(path);
  if (!code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new UserError(
      'LOCKED',
      `${path} is being written by another Foresend; wait until it is done, or close it. Reading works meanwhile.`,
    );
  }
  if (code.startsWith('SQLITE_NOTADB')) return notAWorkspace(path);
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path);
  if (code.startsWith('SQLITE_CANTOPEN')) return cannotOpen(path);
  if (code === 'SQLITE_READONLY_DBMOVED') {
    return new UserError('REPLACED', `${path} was replaced by another file meanwhile; nothing was written. Try again.`);
  }
  if (code.startsWith('SQLITE_READONLY')) return readonlyPlace(path);
  if (code.startsWith('SQLITE_IOERR')) {
    return new UserError(
      'IO_ERROR',
      `${path} could not be read or written (${code}). Look whether its disk is there and has room, then try again.`,
    );
  }
  return error;
}

function readonlyPlace(path: string): UserError {
  return new UserError(
    'READONLY',
    `${path} may not be written: permission denied. Reading works; to change it, copy it to a place of yours, for example with "foresend backup --workspace ${path} --out COPY".`,
  );
}

/** The newest copy beside a workspace and how it is put in its place; empty where there is none. */
function wayBack(path: string): string {
  const bare = basename(path).replace(/\.foresend$/, '');
  const isCopy = (name: string) =>
    (name.startsWith(`${bare}.backup-`) || name.startsWith(`${bare}.before-restore-`)) && !isUnfinished(name);
  try {
    const copies = readdirSync(dirname(path))
      .filter(isCopy)
      .map((name) => join(dirname(path), name))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    const [newest] = copies;
    if (newest === undefined) return '';
    return `The newest copy beside it is ${newest}; "foresend restore ${newest} --workspace ${path}" puts it in its place.`;
  } catch {
    return '';
  }
}
