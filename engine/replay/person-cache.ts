// What a history says of its people that no setting of a workflow changes, worked out once and kept with the history.

import { murmur3, SALT_SEPARATOR } from '../base/index.ts';
import { BUCKET_SALT, type History, type Reach, reachability } from '../events/index.ts';

const reaches = new WeakMap<History, Map<string, Reach>>();
const fractions = new WeakMap<History, Map<string, ArmFractions>>();
const buckets = new WeakMap<History, Buckets>();

/** @param addressProperty as in `reach.address` */
export function reachOf({ whole: history }: History, addressProperty: string): Reach {
  let byAddress = reaches.get(history);
  if (byAddress === undefined) reaches.set(history, (byAddress = new Map()));
  let reach = byAddress.get(addressProperty);
  if (reach === undefined) byAddress.set(addressProperty, (reach = reachability(history, addressProperty)));
  return reach;
}

/** Whether anyone's property was set or removed by observedUntil: a dataset that records withdrawals tracks consent. */
export function isTrackedIn({ whole: { changes, observedUntil } }: History, property: string): boolean {
  const code = changes.propertyNames.indexOf(property);
  if (code < 0) return false;
  for (let i = 0; i < changes.properties.length; i++) {
    if (changes.properties[i] === code && (changes.times[i] as number) <= observedUntil) return true;
  }
  return false;
}

/** Who is in the holdout by a salt, worked out when first asked for. */
export class ArmFractions {
  readonly salt: string;
  readonly #hashes: SaltedIds;
  /** Each person's salted hash as a fraction in [0, 1); -1: not asked for yet. */
  readonly #known: Float64Array;

  constructor(history: History, salt: string) {
    this.salt = salt;
    this.#hashes = new SaltedIds(history, salt);
    this.#known = new Float64Array(history.nPersons).fill(-1);
  }

  /** 1 where the person's fraction lies below `fraction`, else 0. */
  arm(person: number, fraction: number): number {
    return this.of(person) < fraction ? 1 : 0;
  }

  /** The person's salted hash as a fraction in [0, 1). */
  of(person: number): number {
    if ((this.#known[person] as number) < 0) this.#draw(person);
    return this.#known[person] as number;
  }

  #draw(person: number): void {
    this.#known[person] = this.#hashes.of(person) / 4294967296;
  }
}

/** Salts kept per history, enough for a programme; the least lately used goes first. */
const KEPT_SALTS = 8;

export function armFractions(history: History, salt: string): ArmFractions {
  let bySalt = fractions.get(history);
  if (bySalt === undefined) fractions.set(history, (bySalt = new Map()));
  const kept = bySalt.get(salt) ?? new ArmFractions(history, salt);
  bySalt.delete(salt);
  bySalt.set(salt, kept);
  if (bySalt.size > KEPT_SALTS) bySalt.delete(bySalt.keys().next().value as string);
  return kept;
}

/** The resampling bucket of each person, worked out when first asked for: most people of a history never come to count. */
export class Buckets {
  readonly #hashes: SaltedIds;
  readonly #known: Uint8Array;

  constructor(history: History) {
    this.#hashes = new SaltedIds(history, BUCKET_SALT);
    this.#known = new Uint8Array(history.nPersons).fill(UNKNOWN);
  }

  of(person: number): number {
    const known = this.#known[person] as number;
    return known === UNKNOWN ? this.#draw(person) : known;
  }

  #draw(person: number): number {
    const bucket = this.#hashes.of(person) >>> 25;
    this.#known[person] = bucket;
    return bucket;
  }
}

const UNKNOWN = 255;

export function bucketsIn(history: History): Buckets {
  let kept = buckets.get(history);
  if (kept === undefined) buckets.set(history, (kept = new Buckets(history)));
  return kept;
}

/** `saltedHasher` for the ids of one history, without a closure: a method is inlined, and its result never boxed. */
class SaltedIds {
  readonly #bytes: Uint8Array;
  readonly #offsets: Uint32Array;
  readonly #prefix: number;
  /** The salt, its separator, and room for the longest id. */
  readonly #salted: Uint8Array;

  constructor({ personIds: { bytes, offsets } }: History, salt: string) {
    const prefix = new TextEncoder().encode(salt + SALT_SEPARATOR);
    let longest = 0;
    for (let i = 1; i < offsets.length; i++) {
      longest = Math.max(longest, (offsets[i] as number) - (offsets[i - 1] as number));
    }
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#prefix = prefix.length;
    this.#salted = new Uint8Array(prefix.length + longest);
    this.#salted.set(prefix);
  }

  of(person: number): number {
    const bytes = this.#bytes;
    const salted = this.#salted;
    const to = this.#offsets[person + 1] as number;
    let end = this.#prefix;
    for (let i = this.#offsets[person] as number; i < to; i++) salted[end++] = bytes[i] as number;
    return murmur3(salted, 0, 0, end);
  }
}
