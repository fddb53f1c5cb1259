// The secondary goals of a workflow, counted: who stayed, did another thing or brought value after the goal, or after the
// trigger. One row per person, their first enrollment; only those watched to the end of the time it takes. Of those who
// converted the clock begins at their conversion; of all, at the trigger, so that both arms have the same clock, and for
// staying at the end of the goal window, once it is settled who converted. Those who converted and those who did not are
// different people: what stands side by side goes together and is no effect (methods: H).

import { ExactSum, exactPlural, humanDuration, seededRandom } from '../base/index.ts';
import { drawUnits, percentileInterval, unitsOf } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { momentsOf, newcombeInterval, welchTest, wilsonInterval } from '../stats/index.ts';
import type { Secondary, Workflow } from '../workflow/index.ts';
import {
  clockOf,
  type Group,
  type GroupTally,
  type SecondaryClock,
  type SecondaryTally,
  secondaryTallies,
} from './secondary-tally.ts';

export interface SecondaryGroup {
  /** People with a known outcome. */
  readonly n: number;
  /** Of the same kind, but not watched long enough. */
  readonly incomplete: number;
  /** With at least one event that counts. */
  readonly x: number;
  readonly rate: number | null;
  /** Wilson's, 95 %. */
  readonly rateInterval: readonly [number, number] | null;
  /** Of the metric `value`: summed exactly, in the history's currency; else null. */
  readonly value: number | null;
  readonly perPerson: number | null;
  /** By drawing people again, 95 %. */
  readonly perPersonInterval: readonly [number, number] | null;
  /** Why the rate is null. */
  readonly reason?: string;
}

export interface SecondaryFigure {
  readonly id: string;
  readonly metric: Secondary['metric'];
  readonly of: Secondary['of'];
  readonly withinMs: number;
  /** What counts, by name; null: any activity. */
  readonly events: readonly string[] | null;
  /** Where the clock begins. */
  readonly from: SecondaryClock;
  readonly treated: SecondaryGroup;
  readonly holdout: SecondaryGroup;
  /** Both arms, by whether they reached the goal; only of staying, of all. */
  readonly reached: SecondaryGroup | null;
  readonly notReached: SecondaryGroup | null;
  /** Measured, treated minus holdout; only where the emails went out by arm (`from`). Null with the reason. */
  readonly difference?: SecondaryDifference | null;
  readonly differenceReason?: string;
  /** Why nothing can be counted. */
  readonly reason?: string;
}

/** Of rates, as a fraction, by Newcombe; of amounts, per person, by Welch. 95 %. */
export interface SecondaryDifference {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface SecondaryOptions {
  readonly seed: number;
  /** Since when the emails go out by arm, ms: everybody counts with their first entry since, and the arms are compared. */
  readonly from?: number;
}

const REPLICATES = 1000;

/** In the order of the workflow's `secondary`; empty where it has none. */
export function secondaryFigures(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  options: SecondaryOptions,
): SecondaryFigure[] {
  return figuresOfTallies(workflow, secondaryTallies(history, workflow, columns, options.from), options);
}

/** @param tallies of the workflow's secondary goals, in their order; its `from` says whether arms are compared */
export function figuresOfTallies(
  { secondary }: Pick<Workflow, 'secondary'>,
  tallies: readonly SecondaryTally[],
  options: SecondaryOptions,
): SecondaryFigure[] {
  return secondary.map((goal, g) => {
    const { id, metric, of, withinMs } = goal;
    const { events, reason, groups } = tallies[g] as SecondaryTally;
    const from = clockOf(goal);
    const group = (name: Group) => groupOf(groups[name], metric, reason ?? noneReason(goal), options.seed);
    const isSplit = from === 'goalWindowEnd' && reason === null;
    const compared = options.from === undefined || reason !== null ? {} : differenceOf(goal, groups);
    return {
      ...{ id, metric, of, withinMs, events, from },
      ...compared,
      treated: group('treated'),
      holdout: group('holdout'),
      reached: isSplit ? group('reached') : null,
      notReached: isSplit ? group('notReached') : null,
      ...(reason === null ? {} : { reason }),
    };
  });
}

function noneReason({ of, withinMs }: Secondary): string {
  const whom = of === 'converted' ? 'Nobody converted and was' : 'Nobody was';
  return `${whom} watched for ${humanDuration(withinMs)} after it.`;
}

function groupOf(
  { people, buckets, values, x, incomplete }: GroupTally,
  metric: Secondary['metric'],
  reason: string,
  seed: number,
): SecondaryGroup {
  const n = people.length;
  const none = { rate: null, rateInterval: null, value: null, perPerson: null, perPersonInterval: null };
  if (n === 0) return { n, incomplete, x, ...none, reason };
  const rates = { rate: x / n, rateInterval: wilsonInterval({ n, x }, 0.05) };
  if (metric !== 'value') return { n, incomplete, x, ...none, ...rates };
  const sum = new ExactSum();
  for (const value of values) sum.add(value);
  const perPersonInterval = meanInterval({ buckets: bucketColumn(people, buckets) }, people, values, seed);
  return { n, incomplete, x, ...rates, value: sum.value, perPerson: sum.value / n, perPersonInterval };
}

/** By person, as of a history. */
function bucketColumn(people: readonly number[], buckets: readonly number[]): Uint8Array {
  const column = new Uint8Array((people.at(-1) ?? -1) + 1);
  people.forEach((person, i) => {
    column[person] = buckets[i] as number;
  });
  return column;
}

/** Null for a single person. */
export function meanInterval(
  history: Pick<History, 'buckets'>,
  people: readonly number[],
  values: readonly number[],
  seed: number,
): readonly [number, number] | null {
  return percentileInterval(meanDraws(history, people, values, seed, REPLICATES));
}

function differenceOf(
  { of, metric }: Secondary,
  { treated, holdout }: Readonly<Record<Group, GroupTally>>,
): Pick<SecondaryFigure, 'difference' | 'differenceReason'> {
  const none = (differenceReason: string) => ({ difference: null, differenceReason });
  if (of === 'converted') {
    return none('Those who convert are other people in each arm, so the difference between them is no effect.');
  }
  const [nT, nC] = [treated.people.length, holdout.people.length];
  if (nT === 0 || nC === 0) return none('An arm has nobody watched long enough.');
  if (metric !== 'value') {
    const [low, high] = newcombeInterval({ n: nT, x: treated.x }, { n: nC, x: holdout.x }, 0.05);
    return { difference: { expected: treated.x / nT - holdout.x / nC, low, high } };
  }
  const test = nT < 2 || nC < 2 ? null : welchTest(momentsOf(treated.values), momentsOf(holdout.values), 0.05);
  if (test === null) return none('The amounts have no spread to compare them by.');
  return { difference: { expected: test.difference, low: test.interval[0], high: test.interval[1] } };
}

/** Means of people drawn again; empty for a single person. */
export function meanDraws(
  history: Pick<History, 'buckets'>,
  people: readonly number[],
  values: readonly number[],
  seed: number,
  replicates: number,
): number[] {
  if (people.length < 2) return [];
  const units = unitsOf(history, people);
  const sums = new Float64Array(units.n);
  const counts = new Float64Array(units.n);
  people.forEach((_, i) => {
    const unit = units.of[i] as number;
    sums[unit] = (sums[unit] as number) + (values[i] as number);
    counts[unit] = (counts[unit] as number) + 1;
  });
  const random = seededRandom(seed, 'value people');
  const weights = new Uint32Array(units.n);
  const draws: number[] = [];
  for (let r = 0; r < replicates; r++) {
    drawUnits(random, weights);
    let [sum, n] = [0, 0];
    for (let u = 0; u < units.n; u++) {
      sum += (weights[u] as number) * (sums[u] as number);
      n += (weights[u] as number) * (counts[u] as number);
    }
    if (n > 0) draws.push(sum / n);
  }
  return draws;
}

// ---------------------------------------------------------------- in words

/** What is counted, without figures: `staying, days 1 to 90 after the conversion`. */
export function secondaryTitle({ metric, withinMs, from, events }: SecondaryFigure): string {
  const since = { conversion: 'the conversion', trigger: 'the trigger', goalWindowEnd: 'the end of the goal window' }[
    from
  ];
  const what = events === null ? 'any activity' : events.map((name) => `“${name}”`).join(' or ');
  if (metric === 'retention') return `Stayed: ${what} from day 1 to ${humanDuration(withinMs)} after ${since}`;
  if (metric === 'event') return `${what} within ${humanDuration(withinMs)} of ${since}`;
  return `Amounts of ${what} within ${humanDuration(withinMs)} of ${since}`;
}

/** Who is left out; null where nobody is. */
export function secondaryLeftOut({ treated, holdout, withinMs }: SecondaryFigure): string | null {
  const incomplete = treated.incomplete + holdout.incomplete;
  if (incomplete === 0) return null;
  return `${exactPlural(incomplete, 'person is', 'people are')} left out, who cannot be followed for ${humanDuration(withinMs)} yet.`;
}
