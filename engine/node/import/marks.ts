// Marks of two words (low, high), of which 53 bits are compared: among 100 million the odds that any two that differ look
// alike are below one half, and then one row in all is taken for another.

/** 53 of the 64 bits of the mark at a place, as a number; 0 for none. */
export function wordOf(marks: Uint32Array | null, place: number): number {
  if (marks === null) return 0;
  return (marks[2 * place] as number) + ((marks[2 * place + 1] as number) & 0x1fffff) * 4294967296;
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
