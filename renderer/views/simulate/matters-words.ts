// The figures of what matters, each with what it rests on, and each moved assumption.

import type { ProjectAnswer } from '../../../engine/api/index.ts';
import { type Currency, capital, percent, plural, range, rounded } from '../../../engine/base/index.ts';
import {
  fromDataWords,
  movingSwings,
  swingName,
  swingWords,
  type Terms,
  worthAt,
  worthText,
} from '../../../engine/report/index.ts';
import type { Sensitivity } from '../../charts/tornado.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export const MATTER_FIGURES = ['harm', 'measured', 'pays', 'widest'] as const;
export type MatterFigure = (typeof MATTER_FIGURES)[number];

type Answer = Pick<ProjectAnswer, 'incremental' | 'profit' | 'stamp' | 'incomplete'>;

export function matterFigures(answer: Answer, sensitivity: Sensitivity, terms: Terms, currency: Currency): KeyFigure[] {
  const { incremental } = answer;
  const measured = incremental.fromData?.effect ?? null;
  const [widest] = movingSwings(sensitivity);
  const { breakEven } = sensitivity;
  const absent = (words: string) => ({ value: words, absent: true });
  return [
    {
      key: 'harm',
      kind: 'projected',
      label: `Costs ${terms.goals}`,
      ...(incremental.pHarm === null
        ? absent('not known')
        : { value: percent(incremental.pHarm, 0), note: 'chance, on these assumptions' }),
    },
    {
      key: 'measured',
      label: 'Effect measured',
      ...(measured === null
        ? absent('not known')
        : measured === 0
          ? { value: 'nothing', absent: true, note: 'assumed throughout' }
          : { value: percent(measured, 0), note: 'the rest is assumed' }),
    },
    {
      key: 'pays',
      kind: 'projected',
      label: 'Pays from',
      ...(breakEven === null
        ? absent('not known')
        : { value: `× ${rounded(breakEven.oddsRatio, 4)} odds`, note: `${percent(breakEven.pAbove, 0)} likely` }),
    },
    {
      key: 'widest',
      kind: 'projected',
      label: 'Moves it most',
      ...(widest === undefined
        ? absent('nothing')
        : {
            value: capital(swingName(widest)),
            note: range([worthAt(sensitivity, widest.low), worthAt(sensitivity, widest.high)], (x) =>
              worthText(sensitivity, x, currency, widest.width),
            ),
          }),
    },
  ];
}

const SWING = 'swing:';

/** How a bar is selected. */
export function swingKey({ name }: Pick<Sensitivity['swings'][number], 'name'>): string {
  return `${SWING}${name}`;
}

export function mattersRests(
  answer: Answer,
  sensitivity: Sensitivity,
  key: string | null,
  terms: Terms,
  currency: Currency,
): RestsOn | null {
  const base = {
    stamp: answer.stamp,
    leftOut: `${plural(answer.incomplete, 'run', 'runs')} whose goal window is not over.`,
  };
  const swing = sensitivity.swings.find((one) => swingKey(one) === key);
  if (swing !== undefined) {
    return {
      ...base,
      label: capital(swingName(swing)),
      value: range([worthAt(sensitivity, swing.low), worthAt(sensitivity, swing.high)], (x) =>
        worthText(sensitivity, x, currency, swing.width),
      ),
      kind: swing.kind === 'data' ? 'counted' : 'projected',
      words: swingWords(swing),
    };
  }
  const figure = matterFigures(answer, sensitivity, terms, currency).find((one) => one.key === key);
  if (figure === undefined) return null;
  const own = { ...base, label: String(figure.label), value: figure.value, kind: figure.kind ?? ('counted' as const) };
  switch (key as MatterFigure) {
    case 'harm':
      return {
        ...own,
        words: `In so many of the draws of the assumptions the emails are expected to cost ${terms.goals} rather than to add any. Chance person by person is not in it.`,
      };
    case 'measured':
      return {
        ...own,
        words: fromDataWords(answer.incremental) ?? 'Nothing is projected, so nothing is measured of it.',
      };
    case 'pays':
      return {
        ...own,
        words:
          sensitivity.breakEven === null
            ? 'Profit is not known, or no effect within reason pays for the emails.'
            : `With all else in the middle, the emails pay for themselves once they multiply the odds of the ${terms.goal} by ${rounded(sensitivity.breakEven.oddsRatio, 4)}. What is assumed, or was measured, lies above that with ${percent(sensitivity.breakEven.pAbove, 0)}.`,
      };
    case 'widest':
      return {
        ...own,
        words:
          'Each assumption is moved alone to both ends of its own range, all others in the middle, on the people of the history.',
      };
  }
}
