// What other windows would do: counted volumes beside a projected increment, and which windows the data cannot tell apart.

import { type Currency, capital, count, humanDuration, listed, sentence } from '../../base/index.ts';
import type { Sweep } from '../../projection/index.ts';
import { sweepChart, sweepTable } from '../charts/sweep.ts';
import { isBest, isNearBest, rowName } from '../charts/sweep-rows.ts';
import type { Block, Section, Text } from '../document.ts';
import type { Terms } from '../types.ts';
import {
  bestRows,
  choiceFinding,
  curveWords,
  economicsTable,
  evidenceWords,
  SHAPES,
  settingWords,
  worthWords,
} from '../words/choice.ts';

export function sweepSection(sweep: Sweep, currentWindow: number, terms: Terms, currency: Currency): Section {
  const notes = [...sweep.restsOn, ...sweep.notices].map(sentence);
  const blocks: Block[] = [
    {
      type: 'chart',
      title: 'Waste and effect by window',
      hint: 'filled: cannot be told apart from the best',
      spec: sweepChart(sweep, currentWindow, terms),
      alternative: `${sweepAlternative(sweep)} Arrow keys read the windows, T opens the table.`,
      table: sweepTable(sweep, currentWindow, currency),
      tableOpen: true,
    },
    ...choiceBlocks(sweep, terms, currency),
    ...(notes.length === 0 ? [] : [{ type: 'list' as const, items: notes }]),
  ];
  return {
    id: 'windows',
    title: 'What other windows would do',
    kind: null,
    hint: `One horizon of ${humanDuration(sweep.horizon)} from the anchor for all windows. Volumes are counted; what the emails add is projected.`,
    finding: sweepFinding(sweep),
    blocks: sweep.rows.length === 0 ? [] : blocks,
  };
}

function sweepFinding(sweep: Sweep): Text {
  const best = sweep.rows.find((row) => isBest(row, sweep));
  if (best === undefined) return 'No window has a figure to choose by.';
  const { curves } = sweep;
  if (curves?.dataAloneCannotChoose) {
    const [shortest, longest] = curves.economicRange;
    return `The data alone cannot choose: by how the response fades, anything from ${humanDuration(shortest)} to ${humanDuration(longest)} is best.`;
  }
  const equal = sweep.rows.filter((row) => isNearBest(row, sweep)).map(rowName);
  const by = sweep.by === 'net' ? 'net' : 'effect';
  if (equal.length === 1) return `${rowName(best)} has the highest projected ${by}, and no other window comes close.`;
  if (equal.length === sweep.rows.length)
    return `None of the ${count(equal.length)} windows can be told apart from another.`;
  return `${listed(equal)} cannot be told apart.`;
}

/** What the choice rests on: standings and what pays, shapes of the effect, and how far having been picked flatters. */
function choiceBlocks(sweep: Sweep, terms: Terms, currency: Currency): Block[] {
  if (bestRows(sweep).length === 0) return [];
  const { columns, rows } = economicsTable({ sweep, currency, terms });
  const { curves, winnersCurse } = sweep;
  const evidence = evidenceWords(sweep);
  return [
    { type: 'text', text: choiceFinding(sweep) },
    {
      type: 'table',
      table: {
        columns: columns.map((label, i) => ({ label: capital(label), align: i === 0 ? 'left' : 'right' })),
        rows: rows.map((cells) => ({ cells })),
      },
    },
    ...(curves === null
      ? []
      : [
          {
            type: 'facts' as const,
            facts: SHAPES.map(([key, words]) => ({
              name: `Best if the effect ${words}`,
              value: settingWords(curves.best[key]),
            })),
          },
        ]),
    { type: 'note', text: curveWords(sweep) },
    ...(winnersCurse === null
      ? []
      : [
          {
            type: 'note' as const,
            text: `Whichever looks best among so many looks too good, on average by ${worthWords(sweep, winnersCurse, currency)}.`,
          },
        ]),
    ...(evidence === null ? [] : [{ type: 'note' as const, text: evidence }]),
  ];
}

function sweepAlternative(sweep: Sweep): string {
  const first = sweep.rows[0];
  const last = sweep.rows.at(-1);
  if (first === undefined || last === undefined) return 'No windows were swept.';
  const [from, to] = [first.wouldConvertAnyway, last.wouldConvertAnyway];
  const anyway =
    from === null || to === null ? '' : `, and those who convert anyway from ${count(from)} to ${count(to)}`;
  return `From ${rowName(first)} to ${rowName(last)} the number emailed goes from ${count(first.fired)} to ${count(last.fired)}${anyway}.`;
}
