// What is under way in a workspace: long work writes down what it is before it begins, and strikes that out in the very
// transaction that saves its outcome. What is still written down when its process no longer runs was interrupted, and
// nothing of it was kept. It is told once.

import { AsyncLocalStorage } from 'node:async_hooks';
import type Database from 'better-sqlite3';
import { instant } from '../../base/index.ts';
import { isRunning, processMark } from '../process-mark.ts';

/** Work under way, seen from inside. */
export interface Doing {
  readonly id: number;
}

export interface Interrupted {
  readonly id: number;
  /** In words, for the user. */
  readonly message: string;
}

const MOST_TOLD = 100;

export const doing = new AsyncLocalStorage<Doing>();

interface Row {
  readonly id: number;
  readonly what: string;
  readonly began_at: number;
  readonly mark: string;
}

export function beginIn(db: Database.Database, what: string): Doing {
  const { lastInsertRowid } = db
    .prepare('insert into doing (what, began_at, mark) values (?, ?, ?)')
    .run(what, Date.now(), processMark());
  return { id: Number(lastInsertRowid) };
}

/** Inside the transaction that saves what came of it. */
export function strikeOut(db: Database.Database, id: number): void {
  db.prepare('delete from doing where id = ?').run(id);
}

/** What was interrupted and has not been told yet, the first first. */
export function interruptedIn(db: Database.Database): Interrupted[] {
  const rows = db
    .prepare('select id, what, began_at, mark from doing where told_at is null order by id')
    .all() as Row[];
  return rows
    .filter(({ mark }) => !isRunning(mark))
    .map(({ id, what, began_at }) => ({
      id,
      message: `${what}, begun on ${instant(began_at)}, was interrupted; nothing of it was kept.`,
    }));
}

export function toldIn(db: Database.Database, ids: readonly number[]): void {
  const told = db.prepare('update doing set told_at = ? where id = ?');
  for (const id of ids) told.run(Date.now(), id);
  db.prepare(
    'delete from doing where told_at is not null and id not in (select id from doing where told_at is not null order by id desc limit ?)',
  ).run(MOST_TOLD);
}
