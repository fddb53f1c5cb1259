// Where a label has room: beside its point, and over nothing that is written already.

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Of a line of 11 px, px. */
const HALF_HEIGHT = 7;
const GAP = 5;

/** About, and rather more than less: of text at 11 px. */
export function textWidth(words: string): number {
  return 6 * words.length;
}

export interface Place {
  readonly side: 'left' | 'right';
  /** Of the text's middle from the point, px. */
  readonly dy: number;
  readonly box: Box;
}

/**
 * The first place beside a point that is free: above it to the right, below it to the left, then the other two.
 * @param isFree whether nothing is written or drawn there already @param plot what it has to stay in
 * @returns null where none is
 */
export function freePlace(
  { x, y }: { readonly x: number; readonly y: number },
  words: string,
  isFree: (box: Box) => boolean,
  plot: Box,
): Place | null {
  const width = textWidth(words);
  for (const [side, dy] of PLACES) {
    const left = side === 'right' ? x + GAP : x - GAP - width;
    const middle = y + dy;
    const box = { left, right: left + width, top: middle - HALF_HEIGHT, bottom: middle + HALF_HEIGHT };
    const isIn = box.left >= plot.left && box.right <= plot.right && box.top >= plot.top && box.bottom <= plot.bottom;
    if (isIn && isFree(box)) return { side, dy, box };
  }
  return null;
}

const PLACES = [
  ['right', -9],
  ['left', 11],
  ['left', -11],
  ['right', 11],
] as const;

/** Whether they have more than an edge in common. */
export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
