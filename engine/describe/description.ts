// What a history holds and whether it can be trusted: people, events by name, properties, reachability, and findings
// that may change figures. Data only; all days and times are UTC.

import type { History, ImportReport } from '../events/index.ts';
import { type ReachabilitySummary, summarizeReachability } from './addresses.ts';
import { coursesOf } from './courses.ts';
import type { Finding } from './finding.ts';
import { peopleFindings } from './findings-people.ts';
import { timeFindings } from './findings-time.ts';
import { valueFindings } from './findings-values.ts';
import { mainPair } from './main-pair.ts';
import { withMoves } from './moves.ts';
import { type PropertySummary, summarizeProperties } from './properties.ts';
import { type NameSummary, tallyHistory } from './tally.ts';

export interface DescribedName extends NameSummary {
  /** Counts in equal stretches from `from` to `to`; absent for rare names, and where all came at one instant. */
  readonly course?: readonly number[];
}

export interface HistoryDescription {
  readonly persons: number;
  readonly events: number;
  /** By descending count. */
  readonly names: readonly DescribedName[];
  /** First and last event, ms since the epoch; null without events. */
  readonly from: number | null;
  readonly to: number | null;
  readonly observedUntil: number;
  readonly observedUntilGiven: boolean;
  readonly observedFrom: number | null;
  readonly properties: readonly PropertySummary[];
  readonly reachability: ReachabilitySummary;
  readonly quality: readonly Finding[];
}

export interface DescribeOptions {
  /** The import's accounting of rows, for duplicates and rejected rows. */
  readonly importReport?: Pick<ImportReport, 'rows'> | null;
  /** The property that holds the address; default `email`. */
  readonly addressProperty?: string;
  /** Whether findings that can be repaired come with what that moves: the history replayed with and without. Default no. */
  readonly moves?: boolean;
  /** Looked at between parts of the work; what it throws ends it. */
  readonly signal?: AbortSignal;
  /** Told how many of the histories that moves are computed on are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

export function describeHistory(history: History, options: DescribeOptions = {}): HistoryDescription {
  const addressProperty = options.addressProperty ?? 'email';
  const look = () => options.signal?.throwIfAborted();
  look();
  const tally = tallyHistory(history);
  look();
  const courses = coursesOf(history, tally);
  look();
  const reachability = summarizeReachability(history, addressProperty);
  look();
  const properties = summarizeProperties(history);
  look();
  const pair = mainPair(history, tally);
  const quality = [
    ...peopleFindings(history, { tally, reachability, addressProperty, rows: options.importReport?.rows ?? null }),
    ...timeFindings(history, tally, pair),
    ...valueFindings(history),
  ];
  look();
  return {
    persons: history.nPersons,
    events: history.nEvents,
    names: tally.names.map((one) => withCourse(one, courses.get(one.name))),
    from: tally.from,
    to: tally.to,
    observedUntil: history.observedUntil,
    observedUntilGiven: history.observedUntilGiven,
    observedFrom: history.observedFrom,
    properties,
    reachability,
    quality: options.moves === true ? withMoves(history, quality, pair, options) : quality,
  };
}

function withCourse(name: NameSummary, course: readonly number[] | undefined): DescribedName {
  return course === undefined ? name : { ...name, course };
}
