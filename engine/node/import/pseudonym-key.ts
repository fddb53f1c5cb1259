// The file of a pseudonym key: the user's own, beside nothing else, readable by its owner only, never in a workspace.
// Whoever has it can tell whether a pseudonym is a given person; without it nobody can, and no later file joins.

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { UserError } from '../../base/index.ts';
import { fileError } from '../files.ts';
import { keyOf, type PseudonymKey } from './pseudonyms.ts';

const HEAD = 'Foresend pseudonym key 1';
const SECRET = /^[0-9a-f]{64}$/;
const MOST_BYTES = 4096;

export interface KeyFile extends PseudonymKey {
  readonly path: string;
  readonly isNew: boolean;
  /** What should be known about the file, in words. */
  readonly warnings: readonly string[];
}

/**
 * @param mark of the key that people were replaced with before; null where there is none, and a missing file is made
 * @throws UserError where the file is none of a key, is of another key, or cannot be read or made
 */
export function openKey(path: string, mark: string | null): KeyFile {
  if (!existsSync(path)) {
    if (mark !== null) {
      throw new UserError(
        'NO_KEY',
        `There is no file ${path}. The dataset's people are pseudonyms by a key (mark ${mark}); name the file that holds it, for with another key nobody would be known again.`,
      );
    }
    const secret = randomBytes(32);
    try {
      writeFileSync(
        path,
        `${HEAD}\nKeep it apart from the data: who has both can tell people.\n${secret.toString('hex')}\n`,
        {
          mode: 0o600,
          flag: 'wx',
        },
      );
    } catch (error) {
      throw fileError(error, path);
    }
    return { ...keyOf(secret), path, isNew: true, warnings: [] };
  }
  const { text, mode } = readKey(path);
  const secret = text.split(/\r?\n/).find((line) => SECRET.test(line));
  if (!text.startsWith(HEAD) || secret === undefined) {
    throw new UserError(
      'NO_KEY',
      `${path} holds no pseudonym key. Name the file of a key, or one that does not exist yet: it is made then.`,
    );
  }
  const key = keyOf(Buffer.from(secret, 'hex'));
  if (mark !== null && key.mark !== mark) {
    throw new UserError(
      'OTHER_KEY',
      `The dataset's people are pseudonyms by another key (mark ${mark}) than that in ${path} (mark ${key.mark}): nobody would be known again. Name the file of that key, or import into a dataset of its own.`,
    );
  }
  const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0;
  const warnings = isOpen
    ? [`The key in ${path} may be read by others on this computer; chmod 600 ${path} leaves it to you.`]
    : [];
  return { ...key, path, isNew: false, warnings };
}

function readKey(path: string): { readonly text: string; readonly mode: number } {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw fileError(error, path);
  }
  try {
    const bytes = Buffer.alloc(MOST_BYTES);
    const { mode } = fstatSync(file);
    return { text: bytes.toString('utf8', 0, readSync(file, bytes, 0, MOST_BYTES, 0)), mode };
  } catch (error) {
    throw fileError(error, path);
  } finally {
    closeSync(file);
  }
}
