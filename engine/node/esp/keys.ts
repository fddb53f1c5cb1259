// A service's key, and where the service is: of the process's environment, or from the window, which may have both from
// the system's keychain. They are held in this process's memory until it ends: an address out of a file that somebody
// sent could lead the key elsewhere. The key is put into requests to the service and nowhere else: no log, plan, state, error or workspace has it.

import type { EspAddress } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';

export type KeySource = 'environment' | 'keychain' | 'session';

export class SessionKey {
  readonly #variable: string;
  #given: string | null = null;
  #isKept = false;
  #address: EspAddress;

  /**
   * @param variable of the environment, which comes before what is given
   * @param kept what the keychain has; null: nothing
   * @param keptAddress what the keychain has of the address, as JSON
   */
  constructor(variable: string, kept: string | null = null, keptAddress: string | null = null) {
    this.#variable = variable;
    this.#given = kept;
    this.#isKept = kept !== null;
    this.#address = readAddress(keptAddress);
  }

  get address(): EspAddress {
    return this.#address;
  }

  /** @throws UserError where the key would go out unencrypted, or to no address at all */
  setAddress({ url, events }: EspAddress): void {
    this.#address = { url: url === null ? null : checkedUrl(url.trim()), events };
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
    if (bare === null) this.#address = USUAL;
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

const USUAL: EspAddress = { url: null, events: null };

/** What cannot be read is as none. */
function readAddress(text: string | null): EspAddress {
  if (text === null) return USUAL;
  try {
    const { url, events } = Object(JSON.parse(text)) as Partial<Record<keyof EspAddress, unknown>>;
    const { account, key } = Object(events) as { readonly account?: unknown; readonly key?: unknown };
    return {
      url: typeof url === 'string' ? checkedUrl(url) : null,
      events: typeof account === 'string' && typeof key === 'string' ? { account, key } : null,
    };
  } catch {
    return USUAL;
  }
}

function checkedUrl(text: string): string {
  const wrong = (why: string) => new UserError('BAD_ADDRESS', `"${text}" ${why}`);
  if (!URL.canParse(text)) throw wrong('is no address; it begins with https://.');
  const url = new URL(text);
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere)) {
    throw wrong('would send the key unencrypted; it begins with https://.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw wrong('has more than an address: no name, no password, no question mark.');
  }
  return text;
}
