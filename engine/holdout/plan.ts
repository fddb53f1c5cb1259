// How large a holdout, for how long, at what price. A two-sided comparison of rates (methods of stats/power.ts), with
// the time the traffic needs and the conversions given up by not mailing the people held out. The smallest fraction
// that meets the deadline is chosen, because it gives up least.

import {
  count,
  exactPercent,
  money,
  percent,
  plural,
  points,
  rounded,
  UserError,
  WEEK_MS,
  weeks,
} from '../base/index.ts';
import { detectableDifference, powerOfRates, sequentialSizeFactor, sizeForRates } from '../stats/index.ts';
import { type Alternative, alternativesTo, LONGEST_WEEKS } from './instead.ts';

/** Fractions of the table, as shares of eligible people. */
export const FRACTIONS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5] as const;
const MOST_PEOPLE = 1e12;

export interface HoldoutPlanInput {
  /** Rate of the goal without the emails, strictly between 0 and 1. */
  readonly baseline: number;
  /** Absolute change to be shown (0.04 = 4 percentage points); negative for harm, not 0. */
  readonly lift: number;
  /** Share held out, strictly between 0 and 1; chosen by the deadline where absent. */
  readonly fraction?: number | undefined;
  /** Chance to show the lift if it is there; 0.8 where absent. */
  readonly power?: number | undefined;
  /** Two-sided error where there is no change; 0.05 where absent. */
  readonly alpha?: number | undefined;
  /** Unique people newly eligible in a week, > 0. */
  readonly eligiblePerWeek?: number | undefined;
  /** Time after the trigger in which the goal counts, ≥ 0; the last person's adds to the duration. */
  readonly outcomeWindowMs?: number | undefined;
  /** Longest duration accepted when the fraction is chosen; 26 where absent. */
  readonly deadlineWeeks?: number | undefined;
  /** Money per conversion, for the price. */
  readonly valuePerConversion?: number | undefined;
}

export interface PlannedSizes {
  readonly treated: number;
  readonly holdout: number;
  readonly total: number;
}

export interface FractionRow {
  readonly fraction: number;
  readonly n: PlannedSizes;
  /** Whole weeks of filling plus whole weeks of the outcome window; null without traffic. */
  readonly weeks: number | null;
  /** Conversions expected to be given up by holding people out: holdout × lift, negative where the emails harm. */
  readonly foregone: number;
  /** Foregone × value per conversion; absent where no value was given. */
  readonly price?: number;
  /** Present where `weeks` is null. */
  readonly reason?: string;
}

export interface HoldoutPlan extends FractionRow {
  /** Power at exactly these sizes, at least the one asked for. */
  readonly power: number;
  /** Smallest changes these sizes show with the power asked for; null with a reason where none can be shown. */
  readonly mde: { readonly up: number | null; readonly down: number | null; readonly reason?: string };
  /** If the test is to be read every day with the confidence sequence instead of once at its end. */
  readonly sequential: { readonly factor: number; readonly n: PlannedSizes; readonly weeks: number | null };
  readonly fractions: readonly FractionRow[];
  /** What was asked, defaults filled in. */
  readonly asked: {
    readonly baseline: number;
    readonly lift: number;
    readonly power: number;
    readonly alpha: number;
    readonly eligiblePerWeek: number | null;
    readonly outcomeWindowWeeks: number;
    readonly deadlineWeeks: number;
  };
  /** Whether this traffic answers the question within the deadline; null without traffic. */
  readonly answerable: boolean | null;
  /** What can be asked in its place, the nearest first; empty where it is answerable, or the traffic is not known. */
  readonly instead: readonly Alternative[];
  readonly notes: readonly string[];
  readonly verdict: string;
}

/** @throws UserError naming the flag and its range */
export function planHoldout(input: HoldoutPlanInput): HoldoutPlan {
  const asked = checked(input);
  const rowAt = (fraction: number) => planRow(asked, fraction);
  const fractions = FRACTIONS.map(rowAt);
  const fastest = fractions.reduce((best, row) => (row.n.total < best.n.total ? row : best));
  const inTime = ({ weeks }: FractionRow) => weeks !== null && weeks <= asked.deadlineWeeks;
  const chosen =
    input.fraction === undefined ? (fractions.find(inTime) ?? fastest) : rowAt(checkFraction(input.fraction));

  const sizes = { treated: chosen.n.treated, control: chosen.n.holdout };
  const { up, down } = detectableDifference(asked.baseline, sizes, asked.alpha, asked.power);
  const factor = sequentialSizeFactor(asked.alpha, asked.power);
  const sequentialN = sizesOf(factor * chosen.n.treated, factor * chosen.n.holdout);
  const answerable = chosen.weeks === null ? null : inTime(chosen);
  const { eligiblePerWeek } = asked;
  const instead =
    answerable !== false || eligiblePerWeek === null
      ? []
      : alternativesTo({ ...asked, eligiblePerWeek }, fastest, fractions.find(inTime));
  return {
    ...chosen,
    power: powerOfRates({ treated: asked.baseline + asked.lift, control: asked.baseline }, sizes, asked.alpha),
    mde: { up, down, ...(up === null || down === null ? { reason: mdeReason(up, down) } : {}) },
    sequential: { factor, n: sequentialN, weeks: weeksFor(sequentialN.total, asked) },
    fractions,
    asked: {
      baseline: asked.baseline,
      lift: asked.lift,
      power: asked.power,
      alpha: asked.alpha,
      eligiblePerWeek: asked.eligiblePerWeek,
      outcomeWindowWeeks: asked.windowWeeks,
      deadlineWeeks: asked.deadlineWeeks,
    },
    answerable,
    instead,
    notes: notesOn(input, asked, chosen),
    verdict: [
      verdictOn(asked, chosen, fastest, fractions.find(inTime), input.fraction !== undefined),
      ...(isHopeless(fastest, asked) ? instead.slice(0, 1).map(({ text }) => `Instead: ${text}`) : []),
    ].join(' '),
  };
}

/** Whether even the fastest split takes too long, whatever the deadline. */
function isHopeless({ weeks }: FractionRow, { deadlineWeeks }: Asked): boolean {
  return weeks !== null && weeks > Math.max(deadlineWeeks, LONGEST_WEEKS);
}

interface Asked {
  readonly baseline: number;
  readonly lift: number;
  readonly power: number;
  readonly alpha: number;
  readonly eligiblePerWeek: number | null;
  readonly windowWeeks: number;
  readonly deadlineWeeks: number;
  readonly valuePerConversion: number | null;
}

function checked(input: HoldoutPlanInput): Asked {
  const { baseline, lift, power = 0.8, alpha = 0.05, deadlineWeeks = LONGEST_WEEKS } = input;
  const { eligiblePerWeek = null, outcomeWindowMs = 0, valuePerConversion = null } = input;
  if (!(baseline > 0 && baseline < 1)) {
    refuse(`--baseline must lie strictly between 0 and 1 (0.08 is 8%), got ${baseline}`);
  }
  if (!Number.isFinite(lift) || lift === 0) {
    refuse(`--lift must be an absolute change other than 0 (0.04 is 4 percentage points), got ${lift}`);
  }
  if (!(baseline + lift > 0 && baseline + lift < 1)) {
    const range = `above ${-baseline} and below ${Number((1 - baseline).toPrecision(12))}`;
    refuse(`--lift must leave a rate strictly between 0 and 1: with --baseline ${baseline} ${range}, got ${lift}`);
  }
  if (!(alpha > 0 && alpha < 1)) refuse(`--alpha must lie strictly between 0 and 1 (0.05), got ${alpha}`);
  if (!(power > alpha && power < 1)) {
    refuse(`--power must lie strictly between --alpha (${alpha}) and 1 (0.8), got ${power}`);
  }
  if (eligiblePerWeek !== null && !(eligiblePerWeek > 0 && Number.isFinite(eligiblePerWeek))) {
    refuse(`--eligible-per-week must be a number of people above 0, got ${eligiblePerWeek}`);
  }
  if (!(outcomeWindowMs >= 0 && Number.isFinite(outcomeWindowMs))) {
    refuse(`the outcome window must be a duration of 0 or more, got ${outcomeWindowMs} ms`);
  }
  if (!(deadlineWeeks > 0 && Number.isFinite(deadlineWeeks))) {
    refuse(`the deadline must be a number of weeks above 0, got ${deadlineWeeks}`);
  }
  if (valuePerConversion !== null && !Number.isFinite(valuePerConversion)) {
    refuse(`the value of a conversion must be a number, got ${valuePerConversion}`);
  }
  const windowWeeks = Math.ceil(outcomeWindowMs / WEEK_MS);
  return { baseline, lift, power, alpha, eligiblePerWeek, windowWeeks, deadlineWeeks, valuePerConversion };
}

function checkFraction(fraction: number): number {
  if (!(fraction > 0 && fraction < 1)) {
    refuse(`--fraction must lie strictly between 0 and 1 (0.1 holds out 10%), got ${fraction}`);
  }
  return fraction;
}

function refuse(message: string): never {
  throw new UserError('HOLDOUT_PLAN', message);
}

function planRow(asked: Asked, fraction: number): FractionRow {
  const rates = { treated: asked.baseline + asked.lift, control: asked.baseline };
  const tooSmall = `--lift ${asked.lift} is too small to be told apart by any crowd: it needs more than 10^12 people`;
  if (rates.treated === rates.control) refuse(tooSmall);
  const { exactTotal, sizes } = sizeForRates(rates, fraction, asked.alpha, asked.power);
  if (!(exactTotal <= MOST_PEOPLE)) refuse(tooSmall);
  const n = sizesOf(sizes.treated, sizes.control);
  const foregone = n.holdout * asked.lift;
  const weeks = weeksFor(n.total, asked);
  return {
    fraction,
    n,
    weeks,
    foregone,
    ...(asked.valuePerConversion === null ? {} : { price: foregone * asked.valuePerConversion }),
    ...(weeks === null ? { reason: 'the duration needs the number of people newly eligible per week' } : {}),
  };
}

function sizesOf(treated: number, holdout: number): PlannedSizes {
  const n = { treated: Math.ceil(treated), holdout: Math.ceil(holdout) };
  return { ...n, total: n.treated + n.holdout };
}

function weeksFor(people: number, { eligiblePerWeek, windowWeeks }: Asked): number | null {
  return eligiblePerWeek === null ? null : Math.ceil(people / eligiblePerWeek) + windowWeeks;
}

function mdeReason(up: number | null, down: number | null): string {
  const what = up === null && down === null ? 'a rate of 0 or of 1' : up === null ? 'a rate of 1' : 'a rate of 0';
  return `with so few people not even ${what} in the treated arm would be shown with this power`;
}

function notesOn(input: HoldoutPlanInput, asked: Asked, { n }: FractionRow): string[] {
  const notes: string[] = [];
  if (input.outcomeWindowMs === undefined) {
    notes.push('The goal window is not known, so weeks count until the last person enters, not until their outcome.');
  }
  const treatedRate = asked.baseline + asked.lift;
  const fewest = Math.min(
    n.treated * Math.min(treatedRate, 1 - treatedRate),
    n.holdout * Math.min(asked.baseline, 1 - asked.baseline),
  );
  if (fewest < 5) {
    notes.push(
      'An arm expects fewer than 5 people with, or without, the outcome: at that size the plan is a rough guide.',
    );
  }
  return notes;
}

function verdictOn(
  asked: Asked,
  chosen: FractionRow,
  fastest: FractionRow,
  smallestInTime: FractionRow | undefined,
  isFractionGiven: boolean,
): string {
  const change = `a change from ${percent(asked.baseline)} to ${percent(asked.baseline + asked.lift)} (${points(asked.lift)} percentage points)`;
  const people = `${plural(chosen.n.treated, 'person treated', 'people treated')} and ${count(chosen.n.holdout)} held out`;
  const split = `${people} (${exactPercent(chosen.fraction)})`;
  const price =
    asked.valuePerConversion === null ? '' : `, worth ${money(Math.abs(chosen.foregone) * asked.valuePerConversion)}`;
  const amount = Math.abs(chosen.foregone);
  const conversions = `about ${amount < 10 ? rounded(amount) : count(amount)} conversions`;
  const cost = `holding out ${asked.lift > 0 ? 'gives up' : 'saves'} ${conversions}${price}`;
  const power = `with ${exactPercent(asked.power)} power`;
  if (chosen.weeks === null) {
    const why = isFractionGiven ? '' : ', the split of the table that needs the fewest people,';
    return `It takes ${split}${why} to show ${change} ${power}; ${cost}; how long that takes depends on the people newly eligible per week, which were not given.`;
  }
  if (chosen.weeks <= asked.deadlineWeeks) {
    const why = isFractionGiven
      ? ''
      : `, the smallest holdout that meets the deadline of ${rounded(asked.deadlineWeeks)} weeks,`;
    return `In ${weeks(chosen.weeks)}, ${split}${why} show ${change} ${power}; ${cost}.`;
  }
  if (isHopeless(fastest, asked)) {
    const longest = Math.max(asked.deadlineWeeks, LONGEST_WEEKS);
    const best = `${exactPercent(fastest.fraction)} held out, ${count(fastest.n.total)} people`;
    return `This cannot be answered with this traffic: to show ${change} ${power} even the fastest split (${best}) takes ${weeks(fastest.weeks as number)}, more than ${rounded(longest)}.`;
  }
  const late = `${split} show ${change} ${power} only after ${weeks(chosen.weeks)}, later than the deadline of ${rounded(asked.deadlineWeeks)}`;
  if (smallestInTime !== undefined) {
    return `${late}; ${exactPercent(smallestInTime.fraction)} held out would take ${weeks(smallestInTime.weeks as number)}.`;
  }
  return chosen.fraction === fastest.fraction
    ? `${late}, and no split is faster; ${cost}.`
    : `${late}; the fastest split, ${exactPercent(fastest.fraction)}, takes ${weeks(fastest.weeks as number)}.`;
}
