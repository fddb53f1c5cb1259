// The sentences of Launch day, and how its ramp is set.

import type { LaunchAnswer } from '../../../engine/api/index.ts';
import { count, day, humanDuration as duration, listed, plural } from '../../../engine/base/index.ts';
import { rounded } from '../../charts/launch-week.ts';

export type Launch = Omit<LaunchAnswer, 'dataset' | 'warnings' | 'stamp'>;

export function launchFinding(launch: Launch): string {
  const { at, backlog, perDay, rampDays } = launch;
  const when = day(at);
  const waiting =
    backlog.waiting === 0
      ? `Nobody waits on ${when}`
      : `${plural(backlog.waiting, 'person waits', 'people wait')} on ${when}`;
  const ramp =
    backlog.waiting === 0
      ? ''
      : perDay === null
        ? '; let in at once, '
        : rampDays === null
          ? '; with none of them let in, '
          : `; let in over ${plural(rampDays, 'day')}, `;
  const week = weekWords(launch);
  return backlog.waiting === 0 ? `${waiting}; ${week}` : `${waiting}${ramp}${week}`;
}

function weekWords({ days, peak, usualPerDay }: Launch): string {
  if (peak === null) return 'what the first week brings lies past the end of the history.';
  const known = days.filter((one) => one.known);
  const span = known.length === days.length ? 'the first week' : `the first ${plural(known.length, 'day')}`;
  if (peak.emails === 0) return `${span} sends no email.`;
  const most = `the busiest day sends ${plural(peak.emails, 'email')}`;
  if (usualPerDay === null || usualPerDay === 0) return `${most}, its day ${peak.day + 1}.`;
  return `${most}, ${rounded(Math.round((peak.emails / usualPerDay) * 10) / 10)} times the usual ${rounded(usualPerDay)}.`;
}

/** What became of those whose turn came within the week; null where nobody's did, or all got in. */
export function turnsWords({ days }: Launch): string | null {
  const { turns, entered, gone, stopped } = turnsOf(days);
  if (turns === 0) return null;
  const out = [
    ...(gone > 0 ? [`${count(gone)} had done it by then`] : []),
    ...(stopped > 0 ? [`${count(stopped)} ${stopped === 1 ? 'was' : 'were'} stopped by a rule when asked again`] : []),
  ];
  const whose = `Of the ${plural(turns, 'person', 'people')} whose turn comes this week, ${count(entered)} ${entered === 1 ? 'gets' : 'get'} in`;
  return out.length === 0 ? null : `${whose}; ${listed(out)}.`;
}

export function turnsOf(days: Launch['days']) {
  const sum = { turns: 0, entered: 0, heldOut: 0, gone: 0, stopped: 0 };
  for (const { backlog } of days) {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += backlog?.[key] ?? 0;
  }
  return sum;
}

const REASONS: Readonly<Record<string, string>> = {
  unreachable: 'no address known',
  audience: 'not in the audience',
  globalHoldout: 'kept out of all workflows',
};

export interface LedgerLine {
  readonly key: string;
  readonly name: string;
  readonly n: number;
  readonly note: string;
  /** Whether it is taken from the first line, is what is left, or a part of that. */
  readonly as: 'all' | 'less' | 'left' | 'part';
}

/** From everybody whose trigger has fired to those waiting and their arms; each sum stands under its parts. */
export function backlogLines({ backlog, maxAgeMs }: Launch): LedgerLine[] {
  const { triggered, answered, tooOld, suppressed, waiting, arms, medianAgeMs } = backlog;
  const less = (key: string, name: string, n: number, note: string): LedgerLine => ({ key, name, n, note, as: 'less' });
  return [
    { key: 'triggered', name: 'Triggered by then', n: triggered, note: 'each with the last time', as: 'all' },
    less('answered', 'Answered since', answered, 'goal, exit or answer'),
    less('tooOld', 'Too old', tooOld, `more than ${duration(maxAgeMs)} before`),
    ...Object.entries(suppressed).map(([rule, n]) => less(rule, rule, n, REASONS[rule] ?? 'by this rule')),
    {
      key: 'waiting',
      name: 'Waiting',
      n: waiting,
      note: medianAgeMs === null ? '' : `half within ${duration(medianAgeMs)}`,
      as: 'left',
    },
    { key: 'treated', name: 'of them treated', n: arms.treated, note: '', as: 'part' },
    { key: 'holdout', name: 'of them held out', n: arms.holdout, note: 'get no email', as: 'part' },
  ];
}

/** So many a day that all have had their turn after `days`; null: at once. */
export function perDayFor(waiting: number, days: number): number | null {
  return days <= 1 ? null : Math.max(1, Math.ceil(waiting / days));
}

/** The ramp some days longer or shorter, where there is one. @param now its days */
export function rampAway(waiting: number, now: number, steps: number): number | null | undefined {
  if (steps === Number.NEGATIVE_INFINITY) return null;
  const wanted = Math.min(Number.isFinite(steps) ? now + steps : 7, waiting);
  if (wanted < 1 || (steps > 0 && wanted <= now)) return undefined;
  const perDay = perDayFor(waiting, wanted);
  if (perDay === null || steps < 0 || Math.ceil(waiting / perDay) > now) return perDay;
  // So few that a day more takes one fewer a day.
  return perDay > 1 ? perDay - 1 : undefined;
}
