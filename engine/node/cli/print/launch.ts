// A launch for people: whom it finds waiting, what the first week brings day by day, and how that compares.

import type { LaunchAnswer } from '../../../api/index.ts';
import { day, exactCount, exactPlural, humanDuration, instant, NOT_KNOWN } from '../../../base/index.ts';
import { paragraphs, table } from '../table.ts';

const REASONS: Readonly<Record<string, string>> = {
  unreachable: 'no address known',
  audience: 'not in the audience',
  globalHoldout: 'in the global holdout',
};

export function printLaunch(answer: LaunchAnswer): string {
  const { backlog, steps, days, at, perDay, order, maxAgeMs, rampDays } = answer;
  const { waiting, arms } = backlog;
  const ledger = [
    ['triggered by then', exactCount(backlog.triggered), 'people, each with their last trigger'],
    ['- answered since', exactCount(backlog.answered), 'goal, exit, or what the trigger waits for'],
    ['- too old', exactCount(backlog.tooOld), `the trigger fired more than ${humanDuration(maxAgeMs)} before`],
    ...Object.entries(backlog.suppressed).map(([reason, n]) => [
      `- ${reason}`,
      exactCount(n),
      REASONS[reason] ?? 'suppressed by this rule',
    ]),
    ['= waiting', exactCount(waiting), `${exactCount(arms.treated)} treated, ${exactCount(arms.holdout)} holdout`],
  ];
  const ramp =
    waiting === 0
      ? 'Nobody waits, so there is nothing to let in by and by.'
      : perDay === null
        ? `All ${exactCount(waiting)} are let in at the launch.`
        : rampDays === null
          ? 'None of those waiting are let in.'
          : `${exactCount(perDay)} a day are let in, ${order} first: the last of them on day ${rampDays}.`;
  const age =
    backlog.medianAgeMs === null
      ? ''
      : ` Half of those waiting were triggered within ${humanDuration(backlog.medianAgeMs)} before.`;
  const rows = days.map(({ from, known, enrolled, candidates, backlog: turns, sent, emails }, i) => {
    const name = `${i + 1}: ${day(from)}`;
    if (!known) return [name, ...Array.from({ length: 4 + steps.length }, () => NOT_KNOWN)];
    const entered = (enrolled?.treated ?? 0) + (enrolled?.holdout ?? 0);
    const figures = [candidates, entered, turns?.entered, ...(sent ?? []).map(({ n }) => n), emails];
    return [name, ...figures.map((n) => exactCount(n ?? 0))];
  });
  return [
    `Switched on ${instant(at)}:`,
    '',
    table(['who is waiting', 'people', ''], ledger),
    '',
    ...paragraphs([`${ramp}${age}`, ...backlog.notes], 2, 4),
    '',
    table(['day', 'triggered', 'enrolled', 'from backlog', ...steps, 'emails'], rows),
    '',
    ...paragraphs(conclusions(answer), 2, 4),
  ].join('\n');
}

function conclusions({ days, peak, usualPerDay, usualDays }: LaunchAnswer): string[] {
  const out: string[] = [];
  const unknown = days.filter(({ known }) => !known).length;
  if (unknown > 0) {
    out.push(
      `The history ends before ${unknown === 7 ? 'the week does' : `the last ${exactPlural(unknown, 'day')}`}, so that is not known.`,
    );
  }
  if (usualPerDay === null) out.push('There is no whole day before the launch to compare the emails of a day with.');
  else {
    const usual = `Had it always been on: ${decimal(usualPerDay)} emails a day, over the ${exactPlural(usualDays, 'day')} before.`;
    const most =
      peak === null ? '' : ` The most in a day of this week: ${exactCount(peak.emails)}, on day ${peak.day + 1}.`;
    out.push(`${usual}${most}`);
  }
  return out;
}

function decimal(n: number): string {
  return n >= 100 ? exactCount(Math.round(n)) : String(Math.round(n * 10) / 10);
}
