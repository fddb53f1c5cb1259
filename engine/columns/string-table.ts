// Many short texts in one buffer of UTF-8 bytes with offsets: ids of a million people without a million strings.
// Immutable; texts are in the order they were given.

const encoder = new TextEncoder();
/** A mark at the start of an id is part of the id; decoders drop it unless told to leave it. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class StringTable {
  /** UTF-8, concatenated. */
  readonly bytes: Uint8Array;
  /** Length n + 1, non-decreasing; text i lies in bytes[offsets[i], offsets[i + 1]). */
  readonly offsets: Uint32Array;

  constructor(bytes: Uint8Array, offsets: Uint32Array) {
    this.bytes = bytes;
    this.offsets = offsets;
  }

  static from(texts: readonly string[]): StringTable {
    const offsets = new Uint32Array(texts.length + 1);
    const parts = texts.map((text) => encoder.encode(text));
    let at = 0;
    for (let i = 0; i < parts.length; i++) {
      at += (parts[i] as Uint8Array).length;
      offsets[i + 1] = at;
    }
    const bytes = new Uint8Array(at);
    for (let i = 0; i < parts.length; i++) bytes.set(parts[i] as Uint8Array, offsets[i]);
    return new StringTable(bytes, offsets);
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  at(i: number): string {
    return decoder.decode(this.bytes.subarray(this.offsets[i], this.offsets[i + 1]));
  }

  /**
   * Where a text stands, or -1. The table must be sorted by `compareUtf8` (person ids are).
   */
  indexOfSorted(text: string): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      const order = compareUtf8(this.at(mid), text);
      if (order === 0) return mid;
      if (order < 0) low = mid + 1;
      else high = mid;
    }
    return -1;
  }
}

/** The order of the UTF-8 bytes (= of the code points), the same everywhere; JavaScript's own order is by UTF-16 unit. */
export function compareUtf8(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above everything else in the basic plane.
    if (x >= 0xd800 && y >= 0xd800) {
      if (x >= 0xe000) x -= 0x800;
      else x += 0x2000;
      if (y >= 0xe000) y -= 0x800;
      else y += 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}
