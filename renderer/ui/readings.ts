// What fields understand: durations with their unit, shares, numbers. A bare number where a unit belongs is refused with
// the fix.

import { parseDuration } from '../../engine/base/index.ts';
import type { Reading } from './field.tsx';

/** `60m 2h 7d 13w 1h30m`; kept as it was typed, without spaces. @param sample shown in messages */
export function readDuration(text: string, sample = '60m'): Reading<string> {
  const bare = text.replace(/\s+/g, '').replace(/min$/, 'm');
  if (/^\d+(\.\d+)?$/.test(bare)) return { error: `Needs a unit, such as ${bare.split('.')[0]}${sample.slice(-1)}` };
  const ms = parseDuration(bare);
  if (ms === null) return { error: `Write a whole number with a unit: ${sample}, 2h, 7d or 13w` };
  if (ms === 0) return { error: `Must be longer than nothing, such as ${sample}` };
  return { value: bare };
}

/** `15%`, `15 %` and `0.15`. @returns 0 … 1 */
export function readShare(text: string): Reading<number> {
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  const value = percent === null ? Number(text) : Number(percent[1]) / 100;
  if (text === '' || !Number.isFinite(value)) return { error: 'Write a share such as 15%' };
  if (percent === null && value >= 1) return { error: `Needs a percent sign, such as ${text}%` };
  if (value < 0 || value > 1) return { error: 'Must lie between 0% and 100%' };
  return { value };
}

/** Grouping commas are let through. */
export function readNumber(text: string, { least = 0, whole = false } = {}): Reading<number> {
  const value = Number(text.replace(/,(?=\d{3})/g, ''));
  if (text === '' || !Number.isFinite(value)) return { error: 'Write a number' };
  if (whole && !Number.isInteger(value)) return { error: 'Must be a whole number' };
  if (value < least) return { error: `Must be at least ${least}` };
  return { value };
}
