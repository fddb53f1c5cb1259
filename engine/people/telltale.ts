// The most telling moments of a gallery: of each person one, of all people a few. Ties go to whom the history has first.

import { exactPlural } from '../base/index.ts';
import type { History } from '../events/index.ts';

export interface Telling {
  readonly person: string;
  /** The moment it is about, ms since the epoch. */
  readonly at: number;
  /** Emails for `mostEmailed` and `atCap`, else ms. */
  readonly n: number;
  /** What made it so: `trigger`, or the rule's key. Null where no rule did. */
  readonly rule: string | null;
  readonly why: string;
}

/** Of each kind. */
const MOST = 3;

/** Words are made for those who are shown. */
export interface Candidate extends Omit<Telling, 'person' | 'why'> {
  readonly person: number;
  readonly why: () => string;
}

/** The most telling moment of each person; among people the first of the history where several are as telling. */
export class Telltale {
  readonly #order: 'most' | 'least';
  readonly #byPerson = new Map<number, Candidate>();

  constructor(order: 'most' | 'least') {
    this.#order = order;
  }

  offer(person: number, at: number, n: number, rule: string | null, why: () => string): void {
    const known = this.#byPerson.get(person);
    if (known !== undefined && this.#compare(known.n, n) <= 0) return;
    this.#byPerson.set(person, { person, at, n, rule, why });
  }

  get people(): number {
    return this.#byPerson.size;
  }

  best(): Candidate[] {
    return [...this.#byPerson.values()].sort((a, b) => this.#compare(a.n, b.n) || a.person - b.person).slice(0, MOST);
  }

  #compare(a: number, b: number): number {
    return this.#order === 'most' ? b - a : a - b;
  }
}

/** Whom to show, with the words. @param telltale null: there can be nobody */
export function tellingOf(history: History, telltale: Telltale | null): Telling[] {
  return (telltale?.best() ?? []).map(({ person, why, ...rest }) => ({
    person: history.personIds.at(person),
    ...rest,
    why: why(),
  }));
}

export function emailsSkipped(n: number): () => string {
  return () => `${exactPlural(n, 'email')} skipped by the cap`;
}
