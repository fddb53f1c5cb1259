// The whole answer about a workflow, for people: who could be reached, how long people take, who would have bought
// anyway, what would have been sent and added, what of that is assumed, what cannot be known.

import type { ProjectAnswer } from '../../../api/index.ts';
import {
  exactCount,
  exactPlural,
  humanDuration,
  interval,
  money,
  NOT_KNOWN,
  orNotKnown,
  percent,
  points,
  range,
  rounded,
  sentence,
  signed,
} from '../../../base/index.ts';
import { comparisonText, type Estimate, type Projection } from '../../../projection/index.ts';
import { boundWords } from '../../../report/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';
import { emailLines } from './each-email.ts';
import { secondaryLines } from './secondary.ts';
import { sensitivityLines } from './sensitivity.ts';

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
    ...mailedLines(answer),
    '',
    ...assumedLines(answer),
    '',
    ...(answer.sensitivity === undefined ? [] : [...sensitivityLines(answer.sensitivity), '']),
    ...(answer.emails === undefined ? [] : [...emailLines(answer.emails), '']),
    ...(answer.secondary === undefined ? [] : [...secondaryLines(answer.secondary, answer.later), '']),
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
        ['candidates', exactCount(replay.candidates)],
        ['- already enrolled', exactCount(replay.alreadyEnrolled)],
        ...suppressed.map(([reason, n]) => [`- ${reason}`, exactCount(n)]),
        ['= enrolled', exactCount(enrolled)],
      ],
    ),
    ...(reach === 'unknown' ? ['  The history knows no address for anyone, so everyone counts as reachable.'] : []),
  ];
}

function timeLines({ calibration }: ProjectAnswer): string[] {
  if (calibration === null) return ['How long people take: not asked of this kind of trigger'];
  const { percentilesAmongConverters: among, recommended, current } = calibration;
  const { p50, p90, reason } = among;
  const taken =
    p50 === null || p90 === null
      ? sentence(reason ?? 'too few convert to say how long it takes')
      : `Of those who reach ${calibration.answer} within ${humanDuration(calibration.horizon)} of ${calibration.anchor}, half do so within ${humanDuration(p50)}, 90% within ${humanDuration(p90)}.`;
  const suggested =
    recommended.window === null
      ? 'the data do not settle a window'
      : `the data suggest ${humanDuration(recommended.window)}`;
  if (calibration.kind === 'moment') return ['How long people take', ...paragraphs([taken, recommended.why], 2, 4)];
  return [
    'How long people take',
    ...paragraphs([taken, `Window ${humanDuration(current.window)}; ${suggested}: ${recommended.why}`], 2, 4),
  ];
}

function anywayLines({ organic, eligible, horizon }: Projection): string[] {
  if (organic.conversions === null || organic.rate === null) {
    return ['Who would convert anyway', ...wrapped(sentence(organic.reason ?? NOT_KNOWN), 2)];
  }
  const { low, high } = organic;
  const limits = low === null || high === null ? '' : `, ${interval([low, high], percent)}`;
  return [
    'Who would convert anyway (counted)',
    ...wrapped(
      `${exactCount(organic.conversions)} of ${exactPlural(eligible, 'enrollment')} watched for the whole ${humanDuration(horizon)}: ${percent(organic.rate)}${limits}.`,
      2,
    ),
  ];
}

function sentLines({ replay }: ProjectAnswer): string[] {
  return [
    'What would have been sent (counted)',
    table(
      ['email', 'sent', 'held out', 'ended before', 'not yet due'],
      replay.steps.map((step) => [
        step.id,
        exactCount(step.sent),
        exactCount(step.ghost),
        exactCount(step.exitedBefore),
        exactCount(step.pending),
      ]),
    ),
  ];
}

function addedLines({ incremental, organic, revenue, profit, per30Days, sends, mailed }: ProjectAnswer): string[] {
  const lines = ['What the emails would add (projected)'];
  if (incremental.expected === null) {
    const reason = incremental.reason === organic.reason ? 'not known, for the same reason' : incremental.reason;
    return [...lines, ...wrapped(sentence(reason ?? NOT_KNOWN), 2), ...boundLines(incremental)];
  }
  const row = (name: string, figure: Estimate, show: (value: number) => string) => [
    name,
    orNotKnown(figure.expected, show),
    limitsOf(figure, show),
  ];
  const besides = [
    `From ${exactPlural(mailed, 'mailed enrollment')} and about ${orNotKnown(sends.expected, exactCount, 'an unknown number of')} emails.`,
  ];
  const missing = [revenue, profit].filter((figure) => figure.expected === null).map((figure) => figure.reason);
  besides.push(...new Set(missing.filter((reason) => reason !== undefined).map(sentence)));
  if (incremental.pHarm !== null) {
    besides.push(`Chance that the emails cost conversions: ${percent(incremental.pHarm, 0)}.`);
  }
  if (incremental.shares !== null) {
    const { chance, parameters, sampling } = incremental.shares;
    besides.push(
      `The width of the interval comes from assumptions ${percent(parameters, 0)}, chance ${percent(chance, 0)}, which people were seen ${percent(sampling, 0)}.`,
    );
  }
  if (incremental.fromData !== undefined) {
    const { effect } = incremental.fromData;
    besides.push(
      effect === 0
        ? 'Who enrolls and who converts anyway is counted; what the emails change is assumed throughout.'
        : `Who enrolls and who converts anyway is counted; what the emails change is ${percent(effect, 0)} measured and ${percent(1 - effect, 0)} assumed.`,
    );
  }
  return [
    ...lines,
    table(
      ['', 'expected', '95% interval'],
      [
        row('conversions', incremental, signed),
        row('revenue', revenue, money),
        row('profit', profit, money),
        row('conversions per 30 days', per30Days.incremental, signed),
        row('profit per 30 days', per30Days.profit, money),
      ],
    ),
    ...paragraphs(besides, 2, 4),
  ];
}

/** Where no figure can be given, how far it may lie. */
function boundLines(figure: Estimate): string[] {
  const limits = limitsOf(figure, signed);
  return limits === '' ? [] : [`  Conversions, whatever the truth: ${limits}.`];
}

/** What can be said where everybody was mailed: bounds under each assumption, and comparisons with the way they err. */
function mailedLines({ identified }: Projection): string[] {
  if (identified === true) return [];
  const { bounds, comparisons, limits } = identified;
  return [
    '',
    'What can be said all the same',
    table(
      ['if', 'come anyway', 'emails add, points', '95% interval'],
      bounds.map((bound) => [
        boundWords(bound.assumption, limits),
        range(bound.organic, (x) => percent(x, 1)),
        range(bound.increment, points),
        bound.interval === null ? 'not estimable' : range(bound.interval, points),
      ]),
    ),
    ...(comparisons.length === 0
      ? ['  The history allows no comparison: nobody eligible went without emails.']
      : [
          '  Comparisons, none of which is an estimate of what the emails add:',
          ...paragraphs(
            comparisons.map((comparison) => sentence(comparisonText(comparison))),
            2,
            4,
          ),
        ]),
  ];
}

function assumedLines({ assumptions, notices, backtest }: ProjectAnswer): string[] {
  return [
    'What is assumed',
    ...assumptions.flatMap(({ name, value, kind, grade, source }) => [
      ...wrapped(`${name}: ${typeof value === 'number' ? rounded(value, 4) : value}`, 2, 4),
      ...wrapped(`${kind}${grade === null ? '' : `, grade ${grade}`}; ${source}`, 6),
    ]),
    ...paragraphs(
      [...notices, ...(backtest ? [backtest.text] : [])].map((notice) => `Note: ${notice}`),
      2,
      4,
    ),
  ];
}

function unknownLines({ identified, organic, cheapestTest, replay }: ProjectAnswer): string[] {
  const said: string[] = [];
  if (identified === true) {
    said.push(
      'Whether the emails cause or cost anything: nobody in it was mailed at random; the increment rests on the assumptions above.',
    );
  } else if (identified.reason !== organic.reason) said.push(identified.reason);
  if (replay.pending > 0) {
    said.push(`What ${exactPlural(replay.pending, 'timer')} would have done that end after the history does.`);
  }
  const open = replay.goal.treated.incomplete + replay.goal.holdout.incomplete;
  if (open > 0) said.push(`What becomes of ${exactPlural(open, 'enrollment')} whose goal window is not over.`);
  return [
    'What cannot be known from this history',
    ...paragraphs([...said, `What would tell: ${cheapestTest.text}`], 2, 4),
  ];
}

function limitsOf(figure: Estimate, show: (value: number) => string): string {
  return figure.low === null || figure.high === null ? '' : range([figure.low, figure.high], show);
}
