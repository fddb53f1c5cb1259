// Copies of a workspace that are whole by the time they have their name: made beside, checked page by page, and put in
// place by renaming. Putting one back never loses the workspace it replaces: that one is kept under a name of its own.

import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { UserError } from '../../base/index.ts';
import { fileError } from '../files.ts';
import { unfinished } from '../unfinished.ts';
import { explainSqlite, isFull } from './failures.ts';
import { takeWindow } from './window-lock.ts';
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
  if (!existsSync(dirname(to))) throw fileError({ code: 'ENOENT' }, to);
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
  // A window that opened meanwhile would go on with what was replaced under it.
  const lock = takeWindow(path);
  if (lock.is === 'refused') {
    throw new UserError('LOCKED', `${lock.reason} Close it, then restore again. Nothing was changed.`);
  }
  const incoming = `${unfinished(path)}.incoming`;
  try {
    const datasets = await copyWhole(backup, incoming, options, path);
    if (isThere) putAside(path, kept);
    renameSync(incoming, path);
    return { path, kept: isThere ? kept : null, datasets };
  } catch (error) {
    if (isThere && !existsSync(path) && existsSync(kept)) moveAll(kept, path);
    if (error instanceof UserError || (error as Error).name === 'AbortError') throw error;
    throw fileError(error, path);
  } finally {
    rmSync(incoming, { force: true });
    lock.release();
  }
}

/** @param named what the copy is to be, as the user knows it @returns its datasets; it was read page by page */
async function copyWhole(
  from: string,
  to: string,
  { signal, onShare }: CopyOptions,
  named = to,
): Promise<DatasetInfo[]> {
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
    throw explainSqlite(isFull(error) ? named : from, error);
  } finally {
    db?.close();
    for (const end of ['', ...LOGS]) rmSync(`${partial}${end}`, { force: true });
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

const LOGS = ['-wal', '-shm', '-journal'];

/** Nobody can begin to write to it before it has its other name. @throws UserError where somebody has it open */
function putAside(path: string, kept: string): void {
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { fileMustExist: true, timeout: 500 });
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.pragma('journal_mode = DELETE');
    db.exec('begin exclusive');
    // There an open file keeps its name.
    if (process.platform === 'win32') db.close();
    moveAll(path, kept);
  } catch (error) {
    const { code } = error as { code?: string };
    // What is damaged or no workspace at all may be replaced: it is kept.
    if (code?.startsWith('SQLITE_NOTADB') || code?.startsWith('SQLITE_CORRUPT')) moveAll(path, kept);
    else if (code?.startsWith('SQLITE_')) {
      throw new UserError(
        'LOCKED',
        `${path} is open in a window or another command; close it, then restore again. Nothing was changed.`,
      );
    } else throw error;
  } finally {
    db?.close();
  }
}

/** With its logs: one that stayed would be taken for that of the file that comes in its place. */
function moveAll(from: string, to: string): void {
  for (const end of LOGS) if (existsSync(`${from}${end}`)) renameSync(`${from}${end}`, `${to}${end}`);
  renameSync(from, to);
}
