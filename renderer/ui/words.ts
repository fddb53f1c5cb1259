// Small matters of setting words.

/** What the key is called that goes with a letter. */
export const CTRL = typeof navigator !== 'undefined' && /Mac|iP/.test(navigator.platform) ? 'Cmd' : 'Ctrl';

const UNITS = '(?:s|min|h|d|weeks?|pp|million|billion|trillion)';
const NUMBER_AND_UNIT = new RegExp(`(\\d) (?=${UNITS}\\b)`, 'g');

/** A number and its unit stay on one line: `60 min`, `7 d 1 h`. */
export function together(text: string): string {
  return text.replace(NUMBER_AND_UNIT, '$1\u00a0').replace(/(\u00a0d) (?=\d+\u00a0h\b)/g, '$1\u00a0');
}
