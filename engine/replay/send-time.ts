// Personal send times: the hour at which a person is usually active, less a lead. The density of their active minutes
// (von Mises kernel, mode rather than mean, since a mean is wrong for two peaks) is shrunk toward that of the whole
// dataset; with too little of their own the dataset's stands alone. The dataset's counts are a fact of all of it up to
// observedUntil, told to every shard and to the live interface, so that people do not influence each other's replay.

import { DAY_MS, MINUTE_MS } from '../base/index.ts';
import type { LocalTime } from './local-time.ts';
import type { PersonView } from './person-view.ts';

export const MINUTES_A_DAY = 1440;
/** Concentration of the kernel: about 1.2 hours to each side. */
export const KERNEL_KAPPA = 10;
/** Events that the population counts for. */
export const PRIOR_EVENTS = 20;
/** Sums of floats differ in their last digits by the order of adding: what is that close to the highest counts as it. */
const CLOSE = 1e-12;
/** Fewer events of their own say nothing of a person. */
export const FEWEST_EVENTS = 5;

/**
 * The minute of the local day at which a person is most likely to be active, from the events the view shows.
 * @param local the person's zone. @param population activity of the whole dataset by local minute, length 1440
 * @returns 0 … 1439; null where the dataset has no activity either
 */
export function preferredMinute(view: PersonView, local: LocalTime, population: ArrayLike<number>): number | null {
  const activity = activityOf(view, local);
  const prior = densityOf(population);
  if (activity.n < FEWEST_EVENTS) return prior?.mode ?? null;
  const density = prior?.density ?? null;
  activity.asked++;
  if (activity.asked < ASKED_OFTEN) return modeOf(activity.counts, activity.n, density);
  activity.sums ??= kernelSums(activity.counts, KERNEL_KAPPA);
  return modeNear(activity.sums, activity.counts, density);
}

/** From so many times on, the density of a person is kept rather than worked out anew. */
const ASKED_OFTEN = 8;

/** The activity of one person by local minute of the day, over the rows [firstRow, endRow). */
interface Activity {
  readonly firstRow: number;
  endRow: number;
  readonly counts: Float64Array;
  /** Of all minutes together. */
  n: number;
  asked: number;
  /** Their density by minute up to a constant, once it is asked often; off in its last digits by the order of adding. */
  sums: Float64Array | null;
}

/** By view and zone, that of the person seen last. */
const activities = new WeakMap<PersonView, Map<LocalTime, Activity>>();

/** Of the events the view shows. A view moves on through the same rows as a rule, so that each is read once. */
function activityOf(view: PersonView, local: LocalTime): Activity {
  const { firstRow, endRow } = view;
  let byZone = activities.get(view);
  if (byZone === undefined) activities.set(view, (byZone = new Map()));
  let known = byZone.get(local);
  // Rows of a view never change: those of another person begin elsewhere, unless there are none.
  if (known === undefined || known.firstRow !== firstRow || known.endRow > endRow) {
    known = { firstRow, endRow: firstRow, counts: new Float64Array(MINUTES_A_DAY), n: 0, asked: 0, sums: null };
    byZone.set(local, known);
  }
  for (; known.endRow < endRow; known.endRow++) {
    if (view.isOwnEmail(known.endRow)) continue;
    const minute = minuteOfDay(local, view.time(known.endRow));
    known.counts[minute] = (known.counts[minute] as number) + 1;
    known.n++;
    if (known.sums !== null) addKernel(known.sums, minute, 1, kernelOf(KERNEL_KAPPA));
  }
  return known;
}

/** Minutes between the places at which the density is asked first. */
const STRIDE = 8;

/**
 * The mode of the density of some minutes shrunk to a prior, as `densityMode` of their sum finds it, without asking every
 * minute: between two places a density with curvature of at most κ per event rises above both by at most κ w² / 8 per
 * event, so that most of the day cannot hold the mode.
 * @param minutes of the day, at least one. @param prior per event, length 1440; null: none
 */
export function modeAround(minutes: readonly number[], prior: Float64Array | null): number {
  const counts = new Float64Array(MINUTES_A_DAY);
  for (const minute of minutes) counts[minute] = (counts[minute] as number) + 1;
  return modeOf(counts, minutes.length, prior);
}

/** The same of minutes that are counted, `n` of them. */
function modeOf(counts: Float64Array, n: number, prior: Float64Array | null): number {
  const at = placesOf(counts);
  const densityAt = (minute: number) => shrunkDensity(minute, counts, at, prior);
  const density = new Float64Array(MINUTES_A_DAY);
  let highest = 0;
  for (let minute = 0; minute < MINUTES_A_DAY; minute += STRIDE) {
    density[minute] = densityAt(minute);
    highest = Math.max(highest, density[minute] as number);
  }
  const weight = n + (prior === null ? 0 : PRIOR_EVENTS);
  const width = (2 * Math.PI * STRIDE) / MINUTES_A_DAY;
  const needed = highest - (weight * KERNEL_KAPPA * width * width) / 8 - CLOSE * highest;
  for (let from = 0; from < MINUTES_A_DAY; from += STRIDE) {
    const to = (from + STRIDE) % MINUTES_A_DAY;
    if (Math.max(density[from] as number, density[to] as number) < needed) continue;
    for (let minute = from + 1; minute < from + STRIDE; minute++) density[minute] = densityAt(minute);
  }
  return densityMode(density);
}

/** What the sums may be off by, relative, is far below it: one part in 2^53 for each event at most. */
const NEAR = 1e-9;

/** The same where the density is known but for its last digits: only what is next to the highest is asked exactly. */
function modeNear(sums: Float64Array, counts: Float64Array, prior: Float64Array | null): number {
  const near = prior === null ? sums : sums.map((sum, minute) => sum + PRIOR_EVENTS * (prior[minute] as number));
  let highest = 0;
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) highest = Math.max(highest, near[minute] as number);
  const at = placesOf(counts);
  const density = new Float64Array(MINUTES_A_DAY);
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
    if ((near[minute] as number) >= highest * (1 - NEAR)) density[minute] = shrunkDensity(minute, counts, at, prior);
  }
  return densityMode(density);
}

/** Minutes that count anything, in order: however many events there are, there are no more places than minutes. */
function placesOf(counts: Float64Array): number[] {
  const at: number[] = [];
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) if (counts[minute] !== 0) at.push(minute);
  return at;
}

function shrunkDensity(minute: number, counts: Float64Array, at: readonly number[], prior: Float64Array | null) {
  const kernel = kernelOf(KERNEL_KAPPA);
  let sum = 0;
  for (let i = 0; i < at.length; i++) {
    const place = at[i] as number;
    const apart = Math.abs(minute - place);
    const share = kernel[apart > MINUTES_A_DAY / 2 ? MINUTES_A_DAY - apart : apart] as number;
    sum += (counts[place] as number) * share;
  }
  return prior === null ? sum : sum + PRIOR_EVENTS * (prior[minute] as number);
}

/** The first moment at or after `from` at which the clock shows a time of day; a skipped time shifts by the gap. */
export function nextTimeOfDay(local: LocalTime, msOfDay: number, from: number): number {
  for (let day = local.day(from) - 1; ; day++) {
    const instant = shiftedInstant(local, day * DAY_MS + msOfDay);
    if (instant >= from) return instant;
  }
}

/**
 * When the clock shows `wall`, a local time written as if it were UTC: of a repeated time the earlier instant, a skipped
 * time shifted forward by the gap.
 */
export function shiftedInstant(local: LocalTime, wall: number): number {
  const before = local.offsetMs(wall - DAY_MS);
  const after = local.offsetMs(wall + DAY_MS);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) {
    if (local.offsetMs(wall - offset) === offset) return wall - offset;
  }
  return wall - before;
}

export function minuteOfDay(local: LocalTime, time: number): number {
  const wall = time + local.offsetMs(time);
  return Math.floor((wall - Math.floor(wall / DAY_MS) * DAY_MS) / MINUTE_MS);
}

const kernels = new Map<number, Float64Array>();

/** The kernel by circular distance in minutes, 0 … 720, as a share of its peak. */
function kernelOf(kappa: number): Float64Array {
  let kernel = kernels.get(kappa);
  if (kernel === undefined) {
    kernel = Float64Array.from({ length: MINUTES_A_DAY / 2 + 1 }, (_, minutes) =>
      Math.exp(kappa * (Math.cos((2 * Math.PI * minutes) / MINUTES_A_DAY) - 1)),
    );
    kernels.set(kappa, kernel);
  }
  return kernel;
}

/** Per minute of day, the sum of the kernels around all events: their density up to a constant. */
export function kernelSums(counts: ArrayLike<number>, kappa: number): Float64Array {
  const kernel = kernelOf(kappa);
  const sums = new Float64Array(MINUTES_A_DAY);
  for (let at = 0; at < MINUTES_A_DAY; at++) {
    const count = counts[at] as number;
    if (count !== 0) addKernel(sums, at, count, kernel);
  }
  return sums;
}

function addKernel(sums: Float64Array, at: number, count: number, kernel: Float64Array): void {
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) {
    const apart = Math.abs(minute - at);
    const distance = apart > MINUTES_A_DAY / 2 ? MINUTES_A_DAY - apart : apart;
    sums[minute] = (sums[minute] as number) + count * (kernel[distance] as number);
  }
}

/** The minute of the highest density; the earliest of several. */
export function densityMode(density: ArrayLike<number>): number {
  let highest = 0;
  for (let minute = 0; minute < MINUTES_A_DAY; minute++) highest = Math.max(highest, density[minute] as number);
  let mode = 0;
  while ((density[mode] as number) < highest * (1 - CLOSE)) mode++;
  return mode;
}

interface Density {
  /** Per event. */
  readonly density: Float64Array;
  readonly mode: number;
}

const densities = new WeakMap<ArrayLike<number>, Density | { readonly density: null }>();

/** Null where there are no events. */
function densityOf(counts: ArrayLike<number>): Density | null {
  let known = densities.get(counts);
  if (known === undefined) {
    let n = 0;
    for (let minute = 0; minute < MINUTES_A_DAY; minute++) n += counts[minute] as number;
    const density = n === 0 ? null : kernelSums(counts, KERNEL_KAPPA).map((sum) => sum / n);
    known = density === null ? { density } : { density, mode: densityMode(density) };
    densities.set(counts, known);
  }
  return known.density === null ? null : known;
}
