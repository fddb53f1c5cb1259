// Names of files in the making, and of folders for a while: with the mark of the process that makes them. What a process
// that was ended left is swept by the next that makes anything in the same folder.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { isRunning, processMark } from './process-mark.ts';

const NAME = /\.partial-([0-9a-f]+-\d+-\w*)-\d+-\d+(\.[a-z]+|-journal|-wal|-shm)*$/;
let made = 0;

/** A name nobody else uses, for what will be renamed to `path` once it is whole. Sweeps the folder. */
export function unfinished(path: string): string {
  sweepUnfinished(dirname(path));
  return join(dirname(path), `${basename(path)}.partial-${processMark()}-${threadId}-${++made}`);
}

/** A new folder of one's own, to be removed when it is no longer needed. @param parent exists */
export function passingFolder(parent: string, name: string): string {
  const folder = unfinished(join(parent, name));
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Whether this is a file in the making, whoever makes it. */
export function isUnfinished(name: string): boolean {
  return NAME.test(name);
}

/** Removes what processes that no longer run left half made. What cannot be removed stays. */
export function sweepUnfinished(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const [, mark] = NAME.exec(name) ?? [];
    if (mark === undefined || isRunning(mark)) continue;
    try {
      rmSync(join(folder, name), { force: true, recursive: true });
    } catch {
      // Somebody else's, or swept by another this very moment.
    }
  }
}
