// The figures of the course, each with what it rests on.

import type { CalibrateAnswer } from '../../../engine/api/index.ts';
import { capital, count, humanDuration as duration, interval, percent, plural } from '../../../engine/base/index.ts';
import {
  type Course as EngineCourse,
  endsWords,
  noOtherEnd,
  plateauWords,
  stillToCome,
  survivalAt,
  type Terms,
} from '../../../engine/report/index.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export type Course = EngineCourse & Pick<CalibrateAnswer, 'persons' | 'washedIn' | 'open' | 'stamp'>;

export const COURSE_FIGURES = ['converts', 'still', 'left', 'never'] as const;
export type CourseFigure = (typeof COURSE_FIGURES)[number];

export function courseFigures(course: Course, window: number, terms: Terms): KeyFigure[] {
  const { survival, horizon, competing, plateau } = course;
  const end = survivalAt(survival, horizon);
  const { low, high } = end.byPerson;
  const still = stillToCome(course, window);
  const figure = (
    key: CourseFigure,
    label: string,
    value: string | null,
    absent: string,
    note?: string,
  ): KeyFigure => ({
    key,
    label,
    kind: 'counted',
    ...(value === null ? { value: absent, absent: true } : { value }),
    ...(note === undefined ? {} : { note }),
  });
  return [
    figure(
      'converts',
      `${capital(terms.done)} within ${duration(horizon)}`,
      survival.length === 0 ? null : percent(1 - end.notConverted, 1),
      'too few',
      low === null || high === null ? undefined : interval([1 - high, 1 - low], (x) => percent(x, 1)),
    ),
    figure(
      'still',
      `Still to come at ${duration(window)}`,
      still === null ? null : percent(still, 1),
      'nothing',
      'of those waiting then',
    ),
    figure(
      'left',
      'Left for good first',
      competing == null ? null : percent(competing.end.left, 1),
      'nobody',
      competing == null ? undefined : interval(competing.end.leftInterval, (x) => percent(x, 1)),
    ),
    figure(
      'never',
      `Never ${terms.done}`,
      plateau.sufficient && plateau.value !== null ? percent(plateau.value, 1) : null,
      'cannot be told',
      plateau.sufficient ? 'the watch is long enough' : 'the watch is too short',
    ),
  ];
}

export function courseRests(course: Course, key: string | null, window: number, terms: Terms): RestsOn | null {
  const { anchors, persons, horizon, competing, plateau, stamp, washedIn, open } = course;
  const figure = courseFigures(course, window, terms).find((one) => one.key === key);
  if (figure === undefined) return null;
  const whole = `${plural(anchors, terms.anchor, terms.anchors)} of ${plural(persons, 'person', 'people')}`;
  const base = {
    label: String(figure.label),
    value: figure.value,
    kind: 'counted' as const,
    stamp,
    leftOut: [
      washedIn > 0 ? `${count(washedIn)} ${terms.anchors} that may have begun before observation did.` : 'Nothing.',
      ...(open > 0 ? [`${count(open)} count up to the end of the history only.`] : []),
    ].join(' '),
  };
  switch (key as CourseFigure) {
    case 'converts':
      return {
        ...base,
        words: `Kaplan and Meier's curve of ${whole}. Its interval takes people, not ${terms.anchors}, for the sample: somebody with ten is one of the ${count(persons)}, not ten of the ${count(anchors)}.`,
      };
    case 'still':
      return {
        ...base,
        words: `Of ${whole}: what the curve loses between ${duration(window)} and ${duration(horizon)}, as a share of those still waiting at ${duration(window)}. They come without an email, so an email sent then has only the others to win.`,
      };
    case 'left':
      return { ...base, words: competing == null ? noOtherEnd(terms) : endsWords(competing, terms) };
    case 'never':
      return { ...base, words: plateauWords(plateau, terms) };
  }
}
