// Triggers that a calendar starts: cron runs listed day by day, conditions asked anew at each, dates in a property.

import { conditionHolds, EMAIL_EVENTS } from './conditions.ts';
import { instantOf, localDay, minuteOf } from './local-time.ts';
import type { OracleEvent, Person, SegmentsText, TriggerText } from './shapes.ts';
import type { Firing } from './triggers.ts';
import { ms } from './values.ts';

const DAY = 86_400_000;
const DEFAULT_CRON = '0 6 * * *';

/** Runs of a cron in [from, until]: a gap's at its end, an overlap's at the first, those of one instant are one. */
export function cronRuns(cron: string, zone: string, from: number, until: number): number[] {
  const times = new Set<number>();
  for (let day = localDay(from, zone) - 1; day <= localDay(until, zone) + 1; day++) {
    for (const time of runsOfDay(cron, zone, day)) times.add(time);
  }
  return [...times].filter((time) => time >= from && time <= until).sort((a, b) => a - b);
}

const known = new Map<string, number[]>();

function runsOfDay(cron: string, zone: string, day: number): number[] {
  const key = `${cron} ${zone} ${day}`;
  let times = known.get(key);
  if (times !== undefined) return times;
  times = [];
  known.set(key, times);
  const [minutes, hours, days, months, weekdays] = cron.split(' ') as [string, string, string, string, string];
  const date = new Date(day * DAY);
  const inMonth = allows(days, date.getUTCDate(), 1);
  const inWeek = allows(weekdays, date.getUTCDay()) || (date.getUTCDay() === 0 && allows(weekdays, 7));
  const either = days !== '*' && weekdays !== '*';
  if (!allows(months, date.getUTCMonth() + 1, 1) || !(either ? inMonth || inWeek : inMonth && inWeek)) return times;
  for (let minute = 0; minute < 1440; minute++) {
    if (allows(minutes, minute % 60) && allows(hours, Math.floor(minute / 60)))
      times.push(instantOf(day, minute, zone));
  }
  return times;
}

/** Whether one field (`*`, `5`, `1-5`, `1,15`, with `/n`) takes a number; `*` begins at the field's lowest. */
function allows(field: string, n: number, lowest = 0): boolean {
  return field.split(',').some((part) => {
    const [range, step] = part.split('/') as [string, string | undefined];
    const [low, high] = range === '*' ? [lowest, 99] : (range.split('-').map(Number) as [number, number | undefined]);
    return n >= low && n <= (high ?? (step === undefined ? low : 99)) && (n - low) % Number(step ?? 1) === 0;
  });
}

export function schedule(trigger: TriggerText, person: Person, zone: string, until: number): Firing[] {
  const first = Math.min(...[...person.events, ...person.changes].map((row) => row.time));
  return cronRuns(trigger.cron as string, zone, first, until).map(atRun);
}

export function becomesTrue(
  trigger: TriggerText,
  person: Person,
  zone: string,
  until: number,
  segments: SegmentsText | undefined,
): Firing[] {
  const first = person.events[0];
  if (first === undefined) return [];
  const holds = (time: number) => {
    if (trigger.type === 'decline') return declines(trigger, person, time);
    const asked = trigger.all ? { all: trigger.all } : { any: trigger.any ?? [] };
    return conditionHolds(asked, { person, time, zone, trigger: null, segments });
  };
  const runs = cronRuns(trigger.cron ?? DEFAULT_CRON, zone, first.time, until);
  return runs.filter((time, i) => holds(time) && !(i > 0 && holds(runs[i - 1] as number))).map(atRun);
}

function declines(trigger: TriggerText, person: Person, time: number): boolean {
  const [recent, baseline] = [ms(trigger.recent as string), ms(trigger.baseline as string)];
  const active = (event: OracleEvent) =>
    !EMAIL_EVENTS.includes(event.name) && (trigger.of === undefined || trigger.of.includes(event.name));
  const count = (after: number, upTo: number) =>
    person.events.filter((event) => active(event) && event.time > after && event.time <= upTo).length;
  const before = count(time - recent - baseline, time - recent);
  return before > 0 && count(time - recent, time) * baseline < (trigger.ratio as number) * recent * before;
}

export function date(trigger: TriggerText, person: Person, zone: string, until: number): Firing[] {
  const [, sign, days] = /^(-?)(\d+)d$/.exec(trigger.offset as string) as unknown as [string, string, string];
  const offset = Number(`${sign}${days}`);
  const minute = minuteOf(trigger.at ?? '00:00');
  const rows = person.changes.filter((change) => change.property === trigger.property);
  // A row that repeats the value is no change.
  const sets = rows.filter((row, i) => row.value !== (rows[i - 1]?.value ?? null));
  const fired = sets.flatMap((change, i) => {
    const parts = typeof change.value === 'string' ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(change.value.trim()) : null;
    if (parts === null) return [];
    const replaced = sets[i + 1]?.time ?? Number.POSITIVE_INFINITY;
    const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
    if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month < 1 || month > 12) return [];
    const years = trigger.yearly ? Array.from({ length: 80 }, (_, n) => year + n) : [year];
    return years
      .map((one) => instantOf(dayOf(one, month, day) + offset, minute, zone))
      .filter((time) => time > change.time && time < replaced && time <= until);
  });
  return fired.sort((a, b) => a - b).map(atRun);
}

/** Days since the epoch; 29 February of a common year is the 28th. */
function dayOf(year: number, month: number, day: number): number {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return Date.UTC(year, month - 1, Math.min(day, last)) / DAY;
}

function atRun(time: number): Firing {
  return { time, anchor: null, by: 'timer' };
}
