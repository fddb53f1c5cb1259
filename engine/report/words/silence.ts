// The sentences of silence: when it is a goodbye, how many alarms are false, whether each person's own rhythm is the
// better measure, and how people decline before they go.

import { count, humanDuration as duration, percent, plural, range, rounded } from '../../base/index.ts';
import type { Dormancy } from '../../calibrate/index.ts';

/** The point of the curve at a silence; null where it is on no rung. */
export function pointAt({ curve }: Pick<Dormancy, 'curve'>, silence: number): Dormancy['curve'][number] | null {
  return curve.find(({ inactive }) => inactive === silence) ?? null;
}

/**
 * Whether the rule's silence is the shortest that was looked at: most of the silent do not return soon in any case, so
 * that no length tells who is gone, and the rule's answer is one to know of, not one to take.
 */
export function partsNobody({ recommended, curve }: Pick<Dormancy, 'recommended' | 'curve'>): boolean {
  return recommended !== null && recommended === curve[0]?.inactive;
}

export function silenceFinding(dormancy: Dormancy, loaded: number): string {
  const { recommended, within, highestReturn } = dormancy;
  const at = pointAt(dormancy, loaded);
  const returns =
    at?.returns == null
      ? `How many return by themselves after ${duration(loaded)} of silence was not watched.`
      : `After ${duration(loaded)} of silence ${percent(at.returns, 0)} return by themselves within ${duration(within)}.`;
  if (recommended === null) return `${returns} No length of silence is a goodbye here.`;
  if (partsNobody(dormancy))
    return `${returns} However short the silence, under ${percent(highestReturn, 0)} do: no length tells who is gone.`;
  if (recommended === loaded)
    return `${returns} That is the first length at which under ${percent(highestReturn, 0)} do.`;
  return `${returns} Under ${percent(highestReturn, 0)} do from ${duration(recommended)} on.`;
}

/** Silences of before observation; null where there are none. */
export function enteredWords({ entered }: Pick<Dormancy, 'entered'>): string | null {
  if (entered === undefined || entered.late === 0) return null;
  const out = entered.leftOut > 0 ? ` ${count(entered.leftOut)} that were over by then are left out.` : '';
  return `${plural(entered.late, 'silence', 'silences')} ran already when observation began: watched from there on, not from their start.${out}`;
}

export function rhythmWords(dormancy: Pick<Dormancy, 'ownRhythm'>): string {
  const { ownRhythm } = dormancy;
  if (ownRhythm == null) {
    return 'Nobody has enough silences behind them to know their rhythm.';
  }
  const rule = ruleOf(dormancy, 'loaded');
  const whom = `${plural(ownRhythm.silences, 'silence', 'silences')} of ${plural(ownRhythm.people, 'person', 'people')} with enough silences before them`;
  if (rule?.ownMinusThis == null) return `On ${whom} no difference can be told.`;
  const { low, high } = rule.ownMinusThis;
  const verdict =
    low > 0
      ? 'more false alarms than'
      : high < 0
        ? 'fewer false alarms than'
        : 'no telling difference in false alarms to';
  return `On the same ${whom}, an alarm at three times a person's own middle silence has ${verdict} one length for everybody: a paired difference in percentage points.`;
}

export function declineWords({ decline }: Pick<Dormancy, 'decline'>): string {
  const { weeks, personalSilence } = decline;
  const said = [
    weeks === null ? 'Nobody with a baseline has gone, so how people decline before is not known.' : weeksWords(weeks),
    personalSilence === null
      ? null
      : `Three times the usual gap is ${duration(personalSilence.median)} for the person in the middle, ${range([personalSilence.q1, personalSilence.q3], duration)} for half of ${count(personalSilence.people)}.`,
  ];
  return said.filter((words) => words !== null).join(' ');
}

function weeksWords({ people, median, q1, q3 }: NonNullable<Dormancy['decline']['weeks']>): string {
  const whom = plural(people, 'person', 'people');
  if (median > 0) {
    return `Before they went, people had under half of their usual active days for ${rounded(median)} weeks in the middle; half of ${whom} between ${rounded(q1)} and ${rounded(q3)}.`;
  }
  const most = q3 === 0 ? 'three in four or more' : 'half or more';
  return `Most go without becoming less active first: of ${whom} ${most} had no week under half of their usual active days before they went.`;
}

export function ruleOf({ ownRhythm }: Pick<Dormancy, 'ownRhythm'>, rule: 'own' | 'recommended' | 'loaded') {
  return ownRhythm?.rules.find((one) => one.rule === rule) ?? null;
}

export const RULE_NAMES = {
  own: 'Own rhythm',
  recommended: 'The recommended one',
  loaded: 'The one in force',
} as const;
