// Marks of two words (low, high), of which 53 bits are compared: among 100 million the odds that any two that differ look
// alike are below one half, and then one row in all is taken for another.

import { piecesOf, type Sliced } from '../stored/index.ts';

/** 53 of the 64 bits of the mark at a place, as a number; 0 for none. */
export function wordOf(marks: Uint32Array | null, place: number): number {
  if (marks === null) return 0;
  return (marks[2 * place] as number) + ((marks[2 * place + 1] as number) & 0x1fffff) * 4294967296;
}

/** Marks that are sorted at once. */
const AT_ONCE = 1 << 22;

/**
 * Which of the second marks are among the first; 0 is none. Held are some of the first at a time, and a byte for each of
 * the second.
 * @param atOnce how many of the first, about
 * @returns 1 for each that is; null where none can be
 */
export async function idsAmong(
  first: Sliced<Uint32Array> | null,
  second: Sliced<Uint32Array> | null,
  breathe: () => Promise<void>,
  atOnce = AT_ONCE,
): Promise<Uint8Array | null> {
  if (first === null || second === null) return null;
  const among = new Uint8Array(second.length / 2);
  const nPasses = Math.max(1, Math.ceil(first.length / 2 / atOnce));
  for (let pass = 0; pass < nPasses; pass++) {
    // Marks are spread evenly, so that each pass has about as many.
    let some = new Uint32Array(Math.min(first.length, 2 * atOnce));
    let used = 0;
    for (const piece of piecesOf(first)) {
      for (let i = 0; i < piece.length; i += 2) {
        if ((piece[i] as number) % nPasses !== pass) continue;
        if (used === some.length) some = withRoom(some);
        some[used] = piece[i] as number;
        some[used + 1] = piece[i + 1] as number;
        used += 2;
      }
      await breathe();
    }
    const isThere = markIn(some.subarray(0, used));
    let row = 0;
    for (const piece of piecesOf(second)) {
      for (let i = 0; i < piece.length; i += 2, row++) {
        if ((piece[i] as number) % nPasses === pass && isThere(wordOf(piece, i / 2))) among[row] = 1;
      }
      await breathe();
    }
  }
  return among;
}

function withRoom(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(words.length + (words.length >> 1) + 2);
  more.set(words);
  return more;
}

/** @returns whether a mark is among them; 0 is none */
export function markIn(marks: Uint32Array | null): (word: number) => boolean {
  if (marks === null) return () => false;
  const n = marks.length / 2;
  // Sorted, for a set holds no more than 2^24.
  const sorted = new Float64Array(n);
  for (let place = 0; place < n; place++) sorted[place] = wordOf(marks, place);
  sorted.sort();
  return (word) => {
    if (word === 0) return false;
    let from = 0;
    let to = n;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((sorted[middle] as number) < word) from = middle + 1;
      else to = middle;
    }
    return sorted[from] === word;
  };
}
