// What the figures of a row rest on: events counted by one replay, nothing assumed.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { exactCount, plural, sentence } from '../../../engine/base/index.ts';
import type { RestsOn } from '../../ui/rests-panel.tsx';
import { enrolledOf, type LedgerRow } from './ledger-rows.ts';
import { stepTitle } from './words.ts';

export function restsOf(row: LedgerRow, replay: ReplayAnswer, title: string): RestsOn | null {
  const figure = figureOf(row, replay, title);
  if (figure === null) return null;
  const { pending, warnings, stamp } = replay;
  const left = `${plural(pending, 'trigger was', 'triggers were')} still waiting when the history ended`;
  return { ...figure, kind: 'counted', leftOut: [left, ...warnings].map(sentence).join(' '), stamp };
}

function figureOf(
  row: LedgerRow,
  replay: ReplayAnswer,
  title: string,
): Pick<RestsOn, 'label' | 'value' | 'words'> | null {
  const enrolled = enrolledOf(replay);
  switch (row.kind) {
    case 'trigger':
      return {
        label: 'Candidates',
        value: exactCount(replay.candidates),
        words:
          'Moments at which the trigger would have fired, each person on their own, events before timers at one instant. Rules come after.',
      };
    case 'gate':
      return row.n === null
        ? null
        : {
            label: title,
            value: exactCount(row.n),
            words: `Of ${exactCount(replay.candidates)} candidates. Rules are asked in the order shown; the first that holds is the reason, so a candidate is counted once.`,
          };
    case 'enrolled':
      return {
        label: 'Enrolled',
        value: exactCount(enrolled),
        words: `${exactCount(replay.enrolled.treated)} treated and ${exactCount(replay.enrolled.holdout)} held out. A person keeps their arm in every run.`,
      };
    case 'step':
      return row.counts === null
        ? null
        : {
            label: `${stepTitle(row)}, sent`,
            value: exactCount(row.counts.sent),
            words: `${exactCount(row.counts.due)} came due; ${exactCount(row.counts.ghost)} of them were held out and would have got it, which counts for recency and caps in the same way.`,
          };
    case 'end':
      return {
        label: 'Runs that ended',
        value: exactCount(enrolled - replay.exits.open),
        words: `Of ${exactCount(enrolled)} enrolled; ${exactCount(replay.exits.open)} were still open when the history ended.`,
      };
  }
}
