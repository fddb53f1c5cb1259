// Keys of email services, encrypted by the system's keychain and kept in one file of the program's own folder. Where the
// system has no keychain, nothing is kept: a file that anybody can read is none.

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What of Electron's `safeStorage` is used here. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
  /** On Linux alone; `basic_text` is no encryption. */
  getSelectedStorageBackend?(): string;
}

export type Keys = Readonly<Record<string, string>>;

export class Keychain {
  readonly #path: string;
  readonly #storage: SafeStorage;

  /** @param path the file; its folder is made when a key is kept */
  constructor(path: string, storage: SafeStorage) {
    this.#path = path;
    this.#storage = storage;
  }

  /** To be asked after the program is ready. */
  get isUsable(): boolean {
    return this.#storage.isEncryptionAvailable() && this.#storage.getSelectedStorageBackend?.() !== 'basic_text';
  }

  /** Those that can be read; a key that another user or system encrypted is as none. */
  all(): Keys {
    if (!this.isUsable) return {};
    return Object.fromEntries(
      Object.entries(this.#kept()).flatMap(([vendor, encrypted]) => {
        try {
          return [[vendor, this.#storage.decryptString(Buffer.from(encrypted, 'base64'))]];
        } catch {
          return [];
        }
      }),
    );
  }

  /** @param key null takes it away. @returns false where it is not kept, since there is no keychain */
  keep(vendor: string, key: string | null): boolean {
    const { [vendor]: _, ...others } = this.#kept();
    if (key === null) {
      if (_ !== undefined) this.#write(others);
      return true;
    }
    if (!this.isUsable) return false;
    this.#write({ ...others, [vendor]: this.#storage.encryptString(key).toString('base64') });
    return true;
  }

  #kept(): Keys {
    if (!existsSync(this.#path)) return {};
    try {
      const value = JSON.parse(readFileSync(this.#path, 'utf8')) as unknown;
      if (typeof value !== 'object' || value === null) return {};
      return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
    } catch {
      return {};
    }
  }

  #write(keys: Keys): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const passing = `${this.#path}.new`;
    writeFileSync(passing, `${JSON.stringify(keys)}\n`, { mode: 0o600 });
    renameSync(passing, this.#path);
  }
}
