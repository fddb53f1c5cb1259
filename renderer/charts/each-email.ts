// What each email adds to the others: a bar from 0 with its 95 % interval, one scale for all. Below zero it costs.

import type { ProjectAnswer } from '../../engine/api/index.ts';
import {
  type Currency,
  count,
  humanDuration as duration,
  orNotKnown,
  percent,
  range,
  signedCount,
  signedMoney,
} from '../../engine/base/index.ts';
import { isByProfit, known, type Terms } from '../../engine/report/index.ts';
import type { ChartOption, ChartSize } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type PieceRow, type PieceScale, piecesOption } from './pieces.ts';
import type { ChartTheme } from './theme.ts';

export type Emails = NonNullable<ProjectAnswer['emails']>;

export const EMAIL_ROW = 36;

export interface EmailsInput {
  readonly emails: Emails;
  readonly currency: Currency;
  readonly terms: Terms;
}

export function emailRows({ emails, currency }: Pick<EmailsInput, 'emails' | 'currency'>): PieceRow[] {
  const byProfit = isByProfit(emails);
  return emails.map(({ at, sends, conversions, profit, pHarm, pLoss }, i): PieceRow => {
    const found = known(byProfit ? profit : conversions);
    const name = `Email ${i + 1}, ${at === 0 ? 'at once' : duration(at)}`;
    if (found === null) return { name, pieces: [], value: 'not known', isAbsent: true };
    const show = (x: number) => (byProfit ? signedMoney(x, currency, found.high - found.low) : signedCount(x));
    const risk =
      byProfit && pLoss !== null ? `loses in ${percent(pLoss, 0)} of draws` : `costs some in ${percent(pHarm, 0)}`;
    return {
      name,
      pieces: [
        {
          kind: found.expected >= 0 ? 'because' : 'prevented',
          from: Math.min(0, found.expected),
          to: Math.max(0, found.expected),
        },
      ],
      whisker: [found.low, found.high],
      value: show(found.expected),
      note: `${range([found.low, found.high], show)} · ${count(sends)} sent · ${risk}`,
    };
  });
}

export function emailScale(rows: readonly PieceRow[]): PieceScale {
  const ends = rows.flatMap(({ pieces, whisker = [0, 0] }) => [
    ...pieces.flatMap(({ from, to }) => [from, to]),
    ...whisker,
  ]);
  const [min, max] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return max > min ? { min, max } : { min: 0, max: 1 };
}

export function emailsOption(input: EmailsInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = emailRows(input);
  const scale = emailScale(rows);
  return piecesOption(rows, () => scale, { left: 186, right: 76, bar: 13, zero: true }, theme, size);
}

export function emailsTable({ emails, currency, terms }: EmailsInput): ChartTable {
  const figure = (estimate: Emails[number]['profit'], show: (x: number, width: number) => string) => {
    const found = known(estimate);
    if (found === null) return 'not known';
    const write = (x: number) => show(x, found.high - found.low);
    return `${write(found.expected)} (${range([found.low, found.high], write)})`;
  };
  return {
    columns: ['Email', 'after the trigger', 'sent', `${terms.goals} added`, 'profit', 'chance it loses'],
    rows: emails.map(({ id, at, sends, conversions, profit, pLoss }) => [
      id,
      at === 0 ? 'at once' : duration(at),
      count(sends),
      figure(conversions, signedCount),
      figure(profit, (x, width) => signedMoney(x, currency, width)),
      orNotKnown(pLoss, (p) => percent(p, 0)),
    ]),
  };
}
