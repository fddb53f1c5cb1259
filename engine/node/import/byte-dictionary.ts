// Distinct texts as UTF-8 bytes, each with the code it got when it was first seen; a table of hashes finds them again. A
// million ids take a few arrays, not a million strings.

import { type Spill, SpilledTexts } from '../stored/index.ts';

const EMPTY = 0xffffffff;

export class ByteDictionary {
  /** How many there are. */
  length = 0;
  #bytes = new Uint8Array(1 << 12);
  #ends = new Uint32Array(1 << 8);
  #hashes = new Uint32Array(1 << 8);
  /** Codes by hash, open addressing; at most half full. */
  #slots = new Uint32Array(1 << 9).fill(EMPTY);

  /** What it holds in memory. */
  get byteLength(): number {
    return this.#bytes.length + 8 * this.#ends.length + 4 * this.#slots.length;
  }

  /** @param hash any function of these bytes @returns the code of bytes[from, to) */
  code(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = to - from;
    let at = spread(hash) & mask;
    for (;;) {
      const code = slots[at] as number;
      if (code === EMPTY) return this.#add(bytes, from, to, hash, at);
      if (this.#hashes[code] === hash) {
        const start = code === 0 ? 0 : (this.#ends[code - 1] as number);
        if ((this.#ends[code] as number) - start === length && this.#equals(start, bytes, from, to)) return code;
      }
      at = (at + 1) & mask;
    }
  }

  at(code: number): Uint8Array {
    return this.#bytes.subarray(code === 0 ? 0 : this.#ends[code - 1], this.#ends[code]);
  }

  /** Codes in the order of their bytes, and the place of each code in that order. */
  sorted(): { readonly order: Uint32Array; readonly places: Uint32Array } {
    const order = orderOfBytes(this.length, this.#bytes, this.#ends);
    const places = new Uint32Array(this.length);
    for (let place = 0; place < order.length; place++) places[order[place] as number] = place;
    return { order, places };
  }

  /** The texts in an order, those in use by their place in it. */
  texts(order: Uint32Array, used: Uint8Array, spill: Spill): SpilledTexts {
    const texts = new SpilledTexts(spill);
    for (let place = 0; place < order.length; place++) {
      if (used[place] === 1) texts.appendBytes(this.at(order[place] as number));
    }
    return texts;
  }

  #equals(start: number, bytes: Uint8Array, from: number, to: number): boolean {
    const own = this.#bytes;
    for (let i = from, j = start; i < to; i++, j++) if (own[j] !== bytes[i]) return false;
    return true;
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const code = this.length++;
    const start = code === 0 ? 0 : (this.#ends[code - 1] as number);
    const end = start + to - from;
    if (end > this.#bytes.length) this.#bytes = larger(this.#bytes, Math.max(end, 2 * this.#bytes.length));
    for (let i = from, j = start; i < to; i++, j++) this.#bytes[j] = bytes[i] as number;
    if (code === this.#ends.length) {
      this.#ends = larger(this.#ends, 2 * code);
      this.#hashes = larger(this.#hashes, 2 * code);
    }
    this.#ends[code] = end;
    this.#hashes[code] = hash;
    this.#slots[slot] = code;
    if (2 * this.length > this.#slots.length) this.#rehash();
    return code;
  }

  #rehash(): void {
    const slots = new Uint32Array(2 * this.#slots.length).fill(EMPTY);
    const mask = slots.length - 1;
    for (let code = 0; code < this.length; code++) {
      let at = spread(this.#hashes[code] as number) & mask;
      while (slots[at] !== EMPTY) at = (at + 1) & mask;
      slots[at] = code;
    }
    this.#slots = slots;
  }
}

/** Neighbouring hashes far from each other. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function larger<T extends Uint8Array | Uint32Array>(array: T, length: number): T {
  const made = new (array.constructor as { new (length: number): T })(length);
  made.set(array);
  return made;
}

/** The first five bytes as one number decide most comparisons. */
function orderOfBytes(n: number, bytes: Uint8Array, ends: Uint32Array): Uint32Array {
  const startOf = (code: number) => (code === 0 ? 0 : (ends[code - 1] as number));
  const keys = new Float64Array(n);
  for (let code = 0; code < n; code++) {
    const [start, end] = [startOf(code), ends[code] as number];
    let key = 0;
    // A byte that is not there comes before all others.
    for (let i = start; i < start + 5; i++) key = key * 257 + (i < end ? (bytes[i] as number) + 1 : 0);
    keys[code] = key;
  }
  const compare = (a: number, b: number) => {
    const difference = (keys[a] as number) - (keys[b] as number);
    if (difference !== 0) return difference;
    const [startA, startB] = [startOf(a), startOf(b)];
    const [endA, endB] = [ends[a] as number, ends[b] as number];
    for (let i = startA, j = startB; i < endA && j < endB; i++, j++) {
      const other = (bytes[i] as number) - (bytes[j] as number);
      if (other !== 0) return other;
    }
    return endA - startA - (endB - startB);
  };
  return Uint32Array.from(keys, (_, code) => code).sort(compare);
}
