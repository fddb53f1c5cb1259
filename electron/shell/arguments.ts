// Which workspace a start is about: a double click hands its file over as an argument.

import { extname, resolve } from 'node:path';

/** The last `.foresend` file among a program's arguments; null where there is none. @param folder what it is relative to */
export function workspaceIn(args: readonly string[], folder: string): string | null {
  const path = args.findLast((one) => !one.startsWith('-') && isWorkspace(one));
  return path === undefined ? null : resolve(folder, path);
}

export function isWorkspace(path: string): boolean {
  return extname(path).toLowerCase() === '.foresend';
}
