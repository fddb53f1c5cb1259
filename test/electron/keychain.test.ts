// The keychain over a stand-in for the system's: what lies on the disk is what that made, and no more.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keychain, type SafeStorage } from '../../electron/keychain.ts';

const KEY = 'pk_0123456789abcdef';
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foresend-keys-'));
  path = join(folder, 'deep', 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Turns every byte over; only the same user can turn it back. */
function storage(user = 1, parts: Partial<SafeStorage> = {}): SafeStorage {
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0xff));
  return {
    isEncryptionAvailable: () => true,
    encryptString: (text) => Buffer.concat([Buffer.from([user]), turned(Buffer.from(text, 'utf8'))]),
    decryptString: (bytes) => {
      if (bytes[0] !== user) throw new Error('not yours');
      return turned(bytes.subarray(1)).toString('utf8');
    },
    ...parts,
  };
}

describe('the keychain', () => {
  it('gives back what it kept, to another start of the program, and lets go of it', () => {
    const keychain = new Keychain(path, storage());
    expect([keychain.all(), keychain.keep('klaviyo', KEY), keychain.keep('other', 'x')]).toEqual([{}, true, true]);
    expect(new Keychain(path, storage()).all()).toEqual({ klaviyo: KEY, other: 'x' });
    expect(readFileSync(path, 'utf8')).not.toContain(KEY);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(keychain.keep('klaviyo', null)).toBe(true);
    expect(new Keychain(path, storage()).all()).toEqual({ other: 'x' });
  });

  it.each([
    ['there is no encryption', { isEncryptionAvailable: () => false }],
    ['what there is encrypts nothing', { getSelectedStorageBackend: () => 'basic_text' }],
  ])('keeps nothing where %s', (_, parts) => {
    const keychain = new Keychain(path, storage(1, parts));
    expect([keychain.keep('klaviyo', KEY), keychain.all()]).toEqual([false, {}]);
    expect(() => statSync(path)).toThrow();
  });

  it('takes a key of somebody else, or a file that is none, as no key', () => {
    new Keychain(path, storage(2)).keep('klaviyo', KEY);
    expect(new Keychain(path, storage(1)).all()).toEqual({});
    for (const text of ['', '{', '[1]', '{"klaviyo":7}', 'null']) {
      writeFileSync(path, text);
      expect(new Keychain(path, storage()).all(), text).toEqual({});
    }
    expect(new Keychain(path, storage()).keep('klaviyo', KEY)).toBe(true);
  });
});
