// Times in words: how long something takes, in at most two units, and when it was, in UTC.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, WEEK_MS } from './duration.ts';
import { plural, rounded } from './words.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const LONG = { s: 'second', min: 'minute', h: 'hour', d: 'day' } as const;
type Unit = keyof typeof LONG;

/**
 * `45 s`, `60 min`, `2 h`, `8 d`; exact where halves or two units are (`3.5 d`, `7 d 1 h`, `2 h 5 min`), rounded to three
 * digits otherwise (`29.1 h`): a minute or two beside hours are measured, not meant.
 * @param ms ≥ 0
 */
export function humanDuration(ms: number): string {
  return inUnits(ms, 2 * DAY_MS)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ');
}

/** A minute of the day as `20:05`. */
export function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** In whole words, for prose, and in hours for longer, as people plan: `60 minutes`, `72 hours`, `7 days 1 hour`. @param ms ≥ 0 */
export function longDuration(ms: number): string {
  return inUnits(ms, 4 * DAY_MS)
    .map(([n, unit]) => `${n} ${LONG[unit]}${n === '1' ? '' : 's'}`)
    .join(' ');
}

/** `13 weeks`, `1 week`. */
export function weeks(n: number): string {
  return plural(n, 'week');
}

/** Whole weeks where there are some, else as `humanDuration`. @param ms ≥ 0 */
export function span(ms: number): string {
  return ms >= 4 * WEEK_MS ? weeks(Math.round(ms / WEEK_MS)) : humanDuration(ms);
}

/** `14 Jul 2026`. @param ms since the epoch, UTC */
export function day(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `14 Jul 2026, 20:05 UTC`. @param ms since the epoch */
export function instant(ms: number): string {
  return `${day(ms)}, ${new Date(ms).toISOString().slice(11, 16)} UTC`;
}

/** `2026-07-14 20:05:09`, UTC, for lists that are read down a column. @param ms since the epoch */
export function sortableInstant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** `2026-07-14 20:05:09 UTC`: the same inside a sentence, where `withInstants` finds it again. @param ms since the epoch */
export function exactInstant(ms: number): string {
  return `${sortableInstant(ms)} UTC`;
}

/** A text with each of its exact instants told otherwise, as on the clock of another zone. */
export function withInstants(text: string, show: (ms: number) => string): string {
  return text.replace(/\b(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC\b/g, (_, date, time) =>
    show(Date.parse(`${date}T${time}Z`)),
  );
}

function inUnits(ms: number, daysFromMs: number): (readonly [string, Unit])[] {
  if (ms < 2 * MINUTE_MS && ms !== MINUTE_MS) return [[rounded(ms / SECOND_MS), 's']];
  if (ms < 2 * HOUR_MS) return [[rounded(ms / MINUTE_MS), 'min']];
  const [unit, name, step, partName] =
    ms < daysFromMs ? ([HOUR_MS, 'h', 5 * MINUTE_MS, 'min'] as const) : ([DAY_MS, 'd', HOUR_MS, 'h'] as const);
  if (ms % step !== 0 || ms % (unit / 2) === 0) return [[rounded(ms / unit), name]];
  return [
    [rounded(Math.floor(ms / unit)), name],
    [rounded((ms % unit) / (unit === DAY_MS ? HOUR_MS : MINUTE_MS)), partName],
  ];
}
