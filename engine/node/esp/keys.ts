// A service's key: of the process's environment, or from the window, which may have it from the system's keychain. It is
// held in this process's memory until it ends.
// It is put into requests to the service and nowhere else: no log, plan, state, error or workspace has it.

import { UserError } from '../../base/index.ts';

export type KeySource = 'environment' | 'keychain' | 'session';

export class SessionKey {
  readonly #variable: string;
  #given: string | null = null;
  #isKept = false;

  /**
   * @param variable of the environment, which comes before what is given
   * @param kept what the keychain has; null: nothing
   */
  constructor(variable: string, kept: string | null = null) {
    this.#variable = variable;
    this.#given = kept;
    this.#isKept = kept !== null;
  }

  get from(): KeySource | null {
    if (this.#ofEnvironment() !== null) return 'environment';
    if (this.#given === null) return null;
    return this.#isKept ? 'keychain' : 'session';
  }

  /** @param key null forgets it. @param isKept it is in the keychain, too. @throws UserError where it cannot be one */
  set(key: string | null, isKept = false): void {
    const bare = key?.trim() ?? null;
    if (bare !== null && !/^[\x21-\x7e]+$/.test(bare)) {
      throw new UserError('BAD_KEY', 'That is no key: a key has no spaces and only plain characters. Copy it again.');
    }
    this.#given = bare;
    this.#isKept = isKept;
  }

  /** @throws UserError `NO_KEY` */
  read(): string {
    const key = this.#ofEnvironment() ?? this.#given;
    if (key !== null) return key;
    throw new UserError('NO_KEY', `There is no key: set ${this.#variable}, or give one here.`);
  }

  #ofEnvironment(): string | null {
    const value = process.env[this.#variable]?.trim() ?? '';
    return value === '' ? null : value;
  }
}
