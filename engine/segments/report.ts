// Who the people of a history are at a moment: the sizes of every segment, how they came to be over time, who moved from
// where to where, and each feature by itself. Of each kind the sizes add up to everybody known at the moment, and so do
// the rows of the transitions with those who were not known before.

import { DAY_MS } from '../base/index.ts';
import { earlyQuantile, type History } from '../events/index.ts';
import { adoptionOf, localTime } from '../replay/index.ts';
import { ADOPTION, type SegmentRules, type SegmentRulesFile, segmentRulesFile } from '../workflow/index.ts';
import { codesAt, KINDS, type KindName, visitStandings, type Watch } from './standings.ts';

/** People by segment, every segment of the kind in its order. */
export type Sizes = Readonly<Record<string, number>>;

export interface KindReport {
  /** At `at`. */
  readonly sizes: Sizes;
  /** From the first week with somebody to `at`, in equal steps; weeks of a few stray early rows left out. */
  readonly overTime: readonly { readonly time: number; readonly people: number; readonly sizes: Sizes }[];
  readonly transitions: Transitions;
}

export interface Transitions {
  /** Ms since the epoch; `to` is `at`. */
  readonly from: number;
  readonly to: number;
  /** By the segment at `from`, in order, then `notKnown`: the people who came since. */
  readonly rows: readonly { readonly segment: string; readonly people: number; readonly to: Sizes }[];
}

export interface FeatureReport {
  readonly feature: string;
  readonly sizes: Sizes;
}

export interface SegmentReport {
  readonly at: number;
  readonly timezone: string;
  /** People known at `at`. */
  readonly people: number;
  /** People of the history of whom nothing is known until later. */
  readonly later: number;
  readonly engagement: KindReport;
  readonly lifecycle: KindReport;
  readonly adoption: KindReport & { readonly features: readonly FeatureReport[] };
  /** As they stand under `segments` in a workflow file. */
  readonly rules: SegmentRulesFile;
}

export interface SegmentReportOptions extends Watch {
  /** Ms since the epoch; default: the end of observation. */
  readonly at?: number;
  /** IANA name; default UTC. */
  readonly timezone?: string;
  /** How far back transitions look, ms; default 28 days. */
  readonly sinceMs?: number;
}

const WEEK = 7 * DAY_MS;
const MOST_POINTS = 53;

export function segmentReport(
  history: History,
  rules: SegmentRules,
  options: SegmentReportOptions = {},
): SegmentReport {
  const { at = history.observedUntil, timezone = 'UTC', sinceMs = 28 * DAY_MS } = options;
  const zone = localTime(timezone);
  const points = pointsUpTo(history, at);
  const before = at - sinceMs;
  const times = [...new Set([...points, before, at])].sort((a, b) => a - b);
  const last = times.length - 1;
  const since = times.indexOf(before);
  const counts = eachKind((kind) => times.map(() => KINDS[kind].map(() => 0)));
  // The last row is of people who were not known before.
  const moves = eachKind((kind) => [...KINDS[kind], 'notKnown'].map(() => KINDS[kind].map(() => 0)));
  const known = times.map(() => 0);
  const features = rules.adoption.features.map((feature) => ({ feature, counts: ADOPTION.map(() => 0) }));
  let was: Record<KindName, number> | null = null;
  let of = -1;
  visitStandings(
    history,
    times,
    zone,
    (person, moment, standing) => {
      if (person !== of) was = null;
      of = person;
      const codes = codesAt(standing, rules);
      known[moment] = (known[moment] as number) + 1;
      for (const kind of NAMES) add(counts[kind][moment], codes[kind]);
      if (moment === since) was = { ...codes };
      if (moment !== last) return;
      for (const kind of NAMES) add(moves[kind][was === null ? KINDS[kind].length : was[kind]], codes[kind]);
      for (const { feature, counts: found } of features) {
        add(found, ADOPTION.indexOf(adoptionOf(standing, [feature], rules.adoption.used)));
      }
    },
    options,
  );
  const people = known[last] as number;
  const reportOf = (kind: KindName): KindReport => ({
    sizes: sizesOf(kind, counts[kind][last]),
    overTime: points.map((time) => {
      const moment = times.indexOf(time);
      return { time, people: known[moment] as number, sizes: sizesOf(kind, counts[kind][moment]) };
    }),
    transitions: {
      from: before,
      to: at,
      rows: moves[kind].map((row, i) => ({
        segment: KINDS[kind][i] ?? 'notKnown',
        people: row.reduce((sum, n) => sum + n, 0),
        to: sizesOf(kind, row),
      })),
    },
  });
  return {
    at,
    timezone,
    people,
    later: history.nPersons - people,
    engagement: reportOf('engagement'),
    lifecycle: reportOf('lifecycle'),
    adoption: {
      ...reportOf('adoption'),
      features: features.map(({ feature, counts: found }) => ({ feature, sizes: sizesOf('adoption', found) })),
    },
    rules: segmentRulesFile(rules),
  };
}

const NAMES = Object.keys(KINDS) as readonly KindName[];

/** Back from `at` in whole weeks, as many as it takes to keep the points few, while there is anybody to count. */
function pointsUpTo(history: History, at: number): number[] {
  const first = firstMoment(history, at);
  if (!(first <= at)) return [at];
  const step = Math.max(1, Math.ceil((at - first) / WEEK / (MOST_POINTS - 1))) * WEEK;
  const points: number[] = [];
  for (let time = at; time >= first; time -= step) points.push(time);
  return points.reverse();
}

/** Since when there is somebody, a few stray early rows left out; Infinity where nobody is known by then. */
function firstMoment({ times, nEvents, changes }: History, at: number): number {
  const columns = [
    { column: times, n: nEvents },
    { column: { at: (i: number) => changes.times[i] as number }, n: changes.times.length },
  ];
  return Math.min(...columns.map(({ column, n }) => earlyQuantile(column, n, at) ?? Number.POSITIVE_INFINITY));
}

function eachKind<T>(make: (kind: KindName) => T): Record<KindName, T> {
  return { engagement: make('engagement'), lifecycle: make('lifecycle'), adoption: make('adoption') };
}

export function sizesOf(kind: KindName, counts: readonly number[] | undefined): Sizes {
  return Object.fromEntries(KINDS[kind].map((name, i) => [name, counts?.[i] ?? 0]));
}

function add(counts: number[] | undefined, code: number): void {
  if (counts !== undefined) counts[code] = (counts[code] as number) + 1;
}
