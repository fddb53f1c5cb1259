// What a holdout shows once a workflow runs: both arms by assignment, everybody at their first entry, at every horizon
// that has passed, and how much other mail each arm got. Whether the emails make new conversions or only earlier ones is
// seen across horizons; whether the difference is the workflow's own is seen in the other mail. Beside the first entry
// stands what each arm did from it on, per 30 observed days. Arms of other sizes than planned claim nothing (methods: E).

import {
  DAY_MS,
  exactCount,
  exactPercent,
  humanDuration,
  interval,
  plural,
  points,
  probability,
  rounded,
  signed,
} from '../base/index.ts';
import { rowMatcher } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { type MeasuredPersonMonth, measuredPersonMonth } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import {
  type Count,
  newcombeInterval,
  SAMPLE_RATIO_ALPHA,
  type SampleRatioTest,
  sampleRatioTest,
} from '../stats/index.ts';
import { senderOf } from '../value/index.ts';
import type { Workflow } from '../workflow/index.ts';

export interface MeasuredAt {
  /** From the trigger, ms. */
  readonly within: number;
  readonly treated: Count;
  readonly holdout: Count;
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
}

export interface Measured {
  /** Within the goal window. */
  readonly goal: MeasuredAt;
  /** Shortest first; the goal window among them. */
  readonly byHorizon: readonly MeasuredAt[];
  /** Goals per person and 30 observed days from the first entry on, repeat entries and all; null without spread. */
  readonly personMonth: MeasuredPersonMonth | null;
  /** Sizes of the arms against the share held out; null where that is 0 or 1. */
  readonly srm: SampleRatioTest | null;
  /** Emails of other workflows within the goal window, per person; z of the difference. */
  readonly otherEmails: { readonly treated: number; readonly holdout: number; readonly z: number | null };
  readonly notices: readonly string[];
}

export interface MeasureOptions {
  /** Each person counts with the first entry that triggers at or after it, ms. */
  readonly from: number;
  /** Up to it, ms: people must have been watched to the longest horizon. */
  readonly until: number;
  /** Further horizons from the trigger, ms. */
  readonly horizons?: readonly number[];
}

const LEAST_Z = 3;
const SENT = new Set(['Email Sent', 'Email Delivered']);

/** @returns null where an arm is empty */
export function measureArms(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  options: MeasureOptions,
): Measured | null {
  const goalMs = workflow.goal.withinMs;
  const horizons = [...new Set([goalMs, ...(options.horizons ?? [])])].sort((a, b) => a - b);
  const longest = horizons.at(-1) as number;
  const goals = rowMatcher(history, workflow.goal.match);
  const isGoal = (person: number) => (row: number) => goals.matches(person, row);
  const months = [0, 1].map(() => ({ outcomes: [] as number[], days: [] as number[] }));
  const counts = horizons.map(() => ({ n: [0, 0], x: [0, 0] }));
  const others = [emptySums(), emptySums()] as const;
  const isOther = otherEmails(history, workflow.id);
  let last = -1;
  for (let i = 0; i < columns.n; i++) {
    const at = columns.triggerTimes[i] as number;
    const person = columns.persons[i] as number;
    // Rows come by person and time: the first since `from` is the one that counts.
    if (at < options.from || person === last) continue;
    last = person;
    if (at + longest > options.until) continue;
    const arm = columns.arms[i] as 0 | 1;
    const inGoal = columns.goalTimes[i] as number;
    horizons.forEach((within, h) => {
      const count = counts[h] as { n: number[]; x: number[] };
      count.n[arm] = (count.n[arm] as number) + 1;
      const after = within <= goalMs ? inGoal - at : firstAfter(history, person, isGoal(person), at) - at;
      if (after <= within) count.x[arm] = (count.x[arm] as number) + 1;
    });
    const month = months[arm] as { outcomes: number[]; days: number[] };
    month.outcomes.push(countRows(history, person, at + 1, options.until, isGoal(person)));
    month.days.push((options.until - at) / DAY_MS);
    const mails = countRows(history, person, at, at + goalMs, isOther);
    const sums = others[arm];
    sums.n++;
    sums.sum += mails;
    sums.squares += mails ** 2;
  }
  if (others.some(({ n }) => n === 0)) return null;
  const byHorizon = horizons.map((within, h): MeasuredAt => {
    const { n, x } = counts[h] as { n: [number, number]; x: [number, number] };
    const treated = { n: n[0], x: x[0] };
    const holdout = { n: n[1], x: x[1] };
    const difference = treated.x / treated.n - holdout.x / holdout.n;
    return { within, treated, holdout, difference, interval: newcombeInterval(treated, holdout, 0.05) };
  });
  const goal = byHorizon.find(({ within }) => within === goalMs) as MeasuredAt;
  const [a, b] = others;
  const mean = (sums: Sums) => sums.sum / sums.n;
  const variance = (sums: Sums) => Math.max(0, sums.squares / sums.n - mean(sums) ** 2) / sums.n;
  const se = Math.sqrt(variance(a) + variance(b));
  const otherMail = { treated: mean(a), holdout: mean(b), z: se > 0 ? (mean(a) - mean(b)) / se : null };
  const { fraction } = workflow.holdout;
  const srm =
    fraction > 0 && fraction < 1 ? sampleRatioTest([goal.treated.n, goal.holdout.n], [1 - fraction, fraction]) : null;
  const [treated, heldOut] = months as [(typeof months)[number], (typeof months)[number]];
  const found = {
    goal,
    byHorizon,
    personMonth: measuredPersonMonth(treated, heldOut, 0.05),
    srm,
    otherEmails: otherMail,
  };
  return { ...found, notices: isMisfit(found) ? [misfitWords(found, fraction)] : noticesOn(found) };
}

/** Whether something besides chance decided who came into which arm, so that no effect may be claimed. */
export function isMisfit({ srm }: Pick<Measured, 'srm'>): boolean {
  return srm !== null && srm.p < SAMPLE_RATIO_ALPHA;
}

function misfitWords({ goal, srm }: Pick<Measured, 'goal' | 'srm'>, fraction: number): string {
  return `No effect is claimed: ${exactCount(goal.treated.n)} people treated and ${exactCount(goal.holdout.n)} held out do not fit ${exactPercent(fraction)} held out (chi-square p ${probability(srm?.p ?? 1)}), so something besides chance decided who came into which arm.`;
}

function noticesOn({ goal, byHorizon, otherEmails: other }: Omit<Measured, 'notices'>): string[] {
  const notices: string[] = [];
  const [shortest, longest] = [byHorizon[0] as MeasuredAt, byHorizon.at(-1) as MeasuredAt];
  if (shortest !== longest && shortest.interval[0] > 0 && isBelowHalf(shortest, longest)) {
    notices.push(
      `Mostly earlier, not more: ${points(shortest.difference)} percentage points within ${humanDuration(shortest.within)} shrink to ${points(longest.difference)} within ${humanDuration(longest.within)}.`,
    );
  }
  if (goal.interval[1] < 0) {
    notices.push('Costs sales: the whole interval of the measured difference lies below 0.');
  }
  if (other.treated > 0 || other.holdout > 0) {
    const differs = other.z !== null && Math.abs(other.z) > LEAST_Z;
    const each = `${rounded(other.treated)} emails of other workflows a person in the treated arm, ${rounded(other.holdout)} in the holdout`;
    notices.push(
      differs
        ? `${each}: the arms differ in other mail, so the difference holds given the other workflows; what the whole programme adds is shown only by a global holdout.`
        : `${each}: alike, as far as ${plural(goal.holdout.n, 'person', 'people')} held out can tell.`,
    );
  }
  return notices;
}

/** `Per person and 30 days: 0.31 against 0.28, +0.03 (95% interval …)`; null where it is not known. */
export function personMonthWords({ personMonth }: Pick<Measured, 'personMonth'>): string | null {
  if (personMonth === null) return null;
  const { treated, control, difference, interval: limits } = personMonth;
  return `Per person and 30 days from the first entry on, repeat entries and all: ${rounded(treated)} goals of a person treated against ${rounded(control)} of one held out, ${signed(difference)} (${interval(limits, signed)}).`;
}

/** One-sided, so that luck says it of one test in twenty at most. */
const HALF_Z = -1.645;

/** Whether the difference at the longer horizon is below half of that at the shorter, beyond chance. */
function isBelowHalf(short: MeasuredAt, long: MeasuredAt): boolean {
  const contrast = long.difference - short.difference / 2;
  // Per person: 0 without a conversion, 1/2 for one within the shorter horizon, 1 for one between them.
  const variance = (arm: 'treated' | 'holdout') => {
    const { n } = long[arm];
    const early = short[arm].x / n;
    const late = long[arm].x / n - early;
    return (early / 4 + late - (early / 2 + late) ** 2) / n;
  };
  const se = Math.sqrt(variance('treated') + variance('holdout'));
  return se > 0 && contrast / se < HALF_Z;
}

interface Sums {
  n: number;
  sum: number;
  squares: number;
}

function emptySums(): Sums {
  return { n: 0, sum: 0, squares: 0 };
}

/** First row of those asked for after a moment; Infinity where there is none. */
function firstAfter(history: History, person: number, counts: (row: number) => boolean, after: number): number {
  const { personStart, times } = history;
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > after && counts(row)) return time;
  }
  return Number.POSITIVE_INFINITY;
}

/** Rows that record a sending by another workflow than this one, or by none that is named. */
function otherEmails(history: History, workflow: string): ((row: number) => boolean) | null {
  const codes = new Set([...SENT].map((name) => history.nameCode(name)).filter((code) => code >= 0));
  if (codes.size === 0) return null;
  return (row) => codes.has(history.nameCodes[row] as number) && senderOf(history, row) !== workflow;
}

function countRows(
  history: History,
  person: number,
  after: number,
  until: number,
  counts: ((row: number) => boolean) | null,
): number {
  if (counts === null) return 0;
  const { personStart, times } = history;
  let n = 0;
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time >= after && time <= until && counts(row)) n++;
  }
  return n;
}

/** The share of each arm that got an email of the workflow itself within its goal window. */
export function ownMailShare(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  from: number,
): { readonly treated: number; readonly holdout: number } | null {
  const code = history.nameCode('Email Sent');
  if (code < 0) return null;
  const mailed = [0, 0];
  const all = [0, 0];
  const isOwn = (row: number) => history.nameCodes[row] === code && senderOf(history, row) === workflow.id;
  for (let i = 0; i < columns.n; i++) {
    const at = columns.triggerTimes[i] as number;
    if (at < from || columns.complete[i] !== 1) continue;
    const arm = columns.arms[i] as 0 | 1;
    all[arm] = (all[arm] as number) + 1;
    if (countRows(history, columns.persons[i] as number, at, at + workflow.goal.withinMs, isOwn) > 0)
      mailed[arm] = (mailed[arm] as number) + 1;
  }
  const [treated, holdout] = all as [number, number];
  if (treated === 0 || holdout === 0) return null;
  return { treated: (mailed[0] as number) / treated, holdout: (mailed[1] as number) / holdout };
}

/** The day, from midnight UTC, on which the history records the workflow's first own email; null where it records none. */
export function liveSince(history: History, workflow: Workflow): number | null {
  const code = history.nameCode('Email Sent');
  if (code < 0) return null;
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < history.nEvents; row++) {
    if (history.nameCodes[row] !== code || history.times.at(row) >= first) continue;
    if (senderOf(history, row) === workflow.id) first = history.times.at(row);
  }
  return first === Number.POSITIVE_INFINITY ? null : Math.floor(first / DAY_MS) * DAY_MS;
}

/** A day, as the shortest horizon at which earlier conversions show. */
export const SHORT_HORIZON_MS = DAY_MS;
