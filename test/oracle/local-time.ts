// Local days and wall-clock times through Intl alone, by searching rather than by offsets.

const MINUTE = 60_000;
const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

const offsets = new Map<string, Map<number, number>>();

/** The wall clock in a zone, written as if it were UTC: ms since the epoch of that wall time. */
export function wall(time: number, zone: string): number {
  // Since 1970 clocks have changed at whole quarters of an hour of UTC only.
  const quarter = Math.floor(time / (15 * MINUTE)) * 15 * MINUTE;
  let known = offsets.get(zone);
  if (known === undefined) {
    known = new Map();
    offsets.set(zone, known);
  }
  let offset = known.get(quarter);
  if (offset === undefined) {
    offset = shown(quarter, zone) - quarter;
    known.set(quarter, offset);
  }
  return time + offset;
}

function shown(time: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts: Record<string, number> = {};
  for (const part of format.formatToParts(time)) parts[part.type] = Number(part.value);
  const get = (name: string) => parts[name] ?? Number.NaN;
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
}

/** Days since 1970-01-01 of the local date. */
export function localDay(time: number, zone: string): number {
  return Math.floor(wall(time, zone) / DAY);
}

/** A name for the calendar day, week (from Monday) or month an instant lies in. */
export function calendarPeriod(time: number, zone: string, calendar: string): string {
  const day = localDay(time, zone);
  if (calendar === 'day') return `day ${day}`;
  if (calendar === 'week') return `week ${Math.floor((day + 3) / 7)}`; // 1970-01-01 was a Thursday
  if (calendar === 'month') return `month ${new Date(day * DAY).toISOString().slice(0, 7)}`;
  throw new Error(`no calendar: ${calendar}`);
}

const instants = new Map<string, number>();

/** The first instant at which the zone's clock has reached a wall time: in a gap its end, in an overlap the first. */
export function instantOf(day: number, minute: number, zone: string): number {
  const key = `${zone} ${day} ${minute}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  const wanted = day * DAY + minute * MINUTE;
  let t = wanted - 16 * 60 * MINUTE;
  while (wall(t, zone) < wanted) t += 15 * MINUTE;
  t -= 15 * MINUTE;
  while (wall(t, zone) < wanted) t += MINUTE;
  instants.set(key, t);
  return t;
}

/** Minutes after midnight of `21:30`. */
export function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours ?? Number.NaN) * 60 + (minutes ?? Number.NaN);
}

/** The end of the quiet period [from, to) an instant lies in, or null where it lies in none. */
export function quietUntil(time: number, zone: string, from: string, to: string): number | null {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const today = localDay(time, zone);
  for (const day of [today - 1, today, today + 1]) {
    const begins = instantOf(day, start, zone);
    const ends = instantOf(end > start ? day : day + 1, end, zone);
    if (begins <= time && time < ends) return ends;
  }
  return null;
}

const zones = new Map<unknown, boolean>();

/** Whether Intl knows the zone. */
export function isZone(name: unknown): name is string {
  let isOne = zones.get(name);
  if (isOne === undefined) {
    isOne = typeof name === 'string' && name !== '' && canFormat(name);
    zones.set(name, isOne);
  }
  return isOne;
}

function canFormat(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
