// MurmurHash3_x86_32 (Austin Appleby, public domain), over bytes. Used for arms, buckets and common random numbers;
// each use has its own salt, so that one says nothing about another. Values: SMHasher verification 0xB0F57EE3.

const utf8 = new TextEncoder();

/** Separates salt and id, and must occur in neither salt. */
export const SALT_SEPARATOR = '\u001f';

/** @returns an unsigned 32-bit integer; the hash of `bytes[from, to)` */
export function murmur3(bytes: Uint8Array, seed = 0, from = 0, to = bytes.length): number {
  const length = to - from;
  const tail = from + (length & ~3);
  let h = seed | 0;
  for (let i = from; i < tail; i += 4) {
    let k =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    k = Math.imul(k, 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    h ^= Math.imul(k, 0x1b873593);
    h = (h << 13) | (h >>> 19);
    h = (Math.imul(h, 5) + 0xe6546b64) | 0;
  }
  let k = 0;
  switch (length & 3) {
    // biome-ignore lint/suspicious/noFallthroughSwitchClause: the tail is read from its end, as in the original
    case 3:
      k ^= (bytes[tail + 2] as number) << 16;
    // biome-ignore lint/suspicious/noFallthroughSwitchClause: as above
    case 2:
      k ^= (bytes[tail + 1] as number) << 8;
    case 1:
      k ^= bytes[tail] as number;
      k = Math.imul(k, 0xcc9e2d51);
      k = (k << 15) | (k >>> 17);
      h ^= Math.imul(k, 0x1b873593);
  }
  h ^= length;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

export function murmur3Text(text: string, seed = 0): number {
  return murmur3(utf8.encode(text), seed);
}

/**
 * A hasher of `salt + U+001F + id` for many ids under one salt.
 * @returns a function from the id's UTF-8 bytes `[from, to)` to an unsigned 32-bit integer
 */
export function saltedHasher(salt: string): (bytes: Uint8Array, from: number, to: number) => number {
  const prefix = utf8.encode(salt + SALT_SEPARATOR);
  let buffer = new Uint8Array(prefix.length + 256);
  buffer.set(prefix);
  return (bytes, from, to) => {
    const length = prefix.length + to - from;
    if (length > buffer.length) {
      buffer = new Uint8Array(length * 2);
      buffer.set(prefix);
    }
    for (let i = from, j = prefix.length; i < to; i++, j++) buffer[j] = bytes[i] as number;
    return murmur3(buffer, 0, 0, length);
  };
}

/** The hash of `salt + U+001F + id`, as an unsigned 32-bit integer. */
export function saltedHash(salt: string, id: string): number {
  return murmur3Text(salt + SALT_SEPARATOR + id);
}
