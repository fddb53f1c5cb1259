// Local days of a zone. The offset from UTC is asked of Intl once per UTC day and kept; in a day in which it changes, the
// moment at which it does is sought once.

import { DAY_MS, MINUTE_MS } from '../base/index.ts';

export interface LocalTime {
  /** Milliseconds to add to UTC to read the local clock as if it were UTC. */
  offsetMs(time: number): number;
  /** The local date as whole days since 1970-01-01. */
  day(time: number): number;
  /** When the clock first shows a local day and minute; in a gap, the end of the gap. */
  instantOf(day: number, minute: number): number;
  /** A number that is the same within one local day, week (from Monday) or month, and grows. */
  period(time: number, unit: 'day' | 'week' | 'month'): number;
}

const known = new Map<string, LocalTime>();
const unknown = new Set<string>();

/** @param zone an IANA name; checked where workflows are read */
export function localTime(zone: string): LocalTime {
  let local = known.get(zone);
  if (local === undefined) known.set(zone, (local = makeLocalTime(zone)));
  return local;
}

/** Whether a property's value names a zone that Intl knows. */
export function isZone(value: unknown): value is string {
  if (typeof value !== 'string' || value === '') return false;
  if (known.has(value)) return true;
  if (unknown.has(value)) return false;
  try {
    localTime(value);
    return true;
  } catch {
    unknown.add(value);
    return false;
  }
}

function makeLocalTime(zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const ask = (time: number) => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(time)) part[type] = value;
    const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
    local.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
    return local.getTime() - Math.floor(time / 1000) * 1000;
  };
  const offsetOfDay = new Map<number, Offset>();
  let lastDay = Number.NaN;
  let last: Offset = { before: 0, after: 0, at: 0 };
  const offsetMs = (time: number) => {
    const utcDay = Math.floor(time / DAY_MS);
    if (utcDay !== lastDay) {
      const known = offsetOfDay.get(utcDay);
      last = known ?? offsetBetween(ask, utcDay * DAY_MS, (utcDay + 1) * DAY_MS);
      lastDay = utcDay;
      if (known === undefined) offsetOfDay.set(utcDay, last);
    }
    return time < last.at ? last.before : last.after;
  };
  const day = (time: number) => Math.floor((time + offsetMs(time)) / DAY_MS);
  const instants = new Map<number, number>();
  return {
    offsetMs,
    day,
    instantOf(onDay, minute) {
      const key = onDay * 1440 + minute;
      let instant = instants.get(key);
      if (instant === undefined) instants.set(key, (instant = firstInstant(offsetMs, key * MINUTE_MS)));
      return instant;
    },
    period(time, unit) {
      const d = day(time);
      if (unit === 'day') return d;
      // Day 0 was a Thursday.
      if (unit === 'week') return Math.floor((d + 3) / 7);
      const date = new Date(d * DAY_MS);
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    },
  };
}

/** Before a moment, and from it on. */
interface Offset {
  readonly before: number;
  readonly after: number;
  readonly at: number;
}

/** @param ask the offset at an instant; it changes once between the two at most */
function offsetBetween(ask: (time: number) => number, from: number, to: number): Offset {
  const [before, after] = [ask(from), ask(to)];
  let [low, high] = [from, to];
  while (before !== after && high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ask(middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, at: high };
}

/** The first instant at which the clock shows at least `local`, a local time written as if it were UTC. */
function firstInstant(offsetMs: (time: number) => number, local: number): number {
  const offsets = [offsetMs(local - DAY_MS), offsetMs(local + DAY_MS)];
  const earliest = local - Math.max(...offsets);
  const latest = local - Math.min(...offsets);
  if (earliest + offsetMs(earliest) === local) return earliest;
  if (latest + offsetMs(latest) === local && latest - 1 + offsetMs(latest - 1) === local - 1) return latest;
  // The clock skips it: the gap ends where the offset grows, somewhere in between.
  let before = earliest - 1;
  let after = latest;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetMs(middle) >= local) after = middle;
    else before = middle;
  }
  return after;
}
