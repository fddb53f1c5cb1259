// Episodes that end for good before the goal: an unsubscription or another event that ends the enrollment. Such a person
// is not merely unwatched: taking them for censored would let them convert later on paper. Shares by Aalen & Johansen
// 1978, clustered on person; beside them what the curve that censors them would say.

import type { History } from '../events/index.ts';
import { aalenJohansen, type Interval, kaplanMeier, survivalAt } from '../stats/index.ts';
import type { EventMatch, Workflow } from '../workflow/index.ts';
import { CONVERTED, type Episodes } from './episodes.ts';
import { rowMatcher } from './matcher.ts';

export interface CompetingPoint {
  readonly t: number;
  /** Shares of all episodes; they add up to 1. */
  readonly converted: number;
  readonly left: number;
  readonly neither: number;
  /** 95 %, clustered on person. */
  readonly convertedInterval: Interval;
  readonly leftInterval: Interval;
}

export interface CompetingEnds {
  /** Names of the events that end an episode for good. */
  readonly events: readonly string[];
  /** Episodes that one of them ended before the goal. */
  readonly left: number;
  /** At the last moment watched, at most the horizon. */
  readonly end: CompetingPoint;
  /** What 1 − S says there if those who left are taken for censored: at least `end.converted`. */
  readonly convertedIfCensored: number;
  readonly curve: readonly CompetingPoint[];
}

const Z = 1.959963984540054;
const MOST_POINTS = 200;

/** What ends an enrollment for good before the goal; the goal and what the trigger waits for are no such ends. */
export function endingEvents(workflow: Workflow, answer: EventMatch | null): EventMatch[] {
  const answers = [workflow.goal.match, ...(answer === null ? [] : [answer])].map((match) => JSON.stringify(match));
  const unsubscribed = workflow.gates?.unsubscribed ?? null;
  const ends = [...workflow.exit.on, ...(unsubscribed === null ? [] : [unsubscribed])];
  const seen = new Set(answers);
  return ends.filter((match) => {
    const key = JSON.stringify(match);
    // Any event of a goal's name may be the goal, whatever the filters: what is doubtful is left a conversion.
    if (seen.has(key) || match.event === workflow.goal.match.event || match.event === answer?.event) return false;
    seen.add(key);
    return true;
  });
}

/** @returns null where no such event ended any episode */
export function competingEnds(history: History, ends: readonly EventMatch[], episodes: Episodes): CompetingEnds | null {
  const matchers = ends
    .map((match) => ({ match, rows: rowMatcher(history, match) }))
    .filter(({ rows }) => rows.isKnown);
  if (matchers.length === 0 || episodes.n === 0) return null;
  const times = new Float64Array(episodes.n);
  const causes = new Uint8Array(episodes.n);
  const names = new Set<string>();
  let left = 0;
  let at = -1;
  let exits: { readonly time: number; readonly name: string }[] = [];
  for (let i = 0; i < episodes.n; i++) {
    const person = episodes.persons[i] as number;
    if (person !== at) exits = exitsOf(history, matchers, (at = person));
    const start = episodes.starts[i] as number;
    const closed = episodes.closedAt[i] as number;
    // At one instant the goal counts.
    const exit = exits.find(({ time }) => time > start && time < closed);
    const last = exits.find(({ time }) => time === closed && episodes.status[i] !== CONVERTED);
    const end = exit ?? last;
    times[i] = (end?.time ?? closed) - start;
    causes[i] = end !== undefined ? 2 : episodes.status[i] === CONVERTED ? 1 : 0;
    if (end === undefined) continue;
    names.add(end.name);
    left++;
  }
  if (left === 0) return null;
  const shares = aalenJohansen({ times }, causes, episodes.persons);
  const last = shares.times.length - 1;
  const pointAt = (j: number): CompetingPoint => {
    const converted = shares.shares[0]?.[j] ?? 0;
    const gone = shares.shares[1]?.[j] ?? 0;
    return {
      t: shares.times[j] as number,
      converted,
      left: gone,
      neither: shares.none[j] as number,
      convertedInterval: limits(converted, shares.se[0]?.[j] ?? 0),
      leftInterval: limits(gone, shares.se[1]?.[j] ?? 0),
    };
  };
  const censoring = kaplanMeier({ times, events: causes.map((cause) => (cause === 1 ? 1 : 0)) });
  const survived = survivalAt(censoring, shares.times[last] as number);
  return {
    events: [...names].sort(),
    left,
    end: pointAt(last),
    convertedIfCensored: survived === null ? (shares.shares[0]?.[last] ?? 0) : 1 - survived,
    curve: thinned(last + 1).map(pointAt),
  };
}

/** Of one person, in order of time. */
function exitsOf(
  { personStart, times, observedUntil }: History,
  matchers: readonly { readonly match: EventMatch; readonly rows: ReturnType<typeof rowMatcher> }[],
  person: number,
): { readonly time: number; readonly name: string }[] {
  const found: { readonly time: number; readonly name: string }[] = [];
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > observedUntil) break;
    const matcher = matchers.find(({ rows }) => rows.matches(person, row));
    if (matcher !== undefined) found.push({ time, name: matcher.match.event });
  }
  return found;
}

/** Log-log limits of a share (as of a survival curve), which stay inside 0 … 1. */
function limits(share: number, se: number): Interval {
  if (share <= 0 || share >= 1 || se === 0) return [share, share];
  const survived = 1 - share;
  const width = (Z * se) / (survived * Math.abs(Math.log(survived)));
  return [1 - survived ** Math.exp(-width), 1 - survived ** Math.exp(width)];
}

/** At most so many places of a column, its first and last among them. */
function thinned(n: number): number[] {
  if (n <= MOST_POINTS) return Array.from({ length: n }, (_, i) => i);
  return Array.from({ length: MOST_POINTS }, (_, k) => Math.round((k * (n - 1)) / (MOST_POINTS - 1)));
}
