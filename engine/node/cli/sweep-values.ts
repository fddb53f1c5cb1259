// The values of a swept setting as typed: a list, and ranges in it. A range of durations is its ends and the waiting
// times people would choose between them; a range of numbers is five even steps.

import { formatDuration, parseDuration } from '../../base/index.ts';
import { UsageError } from './context.ts';

export interface Dimension {
  readonly path: string;
  readonly values: readonly string[];
}

const NUMBER_STEPS = 5;

/** `trigger.within=30m,1h..4h` → its path and values. @param rungsMs increasing @throws UsageError */
export function dimension(text: string, rungsMs: readonly number[]): Dimension {
  const at = text.indexOf('=');
  const path = text.slice(0, at).trim();
  const parts = text
    .slice(at + 1)
    .split(',')
    .map((value) => value.trim());
  if (at < 1 || path === '' || parts.includes(''))
    throw new UsageError(
      `--over ${text}: it takes path=v1,v2,.. such as trigger.within=30m,1h,2h, or a range such as trigger.within=30m..4h`,
    );
  return { path, values: [...new Set(parts.flatMap((part) => valuesOf(text, part, rungsMs)))] };
}

function valuesOf(text: string, part: string, rungsMs: readonly number[]): string[] {
  const match = /^([^.].*?)\.\.(.+)$/.exec(part);
  if (match === null) return [part];
  const [from, to] = [match[1] as string, match[2] as string].map((end) => end.trim()) as [string, string];
  const durations = [parseDuration(from), parseDuration(to)] as const;
  const numbers = [Number(from), Number(to)] as const;
  if (durations[0] !== null && durations[1] !== null) {
    const [low, high] = increasing(text, part, [durations[0], durations[1]]);
    return [from, ...rungsMs.filter((ms) => ms > low && ms < high).map(formatDuration), to];
  }
  if (numbers.every(Number.isFinite)) {
    const [low, high] = increasing(text, part, numbers);
    const step = (high - low) / (NUMBER_STEPS - 1);
    return Array.from({ length: NUMBER_STEPS }, (_, i) => String(Number((low + i * step).toPrecision(12))));
  }
  throw new UsageError(`--over ${text}: ${part} is a range of neither durations (30m..4h) nor numbers (0.1..0.5).`);
}

function increasing(text: string, part: string, [low, high]: readonly [number, number]): readonly [number, number] {
  if (low < high) return [low, high];
  throw new UsageError(`--over ${text}: ${part} ends before it begins; give the smaller end first.`);
}
