// Secondary goals, for people: one row an arm, and who stayed by whether the goal was reached.

import { exactCount, interval, money, orNotKnown, percent, points, range } from '../../../base/index.ts';
import {
  type LaterValue,
  laterWords,
  type SecondaryFigure,
  type SecondaryGroup,
  secondaryLeftOut,
  secondaryTitle,
} from '../../../value/index.ts';
import { paragraphs, table } from '../table.ts';

export function secondaryLines(figures: readonly SecondaryFigure[] = [], later?: LaterValue): string[] {
  if (figures.length === 0) return [];
  return [
    'Secondary goals, each person once with their first enrollment',
    ...figures.flatMap(figureLines),
    ...(later === undefined ? [] : paragraphs(laterWords(later), 2, 4)),
  ];
}

function figureLines(figure: SecondaryFigure): string[] {
  const { id, reason, metric, reached, notReached, treated, holdout } = figure;
  const title = `${id}: ${secondaryTitle(figure)}`;
  if (reason !== undefined) return paragraphs([`${title}.`, reason], 2, 4);
  const rows = [
    ['treated', treated],
    ['holdout', holdout],
    ['reached the goal', reached],
    ['did not', notReached],
  ].filter((row): row is [string, SecondaryGroup] => row[1] !== null);
  const left = secondaryLeftOut(figure);
  return [
    ...paragraphs([`${title}.`], 2, 4),
    table(
      [
        '',
        'people',
        metric === 'value' ? 'with any' : 'did',
        'rate',
        '95% interval',
        ...(metric === 'value' ? MONEY : []),
      ],
      rows.map(([name, group]) => [
        name,
        exactCount(group.n),
        exactCount(group.x),
        orNotKnown(group.rate, (rate) => percent(rate, 1), 'not defined'),
        orNotKnown(group.rateInterval, (limits) => range(limits, (rate) => percent(rate, 1)), 'not defined'),
        ...(metric === 'value'
          ? [
              orNotKnown(group.perPerson, money, 'not defined'),
              orNotKnown(group.perPersonInterval, (limits) => range(limits, money), 'not defined'),
            ]
          : []),
      ]),
    ),
    ...paragraphs(
      [
        ...(reached === null
          ? []
          : [
              'Who reaches the goal differs from who does not in more than the goal: the two go together, and neither causes the other here.',
            ]),
        ...differenceWords(figure),
        ...(left === null ? [] : [left]),
      ],
      4,
    ),
  ];
}

const MONEY = ['per person', '95% interval'];

function differenceWords({ metric, difference, differenceReason }: SecondaryFigure): string[] {
  if (difference === undefined) return [];
  if (difference === null) return [differenceReason ?? ''];
  const { expected, low, high } = difference;
  if (metric === 'value') return [`Measured: ${money(expected)} per person (${interval([low, high], money)}).`];
  return [`Measured: ${points(expected)} percentage points (${interval([low, high], points)}).`];
}
