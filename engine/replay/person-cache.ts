// What a history says of its people that no setting of a workflow changes, worked out once and kept with the history.

import { saltedHasher } from '../base/index.ts';
import { type History, type Reach, reachability } from '../events/index.ts';

const reaches = new WeakMap<History, Map<string, Reach>>();
const fractions = new WeakMap<History, ArmFractions>();

/** @param addressProperty as in `reach.address` */
export function reachOf(history: History, addressProperty: string): Reach {
  let byAddress = reaches.get(history);
  if (byAddress === undefined) reaches.set(history, (byAddress = new Map()));
  let reach = byAddress.get(addressProperty);
  if (reach === undefined) byAddress.set(addressProperty, (reach = reachability(history, addressProperty)));
  return reach;
}

/** Whether anyone's property was set or removed by observedUntil: a dataset that records withdrawals tracks consent. */
export function isTrackedIn({ changes, observedUntil }: History, property: string): boolean {
  const code = changes.propertyNames.indexOf(property);
  if (code < 0) return false;
  for (let i = 0; i < changes.properties.length; i++) {
    if (changes.properties[i] === code && (changes.times[i] as number) <= observedUntil) return true;
  }
  return false;
}

/** Each person's salted hash as a fraction in [0, 1), worked out when first asked for. */
export class ArmFractions {
  readonly salt: string;
  readonly #ids: History['personIds'];
  readonly #hash: ReturnType<typeof saltedHasher>;
  /** -1: not asked for yet. */
  readonly #known: Float64Array;

  constructor(history: History, salt: string) {
    this.salt = salt;
    this.#ids = history.personIds;
    this.#hash = saltedHasher(salt);
    this.#known = new Float64Array(history.nPersons).fill(-1);
  }

  of(person: number): number {
    const known = this.#known[person] as number;
    return known >= 0 ? known : this.#draw(person);
  }

  #draw(person: number): number {
    const { bytes, offsets } = this.#ids;
    const fraction = this.#hash(bytes, offsets[person] as number, offsets[person + 1] as number) / 4294967296;
    this.#known[person] = fraction;
    return fraction;
  }
}

/** One salt is kept per history. */
export function armFractions(history: History, salt: string): ArmFractions {
  let kept = fractions.get(history);
  if (kept?.salt !== salt) fractions.set(history, (kept = new ArmFractions(history, salt)));
  return kept;
}
