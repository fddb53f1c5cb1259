// One window writes to a workspace. The lock is one of the system's on a small file beside it, taken through SQLite and
// held as long as the process lives: a process that was killed holds none, so nothing stale is ever in the way. The file
// goes when its window is closed.

import { accessSync, constants, existsSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { instant } from '../../base/index.ts';

/** Held until it is released, or nothing refers to it any more. */
export type WindowLock =
  | { readonly is: 'held'; release(): void }
  /** @property reason why nothing can be written, as it is told */
  | { readonly is: 'refused'; readonly reason: string };

/** A window that closes at this very moment takes the file with it; then it is made anew. */
const TRIES = 5;

/** @param workspace may not exist yet; its folder does */
export function takeWindow(workspace: string): WindowLock {
  const real = existsSync(workspace) ? realpathSync(workspace) : workspace;
  if (!mayWrite(real) || !mayWrite(dirname(real))) {
    return { is: 'refused', reason: `${workspace} lies where it may not be written.` };
  }
  const path = `${real}.window`;
  for (let tried = 1; ; tried++) {
    const db = openOrNull(path);
    if (db === null) return { is: 'refused', reason: `${workspace} lies where it may not be written.` };
    try {
      db.pragma('journal_mode = MEMORY');
      // From the first write on, until it is closed.
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('begin exclusive; create table if not exists held (since); delete from held');
      db.prepare('insert into held values (?)').run(Date.now());
      db.exec('commit');
      return { is: 'held', release: () => release(db, path) };
    } catch (error) {
      db.close();
      const { code = '' } = error as { code?: string };
      if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return { is: 'refused', reason: takenWords(workspace, path) };
      if (code !== 'SQLITE_READONLY_DBMOVED' && code !== 'SQLITE_NOTADB' && code !== 'SQLITE_CORRUPT') throw error;
      // Nobody holds what is no lock file.
      if (code !== 'SQLITE_READONLY_DBMOVED') rmSync(path, { force: true });
      if (tried === TRIES) return { is: 'refused', reason: takenWords(workspace, path) };
    }
  }
}

function release(db: Database.Database, path: string): void {
  if (!db.open) return;
  try {
    rmSync(path, { force: true });
  } catch {
    // A system on which an open file has to be closed first.
  }
  db.close();
  if (process.platform === 'win32') rmSync(path, { force: true });
}

function takenWords(workspace: string, path: string): string {
  let since = '';
  try {
    since = `, since ${instant(statSync(path).mtimeMs)}`;
  } catch {
    // Closed this very moment.
  }
  return `${workspace} is open in another window${since}.`;
}

function openOrNull(path: string): Database.Database | null {
  try {
    return new Database(path, { timeout: 0 });
  } catch {
    return null;
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return !existsSync(path);
  }
}
