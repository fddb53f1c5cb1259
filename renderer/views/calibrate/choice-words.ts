// The sentences of the choice: which is best and how often, what that rests on, and how far having picked it flatters.

import type { SweepAnswer } from '../../../engine/api.ts';
import { type Currency, humanDuration as duration, percent, plural, sentence } from '../../../engine/base/index.ts';
import { bestRows, payWords, standingOf, worthOf, worthWords } from '../../charts/best-windows.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';
import { whyNothing } from './words.ts';

export const CHOICE_FIGURES = ['best', 'same', 'curse', 'curve'] as const;
export type ChoiceFigure = (typeof CHOICE_FIGURES)[number];

export const SHAPES = [
  ['no_decay', 'does not fade with the wait'],
  ['fast_decay', 'fades within a day'],
  ['early_harms', 'harms when early'],
] as const;

const bestOf = (sweep: SweepAnswer) => bestRows(sweep).find((row) => standingOf(sweep, row) === 'best') ?? null;

export function choiceFinding(sweep: SweepAnswer): string {
  const best = bestOf(sweep);
  if (best === null) return whyNothing(sweep);
  const what = sweep.by === 'net' ? 'profit' : 'added conversions';
  const same = sweep.indistinguishable.length;
  const worth = worthOf(sweep, best);
  const loses = worth !== null && worth < 0 ? ' Even that costs more than it brings.' : '';
  const others = same === 0 ? 'no other comes near' : `${plural(same, 'other', 'others')} cannot be told apart from it`;
  return `By ${what} ${duration(best.window)} is best in ${percent(best.pBest, 0)} of the draws; ${others}.${loses}`;
}

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

/** How much of the choice is assumption. */
export function curveWords({ curves }: Pick<SweepAnswer, 'curves'>): string {
  if (curves === null) return 'These settings were replayed one by one, so shapes of the effect were not tried.';
  const [least, most] = curves.economicRange;
  const where =
    least === most
      ? `All three shapes of the effect choose ${duration(least)}.`
      : `Plausible shapes of the effect put the best anywhere from ${duration(least)} to ${duration(most)}.`;
  const share =
    curves.curveShare === null
      ? ''
      : ` ${percent(curves.curveShare, 0)} of the spread of the best window rests on that shape, not on this history.`;
  const verdict = curves.dataAloneCannotChoose
    ? ' The data alone cannot choose: only a test of two windows would tell.'
    : '';
  return `${where}${share}${verdict}`;
}

/** Of the best: what the one randomised study says of so early, or so untried, a first email. Null where none applies. */
export function evidenceWords(sweep: SweepAnswer): string | null {
  const best = bestOf(sweep);
  if (best === null) return null;
  if (best.evidence === 'harm') {
    return 'The best sends its first email within the hour, where the one randomised field study (2021, over 40,500 customers) found fewer purchases: test it against a later one before you use it.';
  }
  if (best.evidence === 'none' && sweep.rows.some(({ evidence }) => evidence === 'harm' || evidence === 'gain')) {
    return 'No randomised study has looked at a first email after as long as the best waits.';
  }
  return null;
}
