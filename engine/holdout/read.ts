// Cells of a results file as numbers. What cannot be read is NaN, which the analysis refuses with its place.

const YES = new Set(['1', 'true', 'yes', 'y', 't']);
const NO = new Set(['0', 'false', 'no', 'n', 'f']);

/** `1`, `true`, `yes` and their opposites, in any case; other numbers as they are; NaN for the rest and for nothing. */
export function readOutcome(text: string): number {
  const word = text.trim().toLowerCase();
  if (YES.has(word)) return 1;
  if (NO.has(word)) return 0;
  return readAmount(word);
}

/** A plain decimal number such as `1234.50` or `-3e2`; NaN for the rest and for nothing. */
export function readAmount(text: string): number {
  const word = text.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
}
