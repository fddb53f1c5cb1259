// Time until something happens, when not everyone was watched to the end: Kaplan & Meier 1958 with ties, delayed entry
// and weights, Greenwood 1926, limits as in Kalbfleisch & Prentice 2002, quantile limits as in Brookmeyer & Crowley 1982.
// A curve is columns over distinct exit times, increasing; NaN in a column of limits stands for "undefined". All sorting
// is in `arrangeSpells`, which can be reused for many weightings (a bootstrap) of the same spells.

import { assert, upperBound } from '../base/index.ts';
import { twoSidedZ } from './normal.ts';

/** One row per spell. A spell is at risk at t iff entry < t ≤ time; those without entry are at risk from the start. */
export interface Spells {
  /** When watching ended, ≥ 0. */
  readonly times: ArrayLike<number>;
  /** 1 where it ended with the event, 0 where it was censored. */
  readonly events: ArrayLike<number>;
  /** When watching began (left truncation), < time. */
  readonly entries?: ArrayLike<number> | undefined;
}

/** Spells with their order worked out once. Immutable. */
export interface ArrangedSpells {
  readonly n: number;
  /** Distinct times, increasing. */
  readonly grid: Float64Array;
  /** Per spell, where its time stands in `grid`. */
  readonly rank: Uint32Array;
  /** Per spell, how many grid times lie at or before its entry (0: at risk from the start). Null without entries. */
  readonly entryRank: Uint32Array | null;
  readonly events: Uint8Array;
}

/** Columns over distinct times. Counts are sums of weights. */
export interface SurvivalCurve {
  readonly times: Float64Array;
  /** Just before the time; events and censorings of that time included. */
  readonly atRisk: Float64Array;
  readonly events: Float64Array;
  readonly censored: Float64Array;
  /** S(t), share without the event after the time; non-increasing. */
  readonly survival: Float64Array;
  /** Σ d/[n(n − d)] up to the time; se(S) = S·√this. NaN once S is 0. */
  readonly greenwood: Float64Array;
}

export type LimitsKind = 'log-log' | 'log' | 'plain';

/** Columns over the times of a curve; NaN where undefined. */
export interface SurvivalLimits {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** A share with its standard error and limits; null where undefined. */
export interface ShareEstimate {
  readonly value: number;
  readonly se: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** S is compared with this slack, so that 1 − p reached up to rounding counts as reached. */
const SLACK = 1e-9;

/** Cost: two native sorts, O(n log n). */
export function arrangeSpells(spells: Spells): ArrangedSpells {
  const n = spells.times.length;
  assert(spells.events.length === n, 'times and events differ in length');
  const sorted = Float64Array.from(spells.times).sort();
  let used = 0;
  for (let i = 0; i < n; i++) {
    assert((sorted[i] as number) >= 0, 'a spell has a time that is negative or not a number');
    if (used === 0 || sorted[i] !== sorted[used - 1]) sorted[used++] = sorted[i] as number;
  }
  const grid = sorted.slice(0, used);
  const at = (i: number) => grid[i] as number;
  const rank = new Uint32Array(n);
  const events = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    rank[i] = upperBound(at, spells.times[i] as number, 0, used) - 1;
    events[i] = (spells.events[i] as number) > 0 ? 1 : 0;
  }
  let entryRank: Uint32Array | null = null;
  if (spells.entries !== undefined) {
    assert(spells.entries.length === n, 'times and entries differ in length');
    entryRank = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      const entry = spells.entries[i] as number;
      assert(entry <= (spells.times[i] as number), 'a spell is entered after it ended');
      // An entry of 0 is the start itself: such a spell is at risk at time 0 too.
      entryRank[i] = entry <= 0 ? 0 : upperBound(at, entry, 0, used);
    }
  }
  return { n, grid, rank, entryRank, events };
}

/**
 * @param weights one per spell, ≥ 0 (frequencies in a bootstrap, 1/#spells of a person); default 1. With weights that
 * are no frequencies the point estimate stands, Greenwood's variance does not.
 */
export function kaplanMeier(spells: Spells | ArrangedSpells, weights?: ArrayLike<number>): SurvivalCurve {
  const arranged = 'grid' in spells ? spells : arrangeSpells(spells);
  const { n, grid, rank, entryRank } = arranged;
  const size = grid.length;
  const events = new Float64Array(size);
  const censored = new Float64Array(size);
  const entering = entryRank === null ? null : new Float64Array(size + 1);
  let first = 0;
  for (let i = 0; i < n; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number);
    const column = arranged.events[i] === 1 ? events : censored;
    const r = rank[i] as number;
    column[r] = (column[r] as number) + weight;
    const e = entryRank === null ? 0 : (entryRank[i] as number);
    if (e === 0) first += weight;
    else if (entering !== null && e <= r) entering[e] = (entering[e] as number) + weight;
    // A spell entered at its own end is never at risk: its exit must not be counted either.
    else column[r] = (column[r] as number) - weight;
  }
  const atRisk = new Float64Array(size);
  const survival = new Float64Array(size);
  const greenwood = new Float64Array(size);
  let risk = first;
  let s = 1;
  let g = 0;
  for (let j = 0; j < size; j++) {
    if (entering !== null) risk += entering[j] as number;
    const d = events[j] as number;
    atRisk[j] = risk;
    if (d > 0) {
      // Fractional weights leave rounding dust: the last ones at risk all having the event is S = 0.
      const stay = risk - d;
      s = stay <= 1e-12 * risk ? 0 : s * (stay / risk);
      g = s === 0 ? Number.NaN : g + d / (risk * stay);
    }
    survival[j] = s;
    greenwood[j] = g;
    risk -= d + (censored[j] as number);
    if (risk < 0) risk = 0;
  }
  return { times: grid, atRisk, events, censored, survival, greenwood };
}

/**
 * @param level two-sided confidence, 0 … 1
 * @param se of S at every time, where Greenwood's does not hold (several spells per person)
 */
export function survivalLimits(
  curve: SurvivalCurve,
  level: number,
  kind: LimitsKind = 'log-log',
  se?: ArrayLike<number>,
): SurvivalLimits {
  const z = twoSidedZ(1 - level);
  const size = curve.times.length;
  const low = new Float64Array(size);
  const high = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    const s = curve.survival[j] as number;
    const root = se === undefined ? Math.sqrt(curve.greenwood[j] as number) : (se[j] as number) / s;
    const [l, h] = limitsOf(s, root, z, kind);
    low[j] = l;
    high[j] = h;
  }
  return { low, high };
}

/** @param root √Greenwood = se(ln S) @returns NaN where undefined */
function limitsOf(s: number, root: number, z: number, kind: LimitsKind): readonly [number, number] {
  const none = [Number.NaN, Number.NaN] as const;
  if (!(s > 0) || Number.isNaN(root)) return none;
  switch (kind) {
    case 'plain':
      return [Math.max(0, s - z * s * root), Math.min(1, s + z * s * root)];
    case 'log':
      return [s * Math.exp(-z * root), Math.min(1, s * Math.exp(z * root))];
    case 'log-log': {
      if (s >= 1) return none;
      const width = (z * root) / Math.abs(Math.log(s));
      return [s ** Math.exp(width), s ** Math.exp(-width)];
    }
  }
}

/** Where the curve stands at t: the index of the last time ≤ t, or -1 before the first. */
function curveIndex(curve: SurvivalCurve, t: number): number {
  return upperBound((i) => curve.times[i] as number, t, 0, curve.times.length) - 1;
}

/** S(t); null beyond the last time anyone was watched, unless S has reached 0 there. */
export function survivalAt(curve: SurvivalCurve, t: number): number | null {
  const size = curve.times.length;
  if (size === 0) return null;
  const i = curveIndex(curve, t);
  if (i < 0) return 1;
  const s = curve.survival[i] as number;
  return t > (curve.times[size - 1] as number) && s > 0 ? null : s;
}

/** inf{t: column(t) ≤ 1 − p}; null where it never gets there. */
function firstAtOrBelow(times: Float64Array, column: Float64Array, p: number): number | null {
  for (let j = 0; j < times.length; j++) {
    if ((column[j] as number) <= 1 - p + SLACK) return times[j] as number;
  }
  return null;
}

export interface QuantileEstimate {
  readonly p: number;
  /** Null: not reached. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Quantiles of the time to event, "not reached" where the curve stays above 1 − p. Limits invert the band. */
export function survivalQuantiles(
  curve: SurvivalCurve,
  probabilities: readonly number[],
  level: number,
  kind: LimitsKind = 'log-log',
): QuantileEstimate[] {
  const limits = survivalLimits(curve, level, kind);
  return probabilities.map((p) => ({
    p,
    value: firstAtOrBelow(curve.times, curve.survival, p),
    low: firstAtOrBelow(curve.times, limits.low, p),
    high: firstAtOrBelow(curve.times, limits.high, p),
  }));
}

/**
 * P(T ≤ t + h | T > t) = 1 − S(t + h)/S(t), variance by Greenwood's terms in (t, t + h], log-log limits on the ratio.
 * Without an event in (t, t + h] the estimate is 0 and so are its limits: nothing was seen, which is no proof of never.
 * @returns null where nobody is left at t, or t + h lies beyond the last follow-up
 */
export function conditionalEvent(curve: SurvivalCurve, t: number, h: number, level: number): ShareEstimate | null {
  const before = survivalAt(curve, t);
  const after = survivalAt(curve, t + h);
  if (before === null || after === null || before === 0) return null;
  const ratio = after / before;
  const i = curveIndex(curve, t);
  const g0 = i < 0 ? 0 : (curve.greenwood[i] as number);
  const j = curveIndex(curve, t + h);
  const g1 = j < 0 ? 0 : (curve.greenwood[j] as number);
  if (ratio === 1) return { value: 0, se: 0, low: 0, high: 0 };
  if (ratio === 0) return { value: 1, se: null, low: null, high: null };
  const root = Math.sqrt(Math.max(0, g1 - g0));
  const [low, high] = limitsOf(ratio, root, twoSidedZ(1 - level), 'log-log');
  return { value: 1 - ratio, se: ratio * root, low: 1 - high, high: 1 - low };
}

/** How far the last stretch of a curve can be trusted as a plateau. */
export interface FollowUp {
  /** Ŝ at the last time watched: estimates the share that never has the event if follow-up is sufficient. */
  readonly plateau: number;
  readonly lastEvent: number | null;
  readonly lastWatched: number;
  /** α of Maller & Zhou 1996: above 0.05 follow-up is too short. Null without an event. */
  readonly alpha: number | null;
  readonly sufficient: boolean;
}

/** Maller & Zhou 1996: α = (1 − N/n)^n, N events in (2t* − tmax, t*]. @returns null for an empty curve */
export function followUp(curve: SurvivalCurve): FollowUp | null {
  const size = curve.times.length;
  if (size === 0) return null;
  const lastWatched = curve.times[size - 1] as number;
  const plateau = curve.survival[size - 1] as number;
  let last = size - 1;
  while (last >= 0 && (curve.events[last] as number) === 0) last--;
  if (last < 0) return { plateau, lastEvent: null, lastWatched, alpha: null, sufficient: false };
  const lastEvent = curve.times[last] as number;
  let n = 0;
  let late = 0;
  for (let j = 0; j < size; j++) {
    n += (curve.events[j] as number) + (curve.censored[j] as number);
    if (j <= last && (curve.times[j] as number) > 2 * lastEvent - lastWatched) late += curve.events[j] as number;
  }
  const alpha = (1 - late / n) ** n;
  return { plateau, lastEvent, lastWatched, alpha, sufficient: alpha <= 0.05 };
}
