// Who is held out. A pure function of salt and id, so that it is the same in every run, on every machine and at the
// email service; a larger fraction only adds people, and two salts are independent. Every other use of hashing
// (resampling buckets, random draws) has a salt of its own.

import { assert, SALT_SEPARATOR, saltedHash } from '../base/index.ts';

export type Arm = 'treated' | 'holdout';

/**
 * The place of an id between 0 and 1: MurmurHash3_x86_32 of `salt + U+001F + id` over 2³², seed 0.
 * @param salt without U+001F; another salt is another shuffle
 * @param id byte-exact: normalise it once, before the first assignment, and never differently
 * @returns 0 ≤ u < 1
 */
export function assignmentPlace(salt: string, id: string): number {
  assert(!salt.includes(SALT_SEPARATOR), 'a salt must not contain U+001F');
  return saltedHash(salt, id) / 2 ** 32;
}

/** Held out exactly where the id's place is below the fraction. @param fraction 0 … 1; 0 holds nobody out, 1 everybody */
export function assignArm(salt: string, id: string, fraction: number): Arm {
  assert(fraction >= 0 && fraction <= 1, `the fraction held out lies between 0 and 1, got ${fraction}`);
  return assignmentPlace(salt, id) < fraction ? 'holdout' : 'treated';
}
