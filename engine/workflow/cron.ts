// Cron lines of five fields (minute, hour, day of month, month, day of week; 0 and 7 are Sunday): whether a text is one,
// and what it asks for. Numbers, `*`, ranges, lists and steps; names of months and days, and `@daily` and its kin, are
// refused with a fix.

const FIELDS = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'day of week', low: 0, high: 7 },
] as const;
const SHORTHANDS: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};
const NAMES = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export interface CronLine {
  /** Minutes of the local day, increasing. */
  readonly minutes: readonly number[];
  /** Whether it runs on a date. @param month 1-12 @param weekday 0-6, 0 is Sunday */
  runsOn(month: number, day: number, weekday: number): boolean;
}

/** @param text a line in which `cronProblem` found nothing wrong */
export function parseCron(text: string): CronLine {
  const fields = text.trim().split(/\s+/).map(valuesOf);
  const [minute, hour, day, month, weekday] = fields as [
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
    Set<number>,
  ];
  if (weekday.has(7)) weekday.add(0);
  const minutes: number[] = [];
  for (let h = 0; h < 24; h++) for (let m = 0; m < 60; m++) if (hour.has(h) && minute.has(m)) minutes.push(h * 60 + m);
  // A field that allows every day restricts nothing, however it is written.
  const anyDay = day.size === 31;
  const anyWeekday = [0, 1, 2, 3, 4, 5, 6].every((d) => weekday.has(d));
  return {
    minutes,
    runsOn(ofMonth, ofDay, ofWeekday) {
      if (!month.has(ofMonth)) return false;
      if (anyDay) return weekday.has(ofWeekday);
      return day.has(ofDay) || (!anyWeekday && weekday.has(ofWeekday));
    },
  };
}

function valuesOf(text: string, i: number): Set<number> {
  const { low, high } = FIELDS[i] as (typeof FIELDS)[number];
  const values = new Set<number>();
  for (const item of text.split(',')) {
    const [range, step] = item.split('/') as [string, string?];
    const [from, to] = range === '*' ? [low, high] : (range.split('-').map(Number) as [number, number?]);
    for (let n = from; n <= (to ?? from); n += Number(step ?? 1)) values.add(n);
  }
  return values;
}

/** @returns what is wrong and how to write it, or null */
export function cronProblem(text: string): string | null {
  const line = text.trim().toLowerCase();
  if (line.startsWith('@')) {
    const plain = SHORTHANDS[line];
    return plain === undefined ? `${text} is no cron line; write five fields, as in 0 6 * * *` : `write "${plain}"`;
  }
  const parts = line.split(/\s+/);
  if (parts.length !== FIELDS.length) {
    const extra = parts.length === 6 ? ' (seconds are not among them)' : '';
    return `a cron line has five fields${extra}: minute, hour, day of month, month, day of week; this has ${line === '' ? 0 : parts.length}`;
  }
  for (let i = 0; i < FIELDS.length; i++) {
    const problem = fieldProblem(parts[i] as string, i);
    if (problem !== null) return problem;
  }
  return neverProblem(parts);
}

function fieldProblem(text: string, i: number): string | null {
  const field = FIELDS[i] as (typeof FIELDS)[number];
  const { name, low, high } = field;
  for (const item of text.split(',')) {
    const named = i === 3 ? NAMES.indexOf(item) + 1 : i === 4 ? DAYS.indexOf(item) : -1;
    if (named > 0 || (named === 0 && i === 4)) return `the ${name} is a number: write ${named}, not ${item}`;
    const match = /^(?:(\*)|(\d{1,4})(?:-(\d{1,4}))?)(?:\/(\d{1,4}))?$/.exec(item);
    if (match === null) return `the ${name} "${item}" is not *, a number, a range 1-5, a list 1,3 or a step */15`;
    const [, star, from, to, step] = match;
    if (star === undefined && to === undefined && step !== undefined) {
      return `the ${name} "${item}" steps from a single number; write ${from}-${high}/${step}`;
    }
    if (step !== undefined && Number(step) === 0) return `the ${name} "${item}" has a step of 0`;
    for (const n of [from, to]) {
      if (n !== undefined && (Number(n) < low || Number(n) > high)) return `the ${name} is ${low} to ${high}, not ${n}`;
    }
    if (to !== undefined && Number(to) < Number(from)) {
      return `the ${name} "${item}" runs backwards; write ${from}-${high},${low}-${to}`;
    }
  }
  return null;
}

/** A day of month that none of the months has, such as 30 February. */
function neverProblem(parts: readonly string[]): string | null {
  const [, , day, month, weekday] = parts as [string, string, string, string, string];
  if (weekday !== '*' || !/^\d+(,\d+)*$/.test(day) || !/^\d+(,\d+)*$/.test(month)) return null;
  const first = Math.min(...day.split(',').map(Number));
  const longest = Math.max(...month.split(',').map((m) => LONGEST_MONTH[Number(m) - 1] as number));
  return first > longest ? `no month it names has a day ${first}, so it would never run` : null;
}
