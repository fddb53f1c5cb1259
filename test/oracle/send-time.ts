// Personal send times: the busiest minute of a person's day, from a von Mises kernel around each minute at which they did
// something, mixed with everyone's (methods.md I), computed anew each time it is asked.

import { EMAIL_EVENTS, personProperty } from './conditions.ts';
import { instantOf, isZone, localDay, wall } from './local-time.ts';
import type { Person } from './shapes.ts';
import { ms } from './values.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 1440;
const DAY = 86_400_000;
const KERNEL_KAPPA = 10;
const POPULATION_WEIGHT = 20;
const LEAST_EVENTS = 5;

/** Of a kernel at distance n minutes, up to a constant factor. */
const kernel = Array.from({ length: DAY_MINUTES }, (_, n) =>
  Math.exp(KERNEL_KAPPA * (Math.cos((2 * Math.PI * n) / DAY_MINUTES) - 1)),
);

export interface SendTime {
  /** Density of everyone's active minutes; null where nobody did anything. */
  everyone: readonly number[] | null;
  /** Zone of those who have none of their own. */
  zone: string;
}

/** The local minutes of all activity in the dataset, a fact of its end: each person's zone is the last one known. */
export function sendTimeOf(people: readonly Person[], zone: string): SendTime {
  const minutes = people.flatMap((person) => {
    const home = zoneAt(person, Number.POSITIVE_INFINITY, zone);
    return activity(person, Number.POSITIVE_INFINITY).map((event) => minuteOfDay(event.time, home));
  });
  return { everyone: minutes.length === 0 ? null : density(minutes), zone };
}

/** The person's own zone as of a moment, if it is one. */
export function zoneAt(person: Person, time: number, fallback: string): string {
  const own = personProperty(person, 'timezone', time);
  return isZone(own) ? own : fallback;
}

function activity(person: Person, upTo: number) {
  return person.events.filter((event) => event.time <= upTo && !EMAIL_EVENTS.includes(event.name));
}

function minuteOfDay(time: number, zone: string): number {
  return Math.floor((wall(time, zone) - localDay(time, zone) * DAY) / MINUTE);
}

/** The best minute of a person's day; null where nobody did anything. Not clear where another is as good but for rounding. */
export function bestMinute(
  person: Person,
  due: number,
  { everyone, zone }: SendTime,
): { minute: number; isClear: boolean } | null {
  const home = zoneAt(person, due, zone);
  const own = activity(person, due).map((event) => minuteOfDay(event.time, home));
  if (everyone === null) return null;
  if (own.length < LEAST_EVENTS) return best(everyone);
  const mixed = density(own).map((mine, i) => own.length * mine + POPULATION_WEIGHT * (everyone[i] as number));
  return best(mixed.map((sum) => sum / (own.length + POPULATION_WEIGHT)));
}

export function density(minutes: readonly number[]): number[] {
  return Array.from({ length: DAY_MINUTES }, (_, at) => {
    let sum = 0;
    for (const minute of minutes) sum += kernel[Math.abs(at - minute)] as number;
    return minutes.length === 0 ? 0 : sum / minutes.length;
  });
}

function best(densities: readonly number[]): { minute: number; isClear: boolean } {
  const most = Math.max(...densities);
  const good = densities.filter((one) => one > most * (1 - 1e-11));
  return { minute: densities.indexOf(most), isClear: good.length === 1 };
}

/** The first time the zone's clock shows (minute - lead) at or after a moment; a time in a gap shifts by the gap. */
export function nextOccurrence(minute: number, lead: string, from: number, zone: string): number {
  const ofDay = (((minute * MINUTE - ms(lead)) % DAY) + DAY) % DAY;
  const today = localDay(from, zone);
  const times = [-2, -1, 0, 1, 2, 3].map((days) => shifted(today + days, ofDay, zone));
  return Math.min(...times.filter((time) => time >= from));
}

/** The instant of a wall time; the earlier of two, and where there is none the clock as it went before the gap. */
function shifted(day: number, ofDay: number, zone: string): number {
  const whole = Math.floor(ofDay / MINUTE);
  const reached = instantOf(day, whole, zone);
  const wanted = day * DAY + whole * MINUTE;
  if (wall(reached, zone) === wanted) return reached + (ofDay - whole * MINUTE);
  const offsetBefore = wall(reached - MINUTE, zone) - (reached - MINUTE);
  return day * DAY + ofDay - offsetBefore;
}
