// The 128 buckets that every total is also returned by, so that any figure made of totals gets an interval by
// resampling buckets. Their hash is independent of the one that draws the holdout.

import { saltedHash, saltedHasher } from '../base/index.ts';
import type { StringTable } from '../columns/index.ts';

export const N_BUCKETS = 128;
/** Of the hash that draws the bucket: the salted hash's top 7 bits. */
export const BUCKET_SALT = 'foresend-buckets';

/** floor(128 × MurmurHash3 of `foresend-buckets` U+001F id / 2^32), for every id. */
export function bucketOf(ids: StringTable): Uint8Array {
  const hash = saltedHasher(BUCKET_SALT);
  const buckets = new Uint8Array(ids.length);
  for (let i = 0; i < buckets.length; i++) {
    buckets[i] = hash(ids.bytes, ids.offsets[i] as number, ids.offsets[i + 1] as number) >>> 25;
  }
  return buckets;
}

export function bucketOfId(id: string): number {
  return saltedHash(BUCKET_SALT, id) >>> 25;
}
