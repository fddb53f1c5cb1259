// The sentences of Calibrate. They hold the numbers, and say so where there is no answer.

import type { CalibrateAnswer, SweepAnswer } from '../../../engine/api/index.ts';
import { humanDuration as duration, listed, percent, sentence } from '../../../engine/base/index.ts';
import { partsNobody } from '../../../engine/report/index.ts';
import { type PairedPoint, pairedPoints } from '../../charts/paired-windows.ts';
import type { WaitSetting } from '../../state/questions.ts';

/** What one of several triggers waits for: `Added to Cart, no Purchased`. */
export function triggerName({ alone }: Pick<WaitSetting, 'alone'>): string {
  const event = (key: string) => String((alone?.[key] as { readonly event?: unknown } | undefined)?.event);
  if (alone?.['type'] !== 'absence') return `${event('after')}, no ${event('without')}`;
  const of = alone['of'];
  return Array.isArray(of) && of.length > 0 ? `no ${listed(of.map(String), 'or')}` : 'no activity';
}

type Rule = Pick<CalibrateAnswer, 'recommended' | 'history' | 'anchors' | 'horizon'> &
  Partial<Pick<CalibrateAnswer, 'dormancy'>>;

/** What the rule says, and what profit can say of it. */
export function finding(calibration: Rule, window: number, sweep: SweepAnswer | null): string {
  const profit = sweep === null ? null : profitWords(sweep);
  return [ruleWords(calibration, window), ...(profit === null ? [] : [profit])].join(' ');
}

export function ruleWords({ recommended, history, dormancy = null }: Rule, window: number): string {
  if (history.status === 'none') return 'The history is too short to judge any window.';
  if (dormancy !== null && partsNobody(dormancy)) {
    return `However short the silence, most do not return soon: no length tells who is gone. In force are ${duration(window)}.`;
  }
  if (recommended.settled && recommended.window !== null) {
    const rule = duration(recommended.window);
    return recommended.window === window
      ? `The rule says ${rule}, the window in force.`
      : `The rule says ${rule}; the window in force is ${duration(window)}.`;
  }
  const answers = recommended.atHorizons.flatMap(({ window: answer }) => (answer === null ? [] : [duration(answer)]));
  if (answers.length < 2) return 'The 90% rule gives no window here.';
  return new Set(answers).size === 1
    ? `The 90% rule does not settle this, although it says ${answers[0]} each time.`
    : `The 90% rule does not settle this: ${listed([...new Set(answers)], 'or')}, depending on how far one looks.`;
}

/** Null where nothing was projected. */
export function profitWords(sweep: Pick<SweepAnswer, 'rows' | 'curves' | 'by'>): string | null {
  const points = pairedPoints(sweep);
  if (points.length < 2) return null;
  const what = sweep.by === 'net' ? 'profit' : 'the projected effect';
  const same = points.filter(({ is }) => is === 'same' || is === 'current');
  const told = (['worse', 'better'] as const).flatMap((is) => {
    const which = points.filter((point) => point.is === is);
    if (which.length === 0) return [];
    return [`${whichWords(points, which)} ${which.length === 1 ? 'is' : 'are'} ${is}`];
  });
  if (same.length < 2) return sentence(`by ${what}, ${told.join('; ')}`);
  const [first, last] = [duration(same[0]?.window ?? 0), duration(same.at(-1)?.window ?? 0)];
  return sentence([`${what} cannot tell ${first} from ${last} apart`, ...told].join('; '));
}

/** Why profit cannot decide, or what it says: how often each window is best over the draws. */
export function bestWords({ rows }: Pick<SweepAnswer, 'rows'>): string | null {
  const ranked = rows
    .flatMap(({ window, pBest }) => (window === null || pBest === null ? [] : [{ window, pBest }]))
    .sort((a, b) => b.pBest - a.pBest)
    .filter(({ pBest }) => pBest >= 0.05)
    .slice(0, 3);
  const [first, ...rest] = ranked;
  if (first === undefined) return null;
  const words = [
    `${duration(first.window)} is best in ${percent(first.pBest, 0)} of the draws`,
    ...rest.map(({ window, pBest }) => `${duration(window)} in ${percent(pBest, 0)}`),
  ];
  return `${words.join(', ')}.`;
}

export function profitTitle(sweep: Pick<SweepAnswer, 'rows' | 'curves'>): string {
  const points = pairedPoints(sweep);
  return points.some(({ is }) => is === 'worse' || is === 'better')
    ? 'What profit can tell'
    : 'Why profit cannot decide';
}

/** `15 min and 20 min`, `15 min to 2 h` where nothing lies between, `5 of the other 6 windows`. */
function whichWords(all: readonly PairedPoint[], which: readonly PairedPoint[]): string {
  const words = which.map(({ window }) => duration(window));
  if (which.length <= 2) return listed(words);
  const places = which.map((point) => all.indexOf(point));
  const isRun = (places.at(-1) ?? 0) - (places[0] ?? 0) === which.length - 1;
  return isRun ? `${words[0]} to ${words.at(-1)}` : `${which.length} of the other ${all.length - 1} windows`;
}
