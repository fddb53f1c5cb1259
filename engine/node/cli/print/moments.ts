// Moments for people: ranked, each in a line of figures, then what speaks for it.

import type { MomentsAnswer } from '../../../api/index.ts';
import { exactCount, percent, points } from '../../../base/index.ts';
import { paragraphs, table } from '../table.ts';

const KINDS = { dropOff: 'drop-off', retention: 'goes with staying', beforeRevenue: 'before revenue' } as const;

export function printMoments({ moments, notes }: MomentsAnswer, most: number): string {
  const shown = moments.slice(0, most);
  const head =
    shown.length === 0
      ? ['No moment was found that enough people show.']
      : [
          table(
            ['', 'moment', 'kind', 'people', 'effect', '95% interval'],
            shown.map(({ title, kind, people, effect, low, high }, i) => {
              const show = kind === 'dropOff' ? percent : points;
              return [
                `${i + 1}`,
                title,
                KINDS[kind],
                exactCount(people),
                show(effect),
                `${show(low)} to ${show(high)}`,
              ];
            }),
          ),
          '',
          ...shown.flatMap(({ why }, i) => paragraphs([`${i + 1}. ${why}`], 2, 5)),
        ];
  const rest = moments.length > most ? [`${exactCount(moments.length - most)} more: --number ${moments.length}.`] : [];
  return [...head, ...paragraphs([...rest, ...notes], 2, 4)].join('\n');
}
