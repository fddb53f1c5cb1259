// Aligned columns for people: text to the left, numbers to the right.

import { humanDuration } from '../../base/index.ts';

/** @param rows cells as text; a row may be shorter than the head */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent = '  '): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? '').length)));
  const right = head.map(
    (_, i) => i > 0 && rows.every((row) => /^[−+\-$]?[\d.,]|^$|^not |^none|^too /.test(row[i] ?? '')),
  );
  const line = (row: readonly string[]) =>
    (
      indent +
      widths.map((width, i) => (right[i] ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width))).join('  ')
    ).trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

/** Text in lines of at most 100 characters, each indented by `indent` spaces. */
export function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > 100) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((part) => ' '.repeat(indent) + part);
}

/** A whole number with thousands separators. */
export function count(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** A share as a percentage; never `0.0 %` for something, never a figure for nothing. */
export function percent(share: number | null | undefined, digits = 1): string {
  if (share === null || share === undefined) return 'not defined';
  if (share === 0) return '0%';
  const text = (share * 100).toFixed(digits);
  if (Number(text) === 0) return `under ${10 ** -digits}%`;
  return minus(`${text}%`);
}

export function signed(value: number, digits = 0): string {
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return Number(text.replaceAll(',', '')) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
}

export function money(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'not known';
  const digits = Math.abs(value) < 100 ? 2 : 0;
  return minus(value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
}

export function duration(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? 'not reached' : humanDuration(ms);
}

/** `2026-03-01 09:30 UTC` */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function minus(text: string): string {
  return text.replace(/^-/, '−');
}
