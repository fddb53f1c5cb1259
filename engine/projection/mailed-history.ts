// What can be said of an effect when everyone was mailed: bounds that hold whatever the truth (Manski 1990), tighter
// under stated limits of harm and response, with intervals for the effect inside bounds (Imbens & Manski 2004); and the
// cheapest holdout that would answer the question.

import { assert } from '../base/index.ts';
import { findRoot, normalCdf, sizeForRates } from '../stats/index.ts';

export interface MailedHistory {
  /** Triggered people (episodes), all mailed. */
  readonly fired: number;
  /** Converted after the trigger but before the first mail: organic for certain. */
  readonly convertedBefore: number;
  /** Converted from the first mail to the end of the goal window. */
  readonly convertedAfter: number;
  /** The user's limits, 0 … 1. */
  readonly maxHarm: number;
  readonly maxResponse: number;
  readonly alpha: number;
  /** Organic hazard just before the first mail and time from it to the horizon, in one unit; null: not assumed. */
  readonly hazard: { readonly rate: number; readonly remaining: number } | null;
  /** The same counts of people drawn anew, for the interval under stated limits; absent: it has none. */
  readonly drawn?: readonly Pick<MailedHistory, 'fired' | 'convertedBefore' | 'convertedAfter'>[];
}

export interface Bounds {
  readonly assumption: 'none' | 'no_harm' | 'limited' | 'no_harm_falling_hazard';
  readonly organic: readonly [number, number];
  readonly increment: readonly [number, number];
  /** Covers the effect itself with 1 − α; null where it takes people drawn anew and none were, or nobody converted. */
  readonly interval: readonly [number, number] | null;
  readonly criticalValue: number | null;
}

export interface MailedBounds {
  readonly treatedRate: number;
  readonly beforeRate: number;
  readonly bounds: readonly Bounds[];
}

export function mailedBounds(history: MailedHistory): MailedBounds {
  const n = history.fired;
  assert(n > 0, 'bounds need people who were mailed');
  const e = history.convertedBefore / n;
  const a = (history.convertedBefore + history.convertedAfter) / n;
  const after = history.convertedAfter / n;
  const seOf = (p: number) => Math.sqrt((p * (1 - p)) / n);
  const canEstimate = a > 0;
  const bound = (
    assumption: Bounds['assumption'],
    organic: readonly [number, number],
    ses: readonly [number, number] | null,
  ): Bounds => {
    const increment = [a - organic[1], a - organic[0]] as const;
    if (ses === null || !canEstimate) return { assumption, organic, increment, interval: null, criticalValue: null };
    const criticalValue = imbensManski(increment[1] - increment[0], Math.max(...ses), history.alpha);
    const interval = [
      Math.max(-1, increment[0] - criticalValue * ses[0]),
      Math.min(1, increment[1] + criticalValue * ses[1]),
    ] as const;
    return { assumption, organic, increment, interval, criticalValue };
  };
  const limited = limitedOrganic(e, a, history);
  const bounds = [
    bound('none', [e, 1], [seOf(a), seOf(after)]),
    bound('no_harm', [e, a], [0, seOf(after)]),
    bound('limited', limited, limitedErrors(history)),
  ];
  if (history.hazard !== null) {
    const falling = 1 - (1 - e) * Math.exp(-history.hazard.rate * history.hazard.remaining);
    bounds.push(bound('no_harm_falling_hazard', [e, Math.min(a, falling)], null));
  }
  return { treatedRate: a, beforeRate: e, bounds };
}

/** Organic rates that harm and response within their limits allow. @param e converted before the email @param a in all */
function limitedOrganic(
  e: number,
  a: number,
  { maxHarm, maxResponse }: Pick<MailedHistory, 'maxHarm' | 'maxResponse'>,
): readonly [number, number] {
  return [
    Math.max(e, maxResponse >= 1 ? 0 : (a - maxResponse) / (1 - maxResponse)),
    Math.min(1, maxHarm >= 1 ? 1 : e + (a - e) / (1 - maxHarm)),
  ];
}

/** Standard errors of the increment's two ends over people drawn anew; null without any. */
function limitedErrors(history: MailedHistory): readonly [number, number] | null {
  const ends = (history.drawn ?? []).flatMap(({ fired, convertedBefore, convertedAfter }) => {
    if (fired === 0) return [];
    const a = (convertedBefore + convertedAfter) / fired;
    const [low, high] = limitedOrganic(convertedBefore / fired, a, history);
    return [[a - high, a - low] as const];
  });
  if (ends.length < 2) return null;
  const spread = (k: 0 | 1) => {
    const mean = ends.reduce((sum, end) => sum + end[k], 0) / ends.length;
    return Math.sqrt(ends.reduce((sum, end) => sum + (end[k] - mean) ** 2, 0) / (ends.length - 1));
  };
  return [spread(0), spread(1)];
}

/** C with Φ(C + width/se) − Φ(−C) = 1 − α. */
function imbensManski(width: number, se: number, alpha: number): number {
  if (!(se > 0)) return 0;
  return findRoot((c) => normalCdf(c + width / se) - normalCdf(-c) - (1 - alpha), 0, 10, 1e-14);
}

/** Bounds of a population of which only a share was mailed; the rest is self-selected, its rate seen. */
export function mixedOrganic(
  mailedShare: number,
  unmailedRate: number,
  mailed: readonly [number, number],
): readonly [number, number] {
  const mix = (b: number) => (1 - mailedShare) * unmailedRate + mailedShare * b;
  return [mix(mailed[0]), mix(mailed[1])];
}

export interface HoldoutQuestion {
  /** Strictly between 0 and 1, as is its sum with the effect. */
  readonly organicRate: number;
  readonly smallestEffect: number;
  readonly firstEntriesPerWeek: number;
  readonly horizonWeeks: number;
  readonly deadlineWeeks: number;
  readonly valuePerConversion: number | null;
  readonly fractions: readonly number[];
  readonly alpha: number;
  readonly power: number;
}

export interface HoldoutOffer {
  readonly fraction: number;
  readonly treated: number;
  readonly holdout: number;
  readonly weeks: number;
  readonly foregoneConversions: number;
  /** Null where a conversion's value is not known. */
  readonly price: number | null;
}

export interface CheapestHoldout {
  readonly offers: readonly HoldoutOffer[];
  /** Null: cannot be answered with this traffic within the deadline. */
  readonly cheapest: HoldoutOffer | null;
  readonly reason: string | null;
}

export function cheapestHoldout(question: HoldoutQuestion): CheapestHoldout {
  const { organicRate, smallestEffect, deadlineWeeks } = question;
  const never = `Cannot be answered with this traffic within ${deadlineWeeks} weeks.`;
  // Too small to be a rate of its own: no number of people is large enough.
  if (organicRate + smallestEffect === organicRate) return { offers: [], cheapest: null, reason: never };
  const offers = question.fractions.map((fraction) => {
    const { sizes } = sizeForRates(
      { treated: organicRate + smallestEffect, control: organicRate },
      fraction,
      question.alpha,
      question.power,
    );
    const foregoneConversions = sizes.control * smallestEffect;
    return {
      fraction,
      treated: sizes.treated,
      holdout: sizes.control,
      weeks: Math.ceil((sizes.treated + sizes.control) / question.firstEntriesPerWeek) + question.horizonWeeks,
      foregoneConversions,
      price: question.valuePerConversion === null ? null : foregoneConversions * question.valuePerConversion,
    };
  });
  const inTime = offers.filter((offer) => offer.weeks <= deadlineWeeks);
  const cheapest = inTime.reduce<HoldoutOffer | null>(
    (best, offer) => (best === null || offer.foregoneConversions < best.foregoneConversions ? offer : best),
    null,
  );
  return { offers, cheapest, reason: cheapest === null ? never : null };
}
