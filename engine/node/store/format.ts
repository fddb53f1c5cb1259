// The file a workspace is: its mark, how it is set up, and the steps from an older format to this one. Before the first
// step the file as it is gets copied beside it; each step is one transaction, and whoever comes second finds it taken.

import { closeSync, existsSync, linkSync, openSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { UserError } from '../../base/index.ts';
import { unfinished } from '../unfinished.ts';
import { cannotOpen, explainSqlite } from './failures.ts';
import { MIGRATIONS } from './migrations.ts';

/** `FSND`, in the header of every workspace. */
export const APPLICATION_ID = 0x46534e44;
export const BUSY_MS = 3000;

/** @param isPassing nothing is ever taken back: the file goes where its work fails */
export function configure(db: Database.Database, maxBytes?: number, isPassing = false): void {
  db.pragma(`journal_mode = ${isPassing ? 'OFF' : 'WAL'}`);
  // What was said to be saved is on the disk, also when the power goes.
  db.pragma('synchronous = FULL');
  if (maxBytes !== undefined) {
    const pageSize = db.pragma('page_size', { simple: true }) as number;
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
  }
}

/** 0 for a file that is being set up. */
export function versionOf(db: Database.Database): number {
  return db.prepare('select coalesce(max(version), 0) from schema_version').pluck().get() as number;
}

/**
 * An empty workspace that has its name only once it is whole.
 * @param named as the user knows it, where that is not the name it is made under
 * @throws UserError where something has that name already, also since this very moment
 */
export function makeFile(path: string, named = path): void {
  const making = unfinished(path);
  let db: Database.Database | undefined;
  try {
    closeSync(openSync(making, 'wx'));
    db = new Database(making, { timeout: BUSY_MS });
    db.pragma('page_size = 65536');
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db, making, named);
    db.close();
    putInPlace(making, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UserError('WORKSPACE_EXISTS', `${named} exists already; open it, or name another file.`);
    }
    if (code === 'ENOSPC') throw explainSqlite(named, Object.assign(new Error(), { code: 'SQLITE_FULL' }));
    if (error instanceof UserError || code?.startsWith('SQLITE_') === true) throw explainSqlite(named, error);
    throw cannotOpen(named);
  } finally {
    db?.close();
    removeFile(making);
  }
}

/** With what SQLite keeps beside it. */
export function removeFile(path: string): void {
  for (const end of ['', '-journal', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
}

/**
 * Takes the steps the file has not taken yet, each in a transaction of its own; what it was is kept beside it.
 * @param named as the user knows it, where it is still in the making
 */
export function migrate(db: Database.Database, path: string, named = path): void {
  try {
    db.exec('create table if not exists schema_version (version integer primary key, applied_at integer not null)');
    const from = versionOf(db);
    if (from > 0 && from < MIGRATIONS.length) keepCopy(db, path, from);
    for (let version = from + 1; version <= MIGRATIONS.length; version++) {
      db.transaction(() => {
        if (versionOf(db) >= version) return;
        db.exec(MIGRATIONS[version - 1] as string);
        db.prepare('insert into schema_version values (?, ?)').run(version, Date.now());
      }).immediate();
    }
  } catch (error) {
    throw explainSqlite(named, error);
  }
}

/** Beside the workspace, once for each format it had. */
function keepCopy(db: Database.Database, path: string, version: number): void {
  const kept = `${path}.format-${version}`;
  if (existsSync(kept)) return;
  const making = unfinished(kept);
  try {
    db.prepare('vacuum into ?').run(making);
    renameSync(making, kept);
  } finally {
    rmSync(making, { force: true });
  }
}

/** Never over what is there. */
/** @throws with the code `EEXIST` where something has that name */
export function putInPlace(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || existsSync(to)) {
      throw Object.assign(new Error('there already'), { code: 'EEXIST' });
    }
    // A disk that knows no second name for a file.
    renameSync(from, to);
  }
}
