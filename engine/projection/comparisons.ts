// Comparisons that a history of mailed people allows, each with the direction it errs in: none is an estimate of what
// the emails add, none is averaged with another, and each is held against the bounds, which hold whatever the truth
// (methods: D.6 (b)). People as their first entry; an outcome is the goal inside the goal window after the trigger.

import { count, DAY_MS, humanDuration, percent, plural, points, upperBound } from '../base/index.ts';
import { firstMails, type IsEmail, rowMatcher, sentEmails, type Triggered } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import { fitSeries, newcombeInterval, normalQuantile } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { Bounds } from './mailed-history.ts';

export type ComparisonKind = 'pause' | 'beforeLaunch' | 'notMailed' | 'unreachable';

export interface Comparison {
  readonly kind: ComparisonKind;
  /** Who is compared with whom, in words. */
  readonly label: string;
  /** Which way it errs, and why. */
  readonly bias: string;
  readonly mailed: { readonly n: number; readonly converted: number };
  readonly others: { readonly n: number; readonly converted: number };
  /** Mailed minus others, in points of rate (0.01 = 1 point); null with the reason. */
  readonly difference: number | null;
  readonly reason?: string;
  /** 95 %; Newcombe, or Newey and West for a series of days. */
  readonly interval: readonly [number, number] | null;
  /** Share of made-up pauses of the same length with at least this difference; null where there were none to make up. */
  readonly placebo: number | null;
  /** The interval shares no point with that of the bounds that assume nothing: what is compared differs otherwise. */
  readonly contradictsBounds: boolean;
}

/** Fewer people than this on a side are not compared. */
const FEWEST = 20;
const LEAST_PAUSE_DAYS = 7;
const LEAST_BEFORE_DAYS = 28;
/** A day with less than this part of the usual share of mailed people has none to speak of. */
const PAUSED_BELOW = 0.1;

/**
 * @param triggered complete enrollments, rows of one person together
 * @param isMail which emails answer the trigger; default: every own email
 * @returns those the history allows; each kind at most once
 */
export function mailedComparisons(
  history: History,
  workflow: Workflow,
  triggered: Triggered,
  bounds: readonly Bounds[],
  isMail: IsEmail | null = sentEmails(history),
): Comparison[] {
  const entries = firstEntries(history, triggered, workflow.goal.withinMs, isMail);
  const free = bounds.find(({ assumption }) => assumption === 'none');
  const limits = free === undefined ? null : (free.interval ?? free.increment);
  const found = [
    ...seriesComparisons(entries),
    notMailed(entries),
    unreachable(entries, unreachablePeople(history, workflow)),
  ];
  return found.flatMap((comparison) =>
    comparison === null
      ? []
      : [{ ...comparison, contradictsBounds: isOutside(comparison.interval, limits) } satisfies Comparison],
  );
}

type Unjudged = Omit<Comparison, 'contradictsBounds'>;

function isOutside(interval: readonly [number, number] | null, limits: readonly [number, number] | null): boolean {
  return interval !== null && limits !== null && (interval[1] < limits[0] || interval[0] > limits[1]);
}

interface Entry {
  readonly time: number;
  readonly isMailed: boolean;
  readonly converted: boolean;
  /** From the trigger to the first email and to the goal; NaN where there is none. */
  readonly mailMs: number;
  readonly goalMs: number;
}

function firstEntries(history: History, triggered: Triggered, withinMs: number, isMail: IsEmail | null): Entry[] {
  const mails = firstMails(history, triggered, withinMs, isMail);
  const entries: Entry[] = [];
  let last = -1;
  for (let i = 0; i < triggered.n; i++) {
    if (triggered.persons[i] === last) continue;
    last = triggered.persons[i] as number;
    const goal = triggered.goalTimes[i] as number;
    const mail = mails[i] as number;
    const time = triggered.triggerTimes[i] as number;
    entries.push({
      time,
      isMailed: !Number.isNaN(mail),
      converted: !Number.isNaN(goal),
      mailMs: mail - time,
      goalMs: goal - time,
    });
  }
  return entries;
}

const tally = (entries: readonly { readonly converted: boolean }[]) => ({
  n: entries.length,
  converted: entries.filter(({ converted }) => converted).length,
});

// ---------------------------------------------------------------- people beside people

function notMailed(entries: readonly Entry[]): Unjudged | null {
  const delays = entries.flatMap(({ mailMs }) => (Number.isNaN(mailMs) ? [] : [mailMs])).sort((x, y) => x - y);
  const landmark = delays[Math.floor(delays.length / 2)] ?? 0;
  // Who bought before an email could go out got none for that reason; from the usual moment on both could.
  const still = entries.filter(({ goalMs }) => !(goalMs <= landmark));
  const others = still.filter(({ isMailed }) => !isMailed);
  if (others.length === 0) return null;
  return besideEachOther(
    'notMailed',
    `people who got an email against reachable people who got none (a cap, a pause, another rule), those of both who had not bought ${humanDuration(landmark)} after the trigger, when the email usually goes out`,
    'Understates what the emails add as a rule: who is skipped by a cap gets more of other emails and is usually keener.',
    still.filter(({ isMailed }) => isMailed),
    others,
  );
}

function unreachable(entries: readonly Entry[], others: readonly { readonly converted: boolean }[]): Unjudged | null {
  if (others.length === 0) return null;
  return besideEachOther(
    'unreachable',
    'people who got an email against people without a known address or consent',
    'Overstates what the emails add: people who leave no address are less attached and buy less with or without email.',
    entries.filter((entry) => entry.isMailed),
    others,
  );
}

function besideEachOther(
  kind: ComparisonKind,
  label: string,
  bias: string,
  mailedEntries: readonly { readonly converted: boolean }[],
  otherEntries: readonly { readonly converted: boolean }[],
): Unjudged {
  const [mailed, others] = [tally(mailedEntries), tally(otherEntries)];
  const head = { kind, label, bias, mailed, others, placebo: null };
  if (mailed.n < FEWEST || others.n < FEWEST) {
    const reason = `Too few: ${count(mailed.n)} mailed and ${count(others.n)} not; ${FEWEST} on each side are needed.`;
    return { ...head, difference: null, reason, interval: null };
  }
  const interval = newcombeInterval({ n: mailed.n, x: mailed.converted }, { n: others.n, x: others.converted }, 0.05);
  return { ...head, difference: mailed.converted / mailed.n - others.converted / others.n, interval };
}

/** People whose every candidate was turned away for want of an address or consent, as their first candidate. */
function unreachablePeople(history: History, workflow: Workflow): { readonly converted: boolean }[] {
  const first = new Map<string, number>();
  const reached = new Set<string>();
  replayWorkflow(history, workflow, {
    enrollments: 'none',
    onDecision: ({ person, time, kind, reason }) => {
      if (kind === 'enrolled') reached.add(person);
      else if (kind === 'suppressed' && reason === 'unreachable' && !first.has(person)) first.set(person, time);
    },
  });
  if (first.size === 0) return [];
  const matcher = rowMatcher(history, workflow.goal.match);
  const { personIds, personStart, times, observedUntil } = history;
  const at = (row: number) => times.at(row);
  const people: { readonly converted: boolean }[] = [];
  for (let p = 0; p < history.nPersons; p++) {
    const id = personIds.at(p);
    const from = first.get(id);
    if (from === undefined || reached.has(id) || from + workflow.goal.withinMs > observedUntil) continue;
    const end = personStart[p + 1] as number;
    let converted = false;
    let row = upperBound(at, from, personStart[p] as number, end);
    for (; row < end && times.at(row) <= from + workflow.goal.withinMs && !converted; row++) {
      converted = matcher.matches(p, row);
    }
    people.push({ converted });
  }
  return people;
}

// ---------------------------------------------------------------- days beside days

interface Day {
  /** Days since the epoch. */
  readonly day: number;
  readonly n: number;
  readonly mailed: number;
  readonly converted: number;
  readonly isOn: boolean;
}

function seriesComparisons(entries: readonly Entry[]): (Unjudged | null)[] {
  const days = daysOf(entries);
  const firstOn = days.findIndex(({ isOn }) => isOn);
  if (firstOn < 0) return [];
  const spans = offSpans(days).filter(({ from, to }) => dayCount(days, from, to) >= LEAST_PAUSE_DAYS);
  const pauses = spans.filter(({ from }) => from > firstOn && dayCount(days, firstOn, from - 1) >= LEAST_BEFORE_DAYS);
  const longest = pauses.reduce<Span | null>(
    (best, span) => (best === null || span.to - span.from > best.to - best.from ? span : best),
    null,
  );
  const launch = spans.find(({ from, to }) => from === 0 && to === firstOn - 1);
  const [before, after] = [dayCount(days, 0, firstOn - 1), dayCount(days, firstOn, days.length - 1)];
  return [
    longest === null
      ? null
      : pauseComparison(days.slice(firstOn), { from: longest.from - firstOn, to: longest.to - firstOn }),
    launch === undefined || before < LEAST_BEFORE_DAYS || after < LEAST_BEFORE_DAYS
      ? null
      : launchComparison(days, launch),
  ];
}

function daysOf(entries: readonly Entry[]): Day[] {
  const byDay = new Map<number, { n: number; mailed: number; converted: number }>();
  for (const { time, isMailed, converted } of entries) {
    const day = Math.floor(time / DAY_MS);
    let one = byDay.get(day);
    if (one === undefined) byDay.set(day, (one = { n: 0, mailed: 0, converted: 0 }));
    one.n++;
    one.mailed += isMailed ? 1 : 0;
    one.converted += converted ? 1 : 0;
  }
  const shares = [...byDay.values()].map(({ n, mailed }) => mailed / n).filter((share) => share > 0);
  const usual = shares.sort((a, b) => a - b)[Math.floor(shares.length / 2)] ?? 0;
  return [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([day, one]) => ({ day, ...one, isOn: one.mailed / one.n >= PAUSED_BELOW * usual && one.mailed > 0 }));
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Longest runs of days without emails to speak of. */
function offSpans(days: readonly Day[]): Span[] {
  const spans: Span[] = [];
  for (let from = 0; from < days.length; from++) {
    if ((days[from] as Day).isOn) continue;
    let to = from;
    while (to + 1 < days.length && !(days[to + 1] as Day).isOn) to++;
    spans.push({ from, to });
    from = to;
  }
  return spans;
}

function dayCount(days: readonly Day[], from: number, to: number): number {
  return to < from ? 0 : (days[to] as Day).day - (days[from] as Day).day + 1;
}

/** Level, trend, weekday, and the days without emails: what the rate drops by on them. */
function effectOf(days: readonly Day[], isOff: (index: number) => boolean) {
  const start = (days[0] as Day).day;
  const weekdays = [...new Set(days.map(({ day }) => day % 7))].sort((a, b) => a - b).slice(1);
  const rows = days.map(({ day }, i) => [
    1,
    (day - start) / 7,
    isOff(i) ? 1 : 0,
    ...weekdays.map((weekday) => (day % 7 === weekday ? 1 : 0)),
  ]);
  const fit = fitSeries(
    rows,
    days.map(({ n, converted }) => converted / n),
    days.map(({ n }) => n),
  );
  if (fit === null) return null;
  return { effect: -(fit.coefficients[2] as number), se: fit.standardErrors[2] as number };
}

function pauseComparison(days: readonly Day[], pause: Span): Unjudged {
  // Other pauses are left out, so that only this one stands against days with emails.
  const kept = days.filter(({ isOn }, i) => isOn || (i >= pause.from && i <= pause.to));
  const from = kept.indexOf(days[pause.from] as Day);
  const length = pause.to - pause.from + 1;
  const on = kept.filter(({ isOn }) => isOn);
  const found = effectOf(kept, (i) => i >= from && i < from + length);
  const placebos: number[] = [];
  for (let start = LEAST_BEFORE_DAYS; start + length <= on.length; start += length) {
    const fake = effectOf(on, (i) => i >= start && i < start + length);
    if (fake !== null) placebos.push(fake.effect);
  }
  return seriesOf(
    'pause',
    `days with emails against the ${plural(dayCount(days, pause.from, pause.to), 'day')} without from ${dayText(days[pause.from])}`,
    'The best of these: nobody chose who was not mailed. It errs where something else changed in those days (a sale, a holiday, an outage of the shop).',
    on,
    kept.slice(from, from + length),
    found,
    placebos,
  );
}

function launchComparison(days: readonly Day[], before: Span): Unjudged {
  return seriesOf(
    'beforeLaunch',
    `days with emails against those before the first, until ${dayText(days[before.to])}`,
    'Either way: seasons, prices and everything else that was launched then change the rate as well; only a steady trend and the weekday are taken out.',
    days.filter(({ isOn }) => isOn),
    days.slice(0, before.to + 1),
    effectOf(
      days.filter(({ isOn }, i) => isOn || i <= before.to),
      (i) => i <= before.to,
    ),
    [],
  );
}

function seriesOf(
  kind: ComparisonKind,
  label: string,
  bias: string,
  on: readonly Day[],
  off: readonly Day[],
  found: { readonly effect: number; readonly se: number } | null,
  placebos: readonly number[],
): Unjudged {
  const total = (days: readonly Day[]) => ({
    n: days.reduce((sum, { n }) => sum + n, 0),
    converted: days.reduce((sum, { converted }) => sum + converted, 0),
  });
  const head = { kind, label, bias, mailed: total(on), others: total(off) };
  if (found === null) {
    const reason = 'Too few days to take level, trend and weekday out.';
    return { ...head, difference: null, reason, interval: null, placebo: null };
  }
  const z = normalQuantile(0.975);
  const { effect, se } = found;
  return {
    ...head,
    difference: effect,
    interval: [effect - z * se, effect + z * se],
    placebo:
      placebos.length === 0
        ? null
        : placebos.filter((fake) => Math.abs(fake) >= Math.abs(effect)).length / placebos.length,
  };
}

function dayText(day: Day | undefined): string {
  return day === undefined ? '' : new Date(day.day * DAY_MS).toISOString().slice(0, 10);
}

/** One line: who, the difference with its interval, which way it errs. */
export function comparisonText(comparison: Comparison): string {
  const { label, bias, difference, interval, reason, mailed, others, placebo } = comparison;
  if (difference === null || interval === null) return `${label}: ${reason ?? 'not estimable'} ${bias}`;
  const rates = `${percent(mailed.converted / mailed.n, 1)} of ${count(mailed.n)} against ${percent(others.converted / others.n, 1)} of ${count(others.n)}`;
  const made = placebo === null ? '' : ` ${percent(placebo)} of made-up pauses as long differ as much.`;
  const outside = comparison.contradictsBounds ? ' It contradicts the bounds, so the two differ otherwise.' : '';
  return `${label}: ${rates}, a difference of ${points(difference)} points (95% interval ${points(interval[0])} to ${points(interval[1])}).${made}${outside} ${bias}`;
}
