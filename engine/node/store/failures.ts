// What SQLite refuses, in the words of somebody who has a workspace and a disk: what happened, what is untouched, and the
// way out. Copies that lie beside the workspace are named, the newest first.

import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { UserError } from '../../base/index.ts';
import { OTHER_TEMPORARY } from '../temporary.ts';
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

/** A failure of SQLite as a UserError; anything else as it is. @param path as the user knows it */
export function explainSqlite(path: string, error: unknown): unknown {
  const { code } = error as { code?: unknown };
  if (error instanceof UserError || typeof code !== 'string') return error;
  if (isFull(error)) {
    return diskFull(path);
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return readonlyPlace(path);
  if (!code.startsWith('SQLITE_')) return error;
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return locked(path);
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

/** Whether it tells of a disk without room. */
export function isFull(error: unknown): boolean {
  return /^(ENOSPC$|SQLITE_FULL)/.test(String((error as { code?: unknown }).code));
}

function diskFull(path: string): UserError {
  const kept = existsSync(path) ? 'What was in it before is still there' : 'No file was made';
  // What a change may have to take back, SQLite keeps among the temporary files, and does not say which disk had no room.
  const temporary = tmpdir();
  const isTemporary = roomOf(temporary) < roomOf(dirname(path));
  return new UserError(
    'DISK_FULL',
    isTemporary
      ? `The disk for temporary files (${temporary}) is full: ${path} could not be saved. ${kept}; make room there, or ${OTHER_TEMPORARY}.`
      : `The disk is full: ${path} could not be saved. ${kept}; make room and try again.`,
  );
}

/** Bytes that may still be written where a folder is; no end of them where that cannot be told. */
function roomOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function locked(path: string): UserError {
  return new UserError(
    'LOCKED',
    canBeRead(path)
      ? `${path} is being written by another Foresend; wait until it is done, or close it. Reading works meanwhile.`
      : `${path} is held by another program, so that it can be neither written nor read; wait until that is done with it, or close it.`,
  );
}

/** Whether somebody else may read it this very moment. */
function canBeRead(path: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
    db.pragma('schema_version');
    return true;
  } catch {
    return false;
  } finally {
    db?.close();
  }
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
