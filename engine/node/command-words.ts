// Calls of the command line as they can be typed again: on pages, beside the figures they give.

import type { ImportRequest } from '../api/index.ts';

/** A word as a shell takes it: quoted where it holds more than plain characters. */
export function shellWord(text: string): string {
  return /^[\w./=,:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The files and flags of an import. */
export function importWords(request: Omit<ImportRequest, 'dataset'>): string {
  const map = Object.entries(request.map).map(([role, column]) => `${role}=${column}`);
  const flag = (name: string, value: string | number | null) => (value === null ? [] : [name, String(value)]);
  return [
    ...request.files,
    ...flag('--format', request.format),
    ...flag('--map', map.length === 0 ? null : map.join(',')),
    ...flag('--event', request.eventName),
    ...flag('--as', request.asPeople ? 'people' : null),
    ...flag('--day-zero', request.dayZero),
    ...flag('--observed-from', request.observedFrom),
    ...flag('--observed-until', request.observedUntil),
    ...(request.keepDuplicates ? ['--keep-duplicates'] : []),
  ]
    .map(shellWord)
    .join(' ');
}
