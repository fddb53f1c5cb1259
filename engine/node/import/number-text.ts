// How numbers are written in cells: as programs write them, with a comma before the decimals, or as money.

export const PLAIN_NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;
export const MONEY = /^\s*([-+]?\s*[$€£¥]|[A-Z]{3}\s)?\s*[-+]?[\d.,' ]*\d[\d.,' ]*\s*([$€£¥]|[A-Z]{3})?\s*$/;

/** 1.506,59 or 5,5 or 12; as JavaScript and RE2 take it for a whole text. */
export const COMMA_NUMBER = '\\s*[-+]?(\\d+|\\d{1,3}(\\.\\d{3})+)(,\\d+)?\\s*';

const IS_COMMA_NUMBER = new RegExp(`^${COMMA_NUMBER}$`);
/** No thousands stand behind such a comma. */
const HAS_DECIMALS = /,(\d{1,2}|\d{4,})\s*$|\..*,/;

/** Whether a comma stands before the decimals, and nothing else can be meant: `1,234` alone says nothing. */
export function hasDecimalCommas(cells: readonly string[]): boolean {
  return cells.every((cell) => IS_COMMA_NUMBER.test(cell)) && cells.some((cell) => HAS_DECIMALS.test(cell));
}
