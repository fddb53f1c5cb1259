// The secondary goals of a workflow, counted: who stayed, did another thing or brought value after the goal, or after the
// trigger. One row per person, their first enrollment; only those watched to the end of the time it takes. Of those who
// converted the clock begins at their conversion; of all, at the trigger, so that both arms have the same clock, and for
// staying at the end of the goal window, once it is settled who converted. Those who converted and those who did not are
// different people: what stands side by side goes together and is no effect (methods: H).

import { DAY_MS, ExactSum, exactPlural, humanDuration, seededRandom } from '../base/index.ts';
import { drawUnits, percentileInterval, unitsOf } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { type EnrollmentColumns, goalValue, HistoryView } from '../replay/index.ts';
import { momentsOf, newcombeInterval, welchTest, wilsonInterval } from '../stats/index.ts';
import type { Secondary, Workflow } from '../workflow/index.ts';

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
  readonly from: 'conversion' | 'trigger' | 'goalWindowEnd';
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
  if (workflow.secondary.length === 0) return [];
  const entries = firstEntries(columns, options.from ?? Number.NEGATIVE_INFINITY);
  return workflow.secondary.map((goal) => {
    const { id, metric, of, withinMs } = goal;
    const counted = countedEvents(history, workflow, goal);
    const from = of === 'converted' ? 'conversion' : metric === 'retention' ? 'goalWindowEnd' : 'trigger';
    const seen = new Map<Group, Seen>(GROUPS.map((group) => [group, { people: [], values: [], x: 0, incomplete: 0 }]));
    const head = { id, metric, of, withinMs, events: counted.names, from } as const;
    const reason = counted.reason ?? tooShort(goal);
    if (reason === null) {
      for (const i of entries) {
        const person = columns.persons[i] as number;
        const start = startOf(columns, i, from, workflow.goal.withinMs);
        if (start === null) continue;
        const groups: Group[] = [columns.arms[i] === 0 ? 'treated' : 'holdout'];
        groups.push(Number.isNaN(columns.goalTimes[i] as number) ? 'notReached' : 'reached');
        const isKnown = columns.complete[i] === 1 && start + withinMs <= history.observedUntil;
        const found = isKnown ? countedIn(history, person, start, goal, counted) : null;
        for (const group of groups) add(seen.get(group) as Seen, person, found);
      }
    }
    const group = (name: Group) =>
      groupOf(history, seen.get(name) as Seen, metric, reason ?? noneReason(goal), options.seed);
    const isSplit = from === 'goalWindowEnd' && reason === null;
    const compared = options.from === undefined || reason !== null ? {} : differenceOf(goal, seen);
    return {
      ...head,
      ...compared,
      treated: group('treated'),
      holdout: group('holdout'),
      reached: isSplit ? group('reached') : null,
      notReached: isSplit ? group('notReached') : null,
      ...(reason === null ? {} : { reason }),
    };
  });
}

/** Later amounts of those who converted first time round and were watched so long, one a person. */
export function laterAmounts(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  goal: Secondary,
): { readonly people: readonly number[]; readonly values: readonly number[]; readonly reason: string | null } {
  const counted = countedEvents(history, workflow, goal);
  const people: number[] = [];
  const values: number[] = [];
  for (const i of counted.reason === null ? firstEntries(columns, Number.NEGATIVE_INFINITY) : []) {
    const start = columns.goalTimes[i] as number;
    if (Number.isNaN(start) || columns.complete[i] !== 1 || start + goal.withinMs > history.observedUntil) continue;
    const person = columns.persons[i] as number;
    people.push(person);
    values.push(countedIn(history, person, start, goal, counted).value);
  }
  return { people, values, reason: counted.reason };
}

/** The first of each person since a moment. Rows come by person and time. */
export function firstEntries(columns: EnrollmentColumns, from: number): number[] {
  const rows: number[] = [];
  let last = -1;
  for (let i = 0; i < columns.n; i++) {
    const person = columns.persons[i] as number;
    if (person === last || (columns.triggerTimes[i] as number) < from) continue;
    last = person;
    rows.push(i);
  }
  return rows;
}

type Group = 'treated' | 'holdout' | 'reached' | 'notReached';
const GROUPS: readonly Group[] = ['treated', 'holdout', 'reached', 'notReached'];

interface Seen {
  readonly people: number[];
  readonly values: number[];
  x: number;
  incomplete: number;
}

interface Found {
  readonly any: boolean;
  readonly value: number;
}

function add(seen: Seen, person: number, found: Found | null): void {
  if (found === null) {
    seen.incomplete++;
    return;
  }
  seen.people.push(person);
  seen.values.push(found.value);
  if (found.any) seen.x++;
}

/** Null: the figure is not about this person. */
function startOf(columns: EnrollmentColumns, i: number, from: SecondaryFigure['from'], goalMs: number): number | null {
  const trigger = columns.triggerTimes[i] as number;
  if (from === 'trigger') return trigger;
  if (from === 'goalWindowEnd') return trigger + goalMs;
  const goal = columns.goalTimes[i] as number;
  return Number.isNaN(goal) ? null : goal;
}

function tooShort({ id, metric, withinMs }: Secondary): string | null {
  if (metric !== 'retention' || withinMs > DAY_MS) return null;
  return `"${id}" looks ${humanDuration(withinMs)} ahead, and the first day of staying does not count; give it more than a day.`;
}

function noneReason({ of, withinMs }: Secondary): string {
  const whom = of === 'converted' ? 'Nobody converted and was' : 'Nobody was';
  return `${whom} watched for ${humanDuration(withinMs)} after it.`;
}

// ---------------------------------------------------------------- what counts

export interface Counted {
  readonly names: readonly string[] | null;
  readonly counts: (row: number) => boolean;
  readonly amount: (row: number) => number;
  readonly reason: string | null;
}

/** Which rows a secondary goal counts, and what they bring. */
export function countedEvents(history: History, workflow: Workflow, { id, metric, event }: Secondary): Counted {
  const { nameCodes } = history;
  const view = new HistoryView(history);
  const amount = (row: number) => goalValue(workflow.goal, view, row);
  const only = (names: readonly string[]): Counted => {
    const codes = new Set(names.map((name) => history.nameCode(name)).filter((code) => code >= 0));
    return { names, counts: (row) => codes.has(nameCodes[row] as number), amount, reason: null };
  };
  if (event !== null) {
    if (history.nameCode(event) >= 0) return only([event]);
    return { ...only([event]), reason: `The history has no event "${event}", which "${id}" counts.` };
  }
  if (metric !== 'value') {
    const own = Uint8Array.from(history.names, (name) => (history.emailEvents.has(name) ? 1 : 0));
    return { names: null, counts: (row) => own[nameCodes[row] as number] === 0, amount, reason: null };
  }
  const names = valuedEvents(history, workflow, amount);
  if (names.length > 0) return only(names);
  return { ...only([]), reason: `No event of the history carries an amount, so "${id}" has nothing to add up.` };
}

/** The goal's event where it carries amounts; else all that do, but for those a trigger waits after, as a cart's. */
function valuedEvents(history: History, workflow: Workflow, amount: (row: number) => number): string[] {
  const has = new Uint8Array(history.names.length);
  for (let row = 0; row < history.nEvents; row++) {
    const code = history.nameCodes[row] as number;
    if (has[code] === 0 && amount(row) !== 0) has[code] = 1;
  }
  const { event } = workflow.goal.match;
  if (has[history.nameCode(event)] === 1) return [event];
  const { trigger } = workflow;
  const anchors = (trigger.type === 'anyOf' ? trigger.triggers : [trigger]).flatMap((one) =>
    one.type === 'inaction' ? [one.after.event] : [],
  );
  return history.names.filter(
    (name, code) => has[code] === 1 && !anchors.includes(name) && !history.emailEvents.has(name),
  );
}

/** Of staying, in days 1 and later, each of 24 hours; of the others, in (start, start + within]. */
function countedIn(history: History, person: number, start: number, goal: Secondary, counted: Counted): Found {
  const { times, personStart } = history;
  const after = goal.metric === 'retention' ? start + DAY_MS : start;
  const isAfter = (time: number) => (goal.metric === 'retention' ? time >= after : time > after);
  let any = false;
  const sum = new ExactSum();
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > start + goal.withinMs) break;
    if (!isAfter(time) || !counted.counts(row)) continue;
    any = true;
    if (goal.metric !== 'value') break;
    sum.add(counted.amount(row));
  }
  return { any, value: sum.value };
}

// ---------------------------------------------------------------- figures

function groupOf(
  history: History,
  { people, values, x, incomplete }: Seen,
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
  const perPersonInterval = meanInterval(history, people, values, seed);
  return { n, incomplete, x, ...rates, value: sum.value, perPerson: sum.value / n, perPersonInterval };
}

/** Null for a single person. */
export function meanInterval(
  history: History,
  people: readonly number[],
  values: readonly number[],
  seed: number,
): readonly [number, number] | null {
  return percentileInterval(meanDraws(history, people, values, seed, REPLICATES));
}

function differenceOf(
  { of, metric }: Secondary,
  seen: ReadonlyMap<Group, Seen>,
): Pick<SecondaryFigure, 'difference' | 'differenceReason'> {
  const [treated, holdout] = [seen.get('treated') as Seen, seen.get('holdout') as Seen];
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
  history: History,
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
