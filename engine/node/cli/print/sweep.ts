// A sweep for people: one row for each setting, what can be told apart, and what the choice rests on.

import type { Settings, Sweep, SweepRow } from '../../../projection/index.ts';
import { count, duration, money, percent, signed, table } from '../table.ts';

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
    `One horizon for all settings: ${duration(sweep.horizon)} from the anchor.`,
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
    lines.push(
      `Best by ${what}: ${words(best)}. ${
        indistinguishable.length === 0
          ? 'Every other setting is worse, beyond chance and assumptions.'
          : `Not to be told apart from it: ${indistinguishable.map(words).join('; ')}.`
      }`,
    );
  }
  if (sweep.leftOut > 0) lines.push(`${count(sweep.leftOut)} episodes are too recent to be judged and left out.`);
  for (const sentence of sweep.restsOn) lines.push(`  ${sentence}`);
  for (const notice of sweep.notices) lines.push(`  note: ${notice}`);
  return lines.join('\n');
}

function cells(row: SweepRow, best: Settings | null, hasMoney: boolean): string[] {
  const { incremental, low, high } = row.projected;
  const isBest = best !== null && JSON.stringify(best) === JSON.stringify(row.set);
  return [
    `${words(row.set)}${isBest ? ' *' : ''}`,
    count(row.episodes),
    count(row.fired),
    count(row.wouldConvertAnyway),
    row.waste === null ? 'none' : percent(row.waste),
    count(row.never),
    incremental === null ? 'not known' : signed(incremental, 1),
    low === null || high === null ? 'not known' : `${signed(low, 1)} to ${signed(high, 1)}`,
    ...(hasMoney ? [money(row.net.expected)] : []),
    row.pBest === null ? 'not known' : percent(row.pBest, 0),
  ];
}

function words(set: Settings): string {
  return Object.entries(set)
    .map(([path, value]) => `${path}=${String(value)}`)
    .join(', ');
}
