// What the secondary goals of a workflow come to, row by row: whom they count, from where, and what counts. Plain data, so
// that parts of the people can be counted apart (shards, threads) and put together to the same figures.

import { DAY_MS, ExactSum, humanDuration, listed } from '../base/index.ts';
import { type History, isCartLike } from '../events/index.ts';
import { type EnrollmentColumns, goalValue, HistoryView } from '../replay/index.ts';
import type { Secondary, Workflow } from '../workflow/index.ts';

/** What is counted of one secondary goal, as plain data: parts of the people can be counted apart and put together. */
export interface SecondaryTally {
  readonly events: readonly string[] | null;
  readonly reason: string | null;
  readonly groups: Readonly<Record<Group, GroupTally>>;
}

/** One row per person with a known outcome, by person. */
export interface GroupTally {
  readonly people: readonly number[];
  readonly buckets: readonly number[];
  /** Of the metric `value`; else empty. */
  readonly values: readonly number[];
  readonly x: number;
  readonly incomplete: number;
}

/** @param from as of the options; absent: each first enrollment */
export function secondaryTallies(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  from = Number.NEGATIVE_INFINITY,
): SecondaryTally[] {
  if (workflow.secondary.length === 0) return [];
  const entries = firstEntries(columns, from);
  return workflow.secondary.map((goal) => {
    const { metric, withinMs } = goal;
    const counted = countedEvents(history, workflow, goal);
    const clock = clockOf(goal);
    const groups = { treated: emptySeen(), holdout: emptySeen(), reached: emptySeen(), notReached: emptySeen() };
    const reason = counted.reason ?? tooShort(goal);
    for (const i of reason === null ? entries : []) {
      const person = columns.persons[i] as number;
      const start = startOf(columns, i, clock, workflow.goal.withinMs);
      if (start === null) continue;
      const isKnown = columns.complete[i] === 1 && start + withinMs <= history.observedUntil;
      const found = isKnown ? countedIn(history, person, start, goal, counted) : null;
      const bucket = history.buckets[person] as number;
      for (const group of [
        columns.arms[i] === 0 ? groups.treated : groups.holdout,
        Number.isNaN(columns.goalTimes[i] as number) ? groups.notReached : groups.reached,
      ]) {
        add(group, person, bucket, found, metric === 'value');
      }
    }
    return { events: counted.names, reason, groups };
  });
}

/** Of parts of the people with no person in two of them. */
export function mergeSecondary(parts: readonly (readonly SecondaryTally[])[]): SecondaryTally[] {
  const [first = []] = parts;
  return first.map(({ events, reason }, g) => {
    const of = (group: Group): GroupTally => {
      const all = parts.map((part) => (part[g] as SecondaryTally).groups[group]);
      const people = all.flatMap((one) => one.people);
      const order = people.map((_, i) => i).sort((a, b) => (people[a] as number) - (people[b] as number));
      const sorted = (column: readonly number[]) => (column.length === 0 ? [] : order.map((i) => column[i] as number));
      return {
        people: sorted(people),
        buckets: sorted(all.flatMap((one) => one.buckets)),
        values: sorted(all.flatMap((one) => one.values)),
        x: all.reduce((sum, one) => sum + one.x, 0),
        incomplete: all.reduce((sum, one) => sum + one.incomplete, 0),
      };
    };
    const groups = {
      treated: of('treated'),
      holdout: of('holdout'),
      reached: of('reached'),
      notReached: of('notReached'),
    };
    return { events, reason, groups };
  });
}

/** Where the clock of a secondary goal begins. */
export type SecondaryClock = 'conversion' | 'trigger' | 'goalWindowEnd';

export function clockOf({ metric, of }: Secondary): SecondaryClock {
  return of === 'converted' ? 'conversion' : metric === 'retention' ? 'goalWindowEnd' : 'trigger';
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

export type Group = 'treated' | 'holdout' | 'reached' | 'notReached';

interface Seen extends GroupTally {
  readonly people: number[];
  readonly buckets: number[];
  readonly values: number[];
  x: number;
  incomplete: number;
}

function emptySeen(): Seen {
  return { people: [], buckets: [], values: [], x: 0, incomplete: 0 };
}

interface Found {
  readonly any: boolean;
  readonly value: number;
}

function add(seen: Seen, person: number, bucket: number, found: Found | null, hasValue: boolean): void {
  if (found === null) {
    seen.incomplete++;
    return;
  }
  seen.people.push(person);
  seen.buckets.push(bucket);
  if (hasValue) seen.values.push(found.value);
  if (found.any) seen.x++;
}

/** Null: the figure is not about this person. */
function startOf(columns: EnrollmentColumns, i: number, from: SecondaryClock, goalMs: number): number | null {
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
  if (names.length === 1) return only(names);
  if (names.length > 1) {
    const all = listed(names.map((name) => `"${name}"`));
    const reason = `"${id}" does not say whose amounts it adds up, and ${all} carry some, so that one payment might count twice; name one as its "event".`;
    return { ...only(names), reason };
  }
  return { ...only([]), reason: `No event of the history carries an amount, so "${id}" has nothing to add up.` };
}

/** The goal's event where it carries amounts; else all that do, but for carts and what a trigger waits after. */
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
    (name, code) => has[code] === 1 && !anchors.includes(name) && !isCartLike(name) && !history.emailEvents.has(name),
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
