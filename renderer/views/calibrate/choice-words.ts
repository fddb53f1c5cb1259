// The figures of the choice, each with what it rests on.

import type { SweepAnswer } from '../../../engine/api/index.ts';
import { type Currency, humanDuration as duration, percent, plural, sentence } from '../../../engine/base/index.ts';
import { bestOf, curveWords, payWords, whyNothing, worthWords } from '../../../engine/report/index.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export const CHOICE_FIGURES = ['best', 'same', 'curse', 'curve'] as const;
export type ChoiceFigure = (typeof CHOICE_FIGURES)[number];

export function choiceFigures(sweep: SweepAnswer, currency: Currency): KeyFigure[] {
  const best = bestOf(sweep);
  const { curves, winnersCurse, indistinguishable, rows } = sweep;
  const projected = { kind: 'projected' } as const;
  const absent = (words: string) => ({ value: words, absent: true });
  return [
    {
      ...projected,
      key: 'best',
      label: 'Best',
      ...(best === null
        ? absent('not known')
        : { value: duration(best.window), note: `in ${percent(best.pBest, 0)} of draws` }),
    },
    {
      ...projected,
      key: 'same',
      label: 'Not told apart',
      ...(best === null
        ? absent('not known')
        : { value: `${indistinguishable.length} of ${rows.length - 1}`, note: 'others' }),
    },
    {
      ...projected,
      key: 'curse',
      label: 'Too good by',
      ...(winnersCurse === null ? absent('not known') : { value: worthWords(sweep, winnersCurse, currency) }),
    },
    {
      ...projected,
      key: 'curve',
      label: 'Curve, not data',
      ...(curves?.curveShare == null ? absent('not known') : { value: percent(curves.curveShare, 0) }),
    },
  ];
}

export function choiceRests(sweep: SweepAnswer, key: string | null, currency: Currency): RestsOn | null {
  const figure = choiceFigures(sweep, currency).find((one) => one.key === key);
  if (figure === undefined) return null;
  const base = {
    label: String(figure.label),
    value: figure.value,
    kind: 'projected' as const,
    stamp: sweep.stamp,
    leftOut:
      sweep.leftOut > 0
        ? `${plural(sweep.leftOut, 'start', 'starts')} too recent to be judged for ${duration(sweep.horizon)}.`
        : 'Nothing.',
  };
  switch (key as ChoiceFigure) {
    case 'best':
      return { ...base, words: bestRests(sweep) };
    case 'same':
      return {
        ...base,
        words:
          'Settings whose paired difference to the best, on the same people drawn anew and the same assumptions, has 0 in its 95% interval. Any of them may be the best.',
      };
    case 'curse':
      return {
        ...base,
        words:
          'Whichever looks best among many looks too good for having been picked. This is how much, on average over the draws, the winner shows above what it is expected to bring.',
      };
    case 'curve':
      return { ...base, words: curveWords(sweep) };
  }
}

function bestRests(sweep: SweepAnswer): string {
  const best = bestOf(sweep);
  if (best === null) return whyNothing(sweep);
  const pays =
    sweep.by === 'net'
      ? ` It pays from ${payWords(best.breakEvenResponse)} of those won who never convert by themselves${best.pAboveBreakEven === null ? '' : `; the assumed effect is above that with ${percent(best.pAboveBreakEven, 0)}`}.`
      : '';
  return `People are drawn anew ${sweep.rows.length < 2 ? '' : 'once for all windows '}and the assumptions with them; the share of draws each window wins is how sure the choice is.${pays} ${sweep.restsOn.map(sentence).join(' ')}`;
}
