// What people do early, against what becomes of them: every name of an event in the same first days of everybody, then
// whether they stay, or buy, after it. People are compared within strata of equal early activity (how many parts of the
// early window they were active in, the last of these, how much else they did), so that neither being keen nor having
// gone before there was time for it makes a behaviour look like a cause of staying. It goes together with, no more.

import { DAY_MS } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { twoSidedZ } from '../stats/index.ts';
import { type Stratum, stratifiedDifference } from './stratified.ts';

/** Behaviour in (first, first + early] is set against the outcome in (first + from, first + to]. */
export interface Cohort {
  readonly earlyMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Behaviour {
  readonly event: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Everybody of the cohort, those compared or not. */
  readonly doers: { readonly x: number; readonly n: number };
  readonly others: { readonly x: number; readonly n: number };
}

/** Activity of any kind, or one of these events. */
export type EarlyOutcome = 'stays' | { readonly buys: readonly string[] };

export interface EarlyReport {
  readonly cohort: Cohort;
  /** People who can be followed to the end of the cohort's outcome. */
  readonly people: number;
  readonly outcomes: number;
  /** Behaviours compared, which the limits take into account. */
  readonly compared: number;
  readonly behaviours: readonly Behaviour[];
}

const COHORTS: Readonly<Record<'stays' | 'buys', readonly Cohort[]>> = {
  stays: [
    { earlyMs: 7 * DAY_MS, fromMs: 28 * DAY_MS, toMs: 56 * DAY_MS },
    { earlyMs: 7 * DAY_MS, fromMs: 14 * DAY_MS, toMs: 28 * DAY_MS },
    { earlyMs: 3 * DAY_MS, fromMs: 7 * DAY_MS, toMs: 14 * DAY_MS },
    { earlyMs: DAY_MS, fromMs: 3 * DAY_MS, toMs: 7 * DAY_MS },
  ],
  buys: [
    { earlyMs: 7 * DAY_MS, fromMs: 7 * DAY_MS, toMs: 37 * DAY_MS },
    { earlyMs: 3 * DAY_MS, fromMs: 3 * DAY_MS, toMs: 10 * DAY_MS },
    { earlyMs: DAY_MS, fromMs: DAY_MS, toMs: 4 * DAY_MS },
  ],
};
const FEWEST_PEOPLE = 200;
const FEWEST_OUTCOMES = 20;
const FEWEST_DOERS = 30;
const PARTS = 7;
const SIZES = 16;
const MOST_NAMES = 60;

/**
 * @param outcome who has had one of its events by the end of the early window is left out
 * @param leftOut names that are no behaviour to look at
 * @returns null, with the reason, where too few people can be followed
 */
export function earlyBehaviours(
  history: History,
  outcome: EarlyOutcome,
  leftOut: ReadonlySet<string>,
): EarlyReport | { readonly reason: string } {
  const kind = outcome === 'stays' ? 'stays' : 'buys';
  for (const cohort of COHORTS[kind]) {
    const report = compare(history, goalsOf(outcome), leftOut, cohort);
    const { people, outcomes } = report;
    if (people >= FEWEST_PEOPLE && outcomes >= FEWEST_OUTCOMES && people - outcomes >= FEWEST_OUTCOMES) return report;
  }
  const what = outcome === 'stays' ? 'stays or leaves' : 'buys or does not';
  return {
    reason: `Fewer than ${FEWEST_PEOPLE} people can be followed from their first event until it shows who ${what}, or fewer than ${FEWEST_OUTCOMES} do either.`,
  };
}

/** Somebody of a cohort; valid until the next one. */
interface Early {
  readonly person: number;
  /** ms since the epoch */
  readonly first: number;
  /** Early events by the code of their name: how many, and the first of them. */
  readonly counts: ReadonlyMap<number, { n: number; at: number }>;
  /** Early events of any name, the parts of the early window with any (a bit each), and the last of these parts. */
  readonly total: number;
  readonly parts: number;
  readonly last: number;
  readonly hasOutcome: boolean;
}

/** Everybody of the history who can be followed to the end of the cohort's outcome, and had not had it before. */
function visitEarly(
  history: History,
  goals: ReadonlySet<string> | null,
  { earlyMs, fromMs, toMs }: Cohort,
  visit: (one: Early) => void,
): void {
  const { names, nameCodes, personStart, times, nPersons, observedUntil, observedFrom, emailEvents } = history;
  const isActivity = names.map((name) => !emailEvents.has(name));
  const isGoal = names.map((name) => goals?.has(name) === true);
  const counts = new Map<number, { n: number; at: number }>();
  for (let person = 0; person < nPersons; person++) {
    let row = personStart[person] as number;
    const end = personStart[person + 1] as number;
    while (row < end && isActivity[nameCodes[row] as number] !== true) row++;
    if (row === end) continue;
    const first = times.at(row);
    if (first + toMs > observedUntil) continue;
    // Who was there when observation began may have been there for long.
    if (observedFrom !== null && first < observedFrom + fromMs) continue;
    counts.clear();
    let total = 0;
    let parts = 0;
    let last = 0;
    let hasOutcome = false;
    let isOut = false;
    for (; row < end; row++) {
      const code = nameCodes[row] as number;
      if (isActivity[code] !== true) continue;
      const at = times.at(row);
      const since = at - first;
      if (since > toMs) break;
      if (since <= earlyMs) {
        if (isGoal[code]) isOut = true;
        total++;
        const known = counts.get(code);
        if (known === undefined) counts.set(code, { n: 1, at });
        else known.n++;
        last = Math.min(PARTS - 1, Math.floor((since / earlyMs) * PARTS));
        parts |= 1 << last;
      } else if (since > fromMs && (goals === null || isGoal[code])) {
        hasOutcome = true;
        break;
      } else if (since <= fromMs && isGoal[code]) isOut = true;
    }
    if (!isOut) visit({ person, first, counts, total, parts, last, hasOutcome });
  }
}

/** Somebody behind a comparison. */
export interface EarlyPerson {
  readonly person: number;
  readonly did: boolean;
  /** When they did it first; of the others, the end of their early window. Ms since the epoch. */
  readonly at: number;
  readonly hasOutcome: boolean;
}

/** Everybody whom a behaviour of `earlyBehaviours` counts, in the history's order of people; none where it compares nobody. */
export function earlyPeople(
  history: History,
  outcome: EarlyOutcome,
  leftOut: ReadonlySet<string>,
  event: string,
): EarlyPerson[] {
  const report = earlyBehaviours(history, outcome, leftOut);
  if ('reason' in report || !report.behaviours.some((one) => one.event === event)) return [];
  const { cohort } = report;
  const code = history.nameCode(event);
  const found: EarlyPerson[] = [];
  visitEarly(history, goalsOf(outcome), cohort, ({ person, first, counts, hasOutcome }) => {
    const done = counts.get(code);
    found.push({ person, did: done !== undefined, at: done?.at ?? first + cohort.earlyMs, hasOutcome });
  });
  return found;
}

function goalsOf(outcome: EarlyOutcome): ReadonlySet<string> | null {
  return outcome === 'stays' ? null : new Set(outcome.buys);
}

function compare(
  history: History,
  goals: ReadonlySet<string> | null,
  leftOut: ReadonlySet<string>,
  cohort: Cohort,
): EarlyReport {
  const { names, emailEvents } = history;
  const isLooked = names.map((name) => !emailEvents.has(name) && goals?.has(name) !== true && !leftOut.has(name));
  const strataOf = PARTS * PARTS * SIZES;
  // Of everybody, by stratum; of the doers of each name, by stratum. Who does other things is what is left.
  const all = { n: new Float64Array(strataOf), x: new Float64Array(strataOf) };
  const tallies = new Map<number, Tally>();
  let people = 0;
  let outcomes = 0;
  visitEarly(history, goals, cohort, ({ counts, total, parts, last, hasOutcome }) => {
    people++;
    if (hasOutcome) outcomes++;
    const base = (bits(parts) - 1) * PARTS + last;
    const x = hasOutcome ? 1 : 0;
    const whole = base * SIZES + sizeOf(total);
    all.n[whole] = (all.n[whole] as number) + 1;
    all.x[whole] = (all.x[whole] as number) + x;
    for (const [code, { n }] of counts) {
      if (isLooked[code] !== true) continue;
      let tally = tallies.get(code);
      if (tally === undefined) tallies.set(code, (tally = newTally(strataOf)));
      // As someone who did not do it and did as much of everything else.
      const own = base * SIZES + sizeOf(total - n);
      tally.n[own] = (tally.n[own] as number) + 1;
      tally.x[own] = (tally.x[own] as number) + x;
      tally.wholeN[whole] = (tally.wholeN[whole] as number) + 1;
      tally.wholeX[whole] = (tally.wholeX[whole] as number) + x;
    }
  });
  const candidates = [...tallies].flatMap(([code, tally]) => {
    const doers = { n: sum(tally.n), x: sum(tally.x) };
    const others = { n: people - doers.n, x: outcomes - doers.x };
    return doers.n < FEWEST_DOERS || others.n < FEWEST_DOERS
      ? []
      : [{ event: names[code] as string, tally, doers, others }];
  });
  const looked = candidates.sort((a, b) => b.doers.n - a.doers.n || (a.event < b.event ? -1 : 1)).slice(0, MOST_NAMES);
  const z = twoSidedZ(0.05 / Math.max(1, looked.length));
  const behaviours = looked.flatMap(({ event, tally, doers, others }) => {
    const found = stratifiedDifference(strata(all, tally));
    if (found === null) return [];
    const { difference, se } = found;
    return [{ event, difference, low: difference - z * se, high: difference + z * se, doers, others }];
  });
  return { cohort, people, outcomes, compared: looked.length, behaviours };
}

/** Doers by what else they did, others by all they did. */
interface Tally {
  readonly n: Float64Array;
  readonly x: Float64Array;
  readonly wholeN: Float64Array;
  readonly wholeX: Float64Array;
}

function newTally(length: number): Tally {
  const make = () => new Float64Array(length);
  return { n: make(), x: make(), wholeN: make(), wholeX: make() };
}

function* strata(all: { readonly n: Float64Array; readonly x: Float64Array }, tally: Tally): Iterable<Stratum> {
  for (let i = 0; i < all.n.length; i++) {
    const others = {
      n: (all.n[i] as number) - (tally.wholeN[i] as number),
      x: (all.x[i] as number) - (tally.wholeX[i] as number),
    };
    yield { doers: { n: tally.n[i] as number, x: tally.x[i] as number }, others };
  }
}

/** 0, 1, 2-3, 4-7, .. events. */
function sizeOf(n: number): number {
  return Math.min(SIZES - 1, n === 0 ? 0 : 1 + Math.floor(Math.log2(n)));
}

function bits(mask: number): number {
  let n = 0;
  for (let left = mask; left > 0; left >>= 1) n += left & 1;
  return n;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
