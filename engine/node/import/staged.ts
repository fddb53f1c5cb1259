// What the readers of every format leave in DuckDB for the builder: numbers and dictionaries.
//   rows (a table or a view: rn, file, kind, u, e, t, v, reason, mail, p0, p1, …)
//     rn: input order over all files; kind: KIND; u, e: codes of `dict_user`, `dict_event`; t: milliseconds, a DOUBLE;
//     v: value or NULL; reason: index into REASONS, 0 for none; mail: whether the raw id, or its alias partner, is an
//     e-mail address; id_low, id_high, rest_low, rest_high: marks of trace.ts, where there are any; pN: codes
//     of `dict_pN`, NULL where the cell is empty. u, e and t are defined where reason is 0
//   dropped (rn): rows that equal an earlier one
//   sparse (rn, k, s, c): properties of rows that have no column of their own: property k, SETS, code c of `dict_sparse`
// Dictionaries are (v, code), codes counting from 0 in the order of the UTF-8 bytes of v.

import type { CsvReason } from './csv-records.ts';
import type { IdentityTrace } from './trace.ts';

export const KIND = { event: 0, property: 1, alias: 2 } as const;

/** Whose property it is: the event's, the person's from then on, or both. */
export const SETS = { event: 0, person: 1, both: 2 } as const;

export const REASONS = [
  '',
  'missing person',
  'missing event',
  'missing time',
  'unreadable time',
  'unreadable value',
  'time outside the years 1601 to 9999',
  'later than observed-until',
  'not valid JSON',
  'not a JSON object',
] as const;
export type Reason = Exclude<(typeof REASONS)[number], ''> | CsvReason;

export function reasonCode(reason: (typeof REASONS)[number]): number {
  return REASONS.indexOf(reason);
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

export const MAX_PLACES = 5;

/** Rejected rows by reason. */
export class Rejections {
  readonly #byReason = new Map<string, { count: number; first: { order: number; place: Place }[] }>();

  /** @param order of the file among the files */
  add(reason: string, count: number, order: number, places: readonly Place[]): void {
    let entry = this.#byReason.get(reason);
    if (entry === undefined) this.#byReason.set(reason, (entry = { count: 0, first: [] }));
    entry.count += count;
    entry.first.push(...places.map((place) => ({ order, place })));
    entry.first.sort((a, b) => a.order - b.order || a.place.line - b.place.line).splice(MAX_PLACES);
  }

  get total(): number {
    return [...this.#byReason.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** The most frequent first. */
  list() {
    return [...this.#byReason]
      .map(([reason, { count, first }]) => ({ reason, count, first: first.map(({ place }) => place) }))
      .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  }
}

export interface StagedProperty {
  readonly name: string;
  /** `p0`, with the dictionary `dict_p0`. */
  readonly column: string;
}

export interface Staged {
  /** Rows of the table `rows`. */
  readonly nRows: number;
  /** Rows the reader refused, which are not in the table. */
  readonly unread: Rejections;
  readonly properties: readonly StagedProperty[];
  /** Names of `sparse.k`; empty where there is no such table. */
  readonly sparseNames: readonly string[];
  /** Events of equal columns are still to be told apart from repetitions, which are next to each other once sorted. */
  readonly dropEqualEvents: boolean;
  /** The table `rows` has a column `fine`: what times say beyond their millisecond, which tells rows apart as well. */
  readonly hasFineTimes: boolean;
  /** Whether the table `rows` has marks of the ids that records carry, and of what columns leave out. */
  readonly hasIds: boolean;
  readonly hasRests: boolean;
  readonly identity: IdentityTrace;
  /** As in the trace. */
  readonly said: Uint32Array | null;
  readonly warnings: readonly string[];
  /** Physical lines of rows. @param rns increasing */
  readonly locate: (rns: readonly number[]) => Promise<Place[]>;
  /** Index of the file of each place, for ordering. */
  readonly fileNames: readonly string[];
}
