// Day 0 of times that are counted in days from a start of their own, as it is written: one date for all (`2024-02-01`),
// or one for each value of a column (`presentation:2013B=2013-02-01,2013J=2013-10-01`).

import { dayStart, UserError } from '../../base/index.ts';

export interface DayZero {
  /** The column whose value chooses the date; null: one date for all. */
  readonly column: string | null;
  /** Milliseconds since the epoch by value; under '' where there is one for all. */
  readonly dates: ReadonlyMap<string, number>;
}

/** @throws UserError where the text is neither form, or names a day that is none */
export function parseDayZero(spec: string): DayZero {
  const colon = spec.indexOf(':');
  if (colon < 0) return { column: null, dates: new Map([['', dateOf(spec, spec)]]) };
  const dates = new Map<string, number>();
  for (const part of spec.slice(colon + 1).split(',')) {
    const equals = part.lastIndexOf('=');
    if (equals < 0) throw unreadable(spec);
    const value = part.slice(0, equals).trim();
    if (dates.has(value)) throw new UserError('DAY_ZERO', `--day-zero gives two dates for "${value}".`);
    dates.set(value, dateOf(part.slice(equals + 1), spec));
  }
  return { column: spec.slice(0, colon).trim(), dates };
}

function dateOf(text: string, spec: string): number {
  const ms = dayStart(text.trim());
  if (ms === null) throw unreadable(spec);
  return ms;
}

function unreadable(spec: string): UserError {
  return new UserError(
    'DAY_ZERO',
    `--day-zero ${spec} cannot be read; write a date (2024-02-01), or a column and a date for each of its values (term:A=2024-02-01,B=2024-10-01).`,
  );
}
