// A backtest, for people: what was foretold beside what came, how often intervals held, and what a holdout showed.

import type { BacktestAnswer } from '../../../api/index.ts';
import { type Foretold, type Measure, personMonthWords, type TrackRecord } from '../../../backtest/index.ts';
import { day, exactCount, exactPlural, humanDuration, money, percent, points, rounded } from '../../../base/index.ts';
import {
  addedWords,
  type BesideHoldout,
  CREDIT_WORDS,
  creditedWords,
  creditRuleWords,
  profitWords,
} from '../../../value/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';
import { secondaryLines } from './secondary.ts';

const MEASURES: Readonly<Record<Measure, string>> = {
  enrolled: 'enrolled',
  organic: 'organic conversions',
  organicRate: 'organic rate',
};
const SEGMENTS = { all: '', first: ', first entries', repeat: ', repeat entries' } as const;

export function printBacktest(answer: BacktestAnswer): string {
  const { split, total, weekly, rolling, cells, straddling, notices, reason, trackRecord, verdict } = answer;
  const head = `Foretold from before ${day(split)}, against what followed until ${day(answer.observedUntil)}. Conversions within ${humanDuration(answer.goalWindow)} of the trigger.`;
  if (reason !== null) return paragraphs([head, reason, ...notices], 0, 2).join('\n');
  return [
    ...wrapped(head, 0, 2),
    '',
    table(
      ['', 'until', 'foretold', '95% interval', 'came', ''],
      total.map((one) => line(`${MEASURES[one.measure]}${SEGMENTS[one.segment]}`, one)),
    ),
    ...(straddling > 0
      ? wrapped(
          `${exactPlural(straddling, 'enrollment')} of before the split whose goal window ends after it are in no figure of conversions.`,
          2,
          2,
        )
      : []),
    ...(weekly.length === 0
      ? []
      : [
          '',
          'Week by week:',
          table(
            ['week of', '', 'foretold', '80% interval', 'came', ''],
            weekly
              .filter(({ measure }) => measure !== 'organicRate')
              .map((one) => [
                day(one.from),
                MEASURES[one.measure],
                figure(one, one.expected),
                `${figure(one, one.low80)} to ${figure(one, one.high80)}`,
                figure(one, one.actual),
                one.inside.p80 ? 'inside' : 'outside',
              ]),
          ),
        ]),
    '',
    ...(rolling.length === 0
      ? ['There are too few weeks for forecasts from other origins.']
      : [
          `From every week with enough behind it, ${exactCount(cells)} forecasts; how often their intervals held:`,
          table(
            ['', 'weeks ahead', 'forecasts', '50%', '80%', '95%', 'loss'],
            rolling.map((one) => [
              MEASURES[one.measure],
              String(one.weeksAhead),
              exactCount(one.cells),
              percent(one.p50, 0),
              percent(one.p80, 0),
              percent(one.p95, 0),
              one.relativeLoss === null ? 'none' : percent(one.relativeLoss, 1),
            ]),
          ),
          ...wrapped('loss: mean pinball loss over the mean of what came. Neighbouring forecasts share weeks.', 2),
        ]),
    '',
    ...(trackRecord === null
      ? wrapped(
          'What emails add cannot be scored here: no emails of this workflow follow the split with people held out, and a history without them shows no effect. Where the share held out or its salt was changed while they went out, give the day of the change as --split: only the time after it has one assignment.',
          0,
          2,
        )
      : measuredLines(trackRecord)),
    ...paragraphs(notices, 0, 2),
    VERDICTS[verdict],
  ].join('\n');
}

const VERDICTS: Readonly<Record<BacktestAnswer['verdict'], string>> = {
  holds: 'The intervals hold as often as they claim, as far as this history can tell.',
  fails: 'The intervals do not hold here.',
  'too few': 'Too few forecasts to say how often the intervals hold (20 are needed).',
};

function line(name: string, one: Foretold): string[] {
  return [
    name,
    day(one.to),
    figure(one, one.expected),
    `${figure(one, one.low95)} to ${figure(one, one.high95)}`,
    figure(one, one.actual),
    one.inside.p95 ? 'inside' : 'outside',
  ];
}

function figure({ measure }: Foretold, value: number): string {
  return measure === 'organicRate' ? percent(value, 1) : exactCount(value);
}

function measuredLines({ measured, mailed, score, reason, value, secondary }: TrackRecord): string[] {
  const { goal, byHorizon } = measured;
  const rows = byHorizon.map(({ within, treated, holdout, difference, interval }) => [
    humanDuration(within),
    `${exactCount(treated.x)} of ${exactCount(treated.n)}`,
    `${exactCount(holdout.x)} of ${exactCount(holdout.n)}`,
    points(difference),
    `${points(interval[0])} to ${points(interval[1])}`,
  ]);
  return [
    ...wrapped(
      `The workflow has been live since the split (${percent(mailed.treated)} of the treated got an email of it, ${percent(mailed.holdout)} of those held out); first entries, by assignment:`,
      0,
      2,
    ),
    table(['within', 'treated', 'holdout', 'difference, points', '95% interval'], rows),
    ...paragraphs(
      [
        ...[personMonthWords(measured)].filter((words) => words !== null),
        score === null ? `No projection to hold against it: ${reason}` : score.text,
        ...measured.notices,
        ...(goal.holdout.n < 100 ? [`Only ${rounded(goal.holdout.n)} people held out: the interval is wide.`] : []),
      ],
      2,
    ),
    '',
    ...(value === null ? [] : [...valueLines(value), '']),
    ...(secondary.length === 0 ? [] : [...secondaryLines(secondary), '']),
  ];
}

function valueLines(value: BesideHoldout): string[] {
  const { credited, measured, profitReason } = value;
  return [
    ...paragraphs([addedWords(value), ...measured.warnings, profitWords(value) ?? profitReason ?? ''], 0, 2),
    '',
    ...(credited === null
      ? paragraphs([creditedWords(value)], 0, 2)
      : [
          ...paragraphs([creditedWords(value), creditRuleWords(credited)], 0, 2),
          table(
            ['credited by', 'conversions', 'amount', 'to other emails', 'email by email'],
            credited.models.map(({ model, conversions, value: amount, elsewhere, emails }) => [
              CREDIT_WORDS[model],
              rounded(conversions),
              money(amount),
              rounded(elsewhere),
              emails.map((email) => `${email.id} ${rounded(email.conversions)}`).join(', '),
            ]),
          ),
        ]),
  ];
}
