// Values of a workflow file as they are said and as they are typed: `24h` is said "24 h". Everything a field takes is
// read here; whether it fits the workflow is asked of the checker.

import { parseDuration } from '../../../engine/base/index.ts';
import type { WorkflowFile } from '../../../engine/workflow/index.ts';
import type { Reading } from '../../ui/field.tsx';
import { readDuration, readNumber, readShare } from '../../ui/readings.ts';

export type ValueKind = 'duration' | 'delay' | 'share' | 'number' | 'whole' | 'event' | 'text';

const UNITS: Readonly<Record<string, string>> = { w: 'weeks', d: 'd', h: 'h', m: 'min', s: 's' };

/** `24h` as "24 h", `1h30m` as "1 h 30 min"; what is no duration as it stands. */
export function spoken(text: string): string {
  if (parseDuration(text) === null) return text;
  const parts = [...text.matchAll(/(\d+)([wdhms])/g)].map(([, n, unit]) =>
    n === '1' && unit === 'w' ? '1 week' : `${n} ${UNITS[unit ?? '']}`,
  );
  return parts.join(' ');
}

/** As it is typed into a field. */
export function typed(kind: ValueKind, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (kind === 'share' && typeof value === 'number') return `${Number((value * 100).toPrecision(6))}%`;
  return String(value);
}

/** @param sample of a duration, for messages */
export function readValue(kind: ValueKind, text: string, sample = '60m'): Reading<unknown> {
  switch (kind) {
    case 'duration':
      return readDuration(text, sample);
    case 'delay':
      return readDelay(text);
    case 'share':
      return readShare(text);
    case 'number':
      return readNumber(text.replace(/^\$\s*/, ''), { least: Number.NEGATIVE_INFINITY });
    case 'whole':
      return readNumber(text, { whole: true });
    case 'event':
    case 'text':
      return text === '' ? { error: 'Write a name' } : { value: text };
  }
}

/** As a duration, and `0d` for at once. */
export function readDelay(text: string): Reading<string> {
  const bare = text.replace(/\s+/g, '');
  if (/^0+[wdhms]$/.test(bare)) return { value: bare };
  return readDuration(text, '24h');
}

/** What stands at a path such as `sequence[0].branch[1].steps`; undefined where there is nothing. */
export function valueAt(file: WorkflowFile | null, path: string): unknown {
  let node: unknown = file;
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (typeof node !== 'object' || node === null) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}
