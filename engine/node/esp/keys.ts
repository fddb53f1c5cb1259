// A service's key: of the process's environment, or given in the window and held in this process's memory until it ends.
// It is put into requests to the service and nowhere else: no log, plan, state, error or workspace has it.

import { UserError } from '../../base/index.ts';

export class SessionKey {
  readonly #variable: string;
  #given: string | null = null;

  /** @param variable of the environment, which comes before what is given */
  constructor(variable: string) {
    this.#variable = variable;
  }

  get from(): 'environment' | 'session' | null {
    if (this.#ofEnvironment() !== null) return 'environment';
    return this.#given === null ? null : 'session';
  }

  /** @param key null forgets it. @throws UserError where it cannot be one */
  set(key: string | null): void {
    const bare = key?.trim() ?? null;
    if (bare !== null && !/^[\x21-\x7e]+$/.test(bare)) {
      throw new UserError('BAD_KEY', 'That is no key: a key has no spaces and only plain characters. Copy it again.');
    }
    this.#given = bare;
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
