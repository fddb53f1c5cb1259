// What each email adds to the others, as a table in a terminal.

import { exactCount, humanDuration, money, orNotKnown, percent, range, signed } from '../../../base/index.ts';
import { type EmailValue, type Estimate, SHARED_AMONG } from '../../../projection/index.ts';
import { paragraphs, table } from '../table.ts';

/** @param emails null where nothing is projected */
export function emailLines(emails: readonly EmailValue[] | null): string[] {
  if (emails === null) return ['What each email adds: nothing is projected, so none does.'];
  const isMoneyKnown = emails.some(({ profit }) => profit.expected !== null);
  return [
    'What each email adds to the others (projected): the sequence with it against the sequence without it',
    table(
      [
        'email',
        'after',
        'sent',
        'conversions',
        '95% interval',
        ...(isMoneyKnown ? ['profit', '95% interval', 'loses in'] : ['costs some in']),
      ],
      emails.map(({ id, at, sends, conversions, profit, pHarm, pLoss }) => [
        id,
        at === 0 ? 'at once' : humanDuration(at),
        exactCount(sends),
        orNotKnown(conversions.expected, signed),
        limits(conversions, signed),
        ...(isMoneyKnown
          ? [orNotKnown(profit.expected, money), limits(profit, money), orNotKnown(pLoss, (p) => percent(p, 0))]
          : [percent(pHarm, 0)]),
      ]),
    ),
    ...paragraphs([SHARED_AMONG], 2, 4),
  ];
}

function limits({ low, high }: Estimate, show: (value: number) => string): string {
  return low === null || high === null ? 'not known' : range([low, high], show);
}
