// Moments as users write them.

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;
/** The first and last instant of the calendar of ECMAScript, ± 100 million days around 1970. */
const CALENDAR_END_MS = 8.64e15;

/** Epoch milliseconds or ISO 8601 (without a zone: UTC). @returns milliseconds since the epoch, or null */
export function moment(text: string): number | null {
  if (/^-?\d+$/.test(text)) {
    const time = Number(text);
    return Math.abs(time) <= CALENDAR_END_MS ? time : null;
  }
  const [, day, clock, zone] = MOMENT.exec(text) ?? [];
  if (day === undefined || dayStart(day) === null) return null;
  const time = Date.parse(clock === undefined ? day : `${day}T${clock}${(zone ?? 'Z').toUpperCase()}`);
  return Number.isNaN(time) ? null : time;
}

/** A day of the calendar, `2024-02-01`. @returns its first millisecond in UTC, or null; 30 February is none */
export function dayStart(text: string): number | null {
  const time = DAY.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse may take 30 February for 1 March; a date that reads back differently is none.
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : time;
}
