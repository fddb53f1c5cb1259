// What a conversion brings later where too few could be followed for so long: what has been seen so far of everybody who
// converted, and for the rest of the time what their past purchases let expect (BG/NBD, methods: H). The model is first
// tried on the second half of the history from the first; where it is far off there, it says nothing.

import { DAY_MS, exactCount, exactPlural, humanDuration, percent } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { Estimate } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { type BgNbd, type BgNbdFit, expectedRepeats, fitBgNbd, type Repeats } from '../stats/index.ts';
import type { Secondary, Workflow } from '../workflow/index.ts';
import { type Counted, countedEvents, firstEntries } from './secondary-tally.ts';

export interface ModelledLater {
  /** People with a purchase whom the model was fitted to; of a large history, those of some of its buckets. */
  readonly buyers: number;
  /** Of them, bought again on another day. */
  readonly again: number;
  /** People who converted, and of them those followed for the whole time. */
  readonly people: number;
  readonly followed: number;
  /** Later purchases of one conversion in the whole time, seen and expected; and what they bring. 95 %. */
  readonly purchases: Estimate;
  readonly perConversion: Estimate;
  /** Of purchases in the second half of the history, by those who had bought in the first. */
  readonly tried: { readonly foretold: number; readonly came: number; readonly overMs: number };
}

export type ModelledAnswer =
  | { readonly model: ModelledLater; readonly reason: null }
  /** Reason null: everybody was followed for the whole time, and nothing needs a model. */
  | { readonly model: null; readonly reason: string | null };

/** Fewer of these, and a law with four parameters is not asked. */
const FEWEST_AGAIN = 50;
const FEWEST_CAME = 50;
/** Further off than this when tried, and it is not used. */
const MOST_OFF = 0.25;
const MOST_PEOPLE = 10_000;

/** @param goal a secondary goal of metric `value`, of those who converted */
export function modelledLater(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  goal: Secondary,
): ModelledAnswer {
  const none = (reason: string | null): ModelledAnswer => ({ model: null, reason });
  const counted = countedEvents(history, workflow, goal);
  if (counted.reason !== null) return none(counted.reason);
  const end = history.observedUntil;
  const converted = firstEntries(columns, Number.NEGATIVE_INFINITY).filter(
    (i) => columns.complete[i] === 1 && !Number.isNaN(columns.goalTimes[i] as number),
  );
  const followed = converted.filter((i) => (columns.goalTimes[i] as number) + goal.withinMs <= end).length;
  if (followed === converted.length) return none(null);
  const bought = purchasesOf(history, counted);
  const begin = bought.reduce((least, { at }) => Math.min(least, at[0] as number), end);
  if (goal.withinMs > end - begin) {
    return none(
      `${humanDuration(goal.withinMs)} reach further ahead than the purchases of this history reach back (${humanDuration(end - begin)}).`,
    );
  }
  const units = bought.map(({ at }) => pastOf(at, end));
  const again = units.filter(({ x }) => x > 0).length;
  if (again < FEWEST_AGAIN) {
    return none(`${exactPlural(again, 'person', 'people')} bought again on another day; ${FEWEST_AGAIN} are needed.`);
  }
  const tried = tryOn(bought, begin, end);
  if (typeof tried === 'string') return none(tried);
  const fit = fitBgNbd(units);
  if (fit === null) return none(UNSETTLED);
  const found = foretell(history, counted, columns, converted, bought, goal.withinMs, fit);
  return { model: { buyers: bought.length, again, people: converted.length, followed, tried, ...found }, reason: null };
}

const UNSETTLED = 'Nothing in these purchases tells a pause from having stopped, so the model has no answer.';

// ---------------------------------------------------------------- purchases

interface Bought {
  readonly person: number;
  /** Of each purchase that begins a day of its own, ms, increasing. */
  readonly at: readonly number[];
  /** All amounts after the first day. */
  readonly laterAmount: number;
}

/** What follows within a day of a purchase belongs to it. Of many people, those of as few buckets as hold enough. */
function purchasesOf(history: History, counted: Counted): Bought[] {
  const all: Bought[] = [];
  for (const person of sampled(history)) {
    const found = purchasesBy(history, counted, person);
    if (found.at.length > 0) all.push(found);
  }
  return all;
}

function purchasesBy({ times, personStart }: History, counted: Counted, person: number): Bought {
  const at: number[] = [];
  let laterAmount = 0;
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    if (!counted.counts(row)) continue;
    const time = times.at(row);
    if (at.length === 0 || time >= (at.at(-1) as number) + DAY_MS) at.push(time);
    if (at.length > 1) laterAmount += counted.amount(row);
  }
  return { person, at, laterAmount };
}

function sampled({ nPersons, buckets }: History): number[] {
  const share = Math.ceil((128 * MOST_PEOPLE) / Math.max(1, nPersons));
  return Array.from({ length: nPersons }, (_, person) => person).filter(
    (person) => share >= 128 || (buckets[person] as number) < share,
  );
}

/** In days, up to `until`; all purchases of `at` lie before it. */
function pastOf(at: readonly number[], until: number): Repeats {
  const first = at[0] as number;
  return {
    x: at.length - 1,
    tx: ((at.at(-1) as number) - first) / DAY_MS,
    T: (until - first) / DAY_MS,
  };
}

/** Fitted to the first half, held against the second. @returns why it is not used, or the two counts */
function tryOn(bought: readonly Bought[], begin: number, end: number): ModelledLater['tried'] | string {
  const middle = (begin + end) / 2;
  const known = bought.filter(({ at }) => (at[0] as number) <= middle);
  const units = known.map(({ at }) =>
    pastOf(
      at.filter((time) => time <= middle),
      middle,
    ),
  );
  const came = known.reduce((sum, { at }) => sum + at.filter((time) => time > middle).length, 0);
  if (came < FEWEST_CAME) {
    return `It cannot be tried: in the second half of the history those who had bought before bought ${exactPlural(came, 'time')}; ${FEWEST_CAME} are needed.`;
  }
  const fit = fitBgNbd(units);
  if (fit === null) return UNSETTLED;
  const ahead = (end - middle) / DAY_MS;
  const foretold = units.reduce((sum, past) => sum + expectedRepeats(fit.parameters, past, ahead), 0);
  if (Math.abs(foretold / came - 1) > MOST_OFF) {
    return `The model of repeat purchases does not describe these people: from the first half of the history it foretells ${exactCount(Math.round(foretold))} purchases in the second, and ${exactCount(came)} came.`;
  }
  return { foretold, came, overMs: end - middle };
}

// ---------------------------------------------------------------- what is to come

function foretell(
  history: History,
  counted: Counted,
  columns: EnrollmentColumns,
  converted: readonly number[],
  bought: readonly Bought[],
  withinMs: number,
  fit: BgNbdFit,
): Pick<ModelledLater, 'purchases' | 'perConversion'> {
  const end = history.observedUntil;
  const step = Math.ceil(converted.length / MOST_PEOPLE);
  const rows = converted.filter((_, k) => k % step === 0);
  const people = rows.map((i) => {
    const conversion = columns.goalTimes[i] as number;
    const { at } = purchasesBy(history, counted, columns.persons[i] as number);
    const until = Math.min(end, conversion + withinMs);
    return {
      seen: at.filter((time) => time > conversion && time <= until).length,
      amount: amountIn(history, counted, columns.persons[i] as number, conversion, until),
      // Who reached the goal by another event than a purchase has no past to foretell from.
      past: at.length === 0 ? null : pastOf(at, end),
      aheadDays: (conversion + withinMs - until) / DAY_MS,
    };
  });
  const toCome = (model: BgNbd) =>
    people.map(({ past, aheadDays }) => (past === null ? 0 : expectedRepeats(model, past, aheadDays)));
  const { parameters, covariance } = fit;
  const each = toCome(parameters);
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const spread = gradientSpread((model) => mean(toCome(model)), parameters, covariance);
  const amount = meanAmount(bought);
  const purchases = people.map(({ seen }, k) => seen + (each[k] as number));
  const money = people.map(({ amount: seen }, k) => seen + amount.mean * (each[k] as number));
  return {
    purchases: estimate(mean(purchases), varianceOfMean(purchases) + spread),
    perConversion: estimate(
      mean(money),
      varianceOfMean(money) + amount.mean ** 2 * spread + (mean(each) * amount.se) ** 2,
    ),
  };
}

function amountIn(history: History, counted: Counted, person: number, after: number, until: number): number {
  const { times, personStart } = history;
  let sum = 0;
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > after && time <= until && counted.counts(row)) sum += counted.amount(row);
  }
  return sum;
}

/** Of one later purchase: all later amounts over all later purchases, with the error of such a ratio. */
function meanAmount(bought: readonly Bought[]): { readonly mean: number; readonly se: number } {
  const again = bought.filter(({ at }) => at.length > 1);
  const [amounts, purchases] = again.reduce(([a, p], { at, laterAmount }) => [a + laterAmount, p + at.length - 1], [
    0, 0,
  ] as [number, number]);
  const mean = amounts / purchases;
  const residuals = again.reduce((sum, { at, laterAmount }) => sum + (laterAmount - mean * (at.length - 1)) ** 2, 0);
  return { mean, se: Math.sqrt(residuals) / purchases };
}

/** Variance of a figure of the parameters: its slope in their logarithms, on both sides of the covariance. */
function gradientSpread(
  figure: (model: BgNbd) => number,
  parameters: BgNbd,
  covariance: readonly (readonly number[])[],
): number {
  const h = 1e-3;
  const slope = (['r', 'alpha', 'a', 'b'] as const).map((name) => {
    const at = (by: number) => figure({ ...parameters, [name]: parameters[name] * Math.exp(by) });
    return (at(h) - at(-h)) / (2 * h);
  });
  return slope.reduce(
    (sum, g, i) => sum + slope.reduce((inner, other, j) => inner + g * other * (covariance[i]?.[j] as number), 0),
    0,
  );
}

function varianceOfMean(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length ** 2;
}

/** Limits on the scale of the logarithm, so that they stay positive. */
function estimate(expected: number, variance: number): Estimate {
  if (!(expected > 0)) return { expected, low: null, high: null };
  const by = Math.exp((1.959964 * Math.sqrt(variance)) / expected);
  return { expected, low: expected / by, high: expected * by };
}

/** What is assumed, and how it fared when tried. */
export function modelledAssumption({ buyers, again, tried }: ModelledLater): string {
  const off = Math.round(100 * Math.abs(tried.foretold / tried.came - 1));
  return `It assumes that everybody buys at random at a rate of their own until they stop for good, that a person's first purchase in the history is their first, that all purchases are worth alike, and no season (BG/NBD, fitted to ${exactPlural(buyers, 'buyer')}, ${exactCount(again)} of whom bought again). Tried on the last ${humanDuration(tried.overMs)} of the history from what came before, it foretold ${exactCount(Math.round(tried.foretold))} purchases and ${exactCount(tried.came)} came, ${off === 0 ? 'no percent' : percent(off / 100)} off.`;
}
