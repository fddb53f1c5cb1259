// The whole answer about a workflow, for people: who could be reached, how long people take, who would have bought
// anyway, what would have been sent and added, what of that is assumed, what cannot be known.

import type { ProjectAnswer } from '../../../api.ts';
import type { Estimate, Projection } from '../../../projection/index.ts';
import { count, duration, money, percent, signed, table, wrapped } from '../table.ts';

export function printProjection(answer: ProjectAnswer): string {
  return [
    ...reachLines(answer),
    '',
    ...timeLines(answer),
    '',
    ...anywayLines(answer),
    '',
    ...sentLines(answer),
    '',
    ...addedLines(answer),
    '',
    ...assumedLines(answer),
    '',
    ...unknownLines(answer),
  ].join('\n');
}

function reachLines({ replay, reach }: ProjectAnswer): string[] {
  const suppressed = Object.entries(replay.suppressed).filter(([, n]) => n > 0);
  const enrolled = replay.enrolled.treated + replay.enrolled.holdout;
  return [
    'Who could be reached',
    table(
      ['from candidate to enrollment', 'number'],
      [
        ['candidates', count(replay.candidates)],
        ['- already enrolled', count(replay.alreadyEnrolled)],
        ...suppressed.map(([reason, n]) => [`- ${reason}`, count(n)]),
        ['= enrolled', count(enrolled)],
      ],
    ),
    ...(reach === 'unknown'
      ? ['  no address is known for anyone in this history, so everyone counts as reachable']
      : []),
  ];
}

function timeLines({ calibration }: ProjectAnswer): string[] {
  if (calibration === null) return ['How long people take: not asked of this kind of trigger'];
  const { percentilesAmongConverters: among, recommended, current } = calibration;
  return [
    'How long people take',
    `  of those who reach ${calibration.answer} within ${duration(calibration.horizon)} of ${calibration.anchor}, half do so within ${duration(among.p50)}, 90% within ${duration(among.p90)}`,
    `  window ${duration(current.window)}; ${recommended.window === null ? 'the data do not settle a window' : `the data suggest ${duration(recommended.window)}`}: ${recommended.why}`,
  ];
}

function anywayLines({ organic, eligible, horizon }: Projection): string[] {
  if (organic.conversions === null || organic.rate === null) {
    return ['Who would convert anyway', `  not known: ${organic.reason ?? ''}`];
  }
  const interval =
    organic.low === null || organic.high === null
      ? ''
      : `, 95% interval ${percent(organic.low)} to ${percent(organic.high)}`;
  return [
    'Who would convert anyway (counted)',
    `  ${count(organic.conversions)} of ${count(eligible)} enrollments watched for the whole ${duration(horizon)}: ${percent(organic.rate)}${interval}`,
  ];
}

function sentLines({ replay }: ProjectAnswer): string[] {
  return [
    'What would have been sent (counted)',
    table(
      ['email', 'sent', 'held out', 'ended before', 'not yet due'],
      replay.steps.map((step) => [
        step.id,
        count(step.sent),
        count(step.ghost),
        count(step.exitedBefore),
        count(step.pending),
      ]),
    ),
  ];
}

function addedLines({ incremental, revenue, profit, per30Days, sends, mailed }: ProjectAnswer): string[] {
  const lines = ['What the emails would add (projected)'];
  if (incremental.expected === null) return [...lines, `  not known: ${incremental.reason ?? ''}`];
  lines.push(
    table(
      ['', 'expected', '95% interval'],
      [
        ['conversions', signed(incremental.expected, 1), interval(incremental, (x) => signed(x, 1))],
        ['revenue', estimate(revenue), interval(revenue, money)],
        ['profit', estimate(profit), interval(profit, money)],
        [
          'conversions per 30 days',
          perMonth(per30Days.incremental),
          interval(per30Days.incremental, (x) => signed(x, 1)),
        ],
        ['profit per 30 days', estimate(per30Days.profit), interval(per30Days.profit, money)],
      ],
    ),
    `  from ${count(mailed)} mailed enrollments and about ${sends.expected === null ? 'an unknown number of' : count(sends.expected)} emails`,
  );
  for (const [what, figure] of [
    ['revenue', revenue],
    ['profit', profit],
  ] as const) {
    if (figure.expected === null && figure.reason !== undefined) lines.push(`  ${what}: ${figure.reason}`);
  }
  if (incremental.pHarm !== null)
    lines.push(`  chance that the emails cost conversions: ${percent(incremental.pHarm, 0)}`);
  if (incremental.shares !== null) {
    const { chance, parameters, sampling } = incremental.shares;
    lines.push(
      `  the width comes from assumptions ${percent(parameters, 0)}, chance ${percent(chance, 0)}, which people were seen ${percent(sampling, 0)}`,
    );
  }
  return lines;
}

function assumedLines({ assumptions, notices }: Projection): string[] {
  return [
    'What is assumed',
    ...assumptions.flatMap(({ name, value, kind, grade, source }) => [
      `  ${name}: ${String(value)}`,
      ...wrapped(`${kind}${grade === null ? '' : `, grade ${grade}`}; ${source}`, 6),
    ]),
    ...notices.map((notice) => `  note: ${notice}`),
  ];
}

function unknownLines({ identified, cheapestTest, replay }: ProjectAnswer): string[] {
  const lines = ['What cannot be known from this history'];
  if (identified !== true) lines.push(`  ${identified.reason}`);
  else
    lines.push(
      '  whether the emails cause or cost anything: nobody in it was mailed at random; the increment rests on the assumptions above',
    );
  if (replay.pending > 0) lines.push(`  ${count(replay.pending)} timers end after the history does`);
  const open = replay.goal.treated.incomplete + replay.goal.holdout.incomplete;
  if (open > 0) lines.push(`  ${count(open)} enrollments have a goal window that is not over`);
  lines.push(`  what would tell: ${cheapestTest.text}`);
  return lines;
}

function estimate(figure: Estimate): string {
  return figure.expected === null ? 'not known' : money(figure.expected);
}

function perMonth(figure: Estimate): string {
  return figure.expected === null ? 'not known' : signed(figure.expected, 1);
}

function interval(figure: Estimate, show: (value: number) => string): string {
  return figure.low === null || figure.high === null ? '' : `${show(figure.low)} to ${show(figure.high)}`;
}
