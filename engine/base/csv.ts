// Cells of CSV files. What a person may open in a spreadsheet is written so that no cell is read as a formula: a text that
// begins like one gets an apostrophe in front, as spreadsheets themselves mark text; numbers stay numbers.
// Source: OWASP, CSV injection.

const LIKE_A_FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A cell that every spreadsheet reads as what it says; empty for null and undefined. */
export function csvCell(value: unknown): string {
  const text = textOf(value);
  const isFormula = typeof value !== 'number' && LIKE_A_FORMULA.test(text) && !NUMBER.test(text);
  return quoted(isFormula ? `'${text}` : text);
}

/** The very same text, for files that only programs read. */
export function exactCsvCell(value: unknown): string {
  return quoted(textOf(value));
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
