// After how long a silence is it a goodbye? From the survival curve of silences: the chance that a person silent for d
// returns by themselves within h, and how many of those silent for D really are gone. Each person counts once (a weight
// of 1/number of silences), since heavy users would otherwise decide the answer.

import { DAY_MS, humanDuration, type Random } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { arrangeSpells, kaplanMeier, type SurvivalCurve, survivalAt } from '../stats/index.ts';
import { type DeclineProfile, declineProfile } from './decline-profile.ts';
import { type Gaps, silencesBeyondDay } from './gaps.ts';
import { RUNGS_MS } from './ladder.ts';
import { type OwnRhythm, ownRhythm } from './own-rhythm.ts';
import { drawUnits, percentileInterval, unitsOf } from './resample.ts';

export interface DormancyPoint {
  readonly inactive: number;
  /** P(return by themselves within `within` | inactive this long); null beyond what was watched. */
  readonly returns: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of those silent this long, the share silent for at least `churn`; null beyond what was watched. */
  readonly gone: number | null;
  /** The others, who come back before: an email after so long goes to them in vain. 95 %, people drawn anew. */
  readonly falseAlarms?: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
}

export interface Dormancy {
  readonly within: number;
  /** Silence that counts as gone. */
  readonly churn: number;
  readonly highestReturn: number;
  readonly curve: readonly DormancyPoint[];
  /** Smallest rung at which fewer than `highestReturn` return by themselves; null with the reason. */
  readonly recommended: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: string | null;
  readonly decline: DeclineProfile;
  /** Each person's own length against one for everybody; null where nobody has enough silences behind them. */
  readonly ownRhythm?: OwnRhythm | null;
  /** Silences already running when observation began, counted from there on, and those of before left out. */
  readonly entered?: { readonly late: number; readonly leftOut: number };
}

/** At most so many steps of work in a bootstrap. */
const MOST_WORK = 4e7;

/** @param all silences as they are; those inside one day are left out here */
export function dormancy(
  history: History,
  all: Gaps,
  options: {
    readonly churnMs: number;
    readonly timezone: string;
    readonly replicates: number;
    readonly random: Random;
    /** The silence the workflow waits for. */
    readonly loadedMs?: number;
    /** Called before each replicate; may throw. */
    readonly look?: () => void;
  },
): Dormancy {
  const gaps = silencesBeyondDay(all, options.timezone);
  const { observedFrom } = history;
  const withinMs = 14 * DAY_MS;
  const highestReturn = 0.5;
  const rows = Array.from({ length: gaps.n }, (_, i) => i).filter((i) => gaps.qualified[i] === 1);
  // Before observation began only the last activity may be known: what was over by then is a chance find, what ran on is
  // watched from there (delayed entry).
  const kept = rows.filter((i) => observedFrom === null || endOf(gaps, i) > observedFrom);
  const entries = kept.map((i) => Math.max(0, (observedFrom ?? 0) - (gaps.starts[i] as number)));
  const isLate = observedFrom !== null && entries.some((entry) => entry > 0);
  const persons = Uint32Array.from(kept, (i) => gaps.persons[i] as number);
  const perPerson = new Map<number, number>();
  for (const person of persons) perPerson.set(person, (perPerson.get(person) ?? 0) + 1);
  const weights = Float64Array.from(persons, (person) => 1 / (perPerson.get(person) as number));
  const spells = arrangeSpells({
    times: kept.map((i) => gaps.lengths[i] as number),
    events: kept.map((i) => gaps.ended[i] as number),
    ...(isLate ? { entries } : {}),
  });
  const rungs = RUNGS_MS.filter((rung) => rung >= DAY_MS);
  const curve = kaplanMeier(spells, weights);
  const units = unitsOf(history, persons);
  const drawn = new Uint32Array(units.n);
  const replicates = kept.length === 0 ? 0 : Math.min(options.replicates, 200, Math.floor(MOST_WORK / kept.length));
  const returns: number[][] = rungs.map(() => []);
  const gone: number[][] = rungs.map(() => []);
  const chosen: number[] = [];
  for (let r = 0; r < replicates; r++) {
    options.look?.();
    drawUnits(options.random, drawn);
    const one = kaplanMeier(
      spells,
      weights.map((w, i) => w * (drawn[units.of[i] as number] as number)),
    );
    rungs.forEach((rung, k) => {
      const p = returnWithin(one, rung, withinMs);
      if (p !== null) (returns[k] as number[]).push(p);
      const left = goneShare(one, rung, options.churnMs);
      if (left !== null) (gone[k] as number[]).push(left);
    });
    const pick = firstQuiet(one, rungs, withinMs, highestReturn);
    if (pick !== null) chosen.push(pick);
  }
  const points = rungs.map((inactive, k): DormancyPoint => {
    const p = returnWithin(curve, inactive, withinMs);
    const interval = p === null ? null : percentileInterval(returns[k] as number[]);
    const left = goneShare(curve, inactive, options.churnMs);
    const limits = left === null ? null : percentileInterval(gone[k] as number[]);
    return {
      inactive,
      returns: p,
      low: interval?.[0] ?? null,
      high: interval?.[1] ?? null,
      gone: left,
      falseAlarms:
        left === null
          ? null
          : {
              value: 1 - left,
              low: limits === null ? null : 1 - limits[1],
              high: limits === null ? null : 1 - limits[0],
            },
    };
  });
  const recommended = firstQuiet(curve, rungs, withinMs, highestReturn);
  const interval = recommended === null ? null : percentileInterval(chosen);
  const fixed = [
    ...(recommended === null ? [] : [{ rule: 'recommended' as const, afterMs: recommended }]),
    ...(options.loadedMs === undefined ? [] : [{ rule: 'loaded' as const, afterMs: options.loadedMs }]),
  ];
  return {
    within: withinMs,
    churn: options.churnMs,
    highestReturn,
    curve: points,
    recommended,
    low: interval?.[0] ?? null,
    high: interval?.[1] ?? null,
    reason:
      recommended === null
        ? `At no silence that was watched for ${humanDuration(withinMs)} longer do fewer than half return by themselves.`
        : null,
    decline: declineProfile(gaps, options.churnMs, options.timezone),
    ownRhythm: ownRhythm(gaps, fixed, {
      churnMs: options.churnMs,
      withinMs,
      observedFrom,
      observedUntil: history.observedUntil,
      replicates,
      random: options.random,
    }),
    entered: { late: entries.filter((entry) => entry > 0).length, leftOut: rows.length - kept.length },
  };
}

function endOf(gaps: Gaps, i: number): number {
  return (gaps.starts[i] as number) + (gaps.lengths[i] as number);
}

/** Of those silent for a length, the share silent for at least `churnMs`; null beyond it or beyond what was watched. */
function goneShare(curve: SurvivalCurve, inactive: number, churnMs: number): number | null {
  return inactive > churnMs ? null : ratio(curve, churnMs, inactive);
}

function ratio(curve: SurvivalCurve, late: number, early: number): number | null {
  const a = survivalAt(curve, late);
  const b = survivalAt(curve, early);
  return a === null || b === null || b === 0 ? null : a / b;
}

function returnWithin(curve: SurvivalCurve, inactive: number, within: number): number | null {
  const stay = ratio(curve, inactive + within, inactive);
  return stay === null ? null : 1 - stay;
}

function firstQuiet(curve: SurvivalCurve, rungs: readonly number[], within: number, most: number): number | null {
  return (
    rungs.find((rung) => {
      const p = returnWithin(curve, rung, within);
      return p !== null && p <= most;
    }) ?? null
  );
}
