// A long job on a workspace that may not be there yet: a new one has its name only once the job is done, so that nothing is
// left of a job that fails, is cancelled or is ended.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../base/index.ts';
import { unfinished } from '../unfinished.ts';
import { makeFile, putInPlace, removeFile } from './format.ts';
import { Workspace } from './workspace.ts';

/** @param job may be called again, where another process made the workspace in the meantime */
export async function inWorkspace<T>(path: string, job: (workspace: Workspace) => Promise<T>): Promise<T> {
  if (existsSync(path)) return using(Workspace.open(path), job);
  if (!existsSync(dirname(path))) {
    throw new UserError('NO_FOLDER', `There is no folder ${dirname(path)} to make a workspace in.`);
  }
  const making = unfinished(path);
  try {
    makeFile(making, path);
    const done = await using(Workspace.open(making, { becomes: path }), job);
    try {
      putInPlace(making, path);
      return done;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  } finally {
    removeFile(making);
  }
  return using(Workspace.open(path), job);
}

async function using<T>(workspace: Workspace, job: (workspace: Workspace) => Promise<T>): Promise<T> {
  try {
    return await job(workspace);
  } finally {
    workspace.close();
  }
}
