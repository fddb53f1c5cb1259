// A sweep for people: one row for each setting, what can be told apart, and what the choice rests on.

import {
  exactCount,
  exactPlural,
  humanDuration,
  listed,
  money,
  NOT_KNOWN,
  orNotKnown,
  percent,
  range,
  sentence,
  signed,
} from '../../../base/index.ts';
import type { Settings, Sweep, SweepRow } from '../../../projection/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

export function printSweep(sweep: Sweep): string {
  const { rows, best, by, indistinguishable } = sweep;
  const hasMoney = rows.some((row) => row.net.expected !== null);
  const head = [
    'setting',
    'episodes',
    'fired',
    'anyway',
    'of fired',
    'never',
    'would add',
    '95% interval',
    ...(hasMoney ? ['net'] : []),
    'best in',
  ];
  const lines = [
    `One horizon for all settings: ${humanDuration(sweep.horizon)} from the anchor.`,
    '',
    table(
      head,
      rows.map((row) => cells(row, best, hasMoney)),
    ),
    '',
  ];
  if (best === null) lines.push('No setting is best: none has a figure.');
  else {
    const what = by === 'net' ? 'money' : 'conversions added';
    const others =
      indistinguishable.length === 0
        ? worseWords(rows, by)
        : indistinguishable.length === rows.length - 1
          ? 'No other setting can be told apart from it.'
          : `Not to be told apart from it: ${listed(indistinguishable.map(words))}.`;
    lines.push(...wrapped(`Best by ${what}: ${words(best)}. ${others}`, 0, 2));
  }
  const rests =
    sweep.leftOut > 0
      ? [`${exactPlural(sweep.leftOut, 'episode is', 'episodes are')} too recent to be judged and left out`]
      : [];
  lines.push(
    ...paragraphs([...rests, ...sweep.restsOn].map(sentence), 2, 4),
    ...paragraphs(
      sweep.notices.map((notice) => `Note: ${notice}`),
      2,
      4,
    ),
  );
  return lines.join('\n');
}

/** None is as good: which comes nearest, and how little or much that is. */
function worseWords(rows: readonly SweepRow[], by: Sweep['by']): string {
  const behind = rows.flatMap((row) => (row.behind === null || row.behind.low <= 0 ? [] : [{ row, ...row.behind }]));
  const [nearest] = behind.toSorted((a, b) => a.expected - b.expected);
  if (nearest === undefined) return 'There is no other setting with a figure.';
  const unit = by === 'net' ? money : (value: number) => `${signed(value).replace('+', '')} conversions`;
  return `Every other setting is worse, beyond chance and assumptions; the nearest, ${words(nearest.row.set)}, by ${unit(nearest.expected)} (95% interval ${range([nearest.low, nearest.high], by === 'net' ? money : signed)}).`;
}

function cells(row: SweepRow, best: Settings | null, hasMoney: boolean): string[] {
  const { incremental, low, high } = row.projected;
  const isBest = best !== null && JSON.stringify(best) === JSON.stringify(row.set);
  return [
    `${words(row.set)}${isBest ? ' *' : ''}`,
    exactCount(row.episodes),
    exactCount(row.fired),
    exactCount(row.wouldConvertAnyway),
    row.waste === null ? 'none' : percent(row.waste, 1),
    exactCount(row.never),
    orNotKnown(incremental, signed),
    low === null || high === null ? NOT_KNOWN : range([low, high], signed),
    ...(hasMoney ? [orNotKnown(row.net.expected, money)] : []),
    orNotKnown(row.pBest, (p) => percent(p, 0)),
  ];
}

function words(set: Settings): string {
  return Object.entries(set)
    .map(([path, value]) => `${path}=${String(value)}`)
    .join(', ');
}
