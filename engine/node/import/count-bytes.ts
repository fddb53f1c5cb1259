// How often two bytes occur, four bytes at a time: a byte that equals the one looked for becomes 0 under XOR, and zeros
// in a word of 32 bits are found without a branch. Counts of the four lanes are summed before any can overflow.

const LOW = 0x7f7f7f7f;
/** Words that are counted before a lane of 8 bits could be full. */
const TURN = 255;

export function countBytes(bytes: Uint8Array, from: number, to: number, a: number, b: number): [number, number] {
  let [nA, nB] = [0, 0];
  let i = from;
  const aligned = Math.min(to, from + ((4 - ((bytes.byteOffset + from) & 3)) & 3));
  for (; i < aligned; i++) {
    if (bytes[i] === a) nA++;
    else if (bytes[i] === b) nB++;
  }
  // What ends before it is aligned has no words.
  const words = i < to ? new Uint32Array(bytes.buffer, bytes.byteOffset + i, (to - i) >>> 2) : new Uint32Array(0);
  const [everyA, everyB] = [Math.imul(a, 0x01010101), Math.imul(b, 0x01010101)];
  for (let w = 0; w < words.length; ) {
    const end = Math.min(words.length, w + TURN);
    let [sumA, sumB] = [0, 0];
    for (; w < end; w++) {
      const word = words[w] as number;
      sumA = (sumA + zeros(word ^ everyA)) | 0;
      sumB = (sumB + zeros(word ^ everyB)) | 0;
    }
    nA += lanes(sumA);
    nB += lanes(sumB);
  }
  for (i += words.length * 4; i < to; i++) {
    if (bytes[i] === a) nA++;
    else if (bytes[i] === b) nB++;
  }
  return [nA, nB];
}

/** 1 in each lane that is 0. */
function zeros(word: number): number {
  return ~(((word & LOW) + LOW) | 0 | word | LOW) >>> 7;
}

function lanes(sum: number): number {
  return (sum & 255) + ((sum >>> 8) & 255) + ((sum >>> 16) & 255) + (sum >>> 24);
}
