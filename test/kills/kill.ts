// One kill: a process at work is ended with SIGKILL at a moment drawn from a seed, and what it leaves is looked at. A
// folder holds exactly what it held before the operation that was cut off, or after it, and nothing beside.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Backend } from '../../engine/node/api/backend.ts';
import { tellInterrupted, Workspace } from '../../engine/node/store/index.ts';
import { OLDER_FORMATS, putOlder } from '../engine/node/store/older.ts';
import { META, sample } from '../engine/node/store/sample.ts';
import { datasetsAfter, type Expected, editedText, importsAfter, type Kind, placeOf } from './work.ts';

/** The longest wait before the kill, in ms; about as long as a few operations take. */
const SPAN_MS: Readonly<Record<Kind, number>> = {
  datasets: 150,
  import: 500,
  replay: 150,
  migrate: 60,
  edit: 120,
  backup: 60,
};

export interface Killed {
  /** Operations that were over when the process ended. */
  readonly done: number;
  /** Whether it was in the middle of one. */
  readonly isInside: boolean;
  /** Whether the one it was in the middle of is in the workspace; null where it was in none. */
  readonly isKept: boolean | null;
}

/**
 * @param random uniform in [0, 1)
 * @throws where anything is lost, half there, or left behind
 */
export async function killOnce(kind: Kind, random: () => number): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-kill-'));
  try {
    const format = OLDER_FORMATS[Math.floor(random() * OLDER_FORMATS.length)] ?? 1;
    await prepare(kind, folder, format);
    await workAndKill(kind, folder, random() * SPAN_MS[kind]);
    const said = readFileSync(join(folder, 'said'), 'utf8').trimEnd().split('\n');
    const done = said.filter((line) => line.startsWith('end')).length;
    const isInside = said.length > 2 * done;
    const isKept = look(kind, folder, done, isInside, format);
    return { done, isInside, isKept };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepare(kind: Kind, folder: string, format: (typeof OLDER_FORMATS)[number]): Promise<void> {
  const { workspace: path } = placeOf(folder);
  if (kind === 'migrate') {
    putOlder(format, path);
    return;
  }
  if (kind === 'replay') {
    await new Backend(path).synth({ persons: 400, seed: 3, dataset: 'base', out: null });
    return;
  }
  const made = Workspace.create(path);
  made.saveDataset('base', sample(7), META);
  made.close();
}

async function workAndKill(kind: Kind, folder: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), kind, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), ...process.env, TMPDIR: folder },
  });
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout, 'data'), ended]);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await ended;
  if (complaint !== '') throw new Error(`the process complained before it was killed: ${complaint}`);
}

/** @returns whether the operation cut off is in the workspace */
function look(kind: Kind, folder: string, done: number, isInside: boolean, format: number): boolean | null {
  const { workspace: path } = placeOf(folder);
  const isKept = matches(kind, folder, done, isInside);
  const told = tellInterrupted(path);
  const isTold = kind === 'import' && isInside && told.length > 0;
  if (kind === 'import' && isInside && isKept === true && isTold)
    fail('an import that was kept is told as interrupted');
  if (
    told.some((line) => !/^An import of orders\.csv, begun on .* was interrupted; nothing of it was kept\.$/.test(line))
  )
    fail(`told: ${told.join(' ')}`);
  if (told.length > 1 || tellInterrupted(path).length > 0) fail('what was interrupted is told more than once');

  const again = Workspace.open(path);
  again.setNote('after', done);
  again.close();
  const db = new Database(path);
  const integrity = db.pragma('integrity_check', { simple: true });
  const under = db.prepare('select count(*) from doing where told_at is null').pluck().get();
  db.close();
  if (integrity !== 'ok') fail(`integrity_check says ${String(integrity)}`);
  if (under !== 0) fail('something is still told as under way');
  if (matches(kind, folder, done, isInside) !== isKept) fail('the workspace changed when it was opened again');

  if (kind === 'migrate') {
    const before = Workspace.open(`${path}.format-${format}`, { readonly: true });
    expectDatasets(before, OLDER);
    before.close();
  }
  const strays = readdirSync(folder).filter((name) => !isExpected(kind, name));
  if (strays.length > 0) fail(`left behind: ${strays.join(', ')}`);
  return isKept;
}

const OLDER: Expected = {
  datasets: [
    ['second', 9],
    ['shop', 4],
  ],
};

function matches(kind: Kind, folder: string, done: number, isInside: boolean): boolean | null {
  const { workspace: path } = placeOf(folder);
  const reader = Workspace.open(path, { readonly: true });
  try {
    const either = (before: Expected, after: Expected): boolean | null => {
      if (!isInside) {
        expectDatasets(reader, before);
        return null;
      }
      const isAfter = JSON.stringify(found(reader)) === JSON.stringify(after.datasets);
      expectDatasets(reader, isAfter ? after : before);
      return isAfter;
    };
    switch (kind) {
      case 'datasets':
        return either(datasetsAfter(done), datasetsAfter(done + 1));
      case 'import':
        return either(importsAfter(done), importsAfter(done + 1));
      case 'migrate':
        expectDatasets(reader, OLDER);
        return null;
      case 'edit':
        expectDatasets(reader, datasetsAfter(0));
        return edited(folder, reader, done, isInside);
      case 'replay':
      case 'backup':
        return whole(kind, folder, reader, done, isInside);
    }
  } finally {
    reader.close();
  }
}

function found(workspace: Workspace): [string, number][] {
  return workspace
    .datasets()
    .map(({ name, persons }): [string, number] => [name, persons])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Reads every column of every dataset. */
function expectDatasets(workspace: Workspace, { datasets }: Expected): void {
  const there = found(workspace);
  if (JSON.stringify(there) !== JSON.stringify(datasets)) {
    fail(`the workspace holds ${JSON.stringify(there)}, not ${JSON.stringify(datasets)}`);
  }
  for (const [name, persons] of datasets) {
    const history = workspace.loadHistory(name);
    for (const column of history.properties.values()) column.at(0);
    const isMade = !name.startsWith('import');
    if (isMade && history.fingerprint !== sample(persons).fingerprint) fail(`${name} is not what was saved`);
    if (history.nPersons !== persons) fail(`${name} has ${history.nPersons} people, not ${persons}`);
  }
}

/** The workflow file and the scenarios are each of before or after, and a file is never half written. */
function edited(folder: string, workspace: Workspace, done: number, isInside: boolean): boolean | null {
  const file = join(folder, 'cart.json');
  const template = readFileSync(
    join(import.meta.dirname, '..', '..', 'fixtures', 'workflows', 'cart-recovery.json'),
    'utf8',
  );
  const text = existsSync(file) ? readFileSync(file, 'utf8') : null;
  const at = [done, done + 1].find((n) => text === editedText(template, n));
  if (at === undefined || (at > done && !isInside)) fail('the workflow file is neither that of before nor of after');
  const scenarios = workspace.note('scenarios') as readonly { readonly name: string }[] | null;
  const name = scenarios?.[0]?.name;
  if (name !== `after ${done}` && !(isInside && at === done + 1 && name === `after ${done + 1}`)) {
    fail(`the scenarios are those of "${name}" after ${done} edits`);
  }
  return isInside ? at === done + 1 : null;
}

/** Whatever has its name is whole: a decision log, or a copy. */
function whole(kind: Kind, folder: string, _workspace: Workspace, done: number, isInside: boolean): boolean | null {
  const path = (n: number) => join(folder, kind === 'replay' ? `log-${n}.csv` : `shop.backup-${n}.foresend`);
  const first = readFileSync(path(0), 'latin1');
  const isKept = existsSync(path(done));
  if (isKept && !isInside) fail('something has a name it was not asked for');
  for (let n = 0; n < done + (isKept ? 1 : 0); n++) {
    if (kind === 'replay' && readFileSync(path(n), 'latin1') !== first) fail(`${path(n)} is not whole`);
    if (kind === 'backup') {
      const copy = Workspace.open(path(n), { readonly: true });
      expectDatasets(copy, datasetsAfter(0));
      copy.close();
    }
  }
  return isInside ? isKept : null;
}

function isExpected(kind: Kind, name: string): boolean {
  if (name === 'shop.foresend' || name === 'said') return true;
  switch (kind) {
    case 'import':
      return name === 'orders.csv';
    case 'edit':
      return name === 'cart.json';
    case 'migrate':
      return /^shop\.foresend\.format-[12]$/.test(name);
    case 'replay':
      return /^log-\d+\.csv$/.test(name);
    case 'backup':
      return /^shop\.backup-\d+\.foresend$/.test(name);
    case 'datasets':
      return false;
  }
}

function fail(what: string): never {
  throw new Error(what);
}
