// The key of an import under pseudonyms, held against what the dataset holds already: people of one dataset are all
// pseudonyms by one key, or none is.

import { existsSync, realpathSync } from 'node:fs';
import type { ImportRequest } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { ImportReport } from '../../events/index.ts';
import { openKey } from '../import/index.ts';

/**
 * @param before what is added to; null where nothing is
 * @returns null where ids stay as they are
 * @throws UserError where that would bring real ids among pseudonyms, or pseudonyms among real ids
 */
export function keyFor(
  { pseudonyms: path = null, files, dataset }: Pick<ImportRequest, 'pseudonyms' | 'files' | 'dataset'>,
  before: { readonly report: Pick<ImportReport, 'pseudonyms'> | null } | null,
  workspace: string,
): ReturnType<typeof openKey> | null {
  const mark = before?.report?.pseudonyms?.key ?? null;
  if (path === null) {
    if (mark === null) return null;
    throw new UserError(
      'PSEUDONYMS',
      `The people of "${dataset}" are pseudonyms (key ${mark}); these files would bring their real ids beside them, and nobody would be known again. Import with --pseudonyms KEYFILE, the file of that key.`,
    );
  }
  const isSame = (other: string) =>
    path === other || (existsSync(path) && existsSync(other) && realpathSync(path) === realpathSync(other));
  if ([workspace, ...files].some(isSame)) {
    throw new UserError('KEY_PLACE', `${path} cannot be the file of the key as well; name another.`);
  }
  if (before !== null && mark === null) {
    throw new UserError(
      'PSEUDONYMS',
      `The people of "${dataset}" have their real ids already; pseudonyms beside them would be other people. Import into a dataset of its own, or all files together with --replace.`,
    );
  }
  return openKey(path, mark);
}
