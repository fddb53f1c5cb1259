// When people are active, in their own local time: everybody together, how many have enough events for an hour of their
// own, where these hours lie, and whether the hour found in a person's earlier events finds more of their later ones
// than the hour of all does. Density by a von Mises kernel, shrunk to everybody's, as the replay's send times are.

import { MINUTE_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';
import {
  activeMinutesIn,
  densityMode,
  FEWEST_EVENTS,
  HistoryView,
  isZone,
  KERNEL_KAPPA,
  kernelSums,
  type LocalTime,
  localTime,
  MINUTES_A_DAY,
  minuteOfDay,
  modeAround,
  PRIOR_EVENTS,
} from '../replay/index.ts';
import { circularOf, momentsOf, tQuantile } from '../stats/index.ts';

/** Every quarter of an hour, from midnight. */
export const DENSITY_POINTS = 96;

export interface HoursOfDay {
  readonly events: number;
  /** Events by local hour, length 24. */
  readonly hours: readonly number[];
  /** Per hour, at each of `DENSITY_POINTS`; integrates to 1 over the day. */
  readonly density: readonly number[];
  /** Minute of the local day, 0 … 1439. */
  readonly preferredMinute: number;
  /** That less the lead. */
  readonly sendMinute: number;
}

export interface PersonHours extends HoursOfDay {
  readonly person: string;
  readonly timezone: string;
  /** False: too few events of their own, so that everybody's hour stands for theirs. */
  readonly isOwn: boolean;
}

/** Whether hours of their own find people active, on events that had no part in finding the hours. */
export interface HourTest {
  /** People with the events an own hour takes on earlier days, and as many on later ones. */
  readonly people: number;
  /** Share of later events in the two hours from the send minute, on average over people: by their own hour, by the hour of all. */
  readonly own: number;
  readonly everybodys: number;
  /** own − everybodys, with its 95% interval (Student's t over people). */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface ActiveHours {
  readonly timezone: string;
  /** People with any activity. */
  readonly people: number;
  /** Of them with an hour of their own: `fewestEvents` or more. */
  readonly withOwn: number;
  readonly fewestEvents: number;
  /** People whose own time zone is known. */
  readonly withZone: number;
  readonly leadMs: number;
  /** Null where there is no activity. */
  readonly everybody: (HoursOfDay & { readonly gathering: number }) | null;
  /** People with an hour of their own by that hour, length 24. */
  readonly preferred: readonly number[];
  /** Those of them whose hour lies more than an hour from everybody's. */
  readonly elsewhere: number;
  /** Null where too few people have the events for it. */
  readonly test: HourTest | null;
  readonly person: PersonHours | null;
}

export interface ActiveHoursOptions {
  readonly leadMs: number;
  readonly timezone: string;
  /** Whose hours are told, too. */
  readonly person: string | null;
  readonly signal?: AbortSignal;
}

const BATCH = 1024;
const FEWEST_PEOPLE = 20;
const HIT_MINUTES = 120;

export function activeHours(history: History, options: ActiveHoursOptions): ActiveHours {
  const { leadMs, timezone, person, signal } = options;
  const lead = Math.round(leadMs / MINUTE_MS);
  const counts = activeMinutesIn(history, timezone);
  const n = counts.reduce((sum, one) => sum + one, 0);
  const halves = firstHalves(history, timezone);
  const halfEvents = halves.reduce((sum, one) => sum + one, 0);
  const prior = n === 0 ? null : kernelSums(counts, KERNEL_KAPPA).map((sum) => sum / n);
  const halfPrior = halfEvents === 0 ? null : kernelSums(halves, KERNEL_KAPPA).map((sum) => sum / halfEvents);
  const everybodysMode = prior === null ? null : densityMode(prior);
  const preferred = new Array<number>(24).fill(0);
  const differences: number[] = [];
  let people = 0;
  let withOwn = 0;
  let withZone = 0;
  let elsewhere = 0;
  let own = 0;
  let everybodys = 0;
  eachPerson(history, timezone, (index, { minutes, days }, zone) => {
    if (index % BATCH === 0) signal?.throwIfAborted();
    if (minutes.length === 0) return;
    people++;
    if (zone !== null) withZone++;
    if (minutes.length < FEWEST_EVENTS) return;
    withOwn++;
    const mode = modeAround(minutes, prior);
    const hour = Math.floor(mode / 60);
    preferred[hour] = (preferred[hour] as number) + 1;
    if (everybodysMode !== null && apart(mode, everybodysMode) > 60) elsewhere++;
    if (halfPrior === null) return;
    const middle = middleOf(days);
    const later = minutes.slice(middle);
    if (middle < FEWEST_EVENTS || later.length < FEWEST_EVENTS) return;
    const hits = (send: number) => later.filter((minute) => wrapped(minute - send) < HIT_MINUTES).length / later.length;
    const byOwn = hits(wrapped(modeAround(minutes.slice(0, middle), halfPrior) - lead));
    const byAll = hits(wrapped(densityMode(halfPrior) - lead));
    own += byOwn;
    everybodys += byAll;
    differences.push(byOwn - byAll);
  });
  return {
    timezone,
    people,
    withOwn,
    fewestEvents: FEWEST_EVENTS,
    withZone,
    leadMs,
    everybody:
      prior === null || everybodysMode === null
        ? null
        : { ...hoursOf(counts, prior, everybodysMode, lead), gathering: gatheringOf(counts) },
    preferred,
    elsewhere,
    test: testOf(differences, own, everybodys),
    person: person === null || prior === null ? null : personHours(history, timezone, person, prior, lead),
  };
}

function testOf(differences: readonly number[], own: number, everybodys: number): HourTest | null {
  const people = differences.length;
  if (people < FEWEST_PEOPLE) return null;
  const { mean, variance } = momentsOf(differences);
  const half = tQuantile(0.975, people - 1) * Math.sqrt((variance ?? 0) / people);
  return {
    people,
    own: own / people,
    everybodys: everybodys / people,
    difference: mean,
    low: mean - half,
    high: mean + half,
  };
}

/** @param density per event. */
function hoursOf(counts: ArrayLike<number>, density: Float64Array, mode: number, lead: number): HoursOfDay {
  const hours = new Array<number>(24).fill(0);
  let events = 0;
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
    const hour = Math.floor(minute / 60);
    hours[hour] = (hours[hour] as number) + (counts[minute] as number);
    events += counts[minute] as number;
  }
  const perHour = density.reduce((sum, one) => sum + one, 0) / 60;
  const every = MINUTES_A_DAY / DENSITY_POINTS;
  return {
    events,
    hours,
    density: Array.from({ length: DENSITY_POINTS }, (_, i) => (density[i * every] as number) / perHour),
    preferredMinute: mode,
    sendMinute: wrapped(mode - lead),
  };
}

/** Mean resultant length of all activity: 0 spread over the day, 1 all at one minute. */
function gatheringOf(counts: ArrayLike<number>): number {
  const angles: number[] = [];
  const weights: number[] = [];
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
    if ((counts[minute] as number) === 0) continue;
    angles.push((2 * Math.PI * minute) / MINUTES_A_DAY);
    weights.push(counts[minute] as number);
  }
  return circularOf(angles, weights)?.resultant ?? 0;
}

/** @throws nothing; null for a person the history lacks */
function personHours(
  history: History,
  timezone: string,
  id: string,
  prior: Float64Array,
  lead: number,
): PersonHours | null {
  const index = history.personIndex(id);
  if (index < 0) return null;
  const view = new HistoryView(history);
  const zone = zoneOf(history, index);
  const { minutes } = activityOf(view, index, localTime(zone ?? timezone));
  const isOwn = minutes.length >= FEWEST_EVENTS;
  const counts = new Array<number>(MINUTES_A_DAY).fill(0);
  for (const minute of minutes) counts[minute] = (counts[minute] as number) + 1;
  const sums = kernelSums(counts, KERNEL_KAPPA);
  const weight = minutes.length + PRIOR_EVENTS;
  const density = isOwn ? sums.map((sum, i) => (sum + PRIOR_EVENTS * (prior[i] as number)) / weight) : prior;
  const mode = isOwn ? modeAround(minutes, prior) : densityMode(prior);
  return { person: id, timezone: zone ?? timezone, isOwn, ...hoursOf(counts, density, mode, lead) };
}

/** Counts by minute of the earlier half of everybody's events. */
function firstHalves(history: History, timezone: string): number[] {
  const counts = new Array<number>(MINUTES_A_DAY).fill(0);
  eachPerson(history, timezone, (_, { minutes, days }) => {
    for (const minute of minutes.slice(0, middleOf(days))) counts[minute] = (counts[minute] as number) + 1;
  });
  return counts;
}

/** Where the later half of a person's events begins: with a new day, so that no visit lies in both. */
function middleOf(days: readonly number[]): number {
  let middle = days.length >> 1;
  while (middle > 0 && middle < days.length && days[middle] === days[middle - 1]) middle++;
  return middle;
}

/** A person's activity up to the end, in the order of time: local minute of day, and local day. */
interface Activity {
  readonly minutes: readonly number[];
  readonly days: readonly number[];
}

/** @param each gets everybody's activity and the zone of their own, null where none is known */
function eachPerson(
  history: History,
  timezone: string,
  each: (person: number, activity: Activity, zone: string | null) => void,
): void {
  const view = new HistoryView(history);
  for (let person = 0; person < history.nPersons; person++) {
    const zone = zoneOf(history, person);
    each(person, activityOf(view, person, localTime(zone ?? timezone)), zone);
  }
}

function activityOf(view: HistoryView, person: number, local: LocalTime): Activity {
  const minutes: number[] = [];
  const days: number[] = [];
  view.select(person);
  for (let row = view.firstRow; row < view.lastRow; row++) {
    const time = view.time(row);
    if (time > view.history.observedUntil) break;
    if (view.isOwnEmail(row)) continue;
    minutes.push(minuteOfDay(local, time));
    days.push(local.day(time));
  }
  return { minutes, days };
}

function zoneOf(history: History, person: number): string | null {
  const own = history.personProperty(person, 'timezone', history.observedUntil);
  return isZone(own) ? own : null;
}

function wrapped(minute: number): number {
  return ((minute % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
}

function apart(a: number, b: number): number {
  const distance = wrapped(a - b);
  return Math.min(distance, MINUTES_A_DAY - distance);
}
