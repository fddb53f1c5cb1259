// The sentences of the course: what is still to come, who leaves for good, and whether "never" can be said. Each figure
// of its strip with what it rests on.

import type { CalibrateAnswer } from '../../../engine/api.ts';
import {
  capital,
  count,
  humanDuration as duration,
  interval,
  listed,
  percent,
  plural,
  probability,
  range,
  sentence,
} from '../../../engine/base/index.ts';
import { survivalAt, type Terms } from '../../../engine/report/index.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export type Course = Pick<
  CalibrateAnswer,
  | 'anchors'
  | 'persons'
  | 'converted'
  | 'horizon'
  | 'survival'
  | 'hazard'
  | 'competing'
  | 'plateau'
  | 'percentilesAmongConverters'
  | 'washedIn'
  | 'open'
  | 'stamp'
>;

export const COURSE_FIGURES = ['converts', 'still', 'left', 'never'] as const;
export type CourseFigure = (typeof COURSE_FIGURES)[number];

/** Of those unanswered at a time, the share that still converts by the horizon; null beyond what was watched. */
export function stillToCome({ survival, horizon }: Pick<Course, 'survival' | 'horizon'>, at: number): number | null {
  if (survival.length === 0 || at >= horizon) return null;
  const before = survivalAt(survival, at).notConverted;
  return before === 0 ? null : 1 - survivalAt(survival, horizon).notConverted / before;
}

export function courseFinding(course: Course, window: number, terms: Terms): string {
  if (course.converted === 0)
    return `Nobody ${terms.done} within ${duration(course.horizon)}, so there is no pace to show.`;
  const still = stillToCome(course, window);
  const left = course.competing?.end.left ?? null;
  const first =
    still === null
      ? `${percent(1 - survivalAt(course.survival, course.horizon).notConverted, 1)} of ${terms.anchors} have ${terms.done} after ${duration(course.horizon)}`
      : `Of those who have not ${terms.done} at ${duration(window)}, ${percent(still, 1)} still do within ${duration(course.horizon)}`;
  return `${first}${left === null ? '' : `; ${percent(left, 1)} of all leave for good before`}.`;
}

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

export function noOtherEnd(terms: Terms): string {
  return `No ${terms.anchor} ended in any other way: neither an unsubscription nor an event that ends the workflow came before the ${terms.goal}.`;
}

export function endsWords(competing: NonNullable<Course['competing']>, terms: Terms): string {
  const { left, events, end, convertedIfCensored } = competing;
  return `${plural(left, terms.anchor, terms.anchors)} ended before the ${terms.goal}, by ${listed(events)}. Such a person cannot convert any more: taken for merely unwatched, they would make it ${percent(convertedIfCensored, 1)} who have ${terms.done} within ${duration(end.t)} in place of ${percent(end.converted, 1)}. Shares by Aalen and Johansen; intervals by person.`;
}

export function plateauWords({ value, sufficient, reason, alpha }: Course['plateau'], terms: Terms): string {
  const test =
    alpha == null ? '' : ` The test of Maller and Zhou gives ${probability(alpha)}; above 0.05 the watch is too short.`;
  if (sufficient && value !== null) {
    return `${percent(value, 1)} have not ${terms.done} when the watch ends, and nobody has for so long before that it can be taken for the share that never does.${test}`;
  }
  return `${sentence(reason ?? 'The watch is too short to tell how many never do')}${test}`;
}

/** By when how many of the converters have done so, each with its interval over people drawn anew. */
export function percentileRows({ percentilesAmongConverters: among }: Pick<Course, 'percentilesAmongConverters'>) {
  const limits = (key: 'p50' | 'p75' | 'p90' | 'p95') => among.intervals?.[key] ?? null;
  return (['p50', 'p75', 'p90', 'p95'] as const).map((key) => {
    const found = limits(key);
    return {
      key,
      name: key === 'p50' ? 'Half by' : `${key.slice(1)}% by`,
      value: among[key] === null ? null : duration(among[key]),
      interval: found === null ? null : range(found, duration),
    };
  });
}
