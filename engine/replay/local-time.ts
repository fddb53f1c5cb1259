// Local days of a zone. The offset from UTC is asked of Intl once per UTC day and kept; only days in which the offset
// changes are asked instant by instant.

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
  const offsetOfDay = new Map<number, number | null>();
  const offsetMs = (time: number) => {
    const utcDay = Math.floor(time / DAY_MS);
    let offset = offsetOfDay.get(utcDay);
    if (offset === undefined) {
      const before = ask(utcDay * DAY_MS);
      offset = before === ask((utcDay + 1) * DAY_MS) ? before : null;
      offsetOfDay.set(utcDay, offset);
    }
    return offset ?? ask(time);
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
