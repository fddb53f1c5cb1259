// Which people a change gains and loses: two versions of a workflow decided on one history, person by person. Everybody
// about whom either version decides anything is in exactly one class, by their first email: in one version only, sooner,
// later, or at the same moment with other decisions or with the very same ones. Immutable; orders are said below.

import type { History } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type DecisionColumns, decisionColumns, type RecordOptions, type Said, SaidTable } from './decisions.ts';

/** In the order of lists and tables. `otherwise`: the same first email, or none in either, and other decisions. */
export const CHANGES = ['gained', 'lost', 'earlier', 'later', 'otherwise', 'unchanged'] as const;
export type Change = (typeof CHANGES)[number];

export interface PeopleCounts extends Readonly<Record<Change, number>> {
  /** About whom either version decides anything; the classes add up to it. */
  readonly persons: number;
  /** With at least one email sent; the second exceeds the first by gained − lost. */
  readonly emailed: { readonly first: number; readonly second: number };
}

/** A decision with its moment. */
export interface SaidAt extends Said {
  /** Ms since the epoch. */
  readonly time: number;
}

export interface PersonDifference {
  readonly person: string;
  readonly change: Change;
  /** Time of the first email, null where none is sent. */
  readonly firstEmail: { readonly first: number | null; readonly second: number | null };
  /** The first decisions that differ, those before being equal; null where a version decides nothing more. */
  readonly first: SaidAt | null;
  readonly second: SaidAt | null;
}

/** People of one class whose first difference is the same. */
export interface DifferenceRule {
  readonly change: Change;
  readonly first: Said | null;
  readonly second: Said | null;
  /** Which of the two decisions comes first; null where they are of one instant, or one is missing. */
  readonly sooner: 'first' | 'second' | null;
  readonly persons: number;
}

export interface PeoplePage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly PersonDifference[];
}

/** @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted */
export function peopleDifference(
  history: History,
  first: Workflow,
  second: Workflow,
  options: RecordOptions = {},
): PeopleDifference {
  const table = new SaidTable();
  const columns = (workflow: Workflow) => decisionColumns(history, workflow, table, options);
  return new PeopleDifference(history, table, columns(first), columns(second));
}

export class PeopleDifference {
  readonly counts: PeopleCounts;
  /** By class, the most people first. */
  readonly rules: readonly DifferenceRule[];
  readonly #history: History;
  readonly #table: SaidTable;
  readonly #first: DecisionColumns;
  readonly #second: DecisionColumns;
  /** People by class, in the order of the first difference, then of the history. */
  readonly #people: Readonly<Record<Change, Uint32Array>>;

  /** Both columns of all people of the history, numbered by the table. */
  constructor(history: History, table: SaidTable, first: DecisionColumns, second: DecisionColumns) {
    this.#history = history;
    this.#table = table;
    this.#first = first;
    this.#second = second;
    const isSent = Uint8Array.from(table.list, ({ kind }) => (kind === 'sent' ? 1 : 0));
    const people = Object.fromEntries(CHANGES.map((change) => [change, [] as number[]])) as Record<Change, number[]>;
    const when = new Float64Array(history.nPersons);
    const rules = new Map<string, { -readonly [K in keyof DifferenceRule]: DifferenceRule[K] }>();
    const emailed = { first: 0, second: 0 };
    for (let person = 0; person < history.nPersons; person++) {
      if (isSilent(first, person) && isSilent(second, person)) continue;
      const a = firstSent(first, person, isSent);
      const b = firstSent(second, person, isSent);
      if (a !== null) emailed.first++;
      if (b !== null) emailed.second++;
      const [i, j] = firstDifference(first, second, person);
      const change = changeOf(a, b, i === null && j === null);
      people[change].push(person);
      if (change === 'unchanged') continue;
      const ti = i === null ? Number.POSITIVE_INFINITY : (first.times[i] as number);
      const tj = j === null ? Number.POSITIVE_INFINITY : (second.times[j] as number);
      when[person] = Math.min(ti, tj);
      const sooner = i === null || j === null || ti === tj ? null : ti < tj ? 'first' : 'second';
      const key = `${change} ${i === null ? '' : first.codes[i]} ${j === null ? '' : second.codes[j]} ${sooner}`;
      const rule = rules.get(key);
      if (rule !== undefined) rule.persons++;
      else rules.set(key, { change, first: this.#said(first, i), second: this.#said(second, j), sooner, persons: 1 });
    }
    const order = (list: readonly number[]) =>
      Uint32Array.from(list).sort((x, y) => (when[x] as number) - (when[y] as number) || x - y);
    const sorted = CHANGES.map((change) => [change, order(people[change])] as const);
    this.#people = Object.fromEntries(sorted) as Record<Change, Uint32Array>;
    const sizes = Object.fromEntries(sorted.map(([change, list]) => [change, list.length])) as Record<Change, number>;
    this.counts = { persons: CHANGES.reduce((sum, change) => sum + sizes[change], 0), emailed, ...sizes };
    this.rules = [...rules.values()].sort(
      (x, y) => CHANGES.indexOf(x.change) - CHANGES.indexOf(y.change) || y.persons - x.persons,
    );
  }

  /** Some of the people of a class; null: of all classes but the unchanged, class after class. */
  page(change: Change | null, offset: number, limit: number): PeoplePage {
    const lists = CHANGES.filter((one) => (change === null ? one !== 'unchanged' : one === change));
    const total = lists.reduce((sum, one) => sum + this.counts[one], 0);
    const rows: PersonDifference[] = [];
    let skip = offset;
    for (const one of lists) {
      const list = this.#people[one];
      for (let k = Math.min(skip, list.length); k < list.length && rows.length < limit; k++) {
        rows.push(this.#row(one, list[k] as number));
      }
      skip = Math.max(0, skip - list.length);
    }
    return { total, offset, rows };
  }

  /** Everybody whose decisions differ, in the order of `page(null, ..)`. */
  *rows(): Generator<PersonDifference> {
    for (const change of CHANGES) {
      if (change === 'unchanged') continue;
      for (const person of this.#people[change]) yield this.#row(change, person);
    }
  }

  #row(change: Change, person: number): PersonDifference {
    const isSent = Uint8Array.from(this.#table.list, ({ kind }) => (kind === 'sent' ? 1 : 0));
    const [i, j] = firstDifference(this.#first, this.#second, person);
    const at = (columns: DecisionColumns, k: number | null): SaidAt | null => {
      const said = this.#said(columns, k);
      return said === null ? null : { time: columns.times[k as number] as number, ...said };
    };
    return {
      person: this.#history.personIds.at(person),
      change,
      firstEmail: { first: firstSent(this.#first, person, isSent), second: firstSent(this.#second, person, isSent) },
      first: at(this.#first, i),
      second: at(this.#second, j),
    };
  }

  #said({ codes }: DecisionColumns, k: number | null): Said | null {
    return k === null ? null : (this.#table.list[codes[k] as number] as Said);
  }
}

function isSilent({ personStart }: DecisionColumns, person: number): boolean {
  return personStart[person] === personStart[person + 1];
}

function firstSent({ personStart, times, codes }: DecisionColumns, person: number, isSent: Uint8Array): number | null {
  for (let k = personStart[person] as number; k < (personStart[person + 1] as number); k++) {
    if (isSent[codes[k] as number] === 1) return times[k] as number;
  }
  return null;
}

/** Rows of the first decisions that differ, null where a version has none left; both null where all are equal. */
function firstDifference(
  first: DecisionColumns,
  second: DecisionColumns,
  person: number,
): [number | null, number | null] {
  let i = first.personStart[person] as number;
  let j = second.personStart[person] as number;
  const endI = first.personStart[person + 1] as number;
  const endJ = second.personStart[person + 1] as number;
  while (i < endI && j < endJ && first.times[i] === second.times[j] && first.codes[i] === second.codes[j]) {
    i++;
    j++;
  }
  return [i < endI ? i : null, j < endJ ? j : null];
}

function changeOf(first: number | null, second: number | null, isEqual: boolean): Change {
  if (isEqual) return 'unchanged';
  if (first === second) return 'otherwise';
  if (first === null) return 'gained';
  if (second === null) return 'lost';
  return second < first ? 'earlier' : 'later';
}
