// The sentences of silence: when it is a goodbye, how many alarms are false, whether each person's own rhythm is the
// better measure.

import type { CalibrateAnswer } from '../../../engine/api.ts';
import {
  count,
  humanDuration as duration,
  interval,
  percent,
  plural,
  points,
  range,
  rounded,
  sentence,
} from '../../../engine/base/index.ts';
import type { Silence, SilencePoint } from '../../charts/silence.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export const SILENCE_FIGURES = ['recommended', 'returns', 'alarms', 'rhythm'] as const;
export type SilenceFigure = (typeof SILENCE_FIGURES)[number];

const whole = (x: number) => percent(x, 1);

/** The point of the curve at a silence; null where it is on no rung. */
export function pointAt({ curve }: Pick<Silence, 'curve'>, silence: number): SilencePoint | null {
  return curve.find(({ inactive }) => inactive === silence) ?? null;
}

export function silenceFinding(dormancy: Silence, loaded: number): string {
  const { recommended, within, highestReturn } = dormancy;
  const at = pointAt(dormancy, loaded);
  const returns =
    at?.returns == null
      ? `How many return by themselves after ${duration(loaded)} of silence was not watched.`
      : `After ${duration(loaded)} of silence ${percent(at.returns, 0)} return by themselves within ${duration(within)}.`;
  if (recommended === null) return `${returns} No length of silence is a goodbye here.`;
  if (recommended === loaded)
    return `${returns} That is the first length at which under ${percent(highestReturn, 0)} do.`;
  return `${returns} Under ${percent(highestReturn, 0)} do from ${duration(recommended)} on.`;
}

type Limits = readonly [number | null | undefined, number | null | undefined];

export function silenceFigures(dormancy: Silence, loaded: number): KeyFigure[] {
  const { recommended, low, high, within } = dormancy;
  const at = pointAt(dormancy, loaded);
  const alarms = at?.falseAlarms ?? null;
  const rule = ruleOf(dormancy, 'loaded');
  const difference = rule?.ownMinusThis ?? null;
  const counted = { kind: 'counted' } as const;
  const noted = (limits: Limits, show: (x: number) => string) => {
    const [from, to] = limits;
    if (from == null || to == null) return {};
    return { note: show(from) === show(to) ? `95% interval ${show(from)} at both ends` : interval([from, to], show) };
  };
  return [
    {
      ...counted,
      key: 'recommended',
      label: 'Recommended silence',
      ...(recommended === null
        ? { value: 'none', absent: true, note: 'too many return' }
        : { value: duration(recommended), ...noted([low, high], duration) }),
    },
    {
      ...counted,
      key: 'returns',
      label: `Return in ${duration(within)}, at ${duration(loaded)}`,
      ...(at?.returns == null
        ? { value: 'not watched', absent: true }
        : { value: whole(at.returns), ...noted([at.low, at.high], whole) }),
    },
    {
      ...counted,
      key: 'alarms',
      label: `False alarms, at ${duration(loaded)}`,
      ...(alarms === null
        ? { value: 'not watched', absent: true }
        : { value: whole(alarms.value), ...noted([alarms.low, alarms.high], whole) }),
    },
    {
      ...counted,
      key: 'rhythm',
      label: 'Own rhythm instead',
      ...(difference === null
        ? { value: 'too few silences', absent: true }
        : {
            value: `${points(difference.expected)} pp`,
            ...noted([difference.low, difference.high], points),
          }),
    },
  ];
}

export function silenceRests(
  dormancy: Silence,
  key: string | null,
  loaded: number,
  stamp: CalibrateAnswer['stamp'],
): RestsOn | null {
  const figure = silenceFigures(dormancy, loaded).find((one) => one.key === key);
  if (figure === undefined) return null;
  const base = {
    label: String(figure.label),
    value: figure.value,
    kind: 'counted' as const,
    stamp,
    leftOut: enteredWords(dormancy) ?? 'Nothing: no silence ran when observation began.',
  };
  const { within, churn, highestReturn, reason } = dormancy;
  switch (key as SilenceFigure) {
    case 'recommended':
      return {
        ...base,
        words:
          reason !== null
            ? sentence(reason)
            : `The shortest length of the ladder after which at most ${percent(highestReturn, 0)} return by themselves within ${duration(within)}. Each person counts once, however often they fall silent; the interval is of people drawn anew.`,
      };
    case 'returns':
      return {
        ...base,
        words: `Of those silent for ${duration(loaded)}, by the curve of silences. An email would reach them although they come anyway.`,
      };
    case 'alarms':
      return {
        ...base,
        words: `Of those silent for ${duration(loaded)}, who come back before ${duration(churn)}; nobody is held for gone earlier.`,
      };
    case 'rhythm':
      return { ...base, words: rhythmWords(dormancy) };
  }
}

/** Silences of before observation; null where there are none. */
export function enteredWords({ entered }: Pick<Silence, 'entered'>): string | null {
  if (entered === undefined || entered.late === 0) return null;
  const out = entered.leftOut > 0 ? ` ${count(entered.leftOut)} that were over by then are left out.` : '';
  return `${plural(entered.late, 'silence', 'silences')} ran already when observation began: watched from there on, not from their start.${out}`;
}

export function rhythmWords(dormancy: Pick<Silence, 'ownRhythm'>): string {
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

export function declineWords({ decline }: Pick<Silence, 'decline'>): string {
  const { weeks, personalSilence } = decline;
  const said = [
    weeks === null
      ? 'Nobody with a baseline has gone, so how people decline before is not known.'
      : `Before they went, people had under half of their usual active days for ${rounded(weeks.median)} weeks in the middle; half of ${plural(weeks.people, 'person', 'people')} between ${rounded(weeks.q1)} and ${rounded(weeks.q3)}.`,
    personalSilence === null
      ? null
      : `Three times the usual gap is ${duration(personalSilence.median)} for the person in the middle, ${range([personalSilence.q1, personalSilence.q3], duration)} for half of ${count(personalSilence.people)}.`,
  ];
  return said.filter((words) => words !== null).join(' ');
}

export function ruleOf({ ownRhythm }: Pick<Silence, 'ownRhythm'>, rule: 'own' | 'recommended' | 'loaded') {
  return ownRhythm?.rules.find((one) => one.rule === rule) ?? null;
}

export const RULE_NAMES = {
  own: 'Own rhythm',
  recommended: 'The recommended one',
  loaded: 'The one in force',
} as const;
