// Where there is no room for temporary files, in words: which place that is, and how another is named.

import { tmpdir } from 'node:os';
import { UserError } from '../base/index.ts';

/** How another folder is named, to follow "or". */
export const OTHER_TEMPORARY =
  'start Foresend with TMPDIR (on Windows TEMP) set to a folder on a disk that has more of it';

export function temporaryFull(): UserError {
  return new UserError(
    'DISK_FULL',
    `The disk for temporary files (${tmpdir()}) is full; nothing was imported. Make room there, or ${OTHER_TEMPORARY}.`,
  );
}
