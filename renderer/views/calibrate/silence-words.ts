// The figures of silence, each with what it rests on.

import type { CalibrateAnswer } from '../../../engine/api/index.ts';
import { humanDuration as duration, interval, percent, points, sentence } from '../../../engine/base/index.ts';
import { enteredWords, pointAt, rhythmWords, ruleOf } from '../../../engine/report/index.ts';
import type { Silence } from '../../charts/silence.ts';
import type { KeyFigure } from '../../ui/figures.tsx';
import type { RestsOn } from '../../ui/rests-panel.tsx';

export const SILENCE_FIGURES = ['recommended', 'returns', 'alarms', 'rhythm'] as const;
export type SilenceFigure = (typeof SILENCE_FIGURES)[number];

const whole = (x: number) => percent(x, 1);

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
