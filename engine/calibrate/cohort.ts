// The episodes a figure rests on: all of them on the `first` clock, or the mature ones with a known end, from which
// alone rates are made.

import { percent, plural } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { FEWEST_CONVERTERS } from './converters.ts';
import { buildEpisodes, CENSORED, CONVERTED, type Episodes, isMature, momentEpisodes } from './episodes.ts';
import { buildGaps, type Gaps, gapEpisodes } from './gaps.ts';
import { mailedShare, type Triggered } from './own-emails.ts';
import { horizonOf, type MomentSubject, type Subject, subjectOf } from './subject.ts';

/** Episodes in which the email would have gone out. */
export function firedOf(episodes: Episodes, windowMs: number): Triggered {
  const rows = Array.from({ length: episodes.n }, (_, i) => i).filter((i) => !Number.isNaN(episodes.firstFires[i]));
  const of = (value: (i: number) => number) => Float64Array.from(rows, value);
  return {
    n: rows.length,
    persons: of((i) => episodes.persons[i] as number),
    anchorTimes: of((i) => (episodes.firstFires[i] as number) - windowMs),
    triggerTimes: of((i) => episodes.firstFires[i] as number),
    goalTimes: of((i) => (episodes.status[i] === CONVERTED ? (episodes.closedAt[i] as number) : Number.NaN)),
  };
}

/** All episodes on the `first` clock, less those that may have begun unseen. */
export function firstClock(history: History, subject: Subject, horizonMs: number, timezone: string) {
  if (subject.kind === 'absence') {
    const gaps = buildGaps(history, subject.trigger, timezone);
    const episodes = gapEpisodes(gaps, subject.windowMs, horizonMs, history.observedUntil);
    return { episodes, gaps, washedIn: 0 };
  }
  const all = buildEpisodes(history, { ...subject, rearm: 'first', horizonMs });
  const { episodes, washedIn } = withoutWashIn(history, all);
  return { episodes, gaps: null as Gaps | null, washedIn };
}

/** The moments at which the trigger of a workflow fires as episodes, less those that may have begun unseen. */
export function momentClock(history: History, workflow: Workflow, { without }: MomentSubject, horizonMs: number) {
  const persons: number[] = [];
  const times: number[] = [];
  let id: string | null = null;
  let person = -1;
  replayWorkflow(history, workflow, {
    enrollments: 'none',
    onDecision: (decision) => {
      if (decision.kind !== 'candidate') return;
      if (decision.person !== id) person = history.personIndex((id = decision.person));
      persons.push(person);
      times.push(decision.time);
    },
  });
  const all = momentEpisodes(history, { persons, times }, without, horizonMs);
  return { ...withoutWashIn(history, all), gaps: null };
}

function withoutWashIn(history: History, all: Episodes): { episodes: Episodes; washedIn: number } {
  if (history.observedFrom === null) return { episodes: all, washedIn: 0 };
  const from = history.observedFrom + all.horizonMs;
  const kept = Array.from({ length: all.n }, (_, i) => i).filter((i) => (all.starts[i] as number) >= from);
  return { episodes: pick(all, kept), washedIn: all.n - kept.length };
}

function pick(all: Episodes, rows: readonly number[]): Episodes {
  const of = (column: ArrayLike<number>) => rows.map((i) => column[i] as number);
  return {
    ...all,
    n: rows.length,
    persons: Uint32Array.from(of(all.persons)),
    starts: Float64Array.from(of(all.starts)),
    status: Uint8Array.from(of(all.status)),
    closedAt: Float64Array.from(of(all.closedAt)),
    durations: Float64Array.from(of(all.durations)),
    firstFires: Float64Array.from(of(all.firstFires)),
  };
}

/** Mature episodes with a known end. */
export interface Cohort {
  readonly clock: 'first' | 'reset';
  /** Converters' durations, increasing, and their persons. */
  readonly durations: Float64Array;
  readonly persons: Uint32Array;
  readonly episodes: number;
  /** Of every episode in it, converter or not. */
  readonly allPersons: Uint32Array;
  readonly leftOut: number;
  readonly unresolved: number;
  readonly notes: readonly string[];
}

/** The cohort of a workflow with a given horizon; the trigger's own clock where at least 20 episodes are mature on it. */
export function cohortOf(history: History, workflow: Workflow, horizonMs: number): Cohort {
  const subject = subjectOf(workflow);
  return matureCohort(
    history,
    subject,
    horizonMs,
    () => firstClock(history, subject, horizonMs, workflow.timezone).episodes,
  );
}

export function matureCohort(
  history: History,
  subject: Subject | MomentSubject,
  horizonMs: number,
  first: () => Episodes,
): Cohort {
  if (subject.kind === 'absence' || subject.kind === 'moment' || subject.rearm === 'first') return mature(first(), []);
  const own = mature(withoutWashIn(history, buildEpisodes(history, { ...subject, horizonMs })).episodes, []);
  if (own.episodes >= FEWEST_CONVERTERS) return own;
  return {
    ...mature(first(), []),
    notes: [
      `${own.episodes === 0 ? 'No episode is' : `Only ${plural(own.episodes, 'episode is', 'episodes are')}`} mature on the trigger's own clock (reset), fewer than ${FEWEST_CONVERTERS}: the window is judged on the clock that runs from the opening.`,
    ],
  };
}

/**
 * Rows by duration, ties by row. Durations are whole and mostly short enough to be packed with the row's place into one
 * double, which sorts many times faster than a comparison can.
 */
function sortedByDuration(durations: Float64Array, rows: readonly number[]): Float64Array {
  const places = 2 ** 22;
  let longest = 0;
  for (const row of rows) longest = Math.max(longest, durations[row] as number);
  if (rows.length > places || longest >= 2 ** 31) {
    return Float64Array.from([...rows].sort((a, b) => (durations[a] as number) - (durations[b] as number) || a - b));
  }
  const packed = new Float64Array(rows.length);
  for (let i = 0; i < packed.length; i++) packed[i] = (durations[rows[i] as number] as number) * places + i;
  packed.sort();
  for (let i = 0; i < packed.length; i++) packed[i] = rows[(packed[i] as number) % places] as number;
  return packed;
}

function mature(all: Episodes, notes: readonly string[]): Cohort {
  const converters: number[] = [];
  const persons: number[] = [];
  let leftOut = 0;
  let unresolved = 0;
  for (let i = 0; i < all.n; i++) {
    if (!isMature(all, i)) leftOut++;
    else if (all.status[i] === CENSORED) unresolved++;
    else {
      persons.push(all.persons[i] as number);
      if (all.status[i] === CONVERTED) converters.push(i);
    }
  }
  const sorted = sortedByDuration(all.durations, converters);
  const known = persons.length;
  const share = unresolved / (known + unresolved);
  const warning =
    share > 0.01
      ? [`${percent(share)} of mature episodes are still open and in no figure: widen the margin by as much.`]
      : [];
  return {
    clock: all.rearm,
    durations: sorted.map((i) => all.durations[i] as number),
    persons: Uint32Array.from(sorted, (i) => all.persons[i] as number),
    episodes: known,
    allPersons: Uint32Array.from(persons),
    leftOut,
    unresolved,
    notes: [...notes, ...warning],
  };
}

/** Whether emails in the history answer the workflow's trigger. Cost: one more pass where it has own emails at all. */
export function isAlreadyMailed(history: History, workflow: Workflow): boolean {
  if (!history.names.some((name) => history.emailEvents.has(name))) return false;
  const subject = subjectOf(workflow);
  const { episodes } = firstClock(history, subject, horizonOf(subject, workflow), workflow.timezone);
  return mailedShare(history, firedOf(episodes, subject.windowMs), workflow.goal.withinMs).answersTrigger;
}
