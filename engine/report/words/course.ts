// The sentences of the course: what is still to come, who leaves for good, and whether "never" can be said.

import { humanDuration as duration, listed, percent, plural, probability, range, sentence } from '../../base/index.ts';
import type { Calibration } from '../../calibrate/index.ts';
import { survivalAt } from '../charts/survival-read.ts';
import type { Terms } from '../types.ts';

export type Course = Pick<
  Calibration,
  'anchors' | 'converted' | 'horizon' | 'survival' | 'hazard' | 'competing' | 'plateau' | 'percentilesAmongConverters'
>;

/** Of those unanswered at a time, the share that still converts by the horizon; null beyond what was watched. */
export function stillToCome({ survival, horizon }: Pick<Course, 'survival' | 'horizon'>, at: number): number | null {
  if (survival.length === 0 || at >= horizon) return null;
  const before = survivalAt(survival, at).notConverted;
  return before === 0 ? null : 1 - survivalAt(survival, horizon).notConverted / before;
}

/** @param window ms; 0: the trigger waits for nothing */
export function courseFinding(course: Course, window: number, terms: Terms): string {
  if (course.converted === 0)
    return `Nobody ${terms.done} within ${duration(course.horizon)}, so there is no pace to show.`;
  const still = window === 0 ? null : stillToCome(course, window);
  const left = course.competing?.end.left ?? null;
  const first =
    still === null
      ? `${percent(1 - survivalAt(course.survival, course.horizon).notConverted, 1)} of ${terms.anchors} have ${terms.done} after ${duration(course.horizon)}`
      : `Of those who have not ${terms.done} at ${duration(window)}, ${percent(still, 1)} still do within ${duration(course.horizon)}`;
  return `${first}${left === null ? '' : `; ${percent(left, 1)} of all leave for good before`}.`;
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
