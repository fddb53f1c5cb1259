// What the program remembers between two starts: small JSON files in its own folder. One that is missing, cut off or of
// another shape is as none; one that cannot be written costs a memory, never a start.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export function readKept(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}

/** Written beside and put in place, so that a crash leaves the old or the new. @returns whether it could be kept */
export function writeKept(path: string, value: unknown): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`);
    renameSync(`${path}.new`, path);
    return true;
  } catch {
    return false;
  }
}
