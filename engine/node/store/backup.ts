// Copies of a workspace that are whole by the time they have their name: made beside, checked page by page, and put in
// place by renaming. Putting one back never loses the workspace it replaces: that one is kept under a name of its own.

import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { UserError } from '../../base/index.ts';
import { fileError } from '../files.ts';
import { unfinished } from '../unfinished.ts';
import { explainSqlite } from './failures.ts';
import { type DatasetInfo, Workspace } from './workspace.ts';

export interface Backup {
  /** The copy. */
  readonly path: string;
  readonly bytes: number;
  readonly datasets: readonly DatasetInfo[];
}

export interface Restored {
  readonly path: string;
  /** Where the workspace that stood there before is kept; null where there was none. */
  readonly kept: string | null;
  readonly datasets: readonly DatasetInfo[];
}

export interface CopyOptions {
  readonly signal?: AbortSignal;
  /** Shares of the file, 0 … 1. */
  readonly onShare?: (share: number) => void;
}

const PAGES_AT_ONCE = 64;

/**
 * A copy as of one moment, also while a window or a command writes to the workspace.
 * @throws UserError where the workspace cannot be read, `to` exists, or the copy did not come out whole
 */
export async function backupWorkspace(path: string, to: string, options: CopyOptions = {}): Promise<Backup> {
  if (existsSync(to)) throw new UserError('BACKUP_EXISTS', `${to} exists already; name another file with --out.`);
  const source = Workspace.open(path, { readonly: true });
  source.close();
  const datasets = await copyWhole(path, to, options);
  return { path: to, bytes: statSync(to).size, datasets };
}

/**
 * Puts a copy in the place of a workspace that nobody has open.
 * @param kept what the one in place is renamed to
 * @throws UserError where the copy is no whole workspace, or the workspace is in use; both are left as they are
 */
export async function restoreWorkspace(
  backup: string,
  path: string,
  kept: string,
  options: CopyOptions = {},
): Promise<Restored> {
  const isThere = existsSync(path);
  if (isThere && existsSync(kept)) {
    throw new UserError(
      'BACKUP_EXISTS',
      `${kept} exists already, and would keep what is in ${path} now; move it away.`,
    );
  }
  const incoming = `${unfinished(path)}.incoming`;
  const datasets = await copyWhole(backup, incoming, options);
  try {
    if (isThere) {
      assertUnused(path);
      renameSync(path, kept);
    }
    renameSync(incoming, path);
  } catch (error) {
    rmSync(incoming, { force: true });
    if (isThere && !existsSync(path) && existsSync(kept)) renameSync(kept, path);
    throw error instanceof UserError ? error : fileError(error, path);
  }
  return { path, kept: isThere ? kept : null, datasets };
}

/** @returns the datasets of the copy, which was read page by page */
async function copyWhole(from: string, to: string, { signal, onShare }: CopyOptions): Promise<DatasetInfo[]> {
  const partial = unfinished(to);
  let db: Database.Database | undefined;
  try {
    db = new Database(from, { readonly: true, fileMustExist: true });
    await db.backup(partial, {
      progress({ totalPages, remainingPages }) {
        signal?.throwIfAborted();
        onShare?.(totalPages === 0 ? 0 : 1 - remainingPages / totalPages);
        return PAGES_AT_ONCE;
      },
    });
    const datasets = readWhole(partial, from);
    renameSync(partial, to);
    return datasets;
  } catch (error) {
    throw explainSqlite(from, error);
  } finally {
    db?.close();
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${end}`, { force: true });
  }
}

function readWhole(path: string, from: string): DatasetInfo[] {
  const db = new Database(path);
  try {
    // The copy has the log's setting of its source; alone in its place it is one plain file.
    db.pragma('journal_mode = DELETE');
    if (db.pragma('integrity_check', { simple: true }) !== 'ok') {
      throw new UserError(
        'DAMAGED',
        `${from} is damaged: its copy does not read back whole. Use an earlier copy, or import again.`,
      );
    }
  } finally {
    db.close();
  }
  const copy = Workspace.open(path, { readonly: true });
  try {
    return copy.datasets();
  } catch (error) {
    throw explainSqlite(from, error);
  } finally {
    copy.close();
  }
}

/** A workspace that somebody has open cannot leave its log behind. */
function assertUnused(path: string): void {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { fileMustExist: true, timeout: 500 });
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('journal_mode = DELETE');
    db.exec('begin exclusive; rollback');
  } catch (error) {
    const { code } = error as { code?: string };
    // What is damaged or no workspace at all may be replaced: it is kept.
    if (code?.startsWith('SQLITE_NOTADB') || code?.startsWith('SQLITE_CORRUPT')) return;
    throw new UserError(
      'LOCKED',
      `${path} is open in a window or another command; close it, then restore again. Nothing was changed.`,
    );
  } finally {
    db?.close();
  }
}
