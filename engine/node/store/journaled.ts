// Long work on a workspace, written down while it lasts.

import { existsSync } from 'node:fs';
import { doing } from './journal.ts';
import { Workspace } from './workspace.ts';

/**
 * A workspace that does not exist yet has nothing written down: where its first work is interrupted, none comes to be.
 * @param what as it is told where it was interrupted: `An import of orders.csv`
 */
export async function journaled<T>(path: string, what: string, job: () => Promise<T>): Promise<T> {
  if (!existsSync(path)) return job();
  const begun = using(path, (workspace) => workspace.begin(what));
  try {
    return await doing.run(begun, job);
  } finally {
    try {
      if (existsSync(path)) using(path, (workspace) => workspace.end(begun));
    } catch {
      // What came of the work is told already; this line stays until the process has ended.
    }
  }
}

/** @returns what was interrupted, each told once; nothing where the file is none, or cannot be read */
export function tellInterrupted(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    const reader = Workspace.open(path, { readonly: true });
    let found: ReturnType<Workspace['interrupted']>;
    try {
      found = reader.interrupted();
    } finally {
      reader.close();
    }
    if (found.length > 0) using(path, (workspace) => workspace.told(found));
    return found.map(({ message }) => message);
  } catch {
    // Whatever is wrong with the file is for the command that opens it to say.
    return [];
  }
}

function using<T>(path: string, job: (workspace: Workspace) => T): T {
  const workspace = Workspace.open(path);
  try {
    return job(workspace);
  } finally {
    workspace.close();
  }
}
