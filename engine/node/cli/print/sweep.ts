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
import { asGood, PRACTICALLY_NOTHING, type Settings, type Sweep, type SweepRow } from '../../../projection/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';
import { choiceSentences, gridLines, payLines, settingWords } from './sweep-parts.ts';

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
    ...below(gridLines(sweep)),
    ...below(payLines(sweep)),
  ];
  if (best === null) {
    lines.push('No setting is best: none has a figure.');
    const { reason } = sweep;
    if (reason !== undefined && !sweep.notices.includes(reason)) lines.push(...paragraphs([reason], 2, 4));
  } else {
    const what = by === 'net' ? 'money' : 'conversions added';
    const others =
      indistinguishable.length === 0
        ? worseWords(sweep)
        : indistinguishable.length === rows.length - 1
          ? 'No other setting can be told apart from it.'
          : `Not to be told apart from it: ${listed(indistinguishable.map(settingWords))}.`;
    lines.push(...wrapped(`Best by ${what}: ${settingWords(best)}. ${others}`, 0, 2));
    lines.push(...paragraphs(choiceSentences(sweep), 2, 4));
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

function below(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}

const EVERY = 'Every other setting';

/** None is as good: which comes nearest, how little or much that is, and whether it is enough to choose by. */
function worseWords(sweep: Sweep): string {
  const { rows, by } = sweep;
  const behind = rows.flatMap((row) => (row.behind === null || row.behind.low <= 0 ? [] : [{ row, ...row.behind }]));
  const [nearest] = behind.toSorted((a, b) => a.expected - b.expected);
  if (nearest === undefined) return 'There is no other setting with a figure.';
  const unit = by === 'net' ? money : (value: number) => `${signed(value).replace('+', '')} conversions`;
  const distance = `the nearest, ${settingWords(nearest.row.set)}, by ${unit(nearest.expected)} (95% interval ${range([nearest.low, nearest.high], by === 'net' ? money : signed)})`;
  const close = asGood(sweep);
  if (close.length === 0)
    return `Every other setting is worse, beyond chance and what is assumed to vary; ${distance}.`;
  const which = close.length === rows.length - 1 ? EVERY : listed(close.map(settingWords));
  return `${which} ${close.length > 1 && which !== EVERY ? 'are' : 'is'} as good in practice: behind beyond chance, but by under ${percent(PRACTICALLY_NOTHING, 0)} of what the best brings, too little to choose by; ${distance}.`;
}

function cells(row: SweepRow, best: Settings | null, hasMoney: boolean): string[] {
  const { incremental, low, high } = row.projected;
  const isBest = best !== null && JSON.stringify(best) === JSON.stringify(row.set);
  return [
    `${settingWords(row.set)}${isBest ? ' *' : ''}`,
    exactCount(row.episodes),
    exactCount(row.fired),
    orNotKnown(row.wouldConvertAnyway, exactCount),
    row.waste === null ? (row.wouldConvertAnyway === null ? NOT_KNOWN : 'none') : percent(row.waste, 1),
    orNotKnown(row.never, exactCount),
    orNotKnown(incremental, signed),
    low === null || high === null ? NOT_KNOWN : range([low, high], signed),
    ...(hasMoney ? [orNotKnown(row.net.expected, money)] : []),
    orNotKnown(row.pBest, (p) => percent(p, 0)),
  ];
}
